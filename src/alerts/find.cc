#include <algorithm>
#include <array>
#include <map>

#include "alerts/alert_rows.h"
#include "alerts/alerts.h"
#include "base/fold.h"
#include "policy/receipt_json.h"

// What viewers read: the queue, one alert, its past.
namespace candor {
namespace {

constexpr std::size_t kMostRows = 1'000;
constexpr std::size_t kMostTextPeople = 2'000;

// Each list is one text "|a|b|"; an empty one filters nothing. replace() finds exactly, without wildcards.
#define CANDOR_ALERT_FILTER \
  " where (?1 = '' or replace(?1, '|' || status || '|', '') <> ?1)"                                      \
  " and (?2 = '' or replace(?2, '|' || severity || '|', '') <> ?2)"                                      \
  " and (?3 = '' or replace(?3, '|' || policy || '|', '') <> ?3)"                                        \
  " and (?4 = '' or replace(alert_id, ?4, '') <> alert_id or replace(lower(policy_name), ?4, '') <> "    \
  "lower(policy_name)"                                                                                   \
  " or replace(?5, '|' || person_hex || '|', '') <> ?5)"                                                 \
  " and " CANDOR_SHOWN("person_hex", "?6", "?10")                                                        \
  " and (?7 = '' or (case when mass_event <> 0 and status = 'needs_review' then '1' else '0' end) = ?7)" \
  " and (?8 = 0 or mass_event = ?8)"                                                                     \
  " and (?9 = 1 or screen_evidence_days = 0)"

struct SortRow {
  AlertSort sort;
  Sql ascending;
  Sql descending;
};

// What is equal stands in the order of policies (PolicyOrder), and of one policy by id: the same for everybody. Of a
// policy nobody knows last.
#define CANDOR_BY_PLACE \
  ", coalesce((select position from policy_order where policy_id = policy), 1000000000), policy, alert_id"

constexpr std::array kSorts = {
    SortRow{AlertSort::score, " order by score" CANDOR_BY_PLACE, " order by score desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::first_day, " order by first_day" CANDOR_BY_PLACE, " order by first_day desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::last_day, " order by last_day" CANDOR_BY_PLACE, " order by last_day desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::created, " order by created_at" CANDOR_BY_PLACE, " order by created_at desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::updated, " order by updated_at" CANDOR_BY_PLACE, " order by updated_at desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::policy, " order by policy_name, policy, alert_id",
            " order by policy_name desc, policy desc, alert_id"},
    SortRow{AlertSort::status, " order by status" CANDOR_BY_PLACE, " order by status desc" CANDOR_BY_PLACE},
    SortRow{AlertSort::severity, " order by severity, score" CANDOR_BY_PLACE,
            " order by severity desc, score desc" CANDOR_BY_PLACE}};

// The alerts that match, each with its place among those of its person and how many these are.
void add_ranked(SqlBuilder& sql, Sql order) {
  sql.add("(select " CANDOR_ALERT_COLUMNS ", person_hex, row_number() over (partition by person_hex")
      .add(order)
      .add(") as place, count(*) over (partition by person_hex) as of_person from alerts" CANDOR_ALERT_FILTER
           ") as ranked");
}

template <typename Values, typename Text>
std::string joined(const Values& values, const Text& text) {
  std::string out;
  // Two bars between elements: each is found with bars of its own.
  for (const auto& value : values) out += "|" + std::string(text(value)) + "|";
  return out;
}

std::string digits_of(std::span<const PersonId> people) {
  return joined(people, [](const PersonId& person) { return to_hex(person); });
}

AlertDecision decision_row(const Row& row) {
  return {.kind = row.text(0),
          .reason = row.is_null(1) ? std::nullopt : dismiss_reason(row.text(1)),
          .note = row.text(2),
          .viewer = row.is_null(3) ? std::nullopt : std::optional(row.text(3)),
          .at = row.integer(4),
          .cutoff = row.integer(5)};
}

AlertHistoryLine line_of(const AlertDecision& decision) {
  std::string text;
  if (decision.reason) text = to_text(*decision.reason);
  if (!decision.note.empty()) text += (text.empty() ? "" : ": ") + decision.note;
  return {.at = decision.at,
          .kind = decision.kind,
          .viewer = decision.viewer,
          .text = std::move(text),
          .score = std::nullopt,
          .severity = std::nullopt};
}

Result<std::vector<AlertHistoryLine>> revisions_as_history(Reading& reading, std::string_view alert_id) {
  std::vector<AlertHistoryLine> out;
  CANDOR_TRY(const auto rows, reading.rows("select known_at, kind, reason, score, severity from alert_revisions "
                                           "where alert_id = ?1 order by revision",
                                           {alert_id}));
  for (const Row& row : rows) {
    out.push_back({.at = row.integer(0),
                   .kind = row.text(1),
                   .viewer = std::nullopt,
                   .text = row.text(2),
                   .score = row.integer(3),
                   .severity = static_cast<AlertSeverity>(row.integer(4))});
  }
  return out;
}

Result<std::vector<AlertComment>> comments_of(Reading& reading, std::string_view alert_id) {
  std::vector<AlertComment> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select number, at, viewer, text from alert_comments where alert_id = ?1 order by number",
                          {alert_id}));
  for (const Row& row : rows) {
    out.push_back({.id = row.integer(0), .at = row.integer(1), .viewer = row.text(2), .text = row.text(3)});
  }
  return out;
}

