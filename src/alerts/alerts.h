#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/assess.h"
#include "base/result.h"
#include "policy/assessment.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Alerts: what assessments become once people work on them. One alert is (policy, person, k); k counts closing
// decisions (SEMANTICS 9). Nothing that was shown is ever lost: each revision stays with its receipt.
namespace candor {

enum class AlertStatus : std::uint8_t { needs_review, confirmed, dismissed, resolved, expired, withdrawn };
std::string_view to_text(AlertStatus status);
std::optional<AlertStatus> alert_status(std::string_view text);

// The closed list of purview-features 1.2, and `other`, which needs a note.
enum class DismissReason : std::uint8_t { expected, not_impactful, too_much_activity, other };
std::string_view to_text(DismissReason reason);
std::optional<DismissReason> dismiss_reason(std::string_view text);

// A row of the queue.
struct AlertRow {
  std::string id;  // 32 hexadecimal digits, a digest of (policy, person, k)
  std::string policy;
  std::string policy_name;
  PersonId person;
  int k = 0;
  AlertStatus status = AlertStatus::needs_review;
  AlertSeverity severity = AlertSeverity::none;
  Micropoints score = 0;
  Day day = 0;                   // of the highest score
  Day first_day = 0;             // first day that reached the cut
  Day last_day = 0;              // last day with evidence
  TimePoint evidence_until = 0;  // latest activity shown: the cutoff a decision names
  bool changed_after_decision = false;
  TimePoint created_at = 0;
  TimePoint updated_at = 0;
  std::int64_t revision = 1;
  TimePoint queued_at = 0;       // when it last came to wait for review: what expiry counts from
  std::int64_t mass_event = 0;   // number of the one it belongs to (alerts/mass_events.h); 0: none. Held while it waits
  int screen_evidence_days = 0;  // its policy asks for a recording of so many days instead (Policy)
  std::string assigned = {};     // the viewer it was given to, "" nobody; says something while it is open only
  bool in_case = false;
  // Waits for review, or was confirmed.
  bool is_open() const { return status == AlertStatus::needs_review || status == AlertStatus::confirmed; }
  bool is_held() const { return mass_event != 0 && status == AlertStatus::needs_review; }
};

enum class AlertSort : std::uint8_t { score, first_day, last_day, created, updated, policy, status, severity };

// UTC days, both inclusive; nullopt: no end.
struct DayRange {
  std::optional<Day> from = {};
  std::optional<Day> to = {};
};

// Empty lists filter nothing.
struct AlertQuery {
  std::vector<AlertStatus> statuses;
  std::vector<AlertSeverity> severities;
  std::vector<std::string> policies;  // ids
  // Part of an alert id, of a policy's name or of what its person is called (PersonLabel), whatever the letter case.
  std::string text;
  std::optional<bool> held;     // only those that are held in a mass event, or only the others
  std::int64_t mass_event = 0;  // only those of this one; 0: whatever
  // Only open ones that were given to this viewer; "": to nobody.
  std::optional<std::string> assigned = {};
  std::optional<bool> in_case = {};  // only those that are in a case, or only the others
  DayRange opened = {};              // by when they came (created_at)
  DayRange active = {};              // by their last day with evidence
  bool for_requests = false;         // those of policies that ask for recordings, too: no queue shows them
  HiddenPeople not_about = {};       // whose alerts are not there, nor counted in any number of the page
  AlertSort sort = AlertSort::score;
  bool descending = true;  // ties: in the order of policies (PolicyOrder), then by id
  // One row a person, whatever the number of policies: the first of the person's alerts that match, in this order.
  bool by_person = false;
  std::size_t offset = 0;
  std::size_t limit = 50;  // at most 1,000
};

// What else matches of the person of a row.
struct MoreAlerts {
  static constexpr std::size_t kMostTold = 10;

