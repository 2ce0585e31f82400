#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/time.h"
#include "sigma/correlation_windows.h"
#include "sigma/event_matcher.h"

namespace candor::sigma {

// Matches of rules to matches of correlations, for records of any log. As CorrelationWindows; a record that comes
// twice under one number counts once. One thread at a time.
class Correlator {
 public:
  explicit Correlator(std::shared_ptr<const EventProgram> program);

  // `event` identifies the record: a second one of the same number is a repeat. `matched`: as EventMatcher gives it.
  void add(std::uint64_t event, TimePoint time, const Event& record, std::span<const RuleIndex> matched);
  // Whether any correlation asks for one of these.
  bool wants(std::span<const RuleIndex> matched) const { return windows_.wants(matched); }
  // Those that are reported, by time, event and correlation.
  std::vector<CorrelationMatch> finish() { return windows_.matches(); }
  // Records left out because a group was too large.
  std::uint64_t left_out() const { return windows_.left_out(); }

 private:
  std::shared_ptr<const EventProgram> program_;
  CorrelationWindows windows_;
};

}  // namespace candor::sigma
