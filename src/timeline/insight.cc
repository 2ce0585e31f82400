#include "timeline/insight.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace candor {
namespace {

bool earlier(const Insight& a, const Insight& b) { return std::tie(a.day, a.indicator) < std::tie(b.day, b.indicator); }

void add(Insight& into, const Insight& other) {
  for (int i = 0; i < kDimensions; ++i) into.counts[i] += other.counts[i];
  into.bytes = add_capped(into.bytes, other.bytes);
  into.distinct_objects += other.distinct_objects;
  into.first = std::min(into.first, other.first);
  into.last = std::max(into.last, other.last);
}

}  // namespace

void merge_insights(Insights& into, const Insights& other) {
  Insights merged;
  merged.reserve(into.size() + other.size());
  auto left = into.cbegin();
  auto right = other.cbegin();
  while (left != into.cend() && right != other.cend()) {
    if (earlier(*left, *right)) {
      merged.push_back(*left++);
    } else if (earlier(*right, *left)) {
      merged.push_back(*right++);
    } else {
      merged.push_back(*left++);
      add(merged.back(), *right++);
    }
  }
  merged.insert(merged.end(), left, into.cend());
  merged.insert(merged.end(), right, other.cend());
  into = std::move(merged);
}

}  // namespace candor
