#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/account_place.h"
#include "ingest/switches.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// Evidence that off means off: of all activities of a UTC day and country, on how many an indicator was evaluated, and
// how many it matched. Offered are all; where it was off, evaluated is 0.
struct LedgerLine {
  std::string content;  // which rules and switches they were matched with
  Day day = 0;
  std::string country;  // "": not known
  std::string indicator;
  std::int64_t offered = 0;
  std::int64_t evaluated = 0;
  std::int64_t matched = 0;
};

// What the ledger must know of an indicator; also of one that is no longer there.
struct LedgerIndicator {
  std::string name;
  IndicatorKey key = 0;
  int intrusion = 1;
};

// The ledger of what is stored now: a fold over the effective activities and their matches, so that it is exact after
// any crash, and the same whatever the order of arrival. In order of day, country, indicator; `content` is left "".
Result<std::vector<LedgerLine>> fold_ledger(const Timeline& timeline, const std::vector<LedgerIndicator>& indicators,
                                            const std::vector<Switch>& switches, const PlaceOfAccount& place);

// The ledger on disk: of each content the last count that was saved, for good. Thread safety: any member from any
// thread.
class LedgerBook {
 public:
  explicit LedgerBook(Store& store) : store_(store) {}

  // A version of the content, and its indicators.
  struct Content {
    std::string version;
    std::int64_t decisions = 0;  // number of the last retroactive switch that it knows
    std::vector<LedgerIndicator> indicators;
  };
  // What is stored was matched with this one; nullopt of a new folder.
  Result<std::optional<Content>> current() const;
  Result<void> set_current(const Content& content);
  // Replaces the lines of the content. What was counted of days whose activities are no longer kept stands.
  Result<void> save(const std::string& content, const std::vector<LedgerLine>& lines, SealedDays sealed = {});
  // One indicator in what is stored now, as it was counted last; all days and countries together.
  struct Tally {
    std::optional<Day> last_matched;
    std::int64_t offered = 0;
    std::int64_t evaluated = 0;
    std::int64_t matched = 0;
  };
  Result<Tally> tally(const std::string& indicator) const;
  // All, by content, day, country, indicator.
  Result<std::vector<LedgerLine>> all() const;

 private:
  Store& store_;
};

}  // namespace candor
