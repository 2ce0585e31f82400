#include "ingest/ingest.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/keys.h"
#include "ingest/exclusion_counts.h"
#include "ingest/ingest_files.h"
#include "ingest/ledger.h"
#include "ingest/replay.h"
#include "timeline/canonical.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

std::string audit(const std::string& id, const std::string& operation, const std::string& user,
                  const std::string& more = "") {
  return R"({"CreationTime":"2026-03-01T10:00:00","Id":")" + id + R"(","Operation":")" + operation +
         R"(","RecordType":6,"UserType":0,"Workload":"SharePoint","UserId":")" + user + '"' + more + "}";
}

class IngestTest : public testing::Test {
 protected:
  void SetUp() override {
    const bool memory = access("/dev/shm", W_OK) == 0;
    std::string pattern =
        ((memory ? fs::path("/dev/shm") : fs::temp_directory_path()) / "candor-ingest-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
    catalogue_ = *FieldCatalogue::load(content / "fields.yml");
    std::vector<Diagnostic> diagnostics;
    mappings_ = *MappingSet::load(content / "mappings", catalogue_, diagnostics);
    indicators_ = IndicatorSet::load({content / "indicators"}, catalogue_).set;
    open();
  }
  void TearDown() override {
    ingest_.reset();
    timeline_.reset();
    fs::remove_all(folder_);
  }
  void open() {
    ingest_.reset();
    timeline_.reset();
    if (board_ == nullptr) {
      board_ = std::make_shared<Switchboard>(std::make_shared<SwitchSet>(indicators_, std::vector<Switch>()));
    }
    const AllowedIndicators allowed(board_, place_);
    auto opened = open_embedded_timeline(folder_ / "timeline", Keys::from_master({4}), catalogue_, *indicators_,
                                         make_replay(mappings_, indicators_, allowed));
    ASSERT_TRUE(opened) << opened.error().message;
    timeline_ = std::move(*opened);
    ingest_ = std::make_unique<Ingest>(mappings_, indicators_, allowed, *timeline_, IntakeFilter(intake_, {}),
                                       TenantCheck(), [this] { return erased_; });
  }
  void use_rules(const std::string& intake, const std::string& parties) {
    std::vector<Diagnostic> faults;
    auto rules = IntakeRules::parse(intake, parties, faults);
    ASSERT_TRUE(rules) << rules.error().message;
    intake_ = *rules;
    open();
  }
  // Everything the timeline can say about everybody, raw records opened.
  std::string everything() {
    std::string all;
    EXPECT_TRUE(timeline_->for_each_account([&](const AccountInfo& account) {
      all += account.name + "\n";
      const auto activities = timeline_->activities(account.id, {.superseded = true});
      for (const StoredActivity& activity : *activities) {
        all += *timeline_->raw(activity.raw) + "\n";
        for (const auto& value : activity.values) {
          for (const std::string& text : value.texts) all += text + "\n";
        }
      }
      return true;
    }));
    return all;
  }
  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::vector<SourceInput> inputs(const std::vector<fs::path>& files) {
    std::vector<SourceInput> out;
    for (const fs::path& file : files) out.push_back(SourceInput::file(file));
    return out;
  }
  IngestSummary take(const std::vector<fs::path>& files, const IngestFilesOptions& options = {}) {
    IngestSummary summary;
    auto outcome = ingest_files(inputs(files), *ingest_, *timeline_, FixedClock(0), {}, summary, options);
    EXPECT_TRUE(outcome) << outcome.error().message;
    std::uint64_t rejected = 0;
    for (const auto& [reason, count] : summary.rejected) rejected += count;
    const auto found = summary.rejected.find("empty_record");
    const std::uint64_t empty = found == summary.rejected.end() ? 0 : found->second;
    EXPECT_EQ(summary.rows_read, summary.records_read + empty);
    std::uint64_t filtered = 0;
    for (const auto& [rule, count] : summary.filtered) filtered += count;
    EXPECT_EQ(summary.records_read, summary.stored + summary.repeats + rejected - empty + filtered);
    EXPECT_EQ(summary.stored, summary.by_people + summary.by_others);
    EXPECT_LE(summary.corrections, summary.stored);
    return summary;
  }
  std::string dump() const {
    std::ostringstream out;
    EXPECT_TRUE(write_canonical(*timeline_, *catalogue_, out));
    return out.str();
  }

  fs::path folder_;
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::shared_ptr<const MappingSet> mappings_;
  std::shared_ptr<const IndicatorSet> indicators_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<Ingest> ingest_;
  std::shared_ptr<Switchboard> board_;
  PlaceOfAccount place_;
  ErasedCheck erased_;
  std::shared_ptr<const IntakeRules> intake_ = std::make_shared<IntakeRules>();
};

TEST_F(IngestTest, NothingIsTakenOfWhoWasErasedAndNoRowIsNamed) {
  const AccountId ann = Keys::from_master({4}).account("ann@example.com");
  const Day day = *parse_day("2026-03-01");
  const std::string text =
      audit("1", "FileDownloaded", "Ann@example.com") + '\n' + audit("2", "FileDownloaded", "ben@example.com") + '\n';
  const auto file = write("a.ndjson", text);
  erased_ = [&](const AccountId& account, Day on) { return account == ann && on <= day; };
  const IngestSummary summary = take({file});
  EXPECT_EQ(summary.stored, 1u);
  EXPECT_EQ(summary.rejected, (std::map<std::string, std::uint64_t>{{"erased", 1}}));
  EXPECT_TRUE(summary.rejections.empty()) << "the row would tell who it is";
  EXPECT_EQ(summary.people, 1u);
  EXPECT_EQ(everything().find("ann@"), std::string::npos);
  EXPECT_EQ(everything().find("Ann@"), std::string::npos);
  erased_ = [&](const AccountId& account, Day on) { return account == ann && on < day; };
  EXPECT_EQ(take({write("b.ndjson", text)}).stored, 2u) << "in all: the day after the last one that is kept away";
}

TEST_F(IngestTest, CountsWhatBecameOfEveryRow) {
  const std::string text = audit("1", "FileDownloaded", "ann@example.com") + '\n' +
                           audit("1", "FileDownloaded", "ann@example.com") + '\n' +
                           audit("1", "FileDownloaded", "ann@example.com", R"(,"X":1)") + '\n' +
                           audit("2", "NeverHeardOf", "ann@example.com") + '\n' +
                           audit("3", "FileDownloaded", "app@sharepoint") + "\n{\"Id\":\"4\"}\n{broken\n";
  const IngestSummary summary = take({write("a.ndjson", text)});
  EXPECT_EQ(summary.rows_read, 7u);
  EXPECT_EQ(summary.stored, 4u);
  EXPECT_EQ(summary.repeats, 1u);
  EXPECT_EQ(summary.corrections, 1u);
  EXPECT_EQ(summary.by_people, 3u);
  EXPECT_EQ(summary.people, 1u);
  EXPECT_EQ(summary.unknown_operations, (std::map<std::string, std::uint64_t>{{"NeverHeardOf", 1}}));
  EXPECT_EQ(summary.rejections.size(), 2u);
  EXPECT_EQ(summary.rejections.front().row, 6u);
  EXPECT_EQ(summary.first, parse_time("2026-03-01T10:00:00"));
}

TEST_F(IngestTest, SecondReadingIsAllRepeatsAndFindsWhatWasAdded) {
  const fs::path file = write("a.ndjson", audit("1", "FileDownloaded", "ann@example.com") + '\n' +
                                              audit("3", "FileDownloaded", "ann@example.com") + '\n');
  EXPECT_EQ(take({file}).stored, 2u);
  open();
  const IngestSummary again = take({file});
  EXPECT_EQ(again.stored, 0u);
  EXPECT_EQ(again.repeats, 2u);
  EXPECT_EQ(ingest_status(*timeline_)->checkpoints.size(), 1u);
  EXPECT_EQ(ingest_status(*timeline_)->stored.activities, 2u);
  write("a.ndjson", audit("1", "FileDownloaded", "ann@example.com") + '\n' +
                        audit("2", "FileDownloaded", "ann@example.com") + '\n' +
                        audit("3", "FileDownloaded", "ann@example.com") + '\n' +
                        audit("4", "FileDownloaded", "ann@example.com") + '\n');
  const IngestSummary changed = take({file});
  EXPECT_EQ(changed.stored, 2u + again.stored);
}

TEST_F(IngestTest, AReadingThatWasInterruptedGoesOnWhereItsRecordsAreOnDisk) {
  std::string text;
  for (int i = 0; i < 12000; ++i) {
    text += audit(std::to_string(i), "FileDownloaded", "ann@example.com",
                  R"(,"SourceFileName":")" + std::string(300, 'x') + '"') +
            '\n';
  }
  const fs::path file = write("a.ndjson", text);
  for (const bool threads : {false, true}) {
    TearDown();
    SetUp();
    write("a.ndjson", text);
    std::atomic<bool> stop = false;  // asked by the thread that reads
    IngestSummary summary;
    const auto outcome =
        ingest_files({SourceInput::file(folder_ / "a.ndjson")}, *ingest_, *timeline_, FixedClock(0),
                     [&](const IngestProgress&) { stop = true; }, summary,
                     {.threads = threads, .cancelled = [&] { return stop.load(); }, .paused = {}, .going_on = {}});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().id, "sources.interrupted");
    EXPECT_GT(summary.stored, 100u);
    EXPECT_LT(summary.stored, 12000u);
    open();
    EXPECT_EQ(timeline_->stats()->activities, summary.stored) << "what was taken is acknowledged";
    EXPECT_EQ(take({folder_ / "a.ndjson"}).stored, 12000u - summary.stored);
  }
}

