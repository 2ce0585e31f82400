#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/viewers.h"
#include "alerts/alerts.h"
#include "base/keys.h"
#include "base/result.h"
#include "cases/case.h"
#include "cases/notice.h"
#include "store/store.h"

// Cases: what people make of alerts. One case is about one person and holds any number of that person's alerts.
namespace candor {

// Who may do what inside a case, besides the permission that callers check:
//   * its owner, its contributors and whoever holds `cases.manage` read notes, tasks and evidence and add to them;
//   * the owner and `cases.manage` change contributors and hand it over; a contributor may leave;
//   * nobody sees or touches a case about themselves, or about somebody outside of the units they are limited to:
//     whoever is one of the viewer's HiddenPeople;
//   * a closed case takes nothing until it is reopened;
//   * linking two cases, and taking them apart, needs membership in both; what a link says is for who may read inside
//     both. To others there is one, no more; where the other case is about one of the HiddenPeople there is none.
// Each act writes its line of history in the transaction it is given; callers put the audit line into the same one.
// Errors besides the store's: `cases.not_found`, `cases.not_member`, `cases.own_person`, `cases.outside_units`,
// `cases.closed`, `cases.not_closed`, `cases.erased`, `cases.changed_meanwhile`, `cases.other_person`,
// `cases.alert_taken`, `cases.bad_viewer`, `cases.bad_text`, `cases.bad_evidence`, `cases.full`, `cases.no_task`,
// `cases.task_done`, `cases.bad_link`, `cases.linked_already`, `cases.no_link`, `cases.no_evidence`,
// `cases.evidence_broken`, `cases.notice_repeated`, `cases.notice_broken`, `cases.not_reminded`, `cases.bad_reminder`,
// those of Outbox about a notice, and those of AlertBook about the alert. Thread safety: any member from any thread.
class CaseBook {
 public:
  // All must outlive this object.
  CaseBook(Store& store, const Keys& keys, const Clock& clock, const Viewers& viewers, AlertBook& alerts)
      : store_(store), keys_(keys), clock_(clock), viewers_(viewers), alerts_(alerts) {}

  // --- looks. Those about people hidden from `actor` are left out, or not found.
  Result<CasePage> find(const CaseQuery& query, const CaseActor& actor) const;
  Result<CaseDetail> get(std::string_view case_id, const CaseActor& actor) const;
  // The id of the case of that number. `cases.not_found`.
  Result<std::string> id_of(std::int64_t number) const;
  // Oldest first.
  Result<CaseLines<CaseHistoryLine>> history(std::string_view case_id, const CaseActor& actor, std::size_t offset,
                                             std::size_t limit) const;
  // The case an alert is in.
  Result<std::optional<CaseRow>> case_of(std::string_view alert_id, const CaseActor& actor) const;
  // Whom a case is about; nullopt: there is no such case.
  static Result<std::optional<PersonId>> person_of(Reading& reading, std::string_view case_id);
  // Whether the actor may read what is inside: for those who decide what to offer. The looks below ask it themselves.
  Result<void> may_read(Reading& reading, std::string_view case_id, const CaseActor& actor) const;
  static bool is_member(const CaseDetail& detail, const CaseActor& actor);
  // Oldest first.
  Result<CaseLines<CaseNote>> notes(std::string_view case_id, const CaseActor& actor, std::size_t offset,
                                    std::size_t limit) const;
  Result<std::vector<CaseTask>> tasks(std::string_view case_id, const CaseActor& actor) const;
  Result<std::vector<CaseEvidence>> evidence(std::string_view case_id, const CaseActor& actor) const;
  // Oldest first.
  Result<std::vector<CaseNotice>> notices(std::string_view case_id, const CaseActor& actor) const;
  // Those taken apart are among them. For everybody who sees the case: each is shown or counted.
  Result<CaseLinks> links(std::string_view case_id, const CaseActor& actor) const;
  // Which of these alerts are in a case that is linked to another: for lists.
  Result<std::vector<std::string>> in_linked_cases(const std::vector<std::string>& alert_ids,
                                                   const CaseActor& actor) const;
  // The other case of a link of this one, for who may take it apart. `cases.no_link` to everybody else.
  Result<CaseRow> linked_to(std::string_view case_id, std::string_view link_id, const CaseActor& actor) const;
  struct File {
    CaseEvidence evidence;
    std::string bytes;
  };
  // The bytes as they were uploaded: what no longer has its hash is not given out.
  Result<File> file(std::string_view case_id, std::int64_t number, const CaseActor& actor) const;

