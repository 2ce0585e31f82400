#include <algorithm>
#include <utility>

#include "access/visible_people.h"
#include "cases/case_rows.h"
#include "cases/cases.h"

// Which cases belong together. What a link says leads from one person to another: it is for who may read inside both
// cases, and lines of history name it by its id only.
namespace candor {
namespace {

constexpr const char* kNoLink = "the case has no such link";

#define CANDOR_LINK_COLUMNS                                                                                       \
  "l.link_id, l.kind, l.from_case, l.to_case, l.reason, l.linked_by, l.linked_at, l.unlinked_by, l.unlinked_at, " \
  "l.unlinked_reason"

CaseLink link_of(const Row& row, std::string_view case_id) {
  CaseLink link;
  link.id = row.text(0);
  link.kind = case_link_kind(row.text(1)).value_or(CaseLinkKind::same_incident);
  link.made_here = row.text(2) == case_id;
  link.other.id = link.made_here ? row.text(3) : row.text(2);
  link.reason = row.text(4);
  link.linked_by = row.text(5);
  link.linked_at = row.integer(6);
  link.unlinked_by = row.text(7);
  link.unlinked_at = row.optional_integer(8);
  link.unlinked_reason = row.text(9);
  return link;
}

Result<std::int64_t> links_ever(Reading& reading, std::string_view case_id) {
  CANDOR_TRY(const auto row,
             reading.row("select count(*) from case_links where from_case = ?1 or to_case = ?1", {case_id}));
  return row ? row->integer(0) : 0;
}

}  // namespace

Result<CaseLinks> CaseBook::links(std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const CaseRow here, read(reading, case_id, actor));
  const bool inside = check(reading, here, actor, Needs::membership).has_value();
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, actor.user));
  CANDOR_TRY(const auto rows,
             reading.rows("select " CANDOR_LINK_COLUMNS " from case_links l where l.from_case = ?1 or l.to_case = ?1 "
                          "order by l.linked_at, l.link_id",
                          {case_id}));
  CaseLinks found;
  for (const Row& row : rows) {
    CaseLink link = link_of(row, case_id);
    CANDOR_TRY(link.other, case_rows::read(reading, link.other.id));
    CANDOR_TRY(const bool is_hidden, hides(reading, hidden, link.other.person));
    if (is_hidden) continue;
    if (!inside || !check(reading, link.other, actor, Needs::membership)) {
      if (link.unlinked_by.empty()) ++found.hidden;
      continue;
    }
    CANDOR_TRY(link.other.links, case_rows::links_of(reading, link.other.id, hidden));
    found.links.push_back(std::move(link));
  }
  return found;
}

Result<std::vector<std::string>> CaseBook::in_linked_cases(const std::vector<std::string>& alert_ids,
                                                           const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, actor.user));
  std::vector<std::string> found;
  for (const std::string& alert : alert_ids) {
    CANDOR_TRY(const auto row, reading.row("select case_id from case_alerts where alert_id = ?1", {alert}));
    if (!row) continue;
    CANDOR_TRY(const std::int64_t links, case_rows::links_of(reading, row->text(0), hidden));
    if (links > 0) found.push_back(alert);
  }
  return found;
}

Result<CaseLink> CaseBook::read_link(Reading& reading, std::string_view case_id, std::string_view link_id,
                                     const CaseActor& actor) const {
  CANDOR_TRY(const auto row, reading.row("select " CANDOR_LINK_COLUMNS
                                         " from case_links l where l.link_id = ?1 and (l.from_case = ?2 or "
                                         "l.to_case = ?2)",
                                         {link_id, case_id}));
  if (!row) return fail("cases.no_link", kNoLink);
  CaseLink link = link_of(*row, case_id);
  CANDOR_TRY(link.other, case_rows::read(reading, link.other.id));
  CANDOR_TRY(const bool own, is_hidden(reading, link.other.person, actor.user));
  // Whoever may not read the other is told of no id of a link: to them it is as if they had guessed.
  if (own || !check(reading, link.other, actor, Needs::membership)) return fail("cases.no_link", kNoLink);
  return link;
}

Result<CaseRow> CaseBook::linked_to(std::string_view case_id, std::string_view link_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CANDOR_TRY(CaseLink link, read_link(reading, case_id, link_id, actor));
  return std::move(link.other);
}

Result<void> CaseBook::link(Transaction& work, std::string_view case_id, const NewLink& made,
                            const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a reason", made.reason, kLongestCaseReason));
  CANDOR_TRY(const CaseRow here, read_open(work, case_id, actor, Needs::membership));
  CANDOR_TRY(const CaseRow other, read(work, made.other, actor));
  CANDOR_TRY_VOID(check(work, other, actor, Needs::membership));
  if (here.id == other.id) return fail("cases.bad_link", "a case is not linked to itself");
  if (other.erased_on) {
    return fail("cases.erased", "whom that case was about was erased: nothing of it is left to link to");
  }
  CANDOR_TRY(const auto linked, work.row("select 1 from case_links where unlinked_by = '' and ((from_case = ?1 and "
                                         "to_case = ?2) or (from_case = ?2 and to_case = ?1))",
                                         {here.id, other.id}));
  if (linked) return fail("cases.linked_already", "the two cases are linked: take them apart first to say otherwise");
  for (const CaseRow* const one : {&here, &other}) {
    CANDOR_TRY(const std::int64_t ever, links_ever(work, one->id));
    if (ever < kMostCaseLinks) continue;
    return fail("cases.full", "a case is linked " + std::to_string(kMostCaseLinks) + " times at most");
  }
  CANDOR_TRY_VOID(
      work.execute("insert into case_links (link_id, from_case, to_case, kind, reason, linked_by, linked_at, "
                   "unlinked_by, unlinked_at, unlinked_reason) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', null, '')",
                   {made.id, here.id, other.id, to_text(made.kind), made.reason, actor.user, clock_.now()}));
  CANDOR_TRY_VOID(add_line(work, here.id, CaseAct::linked, made.id, "", actor));
  return add_line(work, other.id, CaseAct::linked, made.id, "", actor);
}

Result<void> CaseBook::unlink(Transaction& work, std::string_view case_id, std::string_view link_id,
                              std::string_view reason, const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a reason", reason, kLongestCaseReason));
  CANDOR_TRY(const CaseRow here, read(work, case_id, actor));
  CANDOR_TRY_VOID(check(work, here, actor, Needs::membership));
  CANDOR_TRY(const CaseLink link, read_link(work, case_id, link_id, actor));
  if (!link.unlinked_by.empty()) return fail("cases.no_link", "the link was taken apart already");
  if (here.state != CaseState::open && link.other.state != CaseState::open) {
    return fail("cases.closed", "both cases are closed; reopen one first");
  }
  CANDOR_TRY_VOID(
      work.execute("update case_links set unlinked_by = ?2, unlinked_at = ?3, unlinked_reason = ?4 where link_id = ?1",
                   {link_id, actor.user, clock_.now(), reason}));
  CANDOR_TRY_VOID(add_line(work, here.id, CaseAct::unlinked, link_id, "", actor));
  return add_line(work, link.other.id, CaseAct::unlinked, link_id, "", actor);
}

}  // namespace candor
