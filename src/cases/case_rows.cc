#include "cases/case_rows.h"

#include <map>

#include "base/keys.h"
#include "store/store.h"

namespace candor::case_rows {

CaseRow case_row(const Row& row) {
  const auto erased = row.optional_integer(10);
  return {.id = row.text(0),
          .number = row.integer(1),
          .person = row.id<PersonId>(2),
          .title = row.text(3),
          .reason = row.text(4),
          .state = case_state(row.text(5)).value_or(CaseState::closed),
          .owner = row.text(6),
          .opened_by = row.text(7),
          .opened_at = row.integer(8),
          .updated_at = row.integer(9),
          .erased_on = erased ? std::optional(static_cast<Day>(*erased)) : std::nullopt};
}

Result<CaseRow> read(Reading& reading, std::string_view case_id) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_CASE_COLUMNS " from cases c where c.case_id = ?1", {case_id}));
  if (!row) return fail("cases.not_found", "there is no such case");
  return case_row(*row);
}

Result<bool> is_contributor(Reading& reading, std::string_view case_id, std::string_view user) {
  CANDOR_TRY(const auto row,
             reading.row("select 1 from case_contributors where case_id = ?1 and user_name = ?2", {case_id, user}));
  return row.has_value();
}

Result<std::vector<CaseAlert>> alerts(Reading& reading, std::string_view case_id) {
  CANDOR_TRY(const auto rows, reading.rows("select alert_id, added_by, added_at from case_alerts where case_id = ?1 "
                                           "order by added_at, alert_id",
                                           {case_id}));
  std::vector<CaseAlert> found;
  for (const Row& row : rows) {
    CANDOR_TRY(AlertRow alert, AlertBook::row(reading, row.text(0)));
    found.push_back({.row = std::move(alert), .added_by = row.text(1), .added_at = row.integer(2)});
  }
  return found;
}

Result<std::int64_t> links_of(Reading& reading, std::string_view case_id, const HiddenPeople& hidden) {
  CANDOR_TRY(
      const auto row,
      reading.row("select count(*) from case_links l join cases o on o.case_id = case when l.from_case = ?1 then "
                  "l.to_case else l.from_case end where (l.from_case = ?1 or l.to_case = ?1) and "
                  "l.unlinked_by = '' and " CANDOR_SHOWN("o.person_hex", "?2", "?3"),
                  {case_id, hidden.people_text(), hidden.units_text()}));
  return row ? row->integer(0) : 0;
}

std::string digest(const std::vector<CaseAlert>& alerts) {
  std::map<std::string, std::string> states;
  for (const CaseAlert& alert : alerts) {
    states[alert.row.id] = std::string(to_text(alert.row.status)) + " " + std::to_string(alert.row.evidence_until);
  }
  std::string text = "case alerts";
  for (const auto& [id, state] : states) text += "\n" + id + " " + state;
  return account_digest(text);
}

Result<void> check_text(std::string_view what, std::string_view text, std::size_t longest) {
  if (!text.empty() && text.size() <= longest && text.find('\0') == std::string_view::npos) return {};
  return fail("cases.bad_text", std::string(what) + " has 1 to " + std::to_string(longest) + " bytes of text");
}

}  // namespace candor::case_rows
