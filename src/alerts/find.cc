#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "alerts/alert_rows.h"
#include "alerts/alert_table.h"
#include "alerts/alerts.h"
#include "alerts/policy_rows.h"
#include "policy/receipt_json.h"

// What viewers read: the queue, one alert, its past.
namespace candor {
namespace {

constexpr std::size_t kMostRows = 1'000;
#define CANDOR_DECIDED_COLUMNS                                             \
  "d.alert_id, d.kind, d.reason, coalesce(d.viewer, ''), d.at, case when " \
  "d.returned_at is null then 0 else 1 end"

AlertDecision decision_row(const Row& row) {
  return {.kind = row.text(0),
          .reason = row.is_null(1) ? std::nullopt : dismiss_reason(row.text(1)),
          .note = row.text(2),
          .viewer = row.is_null(3) ? std::nullopt : std::optional(row.text(3)),
          .at = row.integer(4),
          .cutoff = row.integer(5)};
}

// That somebody took it back.
AlertHistoryLine undone_line(const Row& row) {
  return {.at = row.integer(6),
          .kind = "undone",
          .viewer = row.text(7),
          .text = row.text(0),
          .score = std::nullopt,
          .severity = std::nullopt};
}

AlertHistoryLine line_of(const AlertDecision& decision) {
  std::string text;
  if (decision.reason) text = to_text(*decision.reason);
  if (!decision.note.empty()) text += (text.empty() ? "" : ": ") + decision.note;
  return {.at = decision.at,
          .kind = decision.kind,
          .viewer = decision.viewer,
          .text = std::move(text),
          .score = std::nullopt,
          .severity = std::nullopt};
}

Result<std::vector<AlertHistoryLine>> revisions_as_history(Reading& reading, std::string_view alert_id) {
  std::vector<AlertHistoryLine> out;
  CANDOR_TRY(const auto rows, reading.rows("select known_at, kind, reason, score, severity from alert_revisions "
                                           "where alert_id = ?1 order by revision",
                                           {alert_id}));
  for (const Row& row : rows) {
    out.push_back({.at = row.integer(0),
                   .kind = row.text(1),
                   .viewer = std::nullopt,
                   .text = row.text(2),
                   .score = row.integer(3),
                   .severity = static_cast<AlertSeverity>(row.integer(4))});
  }
  return out;
}

Result<std::vector<AlertComment>> comments_of(Reading& reading, std::string_view alert_id) {
  std::vector<AlertComment> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select number, at, viewer, text from alert_comments where alert_id = ?1 order by number",
                          {alert_id}));
  for (const Row& row : rows) {
    out.push_back({.id = row.integer(0), .at = row.integer(1), .viewer = row.text(2), .text = row.text(3)});
  }
  return out;
}

// What the table does not know of itself.
Result<AlertTable::Around> around_of(Store& store, const HiddenPeople& not_about) {
  CANDOR_TRY(Reading reading, store.read());
  AlertTable::Around around;
  around.hidden = not_about.people;
  CANDOR_TRY(UnitSight sight, unit_sight(reading, not_about));
  around.only = std::move(sight.only);
  around.hidden.insert(around.hidden.end(), sight.without.begin(), sight.without.end());
  CANDOR_TRY(const PolicyOrder order, policy_rows::read_order(reading));
  around.policies = order.policies;
  return around;
}

}  // namespace

// The table as of a change. Whoever asks reads first what changed since.
class AlertBook::Memory {
 public:
  explicit Memory(PersonLabel label) : label_(std::move(label)), table_(std::make_unique<AlertTable>(label_)) {}

  template <typename Ask>
  auto ask(Store& store, bool labels, const Ask& answer) -> Result<decltype(answer(std::declval<AlertTable&>()))> {
    CANDOR_TRY_VOID(follow(store, labels));
    const std::shared_lock lock(mutex_);
    return answer(std::as_const(*table_));
  }

 private:
  static constexpr std::size_t kMostGone = 100'000;

  Result<void> follow(Store& store, bool labels) {
    CANDOR_TRY(Reading reading, store.read());
    CANDOR_TRY(const auto row, reading.row("select last, removed from alert_changes"));
    const std::int64_t last = row ? row->integer(0) : 0;
    {
      const std::shared_lock lock(mutex_);
      if (seen_ >= last && (!labels || table_->has_all_labels())) return {};
    }
    const std::unique_lock lock(mutex_);
    if (seen_ < last) {
      CANDOR_TRY_VOID(read_changes(reading, row && row->integer(1) > seen_));
      seen_ = last;
    }
    if (labels) table_->read_labels();
    return {};
  }