Result<void> find_alerts(Reading& reading, const Parameters& filter, Sql order, const AlertQuery& query,
                         AlertPage& page) {
  CANDOR_TRY(const auto total, reading.row("select count(*) from alerts" CANDOR_ALERT_FILTER, filter));
  page.total = total ? total->integer(0) : 0;
  SqlBuilder sql;
  sql.add("select " CANDOR_ALERT_COLUMNS " from alerts" CANDOR_ALERT_FILTER).add(order).add(" limit ?11 offset ?12");
  Parameters with_page = filter;
  with_page.emplace_back(query.limit);
  with_page.emplace_back(query.offset);
  CANDOR_TRY(const auto rows, reading.rows(sql.sql(), with_page));
  for (const Row& row : rows) page.alerts.push_back(alert_row(row));
  return {};
}

Result<void> find_people(Reading& reading, const Parameters& filter, Sql order, const AlertQuery& query,
                         AlertPage& page) {
  CANDOR_TRY(const auto total,
             reading.row("select count(distinct person_hex) from alerts" CANDOR_ALERT_FILTER, filter));
  page.total = total ? total->integer(0) : 0;
  SqlBuilder first;
  first.add("select " CANDOR_ALERT_COLUMNS ", of_person from ");
  add_ranked(first, order);
  first.add(" where place = 1").add(order).add(" limit ?11 offset ?12");
  Parameters with_page = filter;
  with_page.emplace_back(query.limit);
  with_page.emplace_back(query.offset);
  CANDOR_TRY(const auto rows, reading.rows(first.sql(), with_page));
  std::map<PersonId, std::size_t> places;
  std::vector<PersonId> people;
  for (const Row& row : rows) {
    page.alerts.push_back(alert_row(row));
    page.more.push_back({.total = row.integer(kAlertColumns) - 1, .first = {}});
    if (page.more.back().total == 0) continue;
    places.emplace(page.alerts.back().person, page.more.size() - 1);
    people.push_back(page.alerts.back().person);
  }
  if (people.empty()) return {};
  SqlBuilder more;
  more.add("select " CANDOR_ALERT_COLUMNS " from ");
  add_ranked(more, order);
  more.add(
      " where place > 1 and place <= 1 + ?11 and replace(?12, '|' || person_hex || '|', '') <> ?12 order by place");
  const std::string wanted = digits_of(people);
  Parameters of_people = filter;
  of_people.emplace_back(MoreAlerts::kMostTold);
  of_people.emplace_back(wanted);
  CANDOR_TRY(const auto others, reading.rows(more.sql(), of_people));
  for (const Row& row : others) {
    const AlertRow alert = alert_row(row);
    page.more[places.at(alert.person)].first.push_back(alert);
  }
  return {};
}

}  // namespace

Result<AlertPage> AlertBook::find(const AlertQuery& query) const {
  if (query.limit > kMostRows) return fail("alerts.bad_query", "a page has at most 1,000 rows");
  if (query.text_people.size() > kMostTextPeople) {
    return fail("alerts.bad_query", "the text matches too many people; make it longer");
  }
  const std::string statuses = joined(query.statuses, [](AlertStatus status) { return to_text(status); });
  const std::string severities =
      joined(query.severities, [](AlertSeverity severity) { return std::to_string(static_cast<int>(severity)); });
  const std::string policies = joined(query.policies, [](const std::string& policy) { return policy; });
  const std::string text = ascii_lowered(query.text);
  const std::string people = digits_of(query.text_people);
  const std::string not_about = query.not_about.people_text();
  const std::string units = query.not_about.units_text();
  const std::string held = query.held ? (*query.held ? "1" : "0") : "";
  const Parameters filter{
      statuses, severities, policies, text, people, not_about, held, query.mass_event, query.for_requests ? 1 : 0,
      units};
  CANDOR_TRY(Reading reading, store_.read());
  AlertPage page;
  const auto sort = std::ranges::find(kSorts, query.sort, &SortRow::sort);
  const Sql order = query.descending ? sort->descending : sort->ascending;
  CANDOR_TRY_VOID(query.by_person ? find_people(reading, filter, order, query, page)
                                  : find_alerts(reading, filter, order, query, page));
  CANDOR_TRY(const auto waiting,
             reading.rows("select severity, count(*), sum(case when mass_event <> 0 then 1 else 0 end) from alerts "
                          "where status = 'needs_review' and screen_evidence_days = 0 and " CANDOR_SHOWN(
                              "person_hex", "?1", "?2") " group by severity",
                          {not_about, units}));
  for (const Row& row : waiting) {
    if (row.integer(0) >= 1 && row.integer(0) <= 3) {
      page.needs_review[static_cast<std::size_t>(row.integer(0) - 1)] = row.integer(1) - row.integer(2);
      page.held += row.integer(2);
    }
  }
  return page;
}