  // --- acts
  // An id for open(): known beforehand, so that the audit line can name it.
  static std::string new_id();
  struct New {
    std::string id;
    std::string alert;
    std::string title;
    std::string reason;
  };
  // Opens a case from an alert that is not closed; an alert that waits for review is confirmed with the reason as note.
  // The actor becomes its owner.
  Result<void> open(Transaction& work, const New& made, const CaseActor& actor) const;
  // The same for a case that is open already. The actor need not be a member: nothing of the case is shown.
  Result<void> add_alert(Transaction& work, std::string_view case_id, std::string_view alert_id,
                         std::string_view reason, const CaseActor& actor) const;
  Result<CaseNote> add_note(Transaction& work, std::string_view case_id, std::string_view text,
                            const CaseActor& actor) const;
  // `assigned`: "" or a member of the case.
  Result<CaseTask> add_task(Transaction& work, std::string_view case_id, std::string_view text, std::optional<Day> due,
                            std::string_view assigned, const CaseActor& actor) const;
  Result<void> finish_task(Transaction& work, std::string_view case_id, std::int64_t number,
                           const CaseActor& actor) const;
  // What CaseEvidence::sha256 of these bytes is.
  static std::string digest_of(std::string_view bytes);
  // 1 byte to kLargestEvidence. Of the name, the part behind the last slash or backslash is kept.
  Result<CaseEvidence> add_evidence(Transaction& work, std::string_view case_id, std::string_view name,
                                    std::string_view bytes, const CaseActor& actor) const;
  struct NewNotice {
    std::string template_id;
    std::string title;        // of the template
    RenderedNotice rendered;  // as the person gets it
    std::string address;
    // Of an open case: the same text goes again, from `next` (not before tomorrow) on, while nobody says it is
    // answered.
    std::optional<NoticeReminders> remind = {};
    RenderedNotice reminder = {};  // with `remind`
  };
  // Puts it into the outbox. Also of a closed case: people are told how it ended. The same template goes once a minute.
  Result<void> send_notice(Transaction& work, std::string_view case_id, const NewNotice& notice,
                           const CaseActor& actor) const;
  // The person answered, or did what was asked: it is reminded no more. `cases.not_reminded` where nothing waits for
  // that.
  Result<void> answer_notice(Transaction& work, std::string_view case_id, std::int64_t number,
                             const CaseActor& actor) const;
  struct Reminded {
    std::string case_id;
    PersonId person;
    std::int64_t number = 0;  // of the notice
  };
  // For the process that sends: puts the reminders into the outbox whose day has come, each with its line of history by
  // whoever sent the notice, and what `also` writes, in a transaction of its own. How many.
  Result<std::int64_t> send_reminders(
      const std::function<Result<void>(Transaction& work, const Reminded& reminded)>& also) const;
  // The same to a viewer who tries it on themselves, behind all that goes to people: once a minute for each case, at
  // most 20 an hour. The case does not keep it.
  Result<void> test_notice(Transaction& work, std::string_view case_id, const NewNotice& notice,
                           const CaseActor& actor) const;
  // Somebody of the case asks for the person to be scored under a policy: ScoringRequests::ask() of the same
  // transaction does it, this is the line of history.
  Result<void> note_scoring(Transaction& work, std::string_view case_id, std::string_view policy, int days,
                            const CaseActor& actor) const;
  // A viewer who may see cases.
  Result<void> add_contributor(Transaction& work, std::string_view case_id, std::string_view user,
                               const CaseActor& actor) const;
  Result<void> remove_contributor(Transaction& work, std::string_view case_id, std::string_view user,
                                  const CaseActor& actor) const;
  // To a viewer who may work cases. Whoever owned it stays as a contributor.
  Result<void> hand_over(Transaction& work, std::string_view case_id, std::string_view new_owner,
                         std::string_view reason, const CaseActor& actor) const;
  struct Closing {
    CaseResolution resolution = CaseResolution::benign;
    CaseAction action = CaseAction::none;
    std::string text;
    std::string alerts_seen;  // CaseDetail::alerts_seen as it was shown
  };
  // Decides its open alerts, too: a violation resolves them, `benign` dismisses them as expected, which takes their
  // confirmation back.
  Result<void> close(Transaction& work, std::string_view case_id, const Closing& closing, const CaseActor& actor) const;
  struct NewLink {
    std::string id;     // new_id()
    std::string other;  // the other case's id: open or closed
    CaseLinkKind kind = CaseLinkKind::same_incident;
    std::string reason;
  };
  // From an open case. Neither case counts as changed by it: whom the other is about is told nothing.
  Result<void> link(Transaction& work, std::string_view case_id, const NewLink& made, const CaseActor& actor) const;
  // One of the two is open, and the actor works on both.
  Result<void> unlink(Transaction& work, std::string_view case_id, std::string_view link_id, std::string_view reason,
                      const CaseActor& actor) const;
  // Its alerts stay decided: later activity opens new ones.
  Result<void> reopen(Transaction& work, std::string_view case_id, std::string_view reason,
                      const CaseActor& actor) const;

