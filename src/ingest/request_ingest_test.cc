#include "ingest/request_ingest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <semaphore>

#include "store/test_store.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

// Counts what is appended and what is on disk; can be full.
class CountingTimeline final : public Timeline {
 public:
  void prepare(const Activity&, std::span<const IndicatorIndex>, PreparedActivities& to) const override { to.add({}); }
  Result<void> append(std::span<const PreparedActivity> activities, std::vector<Stored>& stored) override {
    for (std::size_t i = 0; i < activities.size(); ++i) {
      if (full) return fail("timeline.disk_full", "full");
      ++appended;
      stored.push_back(Stored::first);
    }
    return {};
  }
  Result<void> note(std::string_view, std::string_view) override { return {}; }
  Result<void> acknowledge(std::string_view, std::string_view) override {
    if (full) return fail("timeline.disk_full", "full");
    durable = appended.load();
    ++syncs;
    return {};
  }
  Result<std::string> checkpoint(std::string_view) const override { return std::string(); }
  Result<std::string> noted(std::string_view) const override { return std::string(); }
  Result<std::map<std::string, std::string>> checkpoints() const override {
    return std::map<std::string, std::string>();
  }
  Result<void> flush() override { return {}; }
  Result<void> snapshot(const std::filesystem::path&) override { return {}; }
  Result<void> fold() override { return {}; }
  Result<Removed> remove(const RemovalOrder&) override { return Removed(); }
  Result<ErasedActivities> erase(std::span<const AccountDays>, bool,
                                 const std::function<void(std::string_view)>&) override {
    return ErasedActivities();
  }
  Result<std::optional<Day>> kept_from(const AccountId&) const override { return std::optional<Day>(); }
  SealedDays sealed() const override { return {}; }
  Result<Insights> insights(const AccountId&, Day, Day, std::span<const Expected>) const override { return Insights(); }
  Result<Insights> insights_within(const AccountId&, Day, TimePoint, std::optional<TimePoint>,
                                   std::span<const Expected>) const override {
    return Insights();
  }
  Result<std::vector<Step>> steps(const AccountId&, Day, Day, std::span<const IndicatorKey>,
                                  std::span<const Expected>) const override {
    return std::vector<Step>{};
  }
  Result<std::vector<StoredActivity>> activities(const AccountId&, const ActivityQuery&) const override {
    return std::vector<StoredActivity>();
  }
  Result<void> each_activity(const AccountId&, Day, Day,
                             const std::function<bool(const ActivityRow&)>&) const override {
    return {};
  }
  Result<std::string> raw(const RawPosition&) const override { return std::string(); }
  Result<std::optional<AccountInfo>> account(const AccountId&) const override { return std::optional<AccountInfo>(); }
  Result<void> for_each_account(const std::function<bool(const AccountInfo&)>&) const override { return {}; }
  Result<Touched> touched() const override { return Touched(); }
  Result<void> settle(std::uint64_t) override { return {}; }
  Result<Stats> stats() const override { return Stats(); }

  std::atomic<int> appended{0};
  std::atomic<int> durable{0};
  std::atomic<int> syncs{0};
  std::atomic<bool> full{false};
};

std::string record(int number) {
  return R"({"CreationTime":"2026-03-01T10:00:00","Id":")" + std::to_string(number) +
         R"(","Operation":"FileDownloaded","RecordType":6,"UserType":0,"UserId":"ann@example.com"})" + "\n";
}

