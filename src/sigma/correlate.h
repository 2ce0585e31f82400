#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/time.h"
#include "sigma/event_matcher.h"

namespace candor::sigma {

struct CorrelationMatch {
  std::uint32_t correlation = 0;      // position in RuleSet::correlations
  std::uint64_t event = 0;            // the one at which it first held
  TimePoint first = 0;                // its time
  TimePoint last = 0;                 // of the last one at which it still held without a gap
  std::vector<std::uint64_t> events;  // those it counted, ascending; the first kMostEvents
};

// Matches of rules to matches of correlations. Pure: what it gives depends on the set of records only, not on the order
// in which they are added, nor on how often (SEMANTICS 10): a correlation holds at a record of time t when those of its
// group in (t - timespan, t] meet the condition; adjoining ones are one match. Of steps in order each is a record of
// its own, and their times do not fall. One thread at a time.
class Correlator {
 public:
  static constexpr std::size_t kMostEvents = 1000;       // listed with a match
  static constexpr std::size_t kMostInWindow = 100'000;  // of one group; the oldest are left out, and counted

  explicit Correlator(std::shared_ptr<const EventProgram> program);
  ~Correlator();
  Correlator(const Correlator&) = delete;
  Correlator& operator=(const Correlator&) = delete;
  Correlator(Correlator&&) = delete;
  Correlator& operator=(Correlator&&) = delete;

  // `event` identifies the record: a second one of the same number is a repeat. `matched`: as EventMatcher gives it.
  void add(std::uint64_t event, TimePoint time, const Event& record, std::span<const RuleIndex> matched);
  // Whether any correlation asks for one of these.
  bool wants(std::span<const RuleIndex> matched) const;
  // Those that are reported, by time, event and correlation.
  std::vector<CorrelationMatch> finish();
  // Records left out because a group was too large.
  std::uint64_t left_out() const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace candor::sigma
