#include <algorithm>
#include <map>
#include <string>

#include "alerts/alert_rows.h"
#include "alerts/alerts.h"
#include "alerts/people_in_scope.h"
#include "policy/receipt_json.h"

// Assessments become alerts: raise, revise, withdraw or leave.
namespace candor {
namespace {

// The last decision on an alert, and what its viewer saw.
struct LastDecision {
  AlertStatus status = AlertStatus::dismissed;
  AlertSeverity severity = AlertSeverity::none;
  std::string receipt;
};

struct Shown {
  AlertRow row;
  std::string receipt;
  std::optional<LastDecision> decision;
};

struct Revision {
  std::string_view kind;
  std::string reason;
};

// The policy's name as last known; an outcome carries the id only.
Result<std::string> name_of(Reading& reading, const std::string& policy) {
  CANDOR_TRY(const auto row,
             reading.row("select name from policies where policy = ?1 order by number desc limit 1", {policy}));
  return row ? row->text(0) : policy;
}

Result<std::optional<LastDecision>> last_decision(Reading& reading, const std::string& alert_id) {
  CANDOR_TRY(const auto row,
             reading.row("select d.kind, r.severity, r.receipt, d.returned_at from alert_decisions d join "
                         "alert_revisions r on r.alert_id = d.alert_id and r.revision = d.revision "
                         "where d.alert_id = ?1 and d.undone_at is null order by d.number desc limit 1",
                         {alert_id}));
  // One that a second reading disagreed with decides nothing any more.
  if (!row || !row->is_null(3)) return std::nullopt;
  return LastDecision{.status = alert_status(row->text(0)).value_or(AlertStatus::dismissed),
                      .severity = static_cast<AlertSeverity>(row->integer(1)),
                      .receipt = row->text(2)};
}

Result<std::vector<Shown>> shown_of(Reading& reading, const PersonId& person) {
  std::vector<Shown> out;
  CANDOR_TRY(const auto rows, reading.rows("select " CANDOR_ALERT_COLUMNS
                                           ", (select receipt from alert_revisions r where r.alert_id = a.alert_id "
                                           "and r.revision = a.revision) from alerts a where person = ?1",
                                           {person}));
  for (const Row& row : rows) {
    Shown shown{.row = alert_row(row), .receipt = row.text(kAlertColumns), .decision = std::nullopt};
    CANDOR_TRY(shown.decision, last_decision(reading, shown.row.id));
    out.push_back(std::move(shown));
  }
  return out;
}

Result<void> write_revision(Transaction& transaction, const AlertRow& row, Day as_of, const Revision& revision,
                            const std::string& receipt) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into alert_revisions (alert_id, revision, known_at, as_of, kind, reason, severity, score, receipt) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      {row.id, row.revision, row.updated_at, as_of, revision.kind, revision.reason,
       static_cast<std::int64_t>(row.severity), row.score, receipt}));
  return {};
}

Result<void> insert_alert(Transaction& transaction, const AlertRow& row) {
  CANDOR_TRY_VOID(transaction.execute("insert into alerts (" CANDOR_ALERT_COLUMNS
                                      ", person_hex, change) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                                      "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, " CANDOR_NEXT_CHANGE ")",
                                      {row.id,
                                       row.policy,
                                       row.policy_name,
                                       row.person,
                                       row.k,
                                       to_text(row.status),
                                       static_cast<std::int64_t>(row.severity),
                                       row.score,
                                       row.day,
                                       row.first_day,
                                       row.last_day,
                                       row.evidence_until,
                                       row.changed_after_decision ? 1 : 0,
                                       row.created_at,
                                       row.updated_at,
                                       row.revision,
                                       row.queued_at,
                                       row.mass_event,
                                       row.screen_evidence_days,
                                       row.assigned,
                                       row.in_case ? 1 : 0,
                                       to_hex(row.person)}));
  return {};
}

Result<void> update_alert(Transaction& transaction, const AlertRow& row) {
  CANDOR_TRY_VOID(transaction.execute(
      "update alerts set policy_name = ?2, status = ?3, severity = ?4, score = ?5, day = ?6, first_day = ?7, last_day "
      "= ?8, evidence_until = ?9, changed_after_decision = ?10, updated_at = ?11, revision = ?12, queued_at = ?13, "
      "change = " CANDOR_NEXT_CHANGE " where alert_id = ?1",
      {row.id, row.policy_name, to_text(row.status), static_cast<std::int64_t>(row.severity), row.score, row.day,
       row.first_day, row.last_day, row.evidence_until, row.changed_after_decision ? 1 : 0, row.updated_at,
       row.revision, row.queued_at}));
  return {};
}

