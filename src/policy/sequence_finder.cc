#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "policy/sequence.h"

namespace candor {
namespace {

// Which steps are over one content: a forest of steps, by union.
class Contents {
 public:
  explicit Contents(const std::vector<Step>& steps) : parent_(steps.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    std::unordered_map<std::uint64_t, std::size_t> contents;
    std::unordered_map<std::uint64_t, std::size_t> names;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const std::uint64_t content : steps[i].contents) join(contents.try_emplace(content, i).first->second, i);
      for (const std::uint64_t name : steps[i].names) join(names.try_emplace(name, i).first->second, i);
    }
  }

  std::size_t find(std::size_t i) {
    while (parent_[i] != i) {
      parent_[i] = parent_[parent_[i]];
      i = parent_[i];
    }
    return i;
  }

 private:
  // The smaller position stays on top: a content is called by its first step.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

  std::vector<std::size_t> parent_;
};

bool does(const Step& step, const std::vector<IndicatorKey>& wanted) {
  return std::ranges::any_of(step.matches, [&](IndicatorKey key) { return std::ranges::binary_search(wanted, key); });
}

// Chains of one sequence over the steps of one content, ascending by time.
void follow(const Sequence& sequence, const std::vector<const Step*>& steps, std::uint64_t content,
            std::vector<Completion>& completions) {
  // When the first step of the youngest chain that has come that far was taken.
  std::vector<std::optional<TimePoint>> begun(sequence.steps.size());
  auto firsts = std::make_shared<std::vector<TimePoint>>();
  for (const Step* const step : steps) {
    const TimePoint oldest = step->time - sequence.window();
    for (std::size_t k = sequence.steps.size(); k-- > 0;) {  // downwards: an activity is one step only
      if (!does(*step, sequence.steps[k])) continue;
      if (k > 0 && (!begun[k - 1] || *begun[k - 1] < oldest)) continue;
      const TimePoint start = k == 0 ? step->time : *begun[k - 1];
      begun[k] = std::max(begun[k].value_or(start), start);
      if (k + 1 < sequence.steps.size()) continue;
      Completion done;
      done.sequence = sequence.key;
      done.time = step->time;
      done.content = content;
      done.window = sequence.window();
      done.begun = firsts;
      done.bytes = step->bytes;
      for (const Step* const part : steps) {
        if (part->time < oldest || part->time > step->time) continue;
        for (int d = 0; d < kDimensions; ++d) done.in[d] = done.in[d] || part->in[d];
      }
      completions.push_back(std::move(done));
    }
    if (does(*step, sequence.steps.front())) firsts->push_back(step->time);
  }
}

}  // namespace

std::vector<IndicatorKey> wanted_by(std::span<const Sequence> sequences) {
  std::set<IndicatorKey> keys;
  for (const Sequence& sequence : sequences) {
    for (const auto& step : sequence.steps) keys.insert(step.begin(), step.end());
  }
  return {keys.begin(), keys.end()};
}

std::vector<Completion> find_sequences(std::span<const Sequence> sequences, std::vector<Step> steps) {
  std::ranges::sort(
      steps, [](const Step& a, const Step& b) { return std::tie(a.time, a.activity) < std::tie(b.time, b.activity); });
  Contents contents(steps);
  std::map<std::size_t, std::vector<const Step*>> groups;
  for (std::size_t i = 0; i < steps.size(); ++i) groups[contents.find(i)].push_back(&steps[i]);
  std::vector<Completion> completions;
  for (const auto& [first, group] : groups) {
    if (group.size() < 2) continue;
    for (const Sequence& sequence : sequences) follow(sequence, group, steps[first].activity, completions);
  }
  std::ranges::sort(completions, [](const Completion& a, const Completion& b) {
    return std::tie(a.time, a.sequence, a.content) < std::tie(b.time, b.sequence, b.content);
  });
  return completions;
}

Insights insights_of(std::span<const Completion> completions) {
  struct OfContent {
    const Completion* first = nullptr;
    const Completion* last = nullptr;
    bool in[kDimensions] = {false, false, false, false};

    std::int64_t count() const {
      const auto& begun = *first->begun;
      const auto from = std::ranges::lower_bound(begun, first->time - first->window);
      return std::max<std::int64_t>(1, std::ranges::lower_bound(begun, last->time) - from);
    }
  };
  struct Sum {
    Insight insight;
    std::map<std::uint64_t, OfContent> contents;
  };
  std::map<std::pair<Day, IndicatorKey>, Sum> sums;
  for (const Completion& one : completions) {
    const auto [found, is_new] = sums.try_emplace({day_of(one.time), one.sequence});
    Sum& sum = found->second;
    if (is_new) {
      sum.insight.indicator = one.sequence;
      sum.insight.day = day_of(one.time);
      sum.insight.first = one.time;
    }
    sum.insight.first = std::min(sum.insight.first, one.time);
    sum.insight.last = std::max(sum.insight.last, one.time);
    sum.insight.bytes = add_capped(sum.insight.bytes, one.bytes);
    OfContent& content = sum.contents[one.content];
    if (content.first == nullptr || one.time < content.first->time) content.first = &one;
    if (content.last == nullptr || one.time > content.last->time) content.last = &one;
    for (int d = 0; d < kDimensions; ++d) content.in[d] = content.in[d] || one.in[d];
  }
  Insights insights;
  insights.reserve(sums.size());
  for (auto& [key, sum] : sums) {
    for (const auto& [hash, content] : sum.contents) {
      const std::int64_t count = content.count();
      for (int d = 0; d < kDimensions; ++d) sum.insight.counts[d] += content.in[d] ? count : 0;
    }
    sum.insight.distinct_objects = sum.insight.counts[0];
    insights.push_back(sum.insight);
  }
  return insights;
}

}  // namespace candor
