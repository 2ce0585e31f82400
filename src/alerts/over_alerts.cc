#include "alerts/over_alerts.h"

#include <array>
#include <limits>

#include "alerts/alert_rows.h"
#include "alerts/alerts.h"
#include "assessment/pending.h"

namespace candor {
namespace {

// In order: what points to the alert goes before it.
constexpr std::array kOfAlert = {
    Sql("delete from alert_revisions where alert_id = ?1"), Sql("delete from alert_decisions where alert_id = ?1"),
    Sql("delete from alert_comments where alert_id = ?1"),
    Sql("update expectations set alert_id = '' where alert_id = ?1"), Sql("delete from alerts where alert_id = ?1")};

// Before every time there is: nothing is over.
TimePoint or_never(std::optional<TimePoint> time) { return time.value_or(std::numeric_limits<TimePoint>::min()); }

// An alert nobody closed ends where its evidence does now: what comes later is the next one's.
Result<void> close_unclosed(Transaction& work, const AlertRow& alert, TimePoint now) {
  CANDOR_TRY(const auto closed, closing_cutoff(work, alert.id));
  if (closed) return {};
  CANDOR_TRY_VOID(work.execute(
      "insert into alert_remains (policy, person, k, number, kind, cutoff, at, returned) values (?1, ?2, ?3, (select "
      "coalesce(max(number), 0) + 1 from alert_remains where policy = ?1 and person = ?2 and k = ?3), 'expired', ?4, "
      "?5, 0)",
      {alert.policy, alert.person, alert.k, alert.evidence_until, now}));
  return mark_for_assessment(work, alert.person);
}

Result<void> remember(Transaction& work, const AlertRow& alert, TimePoint now) {
  CANDOR_TRY(const std::int64_t decisions,
             work.execute("insert into alert_remains (policy, person, k, number, kind, cutoff, at, returned) select "
                          "a.policy, a.person, a.k, d.number, d.kind, d.cutoff, d.at, case when d.returned_at is null "
                          "then 0 else 1 end from alert_decisions d join alerts a on a.alert_id = d.alert_id where "
                          "d.alert_id = ?1 and d.undone_at is null",
                          {alert.id}));
  // No evidence made it when it was withdrawn, so none needs to be kept from making it.
  if (decisions == 0 && alert.status == AlertStatus::withdrawn) return {};
  return close_unclosed(work, alert, now);
}

}  // namespace

Result<std::vector<OverAlert>> over_alerts(Reading& reading, const AlertsKept& kept, std::string_view after,
                                           std::size_t most) {
  std::vector<OverAlert> out;
  if (!kept.undecided && !kept.decided) return out;
  CANDOR_TRY_VOID(reading.each(
      "select alert_id, person, status from alerts where alert_id > ?1 and in_case = 0 and ((status in "
      "('needs_review', 'expired') and queued_at < ?2 and not exists (select 1 from alert_comments c where "
      "c.alert_id = alerts.alert_id and c.at >= ?2)) or (status = 'withdrawn' and updated_at < ?2) or (status in "
      "('confirmed', 'dismissed', 'resolved') and updated_at < ?3)) order by alert_id limit ?4",
      {after, or_never(kept.undecided), or_never(kept.decided), static_cast<std::int64_t>(most)}, [&](const Row& row) {
        const auto status = alert_status(row.text(2));
        const bool decided =
            status == AlertStatus::confirmed || status == AlertStatus::dismissed || status == AlertStatus::resolved;
        out.push_back({.id = row.text(0), .person = row.id<PersonId>(1), .decided = decided});
        return true;
      }));
  return out;
}

Result<std::int64_t> remove_alerts(Transaction& work, std::span<const std::string> ids, TimePoint now) {
  std::int64_t removed = 0;
  for (const std::string& id : ids) {
    const auto alert = read_alert(work, id);
    if (!alert && alert.error().id == "alerts.not_found") continue;
    if (!alert) return std::unexpected(alert.error());
    CANDOR_TRY_VOID(remember(work, *alert, now));
    for (const Sql& statement : kOfAlert) CANDOR_TRY_VOID(work.execute(statement, {id}));
    ++removed;
  }
  if (removed > 0) CANDOR_TRY_VOID(note_change(work, true));
  return removed;
}

Result<std::vector<PersonId>> people_of_remains(Reading& reading) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each("select distinct person from alert_remains order by person", {}, [&](const Row& row) {
    people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return people;
}

Result<std::vector<RemainingDecision>> remains_of(Reading& reading, const PersonId& person) {
  std::vector<RemainingDecision> out;
  CANDOR_TRY_VOID(
      reading.each("select policy, k, kind, cutoff, at from alert_remains where person = ?1 order by policy, k, number",
                   {person}, [&](const Row& row) {
                     out.push_back({.policy = row.text(0),
                                    .k = static_cast<int>(row.integer(1)),
                                    .kind = row.text(2),
                                    .evidence_until = row.integer(3),
                                    .at = row.integer(4)});
                     return true;
                   }));
  return out;
}

Result<std::int64_t> forget_remains(Transaction& work, const PersonId& person) {
  return work.execute("delete from alert_remains where person = ?1", {person});
}

// All or nothing of an alert: a confirmation that became an end would end it before its evidence does.
Result<std::int64_t> fade_remains(Transaction& work, const PersonId& person, TimePoint evidence, TimePoint decided) {
  return work.execute(
      "update alert_remains set kind = 'expired', returned = 0 where person = ?1 and (kind <> 'expired' or returned <> "
      "0) and not exists (select 1 from alert_remains o where o.policy = alert_remains.policy and o.person = "
      "alert_remains.person and o.k = alert_remains.k and (o.cutoff >= ?2 or o.at >= ?3))",
      {person, evidence, decided});
}

Result<std::optional<TimePoint>> remembered_cutoff(Reading& reading, std::string_view policy, const PersonId& person,
                                                   int k) {
  CANDOR_TRY(const auto row, reading.row("select cutoff from alert_remains where policy = ?1 and person = ?2 and k = "
                                         "?3 and kind <> 'confirmed' order by number limit 1",
                                         {policy, person, k}));
  return row ? row->optional_integer(0) : std::nullopt;
}

}  // namespace candor