// What mass events are found by. One it is held in is found again.
Result<void> write_cause(Transaction& transaction, const std::string& alert_id, const AlertOutcome& outcome) {
  const ReceiptPart* const cause = main_part(outcome.assessment);
  Micropoints rest = 0;
  for (const ReceiptPart& part : outcome.assessment.parts) {
    const bool of_cause = cause != nullptr && part.indicator == cause->indicator && part.day == cause->day;
    if (!of_cause) rest += part.points;
  }
  // Beside a row that was written: its change is counted already.
  CANDOR_TRY_VOID(transaction.execute(
      "update alerts set cause = ?2, cause_day = ?3, rest = ?4, cause_department = ?5, cause_seen = 0, "
      "mass_event = case when cause = ?2 and cause_day = ?3 then mass_event else 0 end where alert_id = ?1",
      {alert_id, cause != nullptr ? cause->indicator : std::string(), cause != nullptr ? *cause->day : 0, rest,
       outcome.department}));
  return {};
}

bool is_closed(AlertStatus status) {
  return status == AlertStatus::dismissed || status == AlertStatus::resolved || status == AlertStatus::expired;
}

// The status of an alert whose receipt changed or that exists again: what was decided stands, unless an alert that was
// closed is now in a higher band than the one decided on (SEMANTICS 9).
AlertStatus status_after(const std::optional<LastDecision>& decision, AlertSeverity severity) {
  if (!decision) return AlertStatus::needs_review;
  const bool rose = is_closed(decision->status) && severity > decision->severity;
  return rose ? AlertStatus::needs_review : decision->status;
}

std::string change_in_words(const AlertRow& before, const Assessment& after) {
  if (after.score == before.score) return "The evidence changed, the score did not.";
  return std::string(after.score > before.score ? "More" : "Less") + " evidence: from " +
         format_points(before.score / 10'000 * 10'000) + " to " + format_points(after.score / 10'000 * 10'000) +
         " points.";
}

AlertRow from_outcome(AlertRow row, const AlertOutcome& outcome, TimePoint now) {
  row.severity = outcome.assessment.severity;
  row.score = outcome.assessment.score;
  row.day = outcome.assessment.day;
  row.first_day = outcome.first_day;
  row.last_day = outcome.last_day;
  row.evidence_until = outcome.evidence_until;
  row.updated_at = now;
  return row;
}

// One person's outcomes against what is stored.
class Recorder {
 public:
  Recorder(Transaction& transaction, Day as_of, TimePoint now, std::span<const std::string> unusable,
           RecordCounts& counts)
      : transaction_(transaction), as_of_(as_of), now_(now), unusable_(unusable), counts_(counts) {}

  bool has_written() const { return has_written_; }

  Result<void> person(const PersonOutcome& outcome) {
    CANDOR_TRY(const auto shown, shown_of(transaction_, outcome.person));
    std::map<std::string, const Shown*> left;
    for (const Shown& one : shown) {
      if (std::ranges::find(unusable_, one.row.policy) == unusable_.end()) left.emplace(one.row.id, &one);
    }
    for (const AlertOutcome& alert : outcome.alerts) {
      const std::string id = alert_id_of(alert.assessment.policy, outcome.person, alert.k);
      const auto known = left.find(id);
      if (known == left.end()) {
        CANDOR_TRY_VOID(raise(id, outcome.person, alert));
        continue;
      }
      const Shown& one = *known->second;
      left.erase(known);
      if (stands(outcome, one) && alert.assessment.score <= one.row.score) {
        ++counts_.unchanged;
        continue;
      }
      CANDOR_TRY_VOID(revise(one, alert));
    }
    for (const auto& [id, one] : left) {
      if (!stands(outcome, *one)) CANDOR_TRY_VOID(withdraw(*one));
    }
    return {};
  }

 private:
  // What retention has taken is no evidence against what was decided on it (SEMANTICS 13).
  bool stands(const PersonOutcome& outcome, const Shown& shown) const {
    const bool taken = outcome.kept_from.has_value() || outcome.sealed.holds(day_of(shown.row.evidence_until));
    return taken && is_closed(shown.row.status);
  }

  Result<std::string> policy_name(const std::string& policy) {
    const auto known = names_.find(policy);
    if (known != names_.end()) return known->second;
    CANDOR_TRY(std::string name, name_of(transaction_, policy));
    return names_.emplace(policy, std::move(name)).first->second;
  }

