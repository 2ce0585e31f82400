#include "disclosure/attestation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "disclosure/switch_json.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

bool concerns(const Switch& one, const std::string& indicator, const std::string& country) {
  return one.indicator == indicator && (one.country.empty() || one.country == country);
}

// Somebody of the country in no group at all.
bool is_on(const std::vector<Switch>& switches, const IndicatorInfo& info, const std::string& country, Day day) {
  const AccountPlace place{.country = country, .groups = std::set<std::string, std::less<>>()};
  return is_switched_on(switches, info.name, info.intrusion, place, day);
}

// Whether any group of the country had it on: then an evaluation contradicts nothing.
bool is_on_for_some(const std::vector<Switch>& switches, const IndicatorInfo& info, const std::string& country,
                    Day day) {
  if (is_on(switches, info, country, day)) return true;
  return std::ranges::any_of(switches, [&](const Switch& one) {
    if (one.group.empty() || !concerns(one, info.name, country)) return false;
    const AccountPlace place{.country = country, .groups = std::set<std::string, std::less<>>{one.group}};
    return is_switched_on(switches, info.name, info.intrusion, place, day);
  });
}

// As anybody could know it then: `off` counts from the day after it was said. What was evaluated before stays in the
// ledger, though it was taken out of what is stored.
std::vector<Switch> as_known_then(std::vector<Switch> switches) {
  for (Switch& one : switches) {
    if (!one.on) one.from = std::max(one.from, day_of(one.set_at) + 1);
  }
  return switches;
}

void add_spans(const AttestationOrder& order, const IndicatorInfo& info, const std::vector<Switch>& switches,
               AttestedIndicator& into) {
  for (Day day = order.from; day <= order.to; ++day) {
    const bool on = is_on(switches, info, order.country, day);
    if (!into.spans.empty() && into.spans.back().on == on) {
      into.spans.back().to = day;
    } else {
      into.spans.push_back({.from = day, .to = day, .on = on});
    }
  }
  for (const Switch& one : switches) {
    if (concerns(one, info.name, order.country) && one.from <= order.to) into.decisions.push_back(one);
  }
}

// Of one indicator and day, under the content that evaluated most: what is matched again counts once.
struct Counted {
  std::int64_t offered = 0;
  std::int64_t evaluated = 0;
  std::int64_t matched = 0;

  void take(const LedgerLine& line) {
    offered = std::max(offered, line.offered);
    evaluated = std::max(evaluated, line.evaluated);
    matched = std::max(matched, line.matched);
  }
};

using CountedDays = std::map<std::string, std::map<Day, Counted>>;

ordered_json indicator_json(const AttestedIndicator& one) {
  ordered_json spans = ordered_json::array();
  for (const auto& span : one.spans) {
    spans.push_back({{"from", format_day(span.from)}, {"to", format_day(span.to)}, {"on", span.on}});
  }
  ordered_json decisions = ordered_json::array();
  for (const Switch& decision : one.decisions) decisions.push_back(to_json(decision));
  ordered_json contradicted = ordered_json::array();
  for (const Day day : one.contradicted) contradicted.push_back(format_day(day));
  return {{"name", one.name},
          {"title", one.title},
          {"intrusion", one.intrusion},
          {"days", spans},
          {"decisions", decisions},
          {"offered", one.offered},
          {"evaluated", one.evaluated},
          {"matched", one.matched},
          {"evaluated_of_unknown_country", one.unknown_country},
          {"evaluated_though_off", contradicted}};
}

}  // namespace

bool Attestation::holds() const {
  return std::ranges::all_of(indicators, [](const AttestedIndicator& one) { return one.contradicted.empty(); });
}

Attestation attest(const AttestationOrder& order, const IndicatorSet& indicators, const std::vector<Switch>& switches,
                   const std::vector<LedgerLine>& ledger, const std::vector<AuditLine>& lines,
                   const std::vector<RetentionRun>& runs) {
  Attestation out;
  out.order = order;
  const std::vector<Switch> known_then = as_known_then(switches);
  CountedDays of_country;
  CountedDays of_nowhere;
  for (const LedgerLine& line : ledger) {
    if (line.day < order.from || line.day > order.to) continue;
    if (line.country == order.country) of_country[line.indicator][line.day].take(line);
    if (line.country.empty()) of_nowhere[line.indicator][line.day].take(line);
  }
  for (std::size_t i = 0; i < indicators.size(); ++i) {
    const IndicatorInfo& info = indicators[static_cast<IndicatorIndex>(i)];
    AttestedIndicator one;
    one.name = info.name;
    one.title = info.title;
    one.intrusion = info.intrusion;
    add_spans(order, info, switches, one);
    for (const auto& [day, counted] : of_country[info.name]) {
      one.offered += counted.offered;
      one.evaluated += counted.evaluated;
      one.matched += counted.matched;
      if (counted.evaluated > 0 && !is_on_for_some(known_then, info, order.country, day))
        one.contradicted.push_back(day);
    }
    for (const auto& [day, counted] : of_nowhere[info.name]) one.unknown_country += counted.evaluated;
    out.indicators.push_back(std::move(one));
  }
  std::ranges::sort(out.indicators, {}, &AttestedIndicator::name);
  std::set<std::string> viewers;
  for (const AuditLine& line : lines) {
    const Day day = day_of(line.at);
    if (day < order.from || day > order.to) continue;
    ++out.looks[line.action];
    if (!line.viewer.empty()) viewers.insert(line.viewer);
  }
  out.viewers = static_cast<std::int64_t>(viewers.size());
  for (const RetentionRun& run : runs) {
    if (run.day < order.from || run.day > order.to) continue;
    ++out.retention_runs;
    out.removed.activities += run.removed.activities;
    out.removed.accounts += run.removed.accounts;
    out.removed.raw_records += run.removed.raw_records;
    for (const RetentionKindCount& one : run.kinds) out.removed_kinds[one.kind] += one.removed;
  }
  return out;
}

std::string to_json(const Attestation& attestation, TimePoint made_at, const AuditVerification& audit, bool invented,
                    const std::string& version) {
  ordered_json indicators = ordered_json::array();
  for (const AttestedIndicator& one : attestation.indicators) indicators.push_back(indicator_json(one));
  ordered_json looks = ordered_json::object();
  for (const auto& [action, count] : attestation.looks) looks[action] = count;
  ordered_json removed_kinds = ordered_json::object();
  for (const auto& [kind, count] : attestation.removed_kinds) removed_kinds[kind] = count;
  const ordered_json value = {
      {"attestation", 1},
      {"country", attestation.order.country},
      {"from", format_day(attestation.order.from)},
      {"to", format_day(attestation.order.to)},
      {"made_at", format_time(made_at)},
      {"candor", version},
      {"people", invented ? "invented" : "real"},
      {"off_means_off", attestation.holds()},
      {"indicators", indicators},
      {"whole_installation",
       {{"viewers", attestation.viewers},
        {"audit_lines_by_action", looks},
        {"retention",
         {{"runs", attestation.retention_runs},
          {"activities_removed", attestation.removed.activities},
          {"accounts_removed", attestation.removed.accounts},
          {"raw_records_removed", attestation.removed.raw_records},
          {"removed_by_kind", removed_kinds}}}}},
      {"audit_log", {{"lines", audit.lines}, {"whole", audit.whole()}, {"last_hash", audit.last_hash}}}};
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace candor