TEST_F(IngestTest, APipeThatPausesIsDurableAndAnErrorIsToldThoughItStaysOpen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const std::string line = audit("1", "FileDownloaded", "ann@example.com") + '\n';
  ASSERT_EQ(::write(ends[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
  std::uint64_t durable = 0;
  int locked = 0;
  const IngestFilesOptions options{.threads = true,
                                   .cancelled = {},
                                   .paused = [&]() -> Result<void> {
                                     durable = timeline_->checkpoints()->size();
                                     --locked;
                                     return fail("timeline.disk_full", "full");
                                   },
                                   .going_on = [&] { ++locked; }};
  IngestSummary summary;
  const auto outcome = ingest_files({SourceInput::opened(ends[0], "standard input")}, *ingest_, *timeline_,
                                    FixedClock(0), {}, summary, options);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().id, "timeline.disk_full");
  EXPECT_EQ(durable, 1u);
  EXPECT_EQ(locked, 1) << "acknowledged in the end";
  EXPECT_EQ(summary.stored, 1u);
  EXPECT_TRUE(timeline_->checkpoints()->contains("standard input"));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(IngestTest, NamesFromRecordsAreCutBetweenCharacters) {
  std::string name(199, 'x');
  name += "\xC3\xA4\xC3\xA4";
  const IngestSummary summary = take({write("a.ndjson", audit("1", name, "ann@example.com") + '\n')});
  EXPECT_EQ(summary.unknown_operations, (std::map<std::string, std::uint64_t>{{std::string(199, 'x'), 1}}));
}

TEST_F(IngestTest, ReplayGivesWhatIngestStored) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += audit(std::to_string(i), i % 2 == 0 ? "FileDownloaded" : "FileDeleted",
                  "user" + std::to_string(i % 7) + "@example.com", R"(,"SourceFileName":"a.docx")") +
            '\n';
  }
  take({write("a.ndjson", text)}, {.threads = false, .cancelled = {}, .paused = {}, .going_on = {}});
  const std::string before = dump();
  EXPECT_NE(before.find("insight"), std::string::npos);
  open();  // nothing was flushed: all of it from the raw log
  EXPECT_EQ(dump(), before);
}

TEST_F(IngestTest, MissingFileIsNamedAndTheRestIsKept) {
  const fs::path file = write("a.ndjson", audit("1", "FileDownloaded", "ann@example.com") + '\n');
  IngestSummary summary;
  const auto outcome = ingest_files(inputs({file, folder_ / "none"}), *ingest_, *timeline_, FixedClock(0), {}, summary);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().id, "sources.unreadable");
  EXPECT_EQ(summary.stored, 1u);
  open();
  EXPECT_EQ(timeline_->stats()->activities, 1u);
}