  Result<void> raise(const std::string& id, const PersonId& person, const AlertOutcome& outcome) {
    AlertRow row = from_outcome({}, outcome, now_);
    row.id = id;
    row.policy = outcome.assessment.policy;
    CANDOR_TRY(row.policy_name, policy_name(row.policy));
    row.person = person;
    row.k = outcome.k;
    row.created_at = now_;
    row.queued_at = now_;
    has_written_ = true;
    CANDOR_TRY_VOID(insert_alert(transaction_, row));
    CANDOR_TRY_VOID(write_cause(transaction_, row.id, outcome));
    CANDOR_TRY_VOID(write_revision(transaction_, row, as_of_, {"raised", "The score reached the policy's cut."},
                                   to_json(outcome.assessment, true)));
    ++counts_.raised;
    return {};
  }

  Result<void> revise(const Shown& shown, const AlertOutcome& outcome) {
    const std::string receipt = to_json(outcome.assessment, true);
    const bool again = shown.row.status == AlertStatus::withdrawn;
    AlertRow row = from_outcome(shown.row, outcome, now_);
    if (receipt == shown.receipt && !again) {
      // The receipt on the page is the same; only newer days without weight may have come.
      ++counts_.unchanged;
      row.updated_at = shown.row.updated_at;
      const bool same = row.last_day == shown.row.last_day && row.evidence_until == shown.row.evidence_until &&
                        row.first_day == shown.row.first_day;
      has_written_ = has_written_ || !same;
      return same ? Result<void>{} : update_alert(transaction_, row);
    }
    Revision revision{"revised", change_in_words(shown.row, outcome.assessment)};
    if (again) {
      revision = {"raised again", "The score reaches the policy's cut again."};
      row.status = status_after(shown.decision, row.severity);
      if (row.status != AlertStatus::needs_review) revision.reason += " What was decided before stands.";
    } else if (is_closed(shown.row.status)) {
      revision.reason += " Changed after the decision: evidence from before it came late.";
      row.status = status_after(shown.decision, row.severity);
    }
    if (shown.decision && is_closed(shown.decision->status)) {
      row.changed_after_decision = receipt != shown.decision->receipt;
    }
    if (row.status == AlertStatus::needs_review && shown.row.status != row.status) row.queued_at = now_;
    ++row.revision;
    CANDOR_TRY(row.policy_name, policy_name(row.policy));
    has_written_ = true;
    CANDOR_TRY_VOID(update_alert(transaction_, row));
    CANDOR_TRY_VOID(write_cause(transaction_, row.id, outcome));
    CANDOR_TRY_VOID(write_revision(transaction_, row, as_of_, revision, receipt));
    ++counts_.revised;
    return {};
  }

  Result<void> withdraw(const Shown& shown) {
    if (shown.row.status == AlertStatus::withdrawn) return {};
    AlertRow row = shown.row;
    row.changed_after_decision = row.changed_after_decision || is_closed(row.status);
    row.status = AlertStatus::withdrawn;
    row.updated_at = now_;
    ++row.revision;
    has_written_ = true;
    CANDOR_TRY_VOID(update_alert(transaction_, row));
    CANDOR_TRY_VOID(write_revision(
        transaction_, row, as_of_,
        {"withdrawn", "With what is known now no day reaches the policy's cut. The receipt is the last one shown."},
        shown.receipt));
    ++counts_.withdrawn;
    return {};
  }

  Transaction& transaction_;
  const Day as_of_;
  const TimePoint now_;
  const std::span<const std::string> unusable_;
  RecordCounts& counts_;
  bool has_written_ = false;
  std::map<std::string, std::string> names_;
};

}  // namespace

Result<RecordCounts> AlertBook::record(Transaction& transaction, std::span<const PersonOutcome> outcomes, Day as_of,
                                       std::span<const std::string> unusable) const {
  RecordCounts counts;
  Recorder recorder(transaction, as_of, clock_.now(), unusable, counts);
  for (const PersonOutcome& outcome : outcomes) {
    CANDOR_TRY_VOID(recorder.person(outcome));
    CANDOR_TRY_VOID(record_scopes(transaction, outcome, unusable));
  }
  if (recorder.has_written()) CANDOR_TRY_VOID(note_change(transaction));
  return counts;
}

