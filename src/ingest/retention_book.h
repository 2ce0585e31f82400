#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// How many UTC days things are kept; raw_days is never the larger one.
struct RetentionDays {
  int raw = 30;         // raw records, from the day they arrived
  int activities = 90;  // activities, from the day they happened
};

// What of a folder that was made on `began` is over on `today`. Whole days are kept: with 90, today and the 90 before
// it. What happened more than that before the folder was made is its back file, handed over on purpose: it is kept as
// many days from the day the folder was made.
RemovalOrder due(const RetentionDays& kept, Day began, Day today);

// What a run took of one kind of records besides activities.
struct RetentionKindCount {
  std::string kind;
  std::optional<Day> before = {};  // what was over before this UTC day; nullopt: nothing goes, however old
  std::int64_t removed = 0;
  std::int64_t held = 0;  // that stayed only for an open case or a legal hold
};

// One run: what it was for, and what it took.
struct RetentionRun {
  std::int64_t number = 0;
  TimePoint at = 0;
  Day day = 0;  // UTC
  Day from = 0;
  Day before = 0;
  Day raw_before = 0;
  Removed removed;
  std::int64_t held_people = 0;
  std::vector<RetentionKindCount> kinds = {};
};

// Retention as the store remembers it. Thread safety: any member from any thread.
class RetentionBook {
 public:
  explicit RetentionBook(Store& store) : store_(store) {}

  // The day the folder was made; `today`, for good, when nothing is known of it.
  Result<Day> began(Day today);
  // The same of the day from which on alerts, cases, requests and messages have a time: later than began() where an
  // older Candor, which kept them all, made the folder. What is older then is kept as long from that day on.
  Result<Day> records_began(Day today);
  // The number the next run will have.
  Result<std::int64_t> next() const;
  // That the run of that number, which is not added yet, took so many more of a kind.
  static Result<void> count(Transaction& work, std::int64_t run, std::string_view kind, std::int64_t removed);
  // Numbers it. Of its kinds what count() was told stands: a run that was killed had that number before.
  Result<void> add(const RetentionRun& run);
  // Newest first.
  Result<std::vector<RetentionRun>> runs(std::int64_t limit) const;
  struct Totals {
    std::int64_t activities = 0;
    std::int64_t accounts = 0;
    std::int64_t raw_records = 0;
    std::map<std::string, std::int64_t> kinds = {};
  };
  Result<Totals> totals() const;
  // Alerts that came from this UTC day on are all still there, in cases or not; nullopt: no run ever took any.
  Result<std::optional<Day>> whole_from() const;

 private:
  Store& store_;
};

}  // namespace candor
