#include "timeline/effective.h"

#include <absl/container/flat_hash_set.h>
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/fold.h"

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

InsightFold::InsightFold(const FieldCatalogue& catalogue) : destinations_(catalogue) {
  const auto find = [&](std::string_view name) { return catalogue.find(name).value_or(DerivedFields::kNone); };
  sensitive_types_ = find("candor.sensitive_info.types");
  sensitive_count_ = find("candor.sensitive_info.count");
  priority_ = find("candor.priority");
  unallowed_ = find("candor.destination.unallowed");
  url_unallowed_ = find("candor.url.unallowed");
  size_ = find("file.size");
  object_ = find("candor.object.id");
  path_ = find("file.path");
  name_ = find("file.name");
  const auto mark = [&](std::vector<bool>& marks, std::initializer_list<std::string_view> names) {
    marks.assign(catalogue.size(), false);
    for (const std::string_view name : names) {
      if (const auto field = catalogue.find(name)) marks[*field] = true;
    }
  };
  // A path after a rename, copy or packing is the same content as the one before.
  mark(content_, {"file.hash.sha256", "file.hash.sha1", "candor.object.id", "file.path", "candor.destination.path"});
  mark(named_, {"file.name", "candor.file.new_name", "email.attachments.file.name"});
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
    if ((field == unallowed_ || field == url_unallowed_) && cell.number() != 0)
      traits.in[static_cast<int>(Dimension::unallowed)] = true;
  }
  if (object.empty()) object = path;
  if (object.empty()) object = name;
  if (object.empty()) object = row.record_id;
  traits.object = XXH3_64bits(object.data(), object.size());
  return traits;
}

Insights InsightFold::fold(const std::vector<ReadRow>& rows, const std::function<bool(const ActivityRow&)>& counts,
                           std::span<const Expected> expected) const {
  std::map<std::pair<Day, IndicatorKey>, Sum> sums;
  std::vector<IndicatorKey> left;
  for (const ReadRow& read : rows) {
    const ActivityRow& row = read.row;
    if (read.superseded || row.matches.empty() || !counts(row)) continue;
    std::span<const IndicatorKey> matches = row.matches;
    if (!expected.empty()) {
      left = destinations_.counting(row, expected);
      matches = left;
    }
    if (matches.empty()) continue;
    const Traits traits = traits_of(row);
    for (const IndicatorKey key : matches) {
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

std::vector<Step> InsightFold::steps(const std::vector<ReadRow>& rows, std::span<const IndicatorKey> wanted,
                                     std::span<const Expected> expected) const {
  std::vector<Step> steps;
  const auto hash = [](std::string_view text) {
    const std::string folded = candor::fold(text);
    return XXH3_64bits(folded.data(), folded.size());
  };
  for (const ReadRow& read : rows) {
    const ActivityRow& row = read.row;
    if (read.superseded || row.matches.empty()) continue;
    Step step;
    if (expected.empty()) {
      std::ranges::set_intersection(row.matches, wanted, std::back_inserter(step.matches));
    } else {
      std::ranges::set_intersection(destinations_.counting(row, expected), wanted, std::back_inserter(step.matches));
    }
    if (step.matches.empty()) continue;
    step.time = row.time;
    step.activity = row.content;
    const Traits traits = traits_of(row);
    std::ranges::copy(traits.in, step.in);
    step.bytes = traits.bytes;
    for (const Cell& cell : row.cells) {
      const FieldId field = cell.field();
      std::vector<std::uint64_t>* const into = content_[field] ? &step.contents : named_[field] ? &step.names : nullptr;
      if (into == nullptr) continue;
      if (!cell.text().empty()) into->push_back(hash(cell.text()));
      for (const std::string_view text : cell.list()) into->push_back(hash(text));
    }
    for (std::vector<std::uint64_t>* const hashes : {&step.contents, &step.names}) {
      std::ranges::sort(*hashes);
      const auto repeats = std::ranges::unique(*hashes);
      hashes->erase(repeats.begin(), repeats.end());
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace candor
