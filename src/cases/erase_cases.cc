#include "cases/erase_cases.h"

#include <array>

#include "base/random_bytes.h"
#include "cases/case_numbers.h"

namespace candor {
namespace {

struct CaseErasure {
  const char* kind;
  Sql sql;
};

#define CANDOR_CASES_OF " where case_id in (select case_id from cases where person = ?1)"

// In order: what points to something goes before it.
constexpr std::array kErasures = {
    CaseErasure{"case_evidence_parts", "delete from case_evidence_parts" CANDOR_CASES_OF},
    CaseErasure{"case_evidence", "delete from case_evidence" CANDOR_CASES_OF},
    CaseErasure{"case_notes", "delete from case_notes" CANDOR_CASES_OF},
    CaseErasure{"case_tasks", "delete from case_tasks" CANDOR_CASES_OF},
    CaseErasure{"case_notice_reminders", "delete from case_notice_reminders" CANDOR_CASES_OF},
    CaseErasure{"case_notices", "delete from case_notices" CANDOR_CASES_OF},
    CaseErasure{"case_notice_tests", "delete from case_notice_tests" CANDOR_CASES_OF},
    CaseErasure{"case_history", "delete from case_history" CANDOR_CASES_OF},
    // Of the person's cases and of others' to these: its reason may name the person, and what a stub was linked to
    // would tell whose it was.
    CaseErasure{"case_links",
                "delete from case_links where from_case in (select case_id from cases where person = ?1) or to_case in "
                "(select case_id from cases where person = ?1)"},
    CaseErasure{"case_alerts", "delete from case_alerts" CANDOR_CASES_OF},
    CaseErasure{"alert_acts",
                "delete from alert_act_items where alert_id in (select alert_id from alerts where person = ?1)"},
    CaseErasure{"rereads", "delete from rereads where alert_id in (select alert_id from alerts where person = ?1)"},
    CaseErasure{"told_alerts",
                "delete from feed_alerts where alert_id in (select alert_id from alerts where person = ?1)"},
    CaseErasure{"request_starts",
                "delete from request_starts where number in (select number from requests where person = ?1)"},
    CaseErasure{"requests", "delete from requests where person = ?1"},
    CaseErasure{"scoring_requests", "delete from scoring_requests where person = ?1"},
};

// A case that pointed to the same person as another, or as anything else, would still tell that these belong together.
Result<void> leave_stub(Transaction& work, const std::string& case_id, Day today) {
  PersonId nobody;
  random_bytes(nobody.bytes);
  const std::string said = "Erased on " + format_day(today);
  CANDOR_TRY_VOID(work.execute(
      "update cases set person = ?2, person_hex = ?3, title = ?4, reason = ?4, closing_text = case when closing_text = "
      "'' then '' else ?4 end, erased_on = ?5 where case_id = ?1",
      {case_id, nobody, to_hex(nobody), said, today}));
  return {};
}

}  // namespace

Result<void> erase_cases(Transaction& work, const PersonId& person, Day today,
                         std::map<std::string, std::int64_t>& counts, std::vector<std::string>& messages) {
  CANDOR_TRY_VOID(work.each("select message_id from case_notices" CANDOR_CASES_OF, {person}, [&](const Row& row) {
    messages.push_back(row.text(0));
    return true;
  }));
  // A request's number is in the audit log and in what people wrote: another one must not be taken for it.
  CANDOR_TRY(const auto asked, work.row("select max(number) from requests where person = ?1", {person}));
  if (!asked->is_null(0)) CANDOR_TRY_VOID(keep_number(work, Numbered::requests, asked->integer(0)));
  CANDOR_TRY(const auto scored, work.row("select max(number) from scoring_requests where person = ?1", {person}));
  if (!scored->is_null(0)) CANDOR_TRY_VOID(keep_number(work, Numbered::scoring_requests, scored->integer(0)));
  for (const CaseErasure& one : kErasures) {
    CANDOR_TRY(const std::int64_t gone, work.execute(one.sql, {person}));
    counts[one.kind] += gone;
  }
  CANDOR_TRY(const auto cases, work.rows("select case_id from cases where person = ?1", {person}));
  for (const Row& row : cases) CANDOR_TRY_VOID(leave_stub(work, row.text(0), today));
  counts["cases"] += static_cast<std::int64_t>(cases.size());
  return {};
}

Result<OpenMatters> open_matters(Reading& reading, const PersonId& person) {
  OpenMatters open;
  CANDOR_TRY_VOID(reading.each("select number from cases where person = ?1 and state = 'open' order by number",
                               {person}, [&](const Row& row) {
                                 open.cases.push_back(row.integer(0));
                                 return true;
                               }));
  CANDOR_TRY_VOID(reading.each(
      "select alert_id from alerts where person = ?1 and status in ('needs_review', 'confirmed') order by alert_id",
      {person}, [&](const Row& row) {
        open.alerts.push_back(row.text(0));
        return true;
      }));
  return open;
}

}  // namespace candor
