#include <algorithm>

#include "alerts/alert_rows.h"
#include "alerts/alerts.h"
#include "alerts/over_alerts.h"
#include "assessment/pending.h"

// What people decide about alerts. A closing decision is input to later assessments, so the person is marked in the
// same transaction.
namespace candor {
namespace {

constexpr std::size_t kMostText = 4'000;
constexpr TimePoint kUnworkedFor = 120 * kMicrosPerDay;

struct Decision {
  AlertStatus status = AlertStatus::dismissed;
  std::optional<DismissReason> reason;
  std::string_view note;
  std::optional<std::string_view> viewer;
  std::optional<TimePoint> evidence_until;  // nullopt: what the row says
};

// Where the alert before this one ended: evidence shown must lie after it.
Result<std::optional<TimePoint>> begin_of(Reading& reading, const AlertRow& row) {
  if (row.k == 0) return std::nullopt;
  CANDOR_TRY(const auto before, reading.row("select alert_id from alerts where policy = ?1 and person = ?2 and k = ?3",
                                            {row.policy, row.person, row.k - 1}));
  if (!before) return remembered_cutoff(reading, row.policy, row.person, row.k - 1);
  return closing_cutoff(reading, before->text(0));
}

Result<TimePoint> cutoff_of(Reading& reading, const AlertRow& row, const Decision& decision) {
  CANDOR_TRY(const auto boundary, closing_cutoff(reading, row.id));
  if (boundary) return *boundary;  // returned to the queue by late evidence: its end does not move
  const TimePoint cutoff = decision.evidence_until.value_or(row.evidence_until);
  if (cutoff > row.evidence_until) {
    return fail("alerts.bad_decision", "`evidence_until` lies after the alert's latest evidence; load the alert again");
  }
  // Nobody was shown the alert before the day it came to exist. Its evidence may have ended earlier all the same: a
  // policy's first day and a confirmation raise scores without new evidence.
  if (day_of(cutoff) < row.first_day && cutoff != row.evidence_until) {
    return fail("alerts.bad_decision", "`evidence_until` lies before the alert existed; load the alert again");
  }
  CANDOR_TRY(const auto begin, begin_of(reading, row));
  if (begin && cutoff <= *begin) {
    return fail("alerts.bad_decision", "`evidence_until` belongs to an earlier alert; load the alert again");
  }
  return cutoff;
}

Result<void> decide(Transaction& transaction, std::string_view alert_id, const Decision& decision, TimePoint now) {
  if (decision.note.size() > kMostText) return fail("alerts.bad_decision", "a note has at most 4,000 bytes");
  if (decision.reason == DismissReason::other && decision.note.empty()) {
    return fail("alerts.bad_decision", "the reason `other` needs a note");
  }
  CANDOR_TRY(const AlertRow row, read_alert(transaction, alert_id));
  const bool confirming = decision.status == AlertStatus::confirmed;
  if (!row.is_open() || (confirming && row.status == AlertStatus::confirmed)) {
    return fail("alerts.closed", "the alert is " + std::string(to_text(row.status)) + " already; load it again");
  }
  CANDOR_TRY(const TimePoint cutoff, cutoff_of(transaction, row, decision));
  std::optional<std::string_view> reason;
  if (decision.reason) reason = to_text(*decision.reason);
  CANDOR_TRY_VOID(transaction.execute(
      "insert into alert_decisions (alert_id, number, kind, reason, note, viewer, at, cutoff, revision, status_before, "
      "changed_before) values (?1, (select coalesce(max(number), 0) + 1 from alert_decisions where alert_id = ?1), ?2, "
      "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      {row.id, to_text(decision.status), reason, decision.note, decision.viewer, now, cutoff, row.revision,
       to_text(row.status), row.changed_after_decision ? 1 : 0}));
  CANDOR_TRY_VOID(transaction.execute(
      "update alerts set status = ?2, updated_at = ?3, changed_after_decision = 0, change = " CANDOR_NEXT_CHANGE
      " where alert_id = ?1",
      {row.id, to_text(decision.status), now}));
  CANDOR_TRY_VOID(note_change(transaction));
  return mark_for_assessment(transaction, row.person);
}

}  // namespace

Result<void> AlertBook::dismiss(std::string_view alert_id, DismissReason reason, std::string_view note,
                                TimePoint evidence_until, std::string_view viewer) {
  return store_.transact(
      [&](Transaction& transaction) { return dismiss(transaction, alert_id, reason, note, evidence_until, viewer); });
}

Result<void> AlertBook::dismiss(Transaction& transaction, std::string_view alert_id, DismissReason reason,
                                std::string_view note, TimePoint evidence_until, std::string_view viewer) {
  return decide(transaction, alert_id,
                {.status = AlertStatus::dismissed,
                 .reason = reason,
                 .note = note,
                 .viewer = viewer,
                 .evidence_until = evidence_until},
                clock_.now());
}

