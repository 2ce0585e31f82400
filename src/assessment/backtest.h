#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "assessment/assess.h"

// A draft policy on the stored past: what it would have shown, beside what the policy in force does. Writes nothing.
namespace candor {

struct BacktestOptions {
  Day from = 0;  // alerts whose highest day lies in from..to
  Day to = 0;
  unsigned threads = 1;
  std::function<void(std::size_t done, std::size_t total)> progress;
};

struct BacktestChange {
  enum class Kind : std::uint8_t { added, gone, changed, same };
  Kind kind = Kind::same;
  PersonId person{};
  int k = 0;
  std::optional<Assessment> draft;
  std::optional<Assessment> live;
  bool was_confirmed = false;  // the alert in force; or was_dismissed
  bool was_dismissed = false;
};
std::string_view to_text(BacktestChange::Kind kind);

// What a cut would show.
struct BacktestStep {
  Micropoints cut = 0;
  std::int64_t alerts = 0;
  std::int64_t people = 0;
  std::int64_t confirmed_lost = 0;  // confirmed alerts of the policy in force that would not be shown
  std::int64_t dismissed_lost = 0;
};

struct Backtest {
  std::int64_t people = 0;              // looked at
  std::vector<BacktestChange> changes;  // by score of the draft, then of the live one, highest first
  std::vector<BacktestStep> steps;      // ascending by cut
};

// `live`: the policy in force it is compared with; nullptr: none. The draft meets the decisions of the live one, so
// that what was closed stays closed.
Result<Backtest> backtest(const AssessSources& sources, const Policy& draft, const PolicyHistory* live,
                          const Decisions& decisions, const BacktestOptions& options);

}  // namespace candor