  std::int64_t total = 0;
  std::vector<AlertRow> first;  // in the order of the page
};

struct AlertPage {
  std::vector<AlertRow> alerts;
  std::vector<MoreAlerts> more;  // beside each row; empty unless AlertQuery::by_person
  std::int64_t total = 0;        // that match the filter: alerts, or people when by person
  std::int64_t matching = 0;     // alerts that match it, either way
  // Low, medium, high; without those that are held. Both whatever the filter, but for `not_about`; both without those
  // of policies that ask for recordings.
  std::array<std::int64_t, 3> needs_review{};
  std::int64_t held = 0;
};

// Where an alert stands in the queue: beside it the ids of the rows before and after, "" at an end.
struct AlertNeighbours {
  std::string previous;
  std::string next;
  std::int64_t place = 0;  // of its row, from 1; 0: it does not match the filter
  std::int64_t total = 0;  // rows
};

struct AlertComment {
  std::int64_t id = 0;
  TimePoint at = 0;
  std::string viewer;
  std::string text;
};

struct AlertDecision {
  std::string kind;  // "confirmed", "dismissed", "resolved", "expired"
  std::optional<DismissReason> reason;
  std::string note;
  std::optional<std::string> viewer;  // nullopt: Candor itself
  TimePoint at = 0;
  TimePoint cutoff = 0;  // latest activity its viewer was shown
};

// One line of an alert's history, oldest first: revisions and decisions together.
struct AlertHistoryLine {
  TimePoint at = 0;
  std::string kind;  // "raised", "revised", "withdrawn", "raised again", a decision's kind, or "undone"
  std::optional<std::string> viewer;
  std::string text;  // the reason, or a decision's reason and note
  std::optional<Micropoints> score;
  std::optional<AlertSeverity> severity;
};

struct AlertDetail {
  AlertRow row;
  Assessment assessment;  // the receipt of the highest day
  std::vector<AlertHistoryLine> history;
  std::vector<AlertComment> comments;     // oldest first
  std::optional<AlertDecision> decision;  // the last one that stands
};

// One revision as it was shown, for "as known at".
struct AlertRevision {
  std::int64_t revision = 0;
  TimePoint known_at = 0;
  Day as_of = 0;
  std::string kind;
  std::string reason;
  Micropoints score = 0;
  AlertSeverity severity = AlertSeverity::none;
  Assessment assessment;
};

struct RecordCounts {
  std::int64_t raised = 0;
  std::int64_t revised = 0;
  std::int64_t withdrawn = 0;
  std::int64_t unchanged = 0;
};

struct AlertReport;  // alerts/alert_report.h

// What a person is called where people search the queue: the pseudonym. Asked once for each person.
using PersonLabel = std::function<std::string(const PersonId&)>;

// Reads of the queue - find(), matching(), neighbours(), counts(), alerted_since(), report() - are answered from
// memory: the first one reads every alert (about 175 bytes each), each later one what changed since. So whoever asks
// for them often keeps one book. Thread safety: any member from any thread; the store serialises writers. Errors
// besides the store's: `alerts.not_found`, `alerts.bad_decision` (says what is missing), `alerts.closed` (there is
// nothing left to decide), `alerts.bad_query`.
class AlertBook {
 public:
  // Without labels the queue is not searched by what people are called.
  AlertBook(Store& store, const Clock& clock, PersonLabel label = {});
  ~AlertBook();

  // --- from assessments
  // Compares outcomes with what is stored: raise, revise, withdraw or leave. Alerts of the policies in `unusable`
  // (ids) could not be assessed and stay as they are; so do closed alerts of whose evidence retention has taken
  // some, unless what is left reaches a higher score. All people in one transaction, the caller's.
  Result<RecordCounts> record(Transaction& transaction, std::span<const PersonOutcome> outcomes, Day as_of,
                              std::span<const std::string> unusable = {}) const;
  // Says of a policy's alerts that wait for review that it asks for recordings of so many days; 0: that they are alerts
  // like all others. What was decided stays what it was.
  static Result<void> ask_for_screen_evidence(Transaction& transaction, std::string_view policy, int days);
  // People whose activities an alert holds against retention: it waits for review, or was confirmed. Ascending. Those
  // alerts (ids) hold nothing.
  Result<std::vector<PersonId>> held(const std::set<std::string>& but_for = {}) const;
  // What moves results: boundaries between alerts, also of those that retention took, and confirmations no later
  // dismissal took back.
  Result<Decisions> decisions() const;
  // Those about these people; reads no others where they are few.
  Result<Decisions> decisions(std::span<const PersonId> people) const;

