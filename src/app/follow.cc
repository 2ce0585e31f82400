#include "app/follow.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>

#include "app/ingest_run.h"
#include "ingest/folder_ingest.h"
#include "ingest/source_recorder.h"
#include "sources/source_name.h"

namespace candor {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAsked{200};        // so often whether to stop
constexpr std::chrono::seconds kBetweenAssessments{2};  // while records keep coming
constexpr std::chrono::seconds kBeforeTryingAgain{5};

// What passes by itself: a share that is not mounted, a full disk, somebody else's long transaction.
bool is_passing(const Error& error) {
  constexpr std::array<std::string_view, 4> kPassing = {"sources.unreadable", "timeline.disk_full", "store.disk_full",
                                                        "store.locked"};
  return std::ranges::find(kPassing, error.id) != kPassing.end();
}

std::string to_line(const IngestSummary& summary, bool json) {
  std::uint64_t rejected = 0;
  for (const auto& [reason, count] : summary.rejected) rejected += count;
  std::uint64_t filtered = 0;
  for (const auto& [rule, count] : summary.filtered) filtered += count;
  if (!json) {
    return fmt::format("{} records: {} stored ({} of them corrections), {} repeats, {} filtered, {} not usable\n",
                       format_count(summary.records_read), format_count(summary.stored),
                       format_count(summary.corrections), format_count(summary.repeats), format_count(filtered),
                       format_count(rejected));
  }
  nlohmann::ordered_json line = {{"records_read", summary.records_read},
                                 {"stored", summary.stored},
                                 {"repeats", summary.repeats},
                                 {"corrections", summary.corrections},
                                 {"filtered", filtered},
                                 {"rejected", nlohmann::ordered_json::object()}};
  for (const auto& [reason, count] : summary.rejected) line["rejected"][reason] = count;
  return line.dump() + "\n";
}

// One folder being followed into one installation.
class Follow {
 public:
  Follow(Installation& installation, const FollowOptions& options, const Io& io)
      : installation_(installation),
        options_(options),
        io_(io),
        simulated_(is_simulated_file(options.folder / "any")),
        ingest_(make_ingest(installation, [this] { return simulated_ ? DataKind::demo : DataKind::real; })),
        recorder_(installation.sources(), installation.clock(), options.source, SourceFeed::folder),
        lock_(installation.writing(), std::defer_lock) {
    ingest_->tell(recorder_);
  }

  Result<void> run() {
    if (simulated_) CANDOR_TRY_VOID(installation_.kind().settle(DataKind::demo));
    CANDOR_TRY(const auto folder, open());
    while (!io_.cancelled()) {
      // What a step takes in is stored and counted before it is noted as taken: with records that cannot be written it
      // would be taken in again each time.
      if (const auto there = fault_.empty() ? Result<void>() : can_write(); !there) {
        CANDOR_TRY_VOID(tell(std::unexpected(there.error())));
        continue;
      }
      auto outcome = folder->step();
      if (outcome) outcome = assess_rest();
      if (lock_.owns_lock()) lock_.unlock();
      if (const IngestSummary taken = ingest_->take_summary(); taken.records_read > 0) {
        print(io_, to_line(taken, options_.json));
      }
      CANDOR_TRY_VOID(tell(outcome));
      folder->wait(kAsked);
    }
    return {};
  }

 private:
  Result<void> can_write() {
    CANDOR_TRY([[maybe_unused]] const auto work, installation_.store().transaction());
    return {};
  }

  Result<std::unique_ptr<FolderIngest>> open() {
    FolderIngestOptions options;
    if (!options_.feed.empty()) {
      CANDOR_TRY(options.feed, installation_.content().mappings->feed_form(options_.feed));
    }
    const Settings::Feed& feed = installation_.content().settings.feed;
    options.folder.settle = std::chrono::seconds(options_.settle_seconds.value_or(feed.settle_seconds));
    options.folder.inotify = !options_.listing_only.value_or(feed.listing_only);
    options.cancelled = io_.cancelled;
    options.hold = [this] { lock_.lock(); };
    options.release = [this]() -> Result<void> {
      due_ = true;
      if (Steady::now() - assessed_ >= kBetweenAssessments) CANDOR_TRY_VOID(assess());
      lock_.unlock();
      return {};
    };
    options.fault = [this](const std::filesystem::path&, const Error& error) {
      complain(io_, "candor: " + error.message + " [" + error.id + "]\n");
    };
    return FolderIngest::open(options_.folder, options_.source, installation_.store(), *ingest_, installation_.clock(),
                              std::move(options));
  }

  Result<void> assess() {
    CANDOR_TRY(const AssessmentRun run, installation_.assess());
    complain_about(io_, run.diagnostics);
    due_ = false;
    assessed_ = Steady::now();
    return {};
  }

  // The folder gives nothing more for now: time to act upon what came.
  Result<bool> assess_rest() {
    if (!due_ || io_.cancelled()) return true;
    if (!lock_.owns_lock()) lock_.lock();
    CANDOR_TRY_VOID(assess());
    lock_.unlock();
    CANDOR_TRY_VOID(installation_.sources().flush());
    return true;
  }

  // Once for each fault that lasts.
  Result<void> tell(const Result<bool>& outcome) {
    if (outcome) {
      if (!fault_.empty()) complain(io_, "candor: " + options_.folder.string() + " is followed again\n");
      fault_.clear();
      return {};
    }
    const bool away = installation_.store().is_shared() && outcome.error().id == "store.unavailable";
    if (!away && !is_passing(outcome.error())) return std::unexpected(outcome.error());
    if (fault_ != outcome.error().message) {
      complain(io_, "candor: " + outcome.error().message + "; it is tried again [" + outcome.error().id + "]\n");
    }
    fault_ = outcome.error().message;
    for (const auto until = Steady::now() + kBeforeTryingAgain; Steady::now() < until && !io_.cancelled();) {
      ::poll(nullptr, 0, static_cast<int>(kAsked.count()));
    }
    return {};
  }

  Installation& installation_;
  const FollowOptions& options_;
  const Io& io_;
  const bool simulated_;  // the mark of a simulation lies in the folder or above it
  const std::unique_ptr<Ingest> ingest_;
  SourceRecorder recorder_;
  std::unique_lock<std::mutex> lock_;
  bool due_ = false;  // something was taken since the last assessment
  Steady::time_point assessed_;
  std::string fault_;
};

}  // namespace

void add_follow_options(CLI::App& sub, FollowOptions& options) {
  sub.add_option("--follow", options.folder, "Take complete files as they appear in this folder, until Ctrl-C");
  sub.add_option("--feed", options.feed,
                 "All records are of this feed (content/mappings/feeds): any CSV, or JSON of any form");
  sub.add_option("--settle", options.settle_seconds,
                 "Seconds after which a file nobody writes to is complete; else feed.settle_seconds of settings.yml")
      ->check(CLI::Range(1, 86'400));
  sub.add_flag("--listing-only,!--no-listing-only", options.listing_only,
               "List the folder now and then, for shares inotify knows nothing of; else feed.listing_only");
}

Result<void> follow_folder(Installation& installation, const FollowOptions& options, const Io& io) {
  CANDOR_TRY_VOID(source_name(options.source));
  Follow follow(installation, options, io);
  return follow.run();
}

}  // namespace candor