TEST_F(IngestTest, RealExportHasItsCheckValues) {
  const char* named = std::getenv("CANDOR_SHARED");
  const fs::path shared = named != nullptr ? fs::path(named) : fs::path(CANDOR_SOURCE_DIR) / ".." / "shared";
  const fs::path file = shared / "data" / "invictus-o365" / "auditrecords-before-2021-06.csv.zst";
  if (!fs::exists(file)) GTEST_SKIP() << "the shared data sets are not here (CANDOR_SHARED)";
  const IngestSummary summary = take({file});
  EXPECT_EQ(summary.rows_read, 4769u);
  EXPECT_EQ(summary.records_read, 4766u);
  EXPECT_EQ(summary.rejected, (std::map<std::string, std::uint64_t>{{"empty_record", 3}}));
  EXPECT_EQ(summary.stored, 3114u);
  EXPECT_EQ(summary.repeats, 1652u);
  EXPECT_EQ(summary.corrections, 0u);
}

constexpr const char* kRules = R"(rules:
- {name: no_deletes, reason: x, never_store: record, when: {operation: FileDeleted}}
- {name: no_names, reason: x, drop: [SourceFileName], mask: [ClientIP]}
)";
constexpr const char* kParties = "parties:\n- {name: council, reason: x, mailboxes: [council@example.com]}\n";

