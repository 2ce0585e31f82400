#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/permission.h"
#include "access/viewer.h"
#include "alerts/alerts.h"
#include "base/ids.h"
#include "base/time.h"
#include "outbox/outbox.h"

// What a case is made of: values only.
namespace candor {

enum class CaseState : std::uint8_t { open, closed };
std::string_view to_text(CaseState state);
std::optional<CaseState> case_state(std::string_view text);

// How a case ended: closed lists.
enum class CaseResolution : std::uint8_t { benign, confirmed_policy_violation };
std::string_view to_text(CaseResolution resolution);
std::optional<CaseResolution> case_resolution(std::string_view text);

// What was done about it.
enum class CaseAction : std::uint8_t {
  none,
  coached,
  warned,
  access_changed,
  disciplinary,
  employment_ended,
  reported_to_authority,
  other,
};
std::string_view to_text(CaseAction action);
std::optional<CaseAction> case_action(std::string_view text);

// What can be done to a case, as its history names it.
enum class CaseAct : std::uint8_t {
  opened,
  alert_added,
  note_added,
  task_added,
  task_done,
  evidence_added,
  contributor_added,
  contributor_removed,
  handed_over,
  closed,
  reopened,
  notice_sent,
  linked,
  unlinked,
  notice_reminded,
  notice_answered,
  scoring_asked,
};
std::string_view to_text(CaseAct act);

// What two cases have to do with each other: a closed list. A follow-up is the one the link was made at.
enum class CaseLinkKind : std::uint8_t { same_incident, colluding, follow_up };
std::string_view to_text(CaseLinkKind kind);
std::optional<CaseLinkKind> case_link_kind(std::string_view text);

// Longest texts in bytes; the HTTP interface counts characters and allows a quarter of these.
inline constexpr std::size_t kLongestCaseTitle = 800;
inline constexpr std::size_t kLongestCaseReason = 4'000;  // as a decision's note on an alert
inline constexpr std::size_t kLongestCaseNote = 40'000;
inline constexpr std::size_t kLongestCaseTask = 4'000;
inline constexpr std::size_t kLongestEvidenceName = 255;
inline constexpr std::size_t kLargestEvidence = 25u << 20;
// Most of each in one case.
inline constexpr std::int64_t kMostCaseAlerts = 1'000;
inline constexpr std::int64_t kMostCaseContributors = 100;
inline constexpr std::int64_t kMostCaseTasks = 1'000;
inline constexpr std::int64_t kMostCaseEvidence = 200;
inline constexpr std::int64_t kMostCaseNotices = 100;
inline constexpr std::int64_t kMostReminders = 10;     // of one notice
inline constexpr std::int64_t kMostReminderDays = 90;  // between two of them
inline constexpr std::int64_t kMostCaseLinks = 100;    // ever made, those taken apart included

// Who acts on a case or looks into it.
struct CaseActor {
  std::string user;
  Permissions permissions;