Result<AlertDetail> AlertBook::get(std::string_view alert_id) const {
  CANDOR_TRY(Reading reading, store_.read());
  AlertDetail detail;
  CANDOR_TRY(detail.row, read_alert(reading, alert_id));
  CANDOR_TRY(const auto receipt,
             reading.row("select receipt from alert_revisions where alert_id = ?1 and revision = ?2",
                         {alert_id, detail.row.revision}));
  if (!receipt) return fail("policy.bad_receipt", "the alert's receipt is missing; restore the backup");
  CANDOR_TRY(detail.assessment, assessment_from_json(receipt->text(0)));
  detail.assessment.person = detail.row.person;
  CANDOR_TRY(detail.comments, comments_of(reading, alert_id));
  CANDOR_TRY(detail.history, revisions_as_history(reading, alert_id));
  CANDOR_TRY(const auto decisions, reading.rows("select kind, reason, note, viewer, at, cutoff from alert_decisions "
                                                "where alert_id = ?1 order by number",
                                                {alert_id}));
  for (const Row& row : decisions) {
    detail.decision = decision_row(row);
    detail.history.push_back(line_of(*detail.decision));
  }
  // Insertion sort: stable, and a history is short.
  for (std::size_t i = 1; i < detail.history.size(); ++i) {
    for (std::size_t j = i; j > 0 && detail.history[j].at < detail.history[j - 1].at; --j) {
      std::swap(detail.history[j], detail.history[j - 1]);
    }
  }
  return detail;
}

Result<std::vector<AlertRevision>> AlertBook::revisions(std::string_view alert_id) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const AlertRow alert, read_alert(reading, alert_id));
  std::vector<AlertRevision> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select revision, known_at, as_of, kind, reason, score, severity, receipt from "
                          "alert_revisions where alert_id = ?1 order by revision",
                          {alert_id}));
  for (const Row& row : rows) {
    CANDOR_TRY(Assessment assessment, assessment_from_json(row.text(7)));
    assessment.person = alert.person;
    out.push_back({.revision = row.integer(0),
                   .known_at = row.integer(1),
                   .as_of = static_cast<Day>(row.integer(2)),
                   .kind = row.text(3),
                   .reason = row.text(4),
                   .score = row.integer(5),
                   .severity = static_cast<AlertSeverity>(row.integer(6)),
                   .assessment = std::move(assessment)});
  }
  return out;
}

Result<std::vector<PersonId>> AlertBook::people() const {
  std::vector<PersonId> out;
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY_VOID(reading.each("select distinct person from alerts order by person", {}, [&](const Row& row) {
    out.push_back(row.id<PersonId>(0));
    return true;
  }));
  return out;
}

Result<std::map<std::string, std::int64_t>> AlertBook::alerted_since(TimePoint since,
                                                                     const HiddenPeople& not_about) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select policy, count(distinct person_hex) from alerts where created_at >= ?1 and "
                          "screen_evidence_days = 0 and " CANDOR_SHOWN("person_hex", "?2", "?3") " group by policy",
                          {since, not_about.people_text(), not_about.units_text()}));
  std::map<std::string, std::int64_t> out;
  for (const Row& row : rows) out[row.text(0)] = row.integer(1);
  return out;
}

Result<std::map<std::string, std::map<AlertStatus, std::int64_t>>> AlertBook::counts(
    const HiddenPeople& not_about) const {
  std::map<std::string, std::map<AlertStatus, std::int64_t>> out;
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(
      const auto rows,
      reading.rows("select policy, status, count(*) from alerts where screen_evidence_days = 0 and " CANDOR_SHOWN(
                       "person_hex", "?1", "?2") " group by policy, status",
                   {not_about.people_text(), not_about.units_text()}));
  for (const Row& row : rows) {
    if (const auto status = alert_status(row.text(1))) out[row.text(0)][*status] = row.integer(2);
  }
  return out;
}

}  // namespace candor
