#include <algorithm>

#include "access/visible_people.h"
#include "cases/case_rows.h"
#include "cases/cases.h"

// What viewers read: the list, one case, its past and what is inside.
namespace candor {
namespace {

constexpr std::size_t kMostRows = 200;

// ?1 state, ?2 owner, ?3 member, ?4 a person's digits: "" filters nothing. ?5 and ?6: whom to leave out (HiddenPeople).
#define CANDOR_CASE_FILTER                                                                                      \
  " where (?1 = '' or c.state = ?1) and (?2 = '' or c.owner = ?2)"                                              \
  " and (?3 = '' or c.owner = ?3 or exists (select 1 from case_contributors m where m.case_id = c.case_id and " \
  "m.user_name = ?3)) and (?4 = '' or c.person_hex = ?4)"                                                       \
  " and " CANDOR_SHOWN("c.person_hex", "?5", "?6")

// ?1 the case, ?2 and ?3 whom to leave out: a line that tells of a link to a case about one of them.
#define CANDOR_LINES_SEEN                                                                                    \
  " and (h.act not in ('linked', 'unlinked') or not exists (select 1 from case_links l join cases o "        \
  "on o.case_id = case when l.from_case = ?1 then l.to_case else l.from_case end where l.link_id = h.about " \
  "and not " CANDOR_SHOWN("o.person_hex", "?2", "?3") "))"

Result<void> check_page(std::size_t limit) {
  if (limit <= kMostRows) return {};
  return fail("cases.bad_query", "a page has at most 200 rows");
}

std::optional<CaseClosing> closing_of(const Row& row) {
  const auto resolution = case_resolution(row.text(0));
  if (!resolution) return std::nullopt;
  return CaseClosing{.resolution = *resolution,
                     .action = case_action(row.text(1)).value_or(CaseAction::other),
                     .text = row.text(2),
                     .by = row.text(3),
                     .at = row.integer(4)};
}

Result<std::int64_t> count(Reading& reading, Sql sql, std::string_view case_id) {
  CANDOR_TRY(const auto row, reading.row(sql, {case_id}));
  return row ? row->integer(0) : 0;
}

Result<CaseCounts> counts_of(Reading& reading, std::string_view id) {
  CaseCounts counts;
  CANDOR_TRY(counts.notes, count(reading, "select count(*) from case_notes where case_id = ?1", id));
  CANDOR_TRY(counts.tasks, count(reading, "select count(*) from case_tasks where case_id = ?1", id));
  CANDOR_TRY(counts.open_tasks,
             count(reading, "select count(*) from case_tasks where case_id = ?1 and done_by = ''", id));
  CANDOR_TRY(counts.evidence, count(reading, "select count(*) from case_evidence where case_id = ?1", id));
  CANDOR_TRY(counts.notices, count(reading, "select count(*) from case_notices where case_id = ?1", id));
  return counts;
}

Result<std::vector<PersonId>> people_by(Reading& reading, Sql sql) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each(sql, {}, [&](const Row& row) {
    people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return people;
}

}  // namespace

Result<CasePage> CaseBook::find(const CaseQuery& query, const CaseActor& actor) const {
  CANDOR_TRY_VOID(check_page(query.limit));
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, actor.user));
  const std::string_view state = query.state ? to_text(*query.state) : std::string_view();
  const std::string person = query.person ? to_hex(*query.person) : std::string();
  CasePage page;
  CANDOR_TRY(const auto total,
             reading.row("select count(*) from cases c" CANDOR_CASE_FILTER,
                         {state, query.owner, query.member, person, hidden.people_text(), hidden.units_text()}));
  page.total = total ? total->integer(0) : 0;
  CANDOR_TRY(const auto rows, reading.rows("select " CANDOR_CASE_COLUMNS " from cases c" CANDOR_CASE_FILTER
                                           " order by c.updated_at desc, c.number desc limit ?7 offset ?8",
                                           {state, query.owner, query.member, person, hidden.people_text(),
                                            hidden.units_text(), query.limit, query.offset}));
  for (const Row& row : rows) {
    CaseRow found = case_rows::case_row(row);
    CANDOR_TRY(found.links, case_rows::links_of(reading, found.id, hidden));
    page.cases.push_back(std::move(found));
  }
  return page;
}

Result<CaseDetail> CaseBook::get(std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CaseDetail detail;
  CANDOR_TRY(detail.row, read(reading, case_id, actor));
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, actor.user));
  CANDOR_TRY(detail.row.links, case_rows::links_of(reading, case_id, hidden));
  CANDOR_TRY(const auto closing,
             reading.row("select resolution, action, closing_text, closed_by, closed_at from cases where case_id = ?1",
                         {case_id}));
  if (closing) detail.closing = closing_of(*closing);
  CANDOR_TRY(const auto contributors,
             reading.rows("select user_name, added_by, added_at from case_contributors where case_id = ?1 "
                          "order by user_name",
                          {case_id}));
  for (const Row& row : contributors) {
    detail.contributors.push_back({.user = row.text(0), .added_by = row.text(1), .added_at = row.integer(2)});
  }
  CANDOR_TRY(detail.alerts, case_rows::alerts(reading, case_id));
  CANDOR_TRY(detail.counts, counts_of(reading, case_id));
  detail.alerts_seen = case_rows::digest(detail.alerts);
  return detail;
}

