#include "cases/over_cases.h"

#include <array>

#include "cases/case_numbers.h"
#include "cases/cases.h"
#include "cases/legal_holds.h"

namespace candor {
namespace {

// In order: what points to something goes before it.
constexpr std::array kOfCase = {
    Sql("delete from case_tasks where case_id = ?1"),
    Sql("delete from case_notes where case_id = ?1"),
    Sql("delete from case_notice_reminders where case_id = ?1"),
    Sql("delete from case_notices where case_id = ?1"),
    Sql("delete from case_notice_tests where case_id = ?1"),
    Sql("delete from case_contributors where case_id = ?1"),
    Sql("delete from case_history where case_id = ?1"),
    Sql("delete from case_links where from_case = ?1 or to_case = ?1"),
    Sql("delete from case_alerts where case_id = ?1"),
    Sql("delete from cases where case_id = ?1"),
};

constexpr std::array kOfAlertInCases = {
    Sql("delete from rereads where alert_id = ?1"),
    Sql("delete from alert_act_items where alert_id = ?1"),
    Sql("delete from feed_alerts where alert_id = ?1"),
    // Of the policy nobody is left to ask.
    Sql("delete from requests where alert_id = ?1 and policy <> ''"),
    Sql("update requests set alert_id = '' where alert_id = ?1"),
};

// Of `c`; ?2: the time before which it must have been closed.
#define CANDOR_CASE_IS_OVER                                                                                         \
  "c.state = 'closed' and c.closed_at < ?2 and not exists (select 1 from case_links l join cases o on o.case_id = " \
  "case when l.from_case = c.case_id then l.to_case else l.from_case end where (l.from_case = c.case_id or "        \
  "l.to_case = c.case_id) and l.unlinked_at is null and o.state = 'open') and not exists (select 1 from "           \
  "case_alerts m join alerts a on a.alert_id = m.alert_id where m.case_id = c.case_id and a.status in "             \
  "('needs_review', 'confirmed') and a.updated_at >= ?2)"

OverRequest over_request(const Row& row) { return {.number = row.integer(0), .person = row.id<PersonId>(1)}; }

}  // namespace

Result<std::set<PersonId>> protected_people(Reading& reading) {
  std::set<PersonId> people;
  CANDOR_TRY(const auto in_cases, people_of_open_cases(reading));
  people.insert(in_cases.begin(), in_cases.end());
  CANDOR_TRY(const auto on_hold, holds(reading));
  for (const LegalHold& one : on_hold) people.insert(one.person);
  return people;
}

Result<std::vector<OverCase>> over_cases(Reading& reading, TimePoint closed_before, std::string_view after,
                                         std::size_t most) {
  std::vector<OverCase> out;
  CANDOR_TRY_VOID(reading.each("select c.case_id, c.person from cases c where c.case_id > ?1 and " CANDOR_CASE_IS_OVER
                               " order by c.case_id limit ?3",
                               {after, closed_before, static_cast<std::int64_t>(most)}, [&](const Row& row) {
                                 out.push_back({.id = row.text(0), .person = row.id<PersonId>(1)});
                                 return true;
                               }));
  return out;
}

Result<bool> is_case_over(Reading& reading, std::string_view case_id, TimePoint closed_before) {
  CANDOR_TRY(const auto row, reading.row("select 1 from cases c where c.case_id = ?1 and " CANDOR_CASE_IS_OVER,
                                         {case_id, closed_before}));
  return row.has_value();
}

Result<CaseContents> contents_of_case(Reading& reading, std::string_view case_id) {
  CaseContents contents;
  CANDOR_TRY(const auto files, reading.row("select count(*) from case_evidence where case_id = ?1", {case_id}));
  if (files) contents.evidence = files->integer(0);
  CANDOR_TRY_VOID(reading.each("select alert_id from case_alerts where case_id = ?1 order by alert_id", {case_id},
                               [&](const Row& row) {
                                 contents.alerts.push_back(row.text(0));
                                 return true;
                               }));
  return contents;
}

Result<bool> remove_case_evidence(Transaction& work, std::string_view case_id) {
  CANDOR_TRY(const auto file,
             work.row("select number from case_evidence where case_id = ?1 order by number limit 1", {case_id}));
  if (!file) return false;
  CANDOR_TRY_VOID(
      work.execute("delete from case_evidence_parts where case_id = ?1 and number = ?2", {case_id, file->integer(0)}));
  CANDOR_TRY_VOID(
      work.execute("delete from case_evidence where case_id = ?1 and number = ?2", {case_id, file->integer(0)}));
  return true;
}

Result<void> remove_case(Transaction& work, std::string_view case_id, std::vector<std::string>& messages) {
  CANDOR_TRY(const auto row, work.row("select number from cases where case_id = ?1", {case_id}));
  if (!row) return {};
  CANDOR_TRY_VOID(keep_number(work, Numbered::cases, row->integer(0)));
  CANDOR_TRY_VOID(work.each("select message_id from case_notices where case_id = ?1", {case_id}, [&](const Row& one) {
    messages.push_back(one.text(0));
    return true;
  }));
  CANDOR_TRY(const auto asked, work.rows("select number from requests where case_id = ?1", {case_id}));
  for (const Row& one : asked) CANDOR_TRY_VOID(remove_request(work, one.integer(0)));
  for (const Sql& statement : kOfCase) CANDOR_TRY_VOID(work.execute(statement, {case_id}));
  return {};
}

Result<void> forget_alert_in_cases(Transaction& work, std::string_view alert_id) {
  CANDOR_TRY(const auto asked,
             work.row("select max(number) from requests where alert_id = ?1 and policy <> ''", {alert_id}));
  if (asked && !asked->is_null(0)) CANDOR_TRY_VOID(keep_number(work, Numbered::requests, asked->integer(0)));
  for (const Sql& statement : kOfAlertInCases) CANDOR_TRY_VOID(work.execute(statement, {alert_id}));
  return {};
}

Result<std::vector<OverRequest>> over_requests(Reading& reading, TimePoint before, std::int64_t after,
                                               std::size_t most) {
  std::vector<OverRequest> out;
  CANDOR_TRY_VOID(
      reading.each("select number, person from requests where number > ?1 and case_id = '' and asked_at < ?2 and "
                   "decided_at < ?2 and withdrawn_at < ?2 and open_until < ?3 and to_day < ?3 order by number limit ?4",
                   {after, before, day_of(before), static_cast<std::int64_t>(most)}, [&](const Row& row) {
                     out.push_back(over_request(row));
                     return true;
                   }));
  return out;
}

Result<std::vector<OverRequest>> over_scoring_requests(Reading& reading, TimePoint before, std::int64_t after,
                                                       std::size_t most) {
  std::vector<OverRequest> out;
  CANDOR_TRY_VOID(reading.each(
      "select number, person from scoring_requests where number > ?1 and asked_at < ?2 and decided_at < ?2 "
      "order by number limit ?3",
      {after, before, static_cast<std::int64_t>(most)}, [&](const Row& row) {
        out.push_back(over_request(row));
        return true;
      }));
  return out;
}

Result<void> remove_request(Transaction& work, std::int64_t number) {
  CANDOR_TRY_VOID(keep_number(work, Numbered::requests, number));
  CANDOR_TRY_VOID(work.execute("delete from request_starts where number = ?1", {number}));
  CANDOR_TRY_VOID(work.execute("delete from requests where number = ?1", {number}));
  return {};
}

Result<void> remove_scoring_request(Transaction& work, std::int64_t number) {
  CANDOR_TRY_VOID(keep_number(work, Numbered::scoring_requests, number));
  CANDOR_TRY_VOID(work.execute("delete from scoring_requests where number = ?1", {number}));
  return {};
}

}  // namespace candor
