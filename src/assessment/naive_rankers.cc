#include "assessment/naive_rankers.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace candor {
namespace {

struct Scored {
  PersonId person{};
  Day day = 0;
  std::int64_t score = 0;
};

// A person's insights as they are in the end.
std::map<std::pair<Day, IndicatorKey>, std::int64_t> final_counts(const ObservedPerson& person) {
  std::map<std::pair<Day, IndicatorKey>, std::int64_t> counts;
  for (const auto& change : person.changes) {
    counts[{change.insight.day, change.insight.indicator}] = change.insight.counts[0];
  }
  return counts;
}

// The first day from which a resignation was known.
std::optional<Day> known_leaver(const ObservedPerson& person) {
  for (const auto& [known, profile] : person.knowledge) {
    if (std::ranges::any_of(profile.facts, [](const Fact& fact) { return fact.kind == FactKind::resignation; })) {
      return known;
    }
  }
  return std::nullopt;
}

// Whoever passes the cut has a row on that day; again only when the score is higher than what was shown before.
Rate recall(std::vector<Scored> scored, const EvaluationSet& set, double most_rows,
            const std::function<bool(const EvaluationLabel&, Day)>& is_right) {
  std::ranges::sort(scored, {}, [](const Scored& one) { return std::pair(one.person, one.day); });
  const auto rows_at = [&](std::int64_t cut) {
    std::vector<Scored> rows;
    for (const Scored& one : scored) {
      if (one.score < cut) continue;
      if (!rows.empty() && rows.back().person == one.person && rows.back().score >= one.score) continue;
      rows.push_back(one);
    }
    return rows;
  };
  std::set<std::int64_t> cuts;
  for (const Scored& one : scored) cuts.insert(one.score);
  std::vector<Scored> rows;
  double share = 1;
  const auto fits = [&](std::int64_t cut) { return static_cast<double>(rows_at(cut).size()) <= most_rows; };
  const std::vector<std::int64_t> sorted(cuts.begin(), cuts.end());
  const auto first = std::ranges::partition_point(sorted, [&](std::int64_t cut) { return !fits(cut); });
  if (first != sorted.end()) {
    rows = rows_at(*first);
  } else if (!sorted.empty()) {
    // Even the highest score has more rows: as many of them as fit, whichever.
    rows = rows_at(sorted.back());
    share = most_rows / static_cast<double>(rows.size());
  }
  Rate rate;
  for (const EvaluationLabel& label : set.labels) {
    if (!label.harms()) continue;
    ++rate.of;
    rate.hits += std::ranges::any_of(
        rows, [&](const Scored& row) { return row.person == label.person && is_right(label, row.day); });
  }
  rate.hits = static_cast<std::int64_t>(static_cast<double>(rate.hits) * share);
  return rate;
}

}  // namespace

std::map<std::string, Rate> naive_recall(const EvaluationSet& set, const ReplayDays& days,
                                         const std::set<IndicatorKey>& exfiltration, double most_rows) {
  std::map<std::string, std::vector<Scored>> by_ranker;
  for (const ObservedPerson& person : set.people) {
    std::map<Day, std::int64_t> carried;
    std::map<Day, std::int64_t> matches;
    std::set<IndicatorKey> channels;
    for (const auto& [key, count] : final_counts(person)) {
      const auto& [day, indicator] = key;
      if (count == 0) continue;
      matches[day] += count;
      if (!exfiltration.contains(indicator)) continue;
      carried[day] += count;
      if (channels.insert(indicator).second && day >= days.start) {
        by_ranker["first-ever channel"].push_back({person.person, day, 1});
      }
    }
    const auto add = [&](const char* ranker, const std::map<Day, std::int64_t>& scores) {
      for (const auto& [day, score] : scores) {
        if (day >= days.start) by_ranker[ranker].push_back({person.person, day, score});
      }
    };
    add("files carried out that day", carried);
    add("sum of matches", matches);
    const auto leaver = known_leaver(person);
    if (leaver && *leaver >= days.start) by_ranker["leaver flag"].push_back({person.person, *leaver, 1});
  }
  const auto on_day = [](const EvaluationLabel& label, Day day) {
    return std::ranges::any_of(label.insights, [&](const auto& insight) { return insight.second == day; });
  };
  std::map<std::string, Rate> out;
  for (auto& [name, scored] : by_ranker) {
    if (name == "leaver flag") {
      out[name] = recall(std::move(scored), set, most_rows, [](const EvaluationLabel&, Day) { return true; });
    } else {
      out[name] = recall(std::move(scored), set, most_rows, on_day);
    }
  }
  return out;
}

}  // namespace candor
