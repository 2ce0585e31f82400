#include "policy/strength.h"

#include <algorithm>

namespace candor {
namespace {

constexpr Micropoints kMostUsual = 1'000'000 * kOnePoint;

// From `low` to `high` in a straight line as count goes from `from` to `to`.
Share on_line(std::int64_t count, std::int64_t from, std::int64_t to, Share low, Share high) {
  return low + (high - low) * (count - from) / (to - from);
}

// How many doublings `to` is above `from`, as a share of `most`, at most kWhole.
Share doublings(std::int64_t from, std::int64_t to, int most, const Logarithms& logarithms) {
  const std::int64_t doubled = std::max<std::int64_t>(0, logarithms.log2(to) - logarithms.log2(from));
  return std::min(kWhole, doubled / most / (Logarithms::kOne / kWhole));
}

Strength in_dimension(const Policy& policy, const PolicyIndicator& indicator, const Insight& insight,
                      Dimension dimension, const Baselines* baselines) {
  const auto d = static_cast<std::size_t>(dimension);
  const Levels& levels = indicator.levels[d];
  Strength out{.dimension = dimension, .count = std::clamp<std::int64_t>(insight.counts[d], 0, kMostCount)};
  Share share = level_share(out.count, levels, policy.strengths, *policy.logarithms);
  if (levels.low == 0 || out.count < levels.low) return out;
  out.level = out.count >= levels.high ? 2 : out.count >= levels.medium ? 1 : 0;
  out.threshold = out.level == 2 ? levels.high : out.level == 1 ? levels.medium : levels.low;
  share = share * indicator.weight / kWhole;
  const auto own = baselines != nullptr ? baselines->usual(indicator, dimension, insight.day) : std::nullopt;
  Share boost = 0;
  if (own) {
    out.usual = own->count;
    out.usual_days = own->days;
    out.usual_from = own->from;
    const Micropoints excused = baselines->excused(indicator, *own, insight.day);
    if (excused < *out.usual) out.excused = excused;
    const Share kept = usual_share(out.count, excused, policy.usual.within);
    out.near_usual = kept < kWhole;
    share = share * kept / kWhole;
    boost = share * boost_share(out.count, *out.usual, policy.usual, *policy.logarithms) / kWhole;
  }
  out.logarithm = log_of_share(std::min(share, kMostShare), *policy.logarithms);
  out.boost = log_of_share(std::min(boost, kMostShare), *policy.logarithms);
  return out;
}

}  // namespace

Share level_share(std::int64_t count, const Levels& levels, const Strengths& strengths, const Logarithms& logarithms) {
  if (levels.low <= 0 || count < levels.low) return 0;
  if (count < levels.medium) return on_line(count, levels.low, levels.medium, strengths.low, strengths.medium);
  if (count < levels.high) return on_line(count, levels.medium, levels.high, strengths.medium, strengths.high);
  const Share above = doublings(levels.high, count, strengths.beyond_doublings, logarithms);
  return strengths.high + (strengths.beyond - strengths.high) * above / kWhole;
}

Share usual_share(std::int64_t count, Micropoints usual, Share within) {
  const Micropoints bounded = std::clamp<Micropoints>(usual, 0, kMostUsual);
  const Micropoints counted = std::min(count, kMostCount) * kOnePoint;
  if (counted >= 2 * bounded) return kWhole;
  if (counted <= bounded) return within;
  return within + (kWhole - within) * ((counted - bounded) * 1000 / bounded) / 1000;
}

Share boost_share(std::int64_t count, Micropoints usual, const Usual& rule, const Logarithms& logarithms) {
  const Micropoints floor = std::clamp<Micropoints>(usual, kOnePoint, kMostUsual);  // once a day at least
  const Micropoints start = floor / 100 * rule.ratio_percent;
  const Micropoints counted = std::min(count, kMostCount) * kOnePoint;
  if (rule.ratio_percent == 0 || count < rule.least_count || counted < start) return 0;
  return rule.boost +
         (rule.most_boost - rule.boost) * doublings(start, counted, rule.boost_doublings, logarithms) / kWhole;
}

std::int64_t log_of_share(Share share, const Logarithms& logarithms) {
  return share <= 0 ? 0 : logarithms.log2(kWhole) - logarithms.log2(kWhole - share);
}

Share share_of_log(std::int64_t logarithm, const Logarithms& logarithms) {
  return (Logarithms::kOne - logarithms.exp2_negative(logarithm)) / (Logarithms::kOne / kWhole);
}

Micropoints points_of_log(std::int64_t logarithm, const Logarithms& logarithms) {
  return (Logarithms::kOne - logarithms.exp2_negative(logarithm)) / (Logarithms::kOne / (100 * kOnePoint));
}

Strength strength_of(const Policy& policy, const PolicyIndicator& indicator, const Insight& insight,
                     const Baselines* baselines) {
  Strength best;
  for (int d = 0; d < kDimensions; ++d) {
    Strength strength = in_dimension(policy, indicator, insight, static_cast<Dimension>(d), baselines);
    // Compared with their boosters: else one more match could move to a dimension without one and lower the sum.
    if (d == 0 || strength.logarithm + strength.boost > best.logarithm + best.boost) best = strength;
  }
  return best;
}

}  // namespace candor