 private:
  // Into the outbox and the case, as notice `reminds` again where that is one. Its number.
  Result<std::int64_t> put_out(Transaction& work, std::string_view case_id, const NewNotice& notice,
                               const CaseActor& actor, std::optional<std::int64_t> reminds) const;
  // False when it is not due any more.
  Result<bool> send_reminder(
      Transaction& work, const Reminded& one, Day today,
      const std::function<Result<void>(Transaction& work, const Reminded& reminded)>& also) const;
  enum class Needs : std::uint8_t { nothing, membership, ownership };
  Result<CaseRow> read(Reading& reading, std::string_view case_id, const CaseActor& actor) const;
  // The same for an act: open, and the actor stands in it as they need to.
  Result<CaseRow> read_open(Reading& reading, std::string_view case_id, const CaseActor& actor, Needs needs) const;
  static Result<void> check(Reading& reading, const CaseRow& row, const CaseActor& actor, Needs needs);
  Result<bool> is_hidden(Reading& reading, const PersonId& person, std::string_view user) const;
  // Whoever is to work on a case about that person may see them. `cases.own_person`, `cases.outside_units`.
  Result<void> check_sees(Reading& reading, const PersonId& person, std::string_view user) const;
  Result<void> check_viewer(Reading& reading, const CaseRow& row, std::string_view user, Permission needed) const;
  Result<void> take_alert(Transaction& work, const CaseRow& row, const AlertRow& alert, std::string_view reason,
                          const CaseActor& actor) const;
  Result<void> note(Transaction& work, std::string_view case_id, CaseAct act, std::string_view about,
                    std::string_view text, const CaseActor& actor) const;
  Result<void> add_line(Transaction& work, std::string_view case_id, CaseAct act, std::string_view about,
                        std::string_view text, const CaseActor& actor) const;
  Result<CaseLink> read_link(Reading& reading, std::string_view case_id, std::string_view link_id,
                             const CaseActor& actor) const;

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
  const Viewers& viewers_;
  AlertBook& alerts_;
};

// People with an open case, ascending: what retention leaves alone.
Result<std::vector<PersonId>> people_of_open_cases(Reading& reading);
// Everybody a case is about: the record speaks of them.
Result<std::vector<PersonId>> people_of_cases(Reading& reading);

}  // namespace candor