// Asked of every policy whenever anybody was assessed, so it must not read what is as it shall be: the two ranges are
// found in an index of what waits.
Result<void> AlertBook::ask_for_screen_evidence(Transaction& transaction, std::string_view policy, int days) {
  CANDOR_TRY(const std::int64_t more,
             transaction.execute("update alerts set screen_evidence_days = ?2, change = " CANDOR_NEXT_CHANGE
                                 " where policy = ?1 and status = 'needs_review' and screen_evidence_days < ?2",
                                 {policy, days}));
  CANDOR_TRY(const std::int64_t less,
             transaction.execute("update alerts set screen_evidence_days = ?2, change = " CANDOR_NEXT_CHANGE
                                 " where policy = ?1 and status = 'needs_review' and screen_evidence_days > ?2",
                                 {policy, days}));
  return more + less == 0 ? Result<void>{} : note_change(transaction);
}

Result<std::vector<PersonId>> AlertBook::held(const std::set<std::string>& but_for) const {
  std::vector<PersonId> held;
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY_VOID(
      reading.each("select person, alert_id from alerts where status in ('needs_review', 'confirmed') order by person",
                   {}, [&](const Row& row) {
                     const auto person = row.id<PersonId>(0);
                     if (!but_for.contains(row.text(1)) && (held.empty() || held.back() != person))
                       held.push_back(person);
                     return true;
                   }));
  return held;
}

namespace {

constexpr std::size_t kFewPeople = 500;  // for more of them reading every decision once is quicker

// Of an alert, and of one that retention took; the last column tells which. In one order: person, policy, k, number.
#define CANDOR_DECISION_COLUMNS                                                                           \
  "a.person as person, a.policy as policy, a.k as k, d.kind, d.cutoff, d.at, case when d.returned_at is " \
  "null then 0 else 1 end, 0, d.number as number"
#define CANDOR_REMAINS_COLUMNS "person, policy, k, kind, cutoff, at, returned, 1, number from alert_remains"

// Takes decisions that stand in the order of their alerts and numbers. `returned` says of the boundary taken last
// whether a second reading disagreed with it.
bool take_decision(Decisions& out, bool& returned, const Row& row) {
  PersonDecisions& person = out[row.id<PersonId>(0)];
  const auto k = static_cast<std::size_t>(row.integer(2));
  if (row.integer(7) != 0) person.removed.emplace(row.text(1), static_cast<int>(k));
  person.shown[{row.text(1), static_cast<int>(k)}].push_back({.at = row.integer(5), .cutoff = row.integer(4)});
  if (row.text(3) == "confirmed") {
    person.confirmed.push_back({.policy = row.text(1), .k = static_cast<int>(k), .cutoff = row.integer(4)});
    return true;
  }
  // A dismissal takes a confirmation of the same alert back; resolving ends the work on it and judges nothing.
  if (row.text(3) == "dismissed") {
    std::erase_if(person.confirmed, [&](const PersonDecisions::Confirmed& one) {
      return one.policy == row.text(1) && one.k == static_cast<int>(k);
    });
  }
  // The first closing decision of an alert is its boundary; later ones only repeat it after late evidence.
  std::vector<PersonDecisions::Closing>& closing = person.closing[row.text(1)];
  const bool dismissed = row.text(3) == "dismissed" && row.integer(6) == 0;
  if (closing.size() == k) {
    returned = row.integer(6) != 0;
    closing.push_back({.cutoff = row.integer(4), .day = day_of(row.integer(5)), .dismissed = dismissed});
  } else if (returned && dismissed) {
    closing.back().dismissed = true;  // dismissed again, by somebody who knew of both readings
  }
  return true;
}

}  // namespace

Result<Decisions> AlertBook::decisions() const {
  Decisions out;
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY_VOID(
      reading.each("select " CANDOR_DECISION_COLUMNS " from alert_decisions d "
                   "join alerts a on a.alert_id = d.alert_id where d.undone_at is null "
                   "union all select " CANDOR_REMAINS_COLUMNS " order by person, policy, k, number",
                   {}, [&, returned = false](const Row& row) mutable { return take_decision(out, returned, row); }));
  return out;
}

Result<Decisions> AlertBook::decisions(std::span<const PersonId> people) const {
  if (people.size() > kFewPeople) return decisions();
  Decisions out;
  CANDOR_TRY(Reading reading, store_.read());
  for (const PersonId& person : people) {
    CANDOR_TRY_VOID(reading.each("select " CANDOR_DECISION_COLUMNS " from alerts a "
                                 "join alert_decisions d on d.alert_id = a.alert_id "
                                 "where a.person = ?1 and d.undone_at is null "
                                 "union all select " CANDOR_REMAINS_COLUMNS " where person = ?1 "
                                 "order by policy, k, number",
                                 {person}, [&, returned = false](const Row& row) mutable {
                                   return take_decision(out, returned, row);
                                 }));
  }
  return out;
}

}  // namespace candor
