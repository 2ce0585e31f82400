#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "indicators/indicator_set.h"
#include "timeline/expected.h"
#include "timeline/insight.h"

namespace candor {

struct ActivityRow;        // timeline/row.h
struct PreparedActivity;   // timeline/prepared.h
class PreparedActivities;  // timeline/prepared.h

// Where a raw record lies in the raw log.
struct RawPosition {
  std::uint32_t segment = 0;
  std::uint32_t frame = 0;    // in the segment
  std::uint64_t content = 0;  // content_hash() of the record, which tells it from others of the frame
  auto operator<=>(const RawPosition&) const = default;
};

// One stored activity, read back whole. Owns its text. Fields are those of the catalogue the timeline was opened with.
struct StoredActivity {
  ActivityId id;
  std::uint64_t content = 0;  // content_hash() of the raw record
  bool superseded = false;    // a correction with the same id counts instead
  SourceKind source = SourceKind::m365_audit;
  ActorKind actor = ActorKind::unknown;
  TimePoint time = 0;
  std::vector<IndicatorKey> matches;  // ascending
  RawPosition raw;
  struct Value {
    FieldId field = 0;
    std::int64_t number = 0;         // integer, boolean
    std::vector<std::string> texts;  // keyword and ip: one; keywords: all
  };
  std::vector<Value> values;  // ascending by field, present ones only; includes event.action, event.id, user.*
};

// What became of one handed-over activity. `too_late`: retention has taken its day away; nothing was kept of it.
enum class Stored : std::uint8_t { first, repeat, correction, too_late };

// What retention takes away. Days are UTC days.
struct RemovalOrder {
  Day from = 0;        // activities of days from..before-1 go ...
  Day before = 0;      // ... and later records of those days are `Stored::too_late`
  Day raw_before = 0;  // raw records that arrived before this day go, as far as their segment is over
  // Accounts that keep everything. Empty: none.
  std::function<bool(const AccountId&)> held = {};
  bool dry = false;  // counts only
};

// What went, or would go; and what stayed only because it is held.
struct Removed {
  std::uint64_t activities = 0;  // every stored one, superseded ones too
  std::uint64_t held_activities = 0;
  std::uint64_t accounts = 0;  // of which nothing is left, not even the name
  std::uint64_t raw_records = 0;
  std::uint64_t held_raw_records = 0;
};

// Days of one account, UTC, both inclusive.
struct AccountDays {
  AccountId account;
  Day from = 0;
  Day to = 0;
};

// What an erasure took, or would take.
struct ErasedActivities {
  std::uint64_t activities = 0;   // every stored one, superseded ones too
  std::uint64_t raw_records = 0;  // of these activities, as far as they were still there
  std::uint64_t segments = 0;     // of the raw log, written anew under new keys
  std::uint64_t accounts = 0;     // of which nothing is left: name and key are gone
  std::optional<Day> first;       // days of the activities; nullopt: there were none
  std::optional<Day> last;
};

struct ActivityQuery {
  std::optional<TimePoint> from = std::nullopt;  // inclusive
  std::optional<TimePoint> to = std::nullopt;    // exclusive
  std::size_t limit = 500;                       // newest first
  bool superseded = false;                       // also those that no longer count
};

struct AccountInfo {
  AccountId id;
  std::string name;  // normalised name as the records have it: an identity, never shown without access::present
  ActorKind actor = ActorKind::unknown;
};

// Stored activities and insights by account and day. The one interface behind which the embedded engine (and later a
// shared one) sits. Thread safety: one thread appends; any number may read at the same time and see what was appended.
// Errors: `timeline.disk_full` (nothing is lost; call again when there is space), `timeline.corrupt` (names the file),
// `timeline.locked` (another process owns the folder).
class Timeline {
 public:
  virtual ~Timeline() = default;

  // Adds a normalised activity and what matched it to `to`, ready for append(). Any thread, others working.
  virtual void prepare(const Activity& activity, std::span<const IndicatorIndex> matches,
                       PreparedActivities& to) const = 0;

  // --- writing: the ingest thread
  // Takes prepared activities, in their order; copies what it keeps. Not yet durable. Adds to `stored` what became of
  // each: on an error, of those before the one that could not be taken.
  virtual Result<void> append(std::span<const PreparedActivity> activities, std::vector<Stored>& stored) = 0;
  // Prepares and takes one.
  Result<Stored> append_one(const Activity& activity, std::span<const IndicatorIndex> matches);
  // Everything of `feed` appended so far is what `checkpoint` covers. Returns at once; the checkpoint counts as soon as
  // what it covers is on disk, at the latest with the next acknowledge().
  virtual Result<void> note(std::string_view feed, std::string_view checkpoint) = 0;
  // Everything appended and noted so far is on disk when this returns, and `checkpoint` of `feed` with it. Replaces the
  // feed's earlier checkpoint.
  virtual Result<void> acknowledge(std::string_view feed, std::string_view checkpoint) = 0;
  // The feed's last checkpoint whose records are on disk, "" when there is none.
  virtual Result<std::string> checkpoint(std::string_view feed) const = 0;
  // The same, but the last that was noted, on disk or not. By the thread that appends.
  virtual Result<std::string> noted(std::string_view feed) const = 0;
  // All durable ones, by feed.
  virtual Result<std::map<std::string, std::string>> checkpoints() const = 0;
  // Moves buffered rows into their final files; for shutdown and tests. Never needed for durability.
  virtual Result<void> flush() = 0;
  // Puts what is stored now into a folder that is not there yet, on the same file system: open_embedded_timeline()
  // opens it with the same keys. Files that nobody changes any more are linked, not copied, so that it takes seconds
  // whatever is stored. By the thread that appends, with nothing appended meanwhile.
  virtual Result<void> snapshot(const std::filesystem::path& into) = 0;
  // flush(), then merges small blocks, so that what is stored is smallest and reads are fastest. Never needed.
  virtual Result<void> fold() = 0;

