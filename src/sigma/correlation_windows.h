#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sigma/field_scope.h"
#include "sigma/rule_set.h"

namespace candor::sigma {

struct CorrelationMatch {
  std::uint32_t correlation = 0;      // position in RuleSet::correlations
  std::uint64_t event = 0;            // the one at which it first held
  TimePoint first = 0;                // its time
  TimePoint last = 0;                 // of the last one at which it still held without a gap
  std::vector<std::uint64_t> events;  // those it counted, ascending; the first kMostEvents
};

// A record that was in the window of a correlation when it held, at a record of the same UTC day.
struct TakenPart {
  std::uint32_t correlation = 0;
  std::uint64_t event = 0;
};

// What correlations may ask of a record: asked() fields, folded (base/fold.h); absent ones have no entry.
struct CorrelatedRecord {
  std::uint64_t event = 0;  // its number, which also orders records of one instant
  TimePoint time = 0;
  std::map<FieldIndex, std::vector<std::string>> values;
};

// Whether more records can only make the condition true: then each is judged as it comes, also among those of one time.
bool only_grows(const Correlation& correlation);

// Where a field name of a correlation lies; nullopt: nowhere.
using KnownFields = std::function<std::optional<FieldIndex>(std::string_view name)>;

// The windows of correlations over records of any kind. Pure: what it gives depends on the set of records only, not on
// the order in which they are added (SEMANTICS 10): a correlation holds at a record of time t when those of its group
// in (t - timespan, t] meet the condition. Of steps in order each is a record of its own, and their times do not fall.
// One thread at a time; matches() or taken_part() is called once, at the end.
class CorrelationWindows {
 public:
  static constexpr std::size_t kMostEvents = 1000;       // listed with a match
  static constexpr std::size_t kMostInWindow = 100'000;  // of one group; the oldest are left out, and counted

  // `rules` must outlive it; of its rules only the number counts.
  CorrelationWindows(const RuleSet& rules, KnownFields known);
  ~CorrelationWindows();
  CorrelationWindows(const CorrelationWindows&) = delete;
  CorrelationWindows& operator=(const CorrelationWindows&) = delete;
  CorrelationWindows(CorrelationWindows&&) = delete;
  CorrelationWindows& operator=(CorrelationWindows&&) = delete;

  const std::set<FieldIndex>& asked() const;
  // Whether any correlation asks for one of these positions in RuleSet::rules.
  bool wants(std::span<const std::uint32_t> matched) const;
  // True once for each number; who may see a record twice asks before add().
  bool is_new(std::uint64_t event);
  void add(CorrelatedRecord record, std::span<const std::uint32_t> matched);

  // Of those that are reported, by time, event and correlation: adjoining firings of a group are one match.
  std::vector<CorrelationMatch> matches();
  // Of those that are reported, by event and correlation, each once. More records never make it less where the
  // condition only asks for many (gt, gte of counts; temporal without a condition).
  std::vector<TakenPart> taken_part();
  // Records left out because a group was too large.
  std::uint64_t left_out() const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace candor::sigma
