#include "alerts/people_in_scope.h"

#include <algorithm>
#include <tuple>

#include "policy/windows.h"

namespace candor {
namespace {

// Each list is one text "|a||b|"; an empty one filters nothing.
#define CANDOR_IN_SCOPE_ROWS                                                                                     \
  "with watched as (select person_hex from people_in_scope where from_day <= ?1 and to_day >= ?1 union select "  \
  "person_hex from alerts where status in ('needs_review', 'confirmed') and screen_evidence_days = 0), told as " \
  "(select person_hex, max(severity) as severity, sum(case when status = 'needs_review' then 1 else 0 end) as "  \
  "open_alerts, sum(case when status = 'confirmed' then 1 else 0 end) as confirmed from alerts where status in " \
  "('needs_review', 'confirmed') and screen_evidence_days = 0 group by person_hex) "
#define CANDOR_IN_SCOPE_FILTER                                                                                       \
  " from watched w left join told t on t.person_hex = w.person_hex where (?2 = '' or replace(?2, '|' || "            \
  "coalesce(t.severity, 0) || '|', '') <> ?2) and (?3 = '' or exists (select 1 from people_in_scope s where "        \
  "s.person_hex = w.person_hex and s.from_day <= ?1 and s.to_day >= ?1 and replace(?3, '|' || s.policy || '|', '') " \
  "<> ?3)) and (?4 = 0 or exists (select 1 from people_in_scope s where s.person_hex = w.person_hex and "            \
  "s.from_day <= ?1 and s.to_day >= ?1 and s.trigger_id = 'by_hand')) and (?5 = 0 or replace(?6, '|' || "            \
  "w.person_hex || '|', '') <> ?6) and " CANDOR_SHOWN("w.person_hex", "?7", "?8")

template <typename Values, typename Text>
std::string bars(const Values& values, const Text& text) {
  std::string out;
  for (const auto& value : values) out += "|" + std::string(text(value)) + "|";
  return out;
}

std::string bars_of(std::span<const PersonId> people) {
  return bars(people, [](const PersonId& person) { return to_hex(person); });
}

Result<std::vector<ScopeNow>> scopes_on(Reading& reading, const std::string& person, Day today) {
  CANDOR_TRY(const auto rows,
             reading.rows("select policy, since, to_day, trigger_id from people_in_scope where person_hex = ?1 and "
                          "from_day <= ?2 and to_day >= ?2 order by policy, since, trigger_id",
                          {person, today}));
  std::vector<ScopeNow> out;
  for (const Row& row : rows) {
    out.push_back({.policy = row.text(0),
                   .since = static_cast<Day>(row.integer(1)),
                   .until = static_cast<Day>(row.integer(2)),
                   .by_hand = row.text(3) == kByHand});
  }
  return out;
}

std::vector<std::tuple<std::string, std::string, Day, Day, Day>> plain(std::span<const ScopeSpan> scopes,
                                                                       std::span<const std::string> unusable) {
  std::vector<std::tuple<std::string, std::string, Day, Day, Day>> out;
  for (const ScopeSpan& one : scopes) {
    if (std::ranges::find(unusable, one.policy) != unusable.end()) continue;
    out.emplace_back(one.policy, one.trigger, one.from, one.since, one.to);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

Result<PeopleInScopePage> people_in_scope(Reading& reading, const PeopleInScopeQuery& query) {
  if (query.only.size() > PeopleInScopeQuery::kMostOnly) {
    return fail("alerts.bad_query", "the text matches too many people; make it longer");
  }
  const std::string severities =
      bars(query.severities, [](AlertSeverity severity) { return std::to_string(static_cast<int>(severity)); });
  const std::string policies = bars(query.policies, [](const std::string& policy) { return policy; });
  const std::string only = bars_of(query.only);
  const std::string without = query.without.people_text();
  const std::string units = query.without.units_text();
  Parameters filter{query.today, severities, policies, query.by_hand ? 1 : 0, query.only_these ? 1 : 0,
                    only,        without,    units};
  PeopleInScopePage page;
  CANDOR_TRY(const auto total, reading.row(CANDOR_IN_SCOPE_ROWS "select count(*)" CANDOR_IN_SCOPE_FILTER, filter));
  page.total = total ? total->integer(0) : 0;
  filter.emplace_back(query.limit);
  filter.emplace_back(query.offset);
  constexpr Sql kBySeverity = CANDOR_IN_SCOPE_ROWS
      "select w.person_hex, coalesce(t.severity, 0) as severity, coalesce(t.open_alerts, 0) as open_alerts, "
      "coalesce(t.confirmed, 0) as confirmed" CANDOR_IN_SCOPE_FILTER " order by 2 desc, 3 desc, 1 limit ?9 offset ?10";
  constexpr Sql kByOpen = CANDOR_IN_SCOPE_ROWS
      "select w.person_hex, coalesce(t.severity, 0) as severity, coalesce(t.open_alerts, 0) as open_alerts, "
      "coalesce(t.confirmed, 0) as confirmed" CANDOR_IN_SCOPE_FILTER " order by 3 desc, 2 desc, 1 limit ?9 offset ?10";
  CANDOR_TRY(const auto rows, reading.rows(query.sort == PeopleInScopeSort::severity ? kBySeverity : kByOpen, filter));
  for (const Row& row : rows) {
    const auto bytes = from_hex(row.text(0));
    if (!bytes || bytes->size() != 16) continue;
    PersonInScope one{.person = PersonId::from(*bytes),
                      .severity = static_cast<AlertSeverity>(row.integer(1)),
                      .open_alerts = row.integer(2),
                      .confirmed = row.integer(3),
                      .scopes = {}};
    CANDOR_TRY(one.scopes, scopes_on(reading, row.text(0), query.today));
    page.people.push_back(std::move(one));
  }
  return page;
}

Result<std::vector<PersonId>> everybody_in_scope(Reading& reading, Day today) {
  std::vector<PersonId> out;
  CANDOR_TRY_VOID(reading.each(CANDOR_IN_SCOPE_ROWS "select person_hex from watched", {today}, [&](const Row& row) {
    const auto bytes = from_hex(row.text(0));
    if (bytes && bytes->size() == 16) out.push_back(PersonId::from(*bytes));
    return true;
  }));
  return out;
}

Result<void> record_scopes(Transaction& work, const PersonOutcome& outcome, std::span<const std::string> unusable) {
  const std::string person = to_hex(outcome.person);
  const std::string left = bars(unusable, [](const std::string& policy) { return policy; });
  CANDOR_TRY(const auto rows,
             work.rows("select policy, trigger_id, from_day, since, to_day from people_in_scope where person_hex = ?1 "
                       "and (?2 = '' or replace(?2, '|' || policy || '|', '') = ?2)",
                       {person, left}));
  const auto wanted = plain(outcome.scopes, unusable);
  std::vector<std::tuple<std::string, std::string, Day, Day, Day>> there;
  for (const Row& row : rows) {
    there.emplace_back(row.text(0), row.text(1), static_cast<Day>(row.integer(2)), static_cast<Day>(row.integer(3)),
                       static_cast<Day>(row.integer(4)));
  }
  std::ranges::sort(there);
  // Most people are assessed again and again and stay where they are: nothing is written then.
  if (there == wanted) return {};
  CANDOR_TRY_VOID(
      work.execute("delete from people_in_scope where person_hex = ?1 and (?2 = '' or replace(?2, '|' || "
                   "policy || '|', '') = ?2)",
                   {person, left}));
  for (const auto& [policy, trigger, from, since, to] : wanted) {
    CANDOR_TRY_VOID(
        work.execute("insert into people_in_scope (person_hex, policy, trigger_id, from_day, since, to_day) values "
                     "(?1, ?2, ?3, ?4, ?5, ?6)",
                     {person, policy, trigger, from, since, to}));
  }
  return {};
}

}  // namespace candor
