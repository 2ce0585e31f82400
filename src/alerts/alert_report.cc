#include "alerts/alert_report.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "alerts/alerts.h"
#include "alerts/policy_rows.h"

namespace candor {
namespace {

// Day 0, 1970-01-01, was a Thursday.
Day monday_of(Day day) { return day - ((day + 3) % 7 + 7) % 7; }

struct Gathered {
  std::string name;
  AlertFigures figures;
  std::vector<std::int64_t> seconds;
};
using Groups = std::map<std::string, Gathered>;

// What is counted of one alert.
struct Told {
  AlertStatus status = AlertStatus::needs_review;
  std::int64_t severity = 0;
  std::string last_kind;  // of its decisions; "" none
  std::string last_reason;
  std::optional<std::int64_t> seconds;
};

void count(Gathered& into, const Told& told) {
  AlertFigures& figures = into.figures;
  ++figures.alerts;
  if (told.severity >= 1 && told.severity <= 3) ++figures.severity[static_cast<std::size_t>(told.severity - 1)];
  if (told.last_kind == "confirmed" || told.last_kind == "resolved") {
    ++figures.confirmed;
  } else if (told.last_kind == "dismissed") {
    ++figures.dismissed;
    ++figures.dismissed_because[told.last_reason];
  } else if (told.last_kind == "expired") {
    ++figures.expired;
  } else if (told.status == AlertStatus::withdrawn) {
    ++figures.withdrawn;
  } else {
    ++figures.waiting;
  }
  if (told.seconds) into.seconds.push_back(*told.seconds);
}

// The smallest that so many hundredths are not above.
std::optional<std::int64_t> nearest_rank(std::vector<std::int64_t>& values, std::size_t hundredths) {
  if (values.empty()) return std::nullopt;
  const std::size_t rank = std::max<std::size_t>((values.size() * hundredths + 99) / 100, 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(values, at);
  return *at;
}

AlertFigures finished(Gathered& gathered) {
  AlertFigures figures = gathered.figures;
  figures.median_seconds = nearest_rank(gathered.seconds, 50);
  figures.slow_seconds = nearest_rank(gathered.seconds, 90);
  return figures;
}

std::vector<AlertReport::Row> rows_of(Groups& groups) {
  std::vector<AlertReport::Row> rows;
  for (auto& [id, gathered] : groups) rows.push_back({id, gathered.name, finished(gathered)});
  return rows;
}

// As many alerts: in the order of policies where rows are policies, else by id.
std::vector<AlertReport::Row> most_first(Groups& groups, const PolicyOrder& order = {}) {
  std::vector<AlertReport::Row> rows = rows_of(groups);
  std::ranges::sort(rows, {}, [&](const AlertReport::Row& one) {
    const std::size_t place = order.place_of(one.id);
    return std::tuple(-one.figures.alerts, place == 0, place, one.id);
  });
  return rows;
}

}  // namespace

std::optional<std::int64_t> AlertFigures::precision() const {
  const std::int64_t decided = confirmed + dismissed;
  if (decided == 0) return std::nullopt;
  return confirmed * 1'000'000 / decided;
}

Result<AlertReport> alert_report(Reading& reading, Day from, Day to, const HiddenPeople& not_about,
                                 const std::set<std::string>& undecided) {
  if (to < from) return fail("alerts.bad_query", "the last day of a report lies before its first");
  if (to - from >= kMostReportedDays) return fail("alerts.bad_query", "a report is about at most 400 days");
  Gathered all;
  Groups policies;
  Groups causes;
  Groups weeks;
  Groups viewers;
  const auto take = [&](const Row& row) {
    const bool told_of = !undecided.contains(row.text(10));
    Told told{.status = alert_status(row.text(3)).value_or(AlertStatus::needs_review),
              .severity = row.integer(2),
              .last_kind = told_of ? row.text(7) : std::string(),
              .last_reason = told_of ? row.text(8) : std::string(),
              .seconds = std::nullopt};
    const std::string decided_by = told_of ? row.text(5) : std::string();
    if (!decided_by.empty()) {
      told.seconds = std::max<std::int64_t>(row.integer(6) - row.integer(4), 0) / kMicrosPerSecond;
    }
    count(all, told);
    Gathered& policy = policies[row.text(0)];
    policy.name = row.text(1);
    count(policy, told);
    if (!row.text(9).empty()) count(causes[row.text(9)], told);
    count(weeks[format_day(monday_of(day_of(row.integer(4))))], told);
    if (!decided_by.empty()) count(viewers[decided_by], told);
    return true;
  };
  CANDOR_TRY_VOID(reading.each(
      "select a.policy, a.policy_name, a.severity, a.status, a.created_at, coalesce(f.viewer, ''), "
      "coalesce(f.at, 0), case when l.returned_at is null then coalesce(l.kind, '') else '' end, coalesce(l.reason, "
      "''), a.cause, a.alert_id from alerts a "
      "left join alert_decisions f on f.alert_id = a.alert_id and f.number = (select min(d.number) from "
      "alert_decisions d where d.alert_id = a.alert_id and d.viewer is not null) "
      "left join alert_decisions l on l.alert_id = a.alert_id and l.number = (select max(d.number) from "
      "alert_decisions d where d.alert_id = a.alert_id) "
      "where a.created_at >= ?1 and a.created_at < ?2 and a.screen_evidence_days = 0 and " CANDOR_SHOWN("a.person_hex",
                                                                                                        "?3", "?4"),
      {start_of(from), start_of(to + 1), not_about.people_text(), not_about.units_text()}, take));
  AlertReport report;
  report.from = from;
  report.to = to;
  report.all = finished(all);
  CANDOR_TRY(const PolicyOrder order, policy_rows::read_order(reading));
  report.policies = most_first(policies, order);
  report.causes = most_first(causes);
  report.weeks = rows_of(weeks);
  report.viewers = most_first(viewers);
  return report;
}

}  // namespace candor