  Result<void> read_changes(Reading& reading, bool removed) {
    const auto put = [this](const Row& row) {
      table_->put(alert_row(row), row.text(kAlertColumns));
      return true;
    };
    const auto decide = [this](const Row& row) {
      table_->put_decision(row.text(0), {.kind = row.text(1),
                                         .reason = row.is_null(2) ? std::nullopt : dismiss_reason(row.text(2)),
                                         .viewer = row.text(3),
                                         .at = row.integer(4),
                                         .returned = row.integer(5) != 0});
      return true;
    };
    if (seen_ < 0 || table_->gone() > kMostGone) {
      table_ = std::make_unique<AlertTable>(label_);
      CANDOR_TRY_VOID(reading.each("select " CANDOR_ALERT_COLUMNS ", cause from alerts", {}, put));
      return reading.each("select " CANDOR_DECIDED_COLUMNS
                          " from alert_decisions d where d.undone_at is null "
                          "order by d.alert_id, d.number",
                          {}, decide);
    }
    CANDOR_TRY_VOID(reading.each("select " CANDOR_ALERT_COLUMNS ", cause from alerts where change > ?1", {seen_}, put));
    CANDOR_TRY_VOID(reading.each("select " CANDOR_DECIDED_COLUMNS " from alerts a join alert_decisions d on "
                                 "d.alert_id = a.alert_id where a.change > ?1 and d.undone_at is null "
                                 "order by a.change, d.number",
                                 {seen_}, decide));
    if (!removed) return {};
    std::vector<std::string> left;
    CANDOR_TRY_VOID(reading.each("select alert_id from alerts order by alert_id", {}, [&](const Row& row) {
      left.push_back(row.text(0));
      return true;
    }));
    table_->keep_only(left);
    return {};
  }

  std::shared_mutex mutex_;
  const PersonLabel label_;
  std::unique_ptr<AlertTable> table_;
  std::int64_t seen_ = -1;  // number of the change it holds all up to; -1: nothing was read
};

AlertBook::AlertBook(Store& store, const Clock& clock, PersonLabel label)
    : store_(store), clock_(clock), memory_(std::make_unique<Memory>(std::move(label))) {}

AlertBook::~AlertBook() = default;

Result<AlertPage> AlertBook::find(const AlertQuery& query) const {
  if (query.limit > kMostRows) return fail("alerts.bad_query", "a page has at most 1,000 rows");
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, query.not_about));
  return memory_->ask(store_, !query.text.empty(), [&](const AlertTable& table) { return table.find(query, around); });
}

Result<std::vector<std::string>> AlertBook::matching(const AlertQuery& query, std::size_t most) const {
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, query.not_about));
  return memory_->ask(store_, !query.text.empty(),
                      [&](const AlertTable& table) { return table.matching(query, around, most); });
}

Result<AlertNeighbours> AlertBook::neighbours(std::string_view alert_id, const AlertQuery& query) const {
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, query.not_about));
  CANDOR_TRY(const auto found, memory_->ask(store_, !query.text.empty(), [&](const AlertTable& table) {
    return table.neighbours(alert_id, query, around);
  }));
  if (!found) return fail("alerts.not_found", "there is no such alert");
  return *found;
}

Result<AlertReport> AlertBook::report(Day from, Day to, const HiddenPeople& not_about,
                                      const std::set<std::string>& undecided) const {
  if (to < from) return fail("alerts.bad_query", "the last day of a report lies before its first");
  if (to - from >= kMostReportedDays) return fail("alerts.bad_query", "a report is about at most 400 days");
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, not_about));
  return memory_->ask(store_, false,
                      [&](const AlertTable& table) { return table.report(from, to, undecided, around); });
}