  // Retention. What was removed is gone from the blocks, from the raw log and from what was derived of it; a reader at
  // work may still see some of it. Killed at any instant, the same call again does the rest. By the thread that
  // appends, while nobody assesses.
  virtual Result<Removed> remove(const RemovalOrder& removal) = 0;
  // Erasure: what these accounts did on these days goes, whatever else holds it, with its raw records; an account of
  // which nothing is left goes with its key and name. Days are not sealed: who must not deliver them again is not the
  // timeline's to know. `dry` only counts. Killed at any instant, the same call again does the rest. `step`, which may
  // be empty, is told what is being done. By the thread that appends, while nobody assesses.
  virtual Result<ErasedActivities> erase(std::span<const AccountDays> days, bool dry,
                                         const std::function<void(std::string_view step)>& step = {}) = 0;
  // The first day of which retention has left an account's activities whole; nullopt: it never took any.
  virtual Result<std::optional<Day>> kept_from(const AccountId& account) const = 0;
  virtual SealedDays sealed() const = 0;

  // --- reading
  // One account's insights of days from..to (inclusive), ascending by (day, indicator). Days are UTC days. Matches that
  // any of `expected` means are left out, here and below.
  virtual Result<Insights> insights(const AccountId& account, Day from, Day to,
                                    std::span<const Expected> expected = {}) const = 0;
  // The same for one day only, counting only activities with time > after (and <= until, when given).
  virtual Result<Insights> insights_within(const AccountId& account, Day day, TimePoint after,
                                           std::optional<TimePoint> until,
                                           std::span<const Expected> expected = {}) const = 0;
  // One account's activities of days from..to that any of `wanted` (ascending) matched, ascending by (time, activity).
  virtual Result<std::vector<Step>> steps(const AccountId& account, Day from, Day to,
                                          std::span<const IndicatorKey> wanted,
                                          std::span<const Expected> expected = {}) const = 0;
  virtual Result<std::vector<StoredActivity>> activities(const AccountId& account,
                                                         const ActivityQuery& query) const = 0;
  // One account's activities of days from..to (inclusive) that count, ascending by time, for who reads many: nothing is
  // copied, and what `visit` is given dies when it returns. A month is in memory at a time. Stop by returning false.
  virtual Result<void> each_activity(const AccountId& account, Day from, Day to,
                                     const std::function<bool(const ActivityRow&)>& visit) const = 0;
  // The raw record's bytes as delivered (after the intake filter). Fails with `timeline.raw_removed` when retention has
  // taken it away.
  virtual Result<std::string> raw(const RawPosition& position) const = 0;
  virtual Result<std::optional<AccountInfo>> account(const AccountId& account) const = 0;
  // Every account seen, in id order; stop by returning false.
  virtual Result<void> for_each_account(const std::function<bool(const AccountInfo&)>& visit) const = 0;

  // --- the touched set: accounts that gained activities since they were last assessed. Survives a crash.
  struct Touched {
    std::vector<AccountId> accounts;  // ascending; of any kind: a fact may make any of them a person's
    std::uint64_t upto = 0;           // hand back to settle()
  };
  virtual Result<Touched> touched() const = 0;
  // Forgets the touches up to `upto`: their alerts are on disk. Later touches of the same accounts stay.
  virtual Result<void> settle(std::uint64_t upto) = 0;

  struct Stats {
    std::uint64_t activities = 0;  // effective ones
    std::uint64_t superseded = 0;
    std::uint64_t accounts = 0;
    std::uint64_t bytes_blocks = 0;  // on disk, without raw records
    std::uint64_t bytes_raw = 0;
    std::optional<TimePoint> first;
    std::optional<TimePoint> last;
  };
  virtual Result<Stats> stats() const = 0;
};

struct TimelineOptions {
  std::size_t buffer_bytes = 256u << 20;   // rows not yet flushed; twice that while a flush runs
  std::size_t segment_bytes = 256u << 20;  // of the raw log, before compression
  bool threads = true;                     // raw log and flush on threads of their own; false: all in append()
  // What normalising and matching depend on, as a hash of the content. When it is not that of what is stored,
  // everything is made again from the raw log before the timeline opens. 0: never.
  std::uint64_t content = 0;
  bool rebuild = false;             // the same, whatever the content
  std::function<Day()> today = {};  // the UTC day, for how old raw segments are; none: by the times of their files
  // Matches an activity again whose raw record retention has taken away, when content has changed; none: its matches
  // stay what they were.
  std::function<void(const Activity& activity, std::vector<IndicatorIndex>& matched)> rematch = {};
  // Told now and then while the raw log is read at the start: bytes read, of how many.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

// How raw records found in the raw log after a crash become activities again: calls `deliver` for each record of the
// batch that can be normalised, with what matched it. ingest/replay.h makes one from normaliser and matcher.
using Replayed = std::function<void(const Activity& activity, std::span<const IndicatorIndex> matches)>;
using Replay = std::function<void(const RawBatch& batch, const Replayed& deliver)>;

// Opens or makes the embedded timeline in `folder` (its own subfolder of the data folder) and replays what the last run
// had written to the raw log but not flushed. `set` tells indices from keys.
Result<std::unique_ptr<Timeline>> open_embedded_timeline(const std::filesystem::path& folder, const Keys& keys,
                                                         std::shared_ptr<const FieldCatalogue> catalogue,
                                                         const IndicatorSet& set, const Replay& replay,
                                                         const TimelineOptions& options = {});

}  // namespace candor