Result<void> AlertBook::resolve(std::string_view alert_id, std::string_view note, TimePoint evidence_until,
                                std::string_view viewer) {
  return store_.transact(
      [&](Transaction& transaction) { return resolve(transaction, alert_id, note, evidence_until, viewer); });
}

Result<void> AlertBook::resolve(Transaction& transaction, std::string_view alert_id, std::string_view note,
                                TimePoint evidence_until, std::string_view viewer) {
  return decide(transaction, alert_id,
                {.status = AlertStatus::resolved,
                 .reason = std::nullopt,
                 .note = note,
                 .viewer = viewer,
                 .evidence_until = evidence_until},
                clock_.now());
}

Result<void> AlertBook::confirm(std::string_view alert_id, std::string_view note, std::string_view viewer) {
  return store_.transact([&](Transaction& transaction) { return confirm(transaction, alert_id, note, viewer); });
}

Result<void> AlertBook::confirm(Transaction& transaction, std::string_view alert_id, std::string_view note,
                                std::string_view viewer) {
  return decide(transaction, alert_id,
                {.status = AlertStatus::confirmed,
                 .reason = std::nullopt,
                 .note = note,
                 .viewer = viewer,
                 .evidence_until = std::nullopt},
                clock_.now());
}

Result<AlertComment> AlertBook::comment(std::string_view alert_id, std::string_view text, std::string_view viewer) {
  return store_.transact([&](Transaction& transaction) { return comment(transaction, alert_id, text, viewer); });
}

Result<AlertComment> AlertBook::comment(Transaction& transaction, std::string_view alert_id, std::string_view text,
                                        std::string_view viewer) {
  if (text.empty() || text.size() > kMostText) {
    return fail("alerts.bad_decision", "a comment has 1 to 4,000 bytes");
  }
  CANDOR_TRY(const AlertRow row, read_alert(transaction, alert_id));
  AlertComment comment{.id = 1, .at = clock_.now(), .viewer = std::string(viewer), .text = std::string(text)};
  CANDOR_TRY(const auto last, transaction.row("select max(number) from alert_comments where alert_id = ?1", {row.id}));
  if (last) comment.id = last->integer(0) + 1;
  CANDOR_TRY_VOID(
      transaction.execute("insert into alert_comments (alert_id, number, at, viewer, text) values (?1, ?2, ?3, ?4, ?5)",
                          {row.id, comment.id, comment.at, comment.viewer, comment.text}));
  return comment;
}

Result<void> AlertBook::assign(Transaction& transaction, std::string_view alert_id, std::string_view to) {
  CANDOR_TRY(const AlertRow row, read_alert(transaction, alert_id));
  if (!row.is_open()) {
    return fail("alerts.closed", "the alert is " + std::string(to_text(row.status)) + " already; load it again");
  }
  if (row.assigned == to) return fail("alerts.assigned_already", "the alert is given to that viewer already");
  CANDOR_TRY_VOID(transaction.execute(
      "update alerts set assigned = ?2, change = " CANDOR_NEXT_CHANGE " where alert_id = ?1", {row.id, to}));
  return note_change(transaction);
}

Result<void> AlertBook::note_case(Transaction& transaction, std::string_view alert_id) {
  CANDOR_TRY_VOID(transaction.execute(
      "update alerts set in_case = 1, change = " CANDOR_NEXT_CHANGE " where alert_id = ?1", {alert_id}));
  return note_change(transaction);
}

Result<std::int64_t> AlertBook::expire() {
  const TimePoint now = clock_.now();
  return store_.transact([&](Transaction& transaction) -> Result<std::int64_t> {
    CANDOR_TRY(
        const auto rows,
        transaction.rows("select a.alert_id from alerts a where a.status = 'needs_review' and a.queued_at <= ?1 "
                         "and not exists (select 1 from alert_comments c where c.alert_id = a.alert_id and c.at > "
                         "?1) and not exists (select 1 from alert_decisions d where d.alert_id = a.alert_id and "
                         "d.at > ?1)",
                         {now - kUnworkedFor}));
    // Not in the statement: asked for ids in order, the engine reads all alerts in that order.
    std::vector<std::string> ids;
    for (const Row& row : rows) ids.push_back(row.text(0));
    std::ranges::sort(ids);
    for (const std::string& id : ids) {
      CANDOR_TRY_VOID(decide(transaction, id,
                             {.status = AlertStatus::expired,
                              .reason = std::nullopt,
                              .note = "Nobody worked on it for 120 days.",
                              .viewer = std::nullopt,
                              .evidence_until = std::nullopt},
                             now));
    }
    return static_cast<std::int64_t>(rows.size());
  });
}

}  // namespace candor
