#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "assessment/assess.h"
#include "policy/four_weeks.h"

// What goes on in the whole organisation, before any policy looks at anybody: how many people do what an indicator
// sees, how many a policy would bring into scope, and which levels the organisation's own days suggest. Nobody is named
// and nobody can be worked out:
//  - a number of people is told in tens, downwards, and below ten not at all;
//  - there is one view, of everybody, over complete four weeks that never overlap, so that no two views differ by a
//    person or a day;
//  - levels are suggested only from what ten people or more did, none of them more than half of it.
namespace candor {

inline constexpr std::int64_t kLeastPeople = 10;
struct AnalyticsOptions {
  FourWeeks period;
  unsigned threads = 1;
  std::function<void(std::size_t done, std::size_t total)> progress;  // on the calling thread; may be empty
  std::stop_token stop = {};
};

// Levels by dimension; those without evidence stay unset.
using FittedLevels = std::array<std::optional<Levels>, kDimensions>;

struct IndicatorUse {
  const IndicatorInfo* indicator = nullptr;  // of those given to analyse()
  std::int64_t people = 0;                   // in tens; 0: fewer than ten
  std::int64_t reached_low = 0;              // the shipped levels, on some day; in tens
  std::int64_t reached_high = 0;
  FittedLevels fitted;
};

struct PolicyReach {
  const Policy* policy = nullptr;  // of those given to analyse()
  std::int64_t people = 0;         // whom a trigger of these days would bring into scope; in tens
};

struct Analytics {
  FourWeeks period;
  std::int64_t people = 0;            // who did anything an indicator sees; in tens
  std::int64_t person_days = 0;       // on how many days, in tens
  std::vector<IndicatorUse> used;     // what ten people or more did: most people first, then by name
  std::vector<PolicyReach> policies;  // as given
};

// Guests take no part. Errors are those of timeline and store; `analytics.cancelled` when `stop` asks for it.
Result<Analytics> analyse(const AssessSources& sources, std::span<const IndicatorInfo> indicators,
                          std::span<const std::shared_ptr<const Policy>> policies, const AnalyticsOptions& options);

// Levels from how often how much was done: days (person x day) by count, of `person_days` altogether. `low` is what at
// most 2 of 1,000 days reach, `medium` 0.5, `high` 0.1; rounded up to two digits. Where that would be less than one
// day, twice the level below. nullopt: fewer than 500 days altogether, or nothing was counted.
std::optional<Levels> fit_levels(const std::map<std::int64_t, std::int64_t>& days_by_count, std::int64_t person_days);

// Downwards to tens.
constexpr std::int64_t in_tens(std::int64_t people) { return people / kLeastPeople * kLeastPeople; }

}  // namespace candor