  // --- for viewers. Callers check permissions and write the audit line.
  Result<AlertPage> find(const AlertQuery& query) const;
  // Ids of the alerts that match, in the order of the query and at most so many; offset, limit and by_person of it do
  // not matter.
  Result<std::vector<std::string>> matching(const AlertQuery& query, std::size_t most) const;
  // Of a row of the query's order. An alert that does not match any more stands where it would if it did; by person,
  // other rows of the same person are passed over.
  Result<AlertNeighbours> neighbours(std::string_view alert_id, const AlertQuery& query) const;
  Result<AlertDetail> get(std::string_view alert_id) const;
  // Its row as the caller's reading or transaction sees it.
  static Result<AlertRow> row(Reading& reading, std::string_view alert_id);
  Result<std::vector<AlertRevision>> revisions(std::string_view alert_id) const;
  // Number of the last change of any alert; 0: there was none.
  static Result<std::int64_t> last_change(Reading& reading);
  // High ones that wait for review, are not held and ask for no recording, with the number of their last change: those
  // that changed after that number, in the order of their changes; below 0: all, in no order. Stop by returning false.
  static Result<void> each_high_waiting(Reading& reading, std::int64_t after,
                                        const std::function<bool(const AlertRow& alert, std::int64_t change)>& visit);
  // All about a person, those of policies that ask for recordings too, the oldest first; ties: by id.
  Result<std::vector<AlertRow>> of_person(const PersonId& person) const;
  // People with an alert, ascending.
  Result<std::vector<PersonId>> people() const;
  // How many alerts are in a status, by policy id; without those about some.
  Result<std::map<std::string, std::map<AlertStatus, std::int64_t>>> counts(const HiddenPeople& not_about = {}) const;
  // What became of the alerts first raised on these days, both inclusive, UTC; without some, and without those of
  // policies that ask for recordings. What was decided about the `undecided` (ids) is not told: they count as waiting.
  // `alerts.bad_query` for days that are none or too many.
  Result<AlertReport> report(Day from, Day to, const HiddenPeople& not_about = {},
                             const std::set<std::string>& undecided = {}) const;
  // How many people got an alert from that time on, by policy id; without some.
  Result<std::map<std::string, std::int64_t>> alerted_since(TimePoint since, const HiddenPeople& not_about = {}) const;

  // `evidence_until` is AlertRow::evidence_until as the viewer was shown it; one from before the alert existed is
  // refused. Closes: later evidence opens the next alert. Each also in the caller's transaction, so that the audit line
  // is in it too.
  Result<void> dismiss(std::string_view alert_id, DismissReason reason, std::string_view note, TimePoint evidence_until,
                       std::string_view viewer);
  Result<void> dismiss(Transaction& transaction, std::string_view alert_id, DismissReason reason, std::string_view note,
                       TimePoint evidence_until, std::string_view viewer);
  Result<void> resolve(std::string_view alert_id, std::string_view note, TimePoint evidence_until,
                       std::string_view viewer);
  Result<void> resolve(Transaction& transaction, std::string_view alert_id, std::string_view note,
                       TimePoint evidence_until, std::string_view viewer);
  // Closes nothing: evidence goes on joining the alert.
  Result<void> confirm(std::string_view alert_id, std::string_view note, std::string_view viewer);
  Result<void> confirm(Transaction& transaction, std::string_view alert_id, std::string_view note,
                       std::string_view viewer);
  // Gives an open alert to a viewer to work on; "": to nobody. It decides nothing, and anybody may still decide.
  // Callers check who that is. Fails with `alerts.closed`, and with `alerts.assigned_already`.
  static Result<void> assign(Transaction& transaction, std::string_view alert_id, std::string_view to);
  // Says that the alert is in a case from now on.
  static Result<void> note_case(Transaction& transaction, std::string_view alert_id);
  Result<AlertComment> comment(std::string_view alert_id, std::string_view text, std::string_view viewer);
  Result<AlertComment> comment(Transaction& transaction, std::string_view alert_id, std::string_view text,
                               std::string_view viewer);
  // Alerts nobody worked on for 120 days since they last entered the queue: closed by Candor itself. How many.
  Result<std::int64_t> expire();

 private:
  class Memory;

  Store& store_;
  const Clock& clock_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace candor