TEST_F(IngestTest, WhatIntakeForbidsIsNowhere) {
  use_rules(kRules, kParties);
  std::string text;
  for (int i = 0; i < 50; ++i) {
    const std::string id = std::to_string(i);
    text += audit(id + "a", "FileDeleted", "seed1@example.com", R"(,"ObjectId":"seed2")") + '\n';
    text +=
        audit(id + "b", "FileDownloaded", "ann@example.com", R"(,"SourceFileName":"seed3.docx","ClientIP":"seed4")") +
        '\n';
    text += audit(id + "c", "seed5", "seed6@example.com", R"(,"To":"council@example.com")") + '\n';
    text += audit(id + "d", "FileDownloaded", "ann@example.com", R"(,"ObjectId":"kept")") + '\n';
  }
  const IngestSummary summary = take({write("a.ndjson", text)});
  EXPECT_EQ(summary.filtered, (std::map<std::string, std::uint64_t>{{"council", 50}, {"no_deletes", 50}}));
  EXPECT_EQ(summary.changed, (std::map<std::string, std::uint64_t>{{"no_names", 50}}));
  EXPECT_EQ(summary.stored, 100u);
  EXPECT_TRUE(summary.unknown_operations.empty());
  for (int opened = 0; opened < 2; ++opened) {
    const std::string all = everything();
    EXPECT_EQ(all.find("seed"), std::string::npos);
    EXPECT_NE(all.find("kept"), std::string::npos);
    EXPECT_NE(all.find("[masked]"), std::string::npos);
    open();  // the second time from the raw log
  }
  const auto counted = intake_counts(*timeline_);
  ASSERT_TRUE(counted);
  ASSERT_EQ(counted->size(), 1u);
  EXPECT_EQ(counted->begin()->second.at("council").dropped, 50u);
  EXPECT_EQ(counted->begin()->second.at("no_names").changed, 50u);
}