Result<CaseLines<CaseHistoryLine>> CaseBook::history(std::string_view case_id, const CaseActor& actor,
                                                     std::size_t offset, std::size_t limit) const {
  CANDOR_TRY_VOID(check_page(limit));
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(read(reading, case_id, actor));
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, actor.user));
  const std::string people = hidden.people_text();
  const std::string units = hidden.units_text();
  CaseLines<CaseHistoryLine> page;
  CANDOR_TRY(const auto total, reading.row("select count(*) from case_history h where h.case_id = ?1" CANDOR_LINES_SEEN,
                                           {case_id, people, units}));
  page.total = total ? total->integer(0) : 0;
  CANDOR_TRY(const auto rows,
             reading.rows("select h.at, h.viewer, h.act, h.about, h.text from case_history h "
                          "where h.case_id = ?1" CANDOR_LINES_SEEN " order by h.number limit ?4 offset ?5",
                          {case_id, people, units, limit, offset}));
  // Counted as they are shown: a gap would tell of a line that is not.
  auto number = static_cast<std::int64_t>(offset);
  for (const Row& row : rows) {
    page.lines.push_back({.number = ++number,
                          .at = row.integer(0),
                          .viewer = row.text(1),
                          .act = row.text(2),
                          .about = row.text(3),
                          .text = row.text(4)});
  }
  return page;
}

Result<std::optional<CaseRow>> CaseBook::case_of(std::string_view alert_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_CASE_COLUMNS " from cases c join case_alerts a on a.case_id = c.case_id "
                         "where a.alert_id = ?1",
                         {alert_id}));
  if (!row) return std::nullopt;
  CaseRow found = case_rows::case_row(*row);
  CANDOR_TRY(const bool hidden, is_hidden(reading, found.person, actor.user));
  return hidden ? std::nullopt : std::optional(std::move(found));
}

Result<std::optional<PersonId>> CaseBook::person_of(Reading& reading, std::string_view case_id) {
  CANDOR_TRY(const auto row, reading.row("select person from cases where case_id = ?1", {case_id}));
  return row ? std::optional(row->id<PersonId>(0)) : std::nullopt;
}

Result<void> CaseBook::may_read(Reading& reading, std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(const CaseRow row, read(reading, case_id, actor));
  return check(reading, row, actor, Needs::membership);
}

bool CaseBook::is_member(const CaseDetail& detail, const CaseActor& actor) {
  if (allows(actor.permissions, Permission::cases_manage) || detail.row.owner == actor.user) return true;
  return std::ranges::find(detail.contributors, actor.user, &CaseContributor::user) != detail.contributors.end();
}

Result<CaseLines<CaseNote>> CaseBook::notes(std::string_view case_id, const CaseActor& actor, std::size_t offset,
                                            std::size_t limit) const {
  CANDOR_TRY_VOID(check_page(limit));
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CaseLines<CaseNote> page;
  CANDOR_TRY(page.total, count(reading, "select count(*) from case_notes where case_id = ?1", case_id));
  CANDOR_TRY(const auto rows, reading.rows("select number, at, viewer, text from case_notes where case_id = ?1 "
                                           "order by number limit ?2 offset ?3",
                                           {case_id, limit, offset}));
  for (const Row& row : rows) {
    page.lines.push_back({.number = row.integer(0), .at = row.integer(1), .viewer = row.text(2), .text = row.text(3)});
  }
  return page;
}

Result<std::vector<CaseTask>> CaseBook::tasks(std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CANDOR_TRY(const auto rows,
             reading.rows("select number, at, viewer, text, due, assigned, done_by, done_at from case_tasks "
                          "where case_id = ?1 order by number",
                          {case_id}));
  std::vector<CaseTask> tasks;
  for (const Row& row : rows) {
    const auto due = row.optional_integer(4);
    tasks.push_back({.number = row.integer(0),
                     .at = row.integer(1),
                     .viewer = row.text(2),
                     .text = row.text(3),
                     .due = due ? std::optional(static_cast<Day>(*due)) : std::nullopt,
                     .assigned = row.text(5),
                     .done_by = row.text(6),
                     .done_at = row.optional_integer(7)});
  }
  return tasks;
}

Result<std::string> CaseBook::id_of(std::int64_t number) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select case_id from cases where number = ?1", {number}));
  if (!row) return fail("cases.not_found", "there is no such case");
  return row->text(0);
}

Result<std::vector<PersonId>> people_of_open_cases(Reading& reading) {
  return people_by(reading, "select distinct person from cases where state = 'open' order by person");
}

Result<std::vector<PersonId>> people_of_cases(Reading& reading) {
  return people_by(reading, "select distinct person from cases order by person");
}

}  // namespace candor