class RequestIngestTest : public testing::Test {
 protected:
  RequestIngestTest() : folder_(fs::temp_directory_path() / ("candor-requests-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
    catalogue_ = *FieldCatalogue::load(content / "fields.yml");
    std::vector<Diagnostic> diagnostics;
    mappings_ = *MappingSet::load(content / "mappings", catalogue_, diagnostics);
    indicators_ = IndicatorSet::load({content / "indicators"}, catalogue_).set;
    store_ = std::move(open_test_store(folder_)).value();
    health_ = std::make_unique<SourceHealth>(*store_, clock_);
  }
  ~RequestIngestTest() override {
    health_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }
  // Each group is taken when the test lets it.
  std::unique_ptr<RequestIngest> make(std::size_t requests = 16) {
    RequestIngestOptions options;
    options.requests = requests;
    options.decoded_bytes = 100'000;
    options.hold = [this] { may_take_.acquire(); };
    return std::make_unique<RequestIngest>(
        [this] {
          return std::make_unique<Ingest>(mappings_, indicators_, IndicatorMask(indicators_->size(), true), timeline_);
        },
        *health_, clock_, std::move(options));
  }

  const fs::path folder_;
  const FixedClock clock_{start_of(20'000)};
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::shared_ptr<const MappingSet> mappings_;
  std::shared_ptr<const IndicatorSet> indicators_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<SourceHealth> health_;
  CountingTimeline timeline_;
  std::counting_semaphore<> may_take_{0};
};

TEST_F(RequestIngestTest, WhatIsAnsweredIsOnDiskAndHasItsOwnCounts) {
  const auto requests = make();
  std::vector<std::jthread> senders;
  std::atomic<int> good{0};
  senders.reserve(8);
  for (int i = 0; i < 8; ++i) {
    senders.emplace_back([&, i] {
      // Every other one is of a source that gives nothing, or nothing usable.
      const bool empty = i % 2 == 1;
      const auto summary = requests->take(empty ? "empty" + std::to_string(i) : "full",
                                          empty ? (i == 1 ? "" : "{nonsense\n") : record(i) + record(i + 100) + "[]\n");
      ASSERT_TRUE(summary) << summary.error().message;
      EXPECT_EQ(summary->stored, empty ? 0u : 2u);
      EXPECT_EQ(summary->rejections.size(), i == 1 ? 0u : 1u);
      if (!empty) {
        EXPECT_GE(timeline_.durable, 2);
      }
      ++good;
    });
  }
  may_take_.release(8);
  senders.clear();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(timeline_.durable, 8);
  EXPECT_LE(timeline_.syncs, 8);
  const auto states = health_->all();
  ASSERT_TRUE(states);
  for (const SourceState& state : *states) {
    if (state.source == "full") {
      EXPECT_EQ(state.count("stored"), 8u);
    }
  }
}

TEST_F(RequestIngestTest, AFullQueueIsToldAtOnce) {
  const auto requests = make(2);
  std::vector<std::jthread> senders;
  senders.reserve(2);
  std::atomic<int> taken{0};
  for (int i = 0; i < 2; ++i) {
    senders.emplace_back([&, i] {
      // The asking below takes a place of the two for a moment: who came just then comes again.
      auto outcome = requests->take("a", record(i));
      while (!outcome && outcome.error().id == "ingest.queue_full") outcome = requests->take("a", record(i));
      taken += outcome ? 1 : 0;
    });
  }
  // The two wait for the test; how long it takes them to get there does not matter.
  Result<IngestSummary> third = requests->take("a", "nonsense");
  while (third.error().id == "sources.unknown_format") third = requests->take("a", "nonsense");
  EXPECT_EQ(third.error().id, "ingest.queue_full");
  may_take_.release(2);
  senders.clear();
  EXPECT_EQ(taken, 2);
}

TEST_F(RequestIngestTest, BadBodiesAreRefusedWhole) {
  const auto requests = make();
  EXPECT_EQ(requests->take("a", "nonsense").error().id, "sources.unknown_format");
  EXPECT_EQ(requests->take("a", std::string(200'000, ' ')).error().id, "sources.too_large");
  EXPECT_EQ(timeline_.appended, 0);
}

TEST_F(RequestIngestTest, AFullDiskIsToldAndOverWhenThereIsSpace) {
  const auto requests = make();
  timeline_.full = true;
  may_take_.release(2);
  EXPECT_EQ(requests->take("a", record(1)).error().id, "timeline.disk_full");
  timeline_.full = false;
  const auto again = requests->take("a", record(1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->stored, 1u);
  EXPECT_EQ(timeline_.durable, 1);
}

}  // namespace
}  // namespace candor
