#include "cases/case_rows.h"
#include "cases/cases.h"

// Who works on a case.
namespace candor {

Result<void> CaseBook::check_viewer(Reading& reading, const CaseRow& row, std::string_view user,
                                    Permission needed) const {
  const auto permissions = viewers_.permissions_of(reading, user);
  if (!permissions && permissions.error().id != "access.unknown_user") return std::unexpected(permissions.error());
  if (!permissions || !allows(*permissions, needed)) {
    return fail("cases.bad_viewer", "there is no viewer of that name whose role has `" + std::string(to_text(needed)) +
                                        "`; write the user name in small letters");
  }
  return check_sees(reading, row.person, user);
}

Result<void> CaseBook::note_scoring(Transaction& work, std::string_view case_id, std::string_view policy, int days,
                                    const CaseActor& actor) const {
  CANDOR_TRY_VOID(read_open(work, case_id, actor, Needs::membership));
  return note(work, case_id, CaseAct::scoring_asked, policy, std::to_string(days), actor);
}

Result<void> CaseBook::add_contributor(Transaction& work, std::string_view case_id, std::string_view user,
                                       const CaseActor& actor) const {
  CANDOR_TRY(const CaseRow row, read_open(work, case_id, actor, Needs::ownership));
  CANDOR_TRY_VOID(check_viewer(work, row, user, Permission::cases_view));
  CANDOR_TRY(const bool contributes, case_rows::is_contributor(work, case_id, user));
  if (contributes || user == row.owner) return fail("cases.bad_viewer", "that viewer is in the case already");
  CANDOR_TRY(const auto count, work.row("select count(*) from case_contributors where case_id = ?1", {case_id}));
  if (count && count->integer(0) >= kMostCaseContributors) {
    return fail("cases.full", "a case has at most " + std::to_string(kMostCaseContributors) + " contributors");
  }
  CANDOR_TRY_VOID(
      work.execute("insert into case_contributors (case_id, user_name, added_by, added_at) values (?1, ?2, ?3, ?4)",
                   {case_id, user, actor.user, clock_.now()}));
  return note(work, case_id, CaseAct::contributor_added, user, "", actor);
}

Result<void> CaseBook::remove_contributor(Transaction& work, std::string_view case_id, std::string_view user,
                                          const CaseActor& actor) const {
  CANDOR_TRY_VOID(read_open(work, case_id, actor, user == actor.user ? Needs::membership : Needs::ownership));
  CANDOR_TRY(const auto removed,
             work.execute("delete from case_contributors where case_id = ?1 and user_name = ?2", {case_id, user}));
  if (removed == 0) return fail("cases.bad_viewer", "that viewer is no contributor of the case");
  return note(work, case_id, CaseAct::contributor_removed, user, "", actor);
}

Result<void> CaseBook::hand_over(Transaction& work, std::string_view case_id, std::string_view new_owner,
                                 std::string_view reason, const CaseActor& actor) const {
  CANDOR_TRY_VOID(case_rows::check_text("a reason", reason, kLongestCaseReason));
  CANDOR_TRY(const CaseRow row, read_open(work, case_id, actor, Needs::ownership));
  if (new_owner == row.owner) return fail("cases.bad_viewer", "that viewer owns the case already");
  CANDOR_TRY_VOID(check_viewer(work, row, new_owner, Permission::cases_work));
  CANDOR_TRY_VOID(
      work.execute("delete from case_contributors where case_id = ?1 and user_name = ?2", {case_id, new_owner}));
  CANDOR_TRY_VOID(
      work.execute("insert into case_contributors (case_id, user_name, added_by, added_at) values (?1, ?2, ?3, ?4)",
                   {case_id, row.owner, actor.user, clock_.now()}));
  CANDOR_TRY_VOID(work.execute("update cases set owner = ?2 where case_id = ?1", {case_id, new_owner}));
  return note(work, case_id, CaseAct::handed_over, new_owner, reason, actor);
}

}  // namespace candor