TEST_F(IngestTest, IdentityAndRepeatsAreOfWhatIsLeft) {
  use_rules(kRules, "");
  const auto row = [](const std::string& name) {
    return audit("1", "FileDownloaded", "ann@example.com", R"(,"SourceFileName":")" + name + '"') + '\n';
  };
  EXPECT_EQ(take({write("a.ndjson", row("x.docx"))}).stored, 1u);
  const IngestSummary again = take({write("b.ndjson", row("y.docx"))});  // other only in what is taken out
  EXPECT_EQ(again.repeats, 1u);
  EXPECT_EQ(again.changed, (std::map<std::string, std::uint64_t>{{"no_names", 2}}));  // of both runs
}

TEST_F(IngestTest, CountsOfABatchGoWithItsCheckpoint) {
  use_rules(kRules, kParties);
  const auto batch = [&](const std::string& checkpoint) {
    RawBatch out;
    const std::string text = audit("1", "FileDeleted", "ann@example.com");
    out.records.push_back({0, static_cast<std::uint32_t>(text.size()), 1});
    out.text = text + "\n" + std::string(RawBatch::kPadding, '\0');
    out.checkpoint = checkpoint;
    return out;
  };
  ASSERT_TRUE(ingest_->take("feed", batch("1")));
  ASSERT_TRUE(ingest_->acknowledge());
  ASSERT_TRUE(ingest_->take("feed", batch("2")));  // never acknowledged: neither is its count
  EXPECT_EQ(intake_counts(*timeline_)->begin()->second.at("no_deletes").dropped, 1u);
  ASSERT_TRUE(ingest_->acknowledge());
  EXPECT_EQ(intake_counts(*timeline_)->begin()->second.at("no_deletes").dropped, 2u);
}

// What was switched off is never evaluated, live and in replay, and the ledger says so.
TEST_F(IngestTest, OffHoldsLiveAndInReplay) {
  const IndicatorInfo info = (*indicators_)[*indicators_->find_name("sharepoint_download")];
  const Day day = *parse_day("2026-03-01");
  const auto decide = [&](bool on, const std::string& country) {
    std::vector<Switch> switches;
    switches.push_back({.number = 1,
                        .indicator = info.name,
                        .on = on,
                        .country = country,
                        .group = {},
                        .from = day,
                        .agreement = {},
                        .set_at = 0,
                        .set_by = {}});
    board_ = std::make_shared<Switchboard>(std::make_shared<SwitchSet>(indicators_, switches));
    open();
  };
  const auto matched = [&] {
    const auto lines =
        fold_ledger(*timeline_, {{info.name, info.key, info.intrusion}}, board_->get()->switches(), place_);
    EXPECT_TRUE(lines);
    std::vector<std::array<std::int64_t, 3>> out;
    for (const LedgerLine& line : *lines) {
      EXPECT_EQ(line.day, day);
      out.push_back({line.offered, line.evaluated, line.matched});
    }
    return out;
  };
  place_ = [](std::string_view account, Day) {
    return AccountPlace{.country = account.starts_with("ann") ? "DE" : "FR", .groups = std::nullopt};
  };
  const auto row = [](const std::string& id, const std::string& user) {
    return audit(id, "FileDownloaded", user, R"(,"SourceFileName":"a.docx")") + '\n';
  };
  decide(false, "DE");
  take({write("a.ndjson", row("1", "ann@example.com") + row("2", "ann@example.com") + row("3", "bob@example.com"))});
  using Counts = std::vector<std::array<std::int64_t, 3>>;
  EXPECT_EQ(matched(), (Counts{{2, 0, 0}, {1, 1, 1}}));  // DE, FR
  open();                                                // from the raw log
  EXPECT_EQ(matched(), (Counts{{2, 0, 0}, {1, 1, 1}}));
  decide(false, "");
  take({write("b.ndjson", row("4", "bob@example.com"))});
  EXPECT_EQ(matched().at(1)[1], 0);
}