  explicit CaseActor(const Viewer& viewer) : user(viewer.user()), permissions(viewer.permissions()) {}
  CaseActor(std::string name, Permissions allowed) : user(std::move(name)), permissions(allowed) {}
};

// A row of the list.
struct CaseRow {
  std::string id;           // 32 hexadecimal digits, random
  std::int64_t number = 0;  // from 1, for people to say
  PersonId person;
  std::string title;
  std::string reason;
  CaseState state = CaseState::open;
  std::string owner;
  std::string opened_by;
  TimePoint opened_at = 0;
  TimePoint updated_at = 0;
  std::optional<Day> erased_on = {};  // whom it was about was erased: nothing is left to work on
  // How many other cases it is linked to, without those that are about the reader. Filled in by CaseBook::find() and
  // get().
  std::int64_t links = 0;
};

// A link as a case has it. For who may read inside both.
struct CaseLink {
  std::string id;  // 32 hexadecimal digits, random
  CaseLinkKind kind = CaseLinkKind::same_incident;
  bool made_here = false;  // it was made from the case that is read, not from the other
  CaseRow other;
  std::string reason;  // may name both people
  std::string linked_by;
  TimePoint linked_at = 0;
  std::string unlinked_by;  // "": it holds
  std::optional<TimePoint> unlinked_at;
  std::string unlinked_reason;
};

// The last closing; stays after the case was reopened.
struct CaseClosing {
  CaseResolution resolution = CaseResolution::benign;
  CaseAction action = CaseAction::none;
  std::string text;
  std::string by;
  TimePoint at = 0;
};

struct CaseContributor {
  std::string user;
  std::string added_by;
  TimePoint added_at = 0;
};

struct CaseAlert {
  AlertRow row;
  std::string added_by;
  TimePoint added_at = 0;
};

struct CaseCounts {
  std::int64_t notes = 0;
  std::int64_t tasks = 0;
  std::int64_t open_tasks = 0;
  std::int64_t evidence = 0;
  std::int64_t notices = 0;
};

// The case without what only its owner and contributors may read.
struct CaseDetail {
  CaseRow row;
  std::optional<CaseClosing> closing;
  std::vector<CaseContributor> contributors;  // by name
  std::vector<CaseAlert> alerts;              // in the order they were added
  CaseCounts counts;
  // Changes whenever one of its alerts does: whoever closes the case says with it what they were shown.
  std::string alerts_seen;
};

struct CaseNote {
  std::int64_t number = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string text;
};

struct CaseTask {
  std::int64_t number = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string text;
  std::optional<Day> due;
  std::string assigned;  // "": nobody
  std::string done_by;   // "": not done
  std::optional<TimePoint> done_at;
};

struct CaseEvidence {
  std::int64_t number = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string name;  // as the uploader's machine had it: hostile
  std::int64_t size = 0;
  std::string sha256;  // 64 hexadecimal digits
};

// Why a notice is not reminded any more.
enum class ReminderEnd : std::uint8_t { answered, case_closed, all_sent };
std::string_view to_text(ReminderEnd end);
std::optional<ReminderEnd> reminder_end(std::string_view text);

// What whoever sent a notice wants done while it is not answered.
struct NoticeReminders {
  Day next = 0;                 // UTC day on which the next one goes; of one that ended the last that was planned
  std::int64_t every_days = 0;  // from one to the next, 0 where there is one only; to kMostReminderDays
  std::int64_t most = 1;        // 1 to kMostReminders
  std::int64_t sent = 0;
  std::optional<TimePoint> ended_at = {};
  std::string ended_by = {};  // "" when nobody did
  std::optional<ReminderEnd> end = {};
};

// What was written to the person, and what became of it.
struct CaseNotice {
  std::int64_t number = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string template_id;
  std::string title;         // of the template, as it was then
  std::string subject = {};  // as it went: in the clear
  std::string text = {};
  std::optional<MessageState> state = {};  // nullopt: no longer known
  std::int64_t attempts = 0;
  std::optional<TimePoint> settled = {};          // when it was sent or given up
  std::string answer = {};                        // the mail server's last one, without addresses
  std::optional<std::int64_t> reminds = {};       // of a reminder: number of the notice
  std::optional<NoticeReminders> reminders = {};  // of a notice that is reminded, or was
};

// One thing done. Tells of notes, tasks and evidence by number only.
struct CaseHistoryLine {
  std::int64_t number = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string act;
  std::string about;
  std::string text;
};

struct CaseLinks {
  std::vector<CaseLink> links;  // oldest first
  // That hold, to cases the reader may not read inside: more than that there is one is not told.
  std::int64_t hidden = 0;
};

template <typename Line>
struct CaseLines {
  std::vector<Line> lines;
  std::int64_t total = 0;
};

struct CaseQuery {
  std::optional<CaseState> state = {};
  std::string owner = {};               // "": anybody's
  std::string member = {};              // "": any; else cases in which that viewer is owner or contributor
  std::optional<PersonId> person = {};  // only about this one
  std::size_t offset = 0;
  std::size_t limit = 50;  // at most 200
};

struct CasePage {
  std::vector<CaseRow> cases;  // changed last comes first
  std::int64_t total = 0;      // that match
};

}  // namespace candor
