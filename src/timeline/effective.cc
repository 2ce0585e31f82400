#include "timeline/effective.h"

#include <absl/container/flat_hash_set.h>
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace candor {
namespace {

// What an insight is while it grows.
struct Sum {
  Insight insight;
  absl::flat_hash_set<std::uint64_t> objects;
};

}  // namespace

std::vector<ReadRow> effective_rows(std::vector<ActivityRow> rows) {
  std::ranges::sort(rows, [](const ActivityRow& a, const ActivityRow& b) {
    return std::tie(a.id, b.version, b.content) < std::tie(b.id, a.version, a.content);
  });
  std::vector<ReadRow> read;
  read.reserve(rows.size());
  for (const ActivityRow& row : rows) {
    const bool same_id = !read.empty() && read.back().row.id == row.id;
    // Equal contents have equal versions and stand side by side.
    if (same_id && read.back().row.content == row.content) continue;
    read.push_back({row, same_id});
  }
  std::ranges::sort(read, [](const ReadRow& a, const ReadRow& b) { return stored_before(a.row, b.row); });
  return read;
}

struct InsightFold::Traits {
  bool in[kDimensions] = {true, false, false, false};
  std::int64_t bytes = 0;
  std::uint64_t object = 0;
};

InsightFold::InsightFold(const FieldCatalogue& catalogue) {
  const auto find = [&](std::string_view name) { return catalogue.find(name).value_or(DerivedFields::kNone); };
  sensitive_types_ = find("candor.sensitive_info.types");
  sensitive_count_ = find("candor.sensitive_info.count");
  priority_ = find("candor.priority");
  unallowed_ = find("candor.destination.unallowed");
  size_ = find("file.size");
  object_ = find("candor.object.id");
  path_ = find("file.path");
  name_ = find("file.name");
}

InsightFold::Traits InsightFold::traits_of(const ActivityRow& row) const {
  Traits traits;
  std::string_view object;
  std::string_view path;
  std::string_view name;
  for (const Cell& cell : row.cells) {
    const FieldId field = cell.field();
    if (field == size_) traits.bytes = std::max<std::int64_t>(cell.number(), 0);
    if (field == object_) object = cell.text();
    if (field == path_) path = cell.text();
    if (field == name_) name = cell.text();
    if (field == sensitive_types_ || (field == sensitive_count_ && cell.number() > 0)) {
      traits.in[static_cast<int>(Dimension::sensitive)] = true;
    }
    if (field == priority_ && cell.number() != 0) traits.in[static_cast<int>(Dimension::priority)] = true;
    if (field == unallowed_ && cell.number() != 0) traits.in[static_cast<int>(Dimension::unallowed)] = true;
  }
  if (object.empty()) object = path;
  if (object.empty()) object = name;
  if (object.empty()) object = row.record_id;
  traits.object = XXH3_64bits(object.data(), object.size());
  return traits;
}

Insights InsightFold::fold(const std::vector<ReadRow>& rows,
                           const std::function<bool(const ActivityRow&)>& counts) const {
  std::map<std::pair<Day, IndicatorKey>, Sum> sums;
  for (const ReadRow& read : rows) {
    const ActivityRow& row = read.row;
    if (read.superseded || row.matches.empty() || !counts(row)) continue;
    const Traits traits = traits_of(row);
    for (const IndicatorKey key : row.matches) {
      const auto [found, is_new] = sums.try_emplace({day_of(row.time), key});
      Sum& sum = found->second;
      if (is_new) {
        sum.insight.indicator = key;
        sum.insight.day = day_of(row.time);
        sum.insight.first = row.time;
        sum.insight.last = row.time;
      }
      for (int i = 0; i < kDimensions; ++i) sum.insight.counts[i] += traits.in[i] ? 1 : 0;
      sum.insight.bytes = add_capped(sum.insight.bytes, traits.bytes);
      sum.insight.first = std::min(sum.insight.first, row.time);
      sum.insight.last = std::max(sum.insight.last, row.time);
      sum.objects.insert(traits.object);
    }
  }
  Insights insights;
  insights.reserve(sums.size());
  for (auto& [key, sum] : sums) {
    sum.insight.distinct_objects = std::min(static_cast<std::int64_t>(sum.objects.size()), kMostDistinct);
    insights.push_back(sum.insight);
  }
  return insights;
}

}  // namespace candor