// Records are prepared before they are taken, maybe long before when taking paused.
TEST_F(IngestTest, WhatWasPreparedBeforeADecisionIsNotTakenAsItWas) {
  const IndicatorInfo info = (*indicators_)[*indicators_->find_name("sharepoint_download")];
  const auto file =
      write("one.ndjson", audit("1", "FileDownloaded", "ann@example.com", R"(,"SourceFileName":"a.docx")") + "\n");
  const auto matches = [&] {
    const AccountId ann = Keys::from_master({4}).account("ann@example.com");
    return (*timeline_->activities(ann, {})).front().matches;
  };
  take({file});
  EXPECT_TRUE(std::ranges::binary_search(matches(), info.key));
  Switch off;
  off.number = 1;
  off.indicator = info.name;
  off.from = *parse_day("2026-03-01");
  IngestFilesOptions options;
  options.going_on = [&] { board_->set(std::make_shared<SwitchSet>(indicators_, std::vector<Switch>{off})); };
  for (const bool threads : {false, true}) {
    ingest_.reset();
    timeline_.reset();
    fs::remove_all(folder_ / "timeline");
    board_ = nullptr;
    open();
    options.threads = threads;
    take({file}, options);
    EXPECT_FALSE(std::ranges::binary_search(matches(), info.key)) << threads;
  }
}

// Of what counts now: repeats and what was corrected are not counted, and the order of arrival does not matter.
TEST_F(IngestTest, CountsWhatExclusionsLeftOut) {
  const RestrictionTexts texts{
      .groups = {},
      .exclusions = {{.file = "exclusions.yml",
                      .text = "exclusions:\n"
                              "  - name: menus\n    reason: everybody reads them\n    indicators: "
                              "[sharepoint_download]\n    keywords: [menu]\n"
                              "  - name: paper\n    reason: printed anyway\n    keywords: [paper]\n"}},
      .variants = {},
      .information_types = {}};
  const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
  const auto loaded = IndicatorSet::load({content / "indicators"}, catalogue_, texts);
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  indicators_ = loaded.set;
  board_ = nullptr;
  const auto download = [](const std::string& id, const std::string& file, const std::string& more = "") {
    return audit(
               id, "FileDownloaded", "ann@example.com",
               R"(,"SourceFileName":")" + file + R"(","ObjectId":"https://example.com/sites/a/)" + file + '"' + more) +
           '\n';
  };
  const std::string text = download("1", "menu.docx") + download("1", "menu.docx") + download("2", "menu.docx") +
                           download("2", "menu.docx", R"(,"X":1)") + download("3", "paper.docx") +
                           download("4", "plan.docx") + download("5", "paper menu.docx");
  std::vector<std::string> seen;
  for (const bool turned : {false, true}) {
    fs::remove_all(folder_ / "timeline");
    open();
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    if (turned) std::ranges::reverse(lines);
    std::string all;
    for (const std::string& line : lines) all += line + '\n';
    take({write("left_out.ndjson", all)});
    const auto counts = count_left_out(*timeline_, catalogue_, indicators_, AllowedIndicators(board_, place_));
    ASSERT_TRUE(counts) << counts.error().message;
    std::string told;
    for (const ExclusionCount& one : *counts) {
      if (one.indicator != "sharepoint_download") continue;
      told += one.exclusion + ' ' + std::to_string(one.activities) + ' ' + format_day(*one.last) + '\n';
    }
    seen.push_back(told);
  }
  EXPECT_EQ(seen[0], "menus 3 2026-03-01\npaper 1 2026-03-01\n") << "both hold of the fifth: the first by name counts";
  EXPECT_EQ(seen[1], seen[0]);
}

}  // namespace
}  // namespace candor