Result<AlertDetail> AlertBook::get(std::string_view alert_id) const {
  CANDOR_TRY(Reading reading, store_.read());
  AlertDetail detail;
  CANDOR_TRY(detail.row, read_alert(reading, alert_id));
  CANDOR_TRY(const auto receipt,
             reading.row("select receipt from alert_revisions where alert_id = ?1 and revision = ?2",
                         {alert_id, detail.row.revision}));
  if (!receipt) return fail("policy.bad_receipt", "the alert's receipt is missing; restore the backup");
  CANDOR_TRY(detail.assessment, assessment_from_json(receipt->text(0)));
  detail.assessment.person = detail.row.person;
  CANDOR_TRY(detail.comments, comments_of(reading, alert_id));
  CANDOR_TRY(detail.history, revisions_as_history(reading, alert_id));
  CANDOR_TRY(const auto decisions, reading.rows("select kind, reason, note, viewer, at, cutoff, undone_at, undone_by "
                                                "from alert_decisions where alert_id = ?1 order by number",
                                                {alert_id}));
  for (const Row& row : decisions) {
    AlertDecision decision = decision_row(row);
    detail.history.push_back(line_of(decision));
    if (row.is_null(6)) {
      detail.decision = std::move(decision);
    } else {
      detail.history.push_back(undone_line(row));
    }
  }
  // Insertion sort: stable, and a history is short.
  for (std::size_t i = 1; i < detail.history.size(); ++i) {
    for (std::size_t j = i; j > 0 && detail.history[j].at < detail.history[j - 1].at; --j) {
      std::swap(detail.history[j], detail.history[j - 1]);
    }
  }
  return detail;
}

Result<std::vector<AlertRevision>> AlertBook::revisions(std::string_view alert_id) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const AlertRow alert, read_alert(reading, alert_id));
  std::vector<AlertRevision> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select revision, known_at, as_of, kind, reason, score, severity, receipt from "
                          "alert_revisions where alert_id = ?1 order by revision",
                          {alert_id}));
  for (const Row& row : rows) {
    CANDOR_TRY(Assessment assessment, assessment_from_json(row.text(7)));
    assessment.person = alert.person;
    out.push_back({.revision = row.integer(0),
                   .known_at = row.integer(1),
                   .as_of = static_cast<Day>(row.integer(2)),
                   .kind = row.text(3),
                   .reason = row.text(4),
                   .score = row.integer(5),
                   .severity = static_cast<AlertSeverity>(row.integer(6)),
                   .assessment = std::move(assessment)});
  }
  return out;
}

Result<std::vector<PersonId>> AlertBook::people() const {
  std::vector<PersonId> out;
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY_VOID(reading.each("select distinct person from alerts order by person", {}, [&](const Row& row) {
    out.push_back(row.id<PersonId>(0));
    return true;
  }));
  return out;
}

Result<std::int64_t> AlertBook::last_change(Reading& reading) {
  CANDOR_TRY(const auto row, reading.row("select last from alert_changes"));
  return row ? row->integer(0) : 0;
}

// What the statements leave open is asked here: an engine without statistics would take the index of statuses, and with
// it read all that waits.
Result<void> AlertBook::each_high_waiting(
    Reading& reading, std::int64_t after,
    const std::function<bool(const AlertRow& alert, std::int64_t change)>& visit) {
  const auto one = [&](const Row& row) {
    const AlertRow alert = alert_row(row);
    const bool is_high = alert.severity == AlertSeverity::high && alert.status == AlertStatus::needs_review;
    if (!is_high || alert.is_held() || alert.screen_evidence_days != 0) return true;
    return visit(alert, row.integer(kAlertColumns));
  };
  if (after < 0) {
    return reading.each(
        "select " CANDOR_ALERT_COLUMNS ", change from alerts where status = 'needs_review' and severity = 3", {}, one);
  }
  return reading.each("select " CANDOR_ALERT_COLUMNS ", change from alerts where change > ?1 order by change", {after},
                      one);
}

Result<std::vector<AlertRow>> AlertBook::of_person(const PersonId& person) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select " CANDOR_ALERT_COLUMNS " from alerts where person = ?1 order by created_at, alert_id",
                          {person}));
  std::vector<AlertRow> out;
  for (const Row& row : rows) out.push_back(alert_row(row));
  return out;
}

Result<std::map<std::string, std::int64_t>> AlertBook::alerted_since(TimePoint since,
                                                                     const HiddenPeople& not_about) const {
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, not_about));
  return memory_->ask(store_, false, [&](const AlertTable& table) { return table.alerted_since(since, around); });
}

Result<std::map<std::string, std::map<AlertStatus, std::int64_t>>> AlertBook::counts(
    const HiddenPeople& not_about) const {
  CANDOR_TRY(const AlertTable::Around around, around_of(store_, not_about));
  return memory_->ask(store_, false, [&](const AlertTable& table) { return table.counts(around); });
}

}  // namespace candor
