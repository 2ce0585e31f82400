#pragma once

#include <cstdint>
#include <optional>

#include "policy/baseline.h"
#include "policy/policy.h"
#include "timeline/insight.h"

// How strong one insight is, as shares in log space: -log2(1 - share) in units of 10^-9, so that a combination of
// independent chances (noisy-or) is a sum.
namespace candor {

struct Strength {
  Dimension dimension = Dimension::all;  // the one that decided
  std::int64_t count = 0;                // in it
  int level = -1;                        // 0 low, 1 medium, 2 high; -1: below all of them
  std::int64_t threshold = 0;            // of that level
  std::optional<Micropoints> usual{};    // nullopt: not enough days to know
  UsualDays usual_days = UsualDays::active;
  int usual_from = 0;                    // how many days tell it; 0: not said
  std::optional<Micropoints> excused{};  // less than the usual, by what peers do; nullopt: all of it
  bool near_usual = false;               // weakened because it is not more than twice what is excused
  std::int64_t logarithm = 0;
  std::int64_t boost = 0;  // of the booster "above usual"
};

// Never decreases when a count grows, the usual being given.
Share level_share(std::int64_t count, const Levels& levels, const Strengths& strengths, const Logarithms& logarithms);
// The share left at a count, given the usual (millionths of a count): `within` at or below it, all from twice it on.
Share usual_share(std::int64_t count, Micropoints usual, Share within);
// The booster's share of the insight's strength.
Share boost_share(std::int64_t count, Micropoints usual, const Usual& rule, const Logarithms& logarithms);

// -log2(1 - share); share at most kMostShare.
std::int64_t log_of_share(Share share, const Logarithms& logarithms);
// 1 - 2^-logarithm, as a share.
Share share_of_log(std::int64_t logarithm, const Logarithms& logarithms);
// 100 x (1 - 2^-logarithm).
Micropoints points_of_log(std::int64_t logarithm, const Logarithms& logarithms);

// The strongest dimension of an insight. `baselines` may be null: then nothing is usual.
Strength strength_of(const Policy& policy, const PolicyIndicator& indicator, const Insight& insight,
                     const Baselines* baselines);

}  // namespace candor
