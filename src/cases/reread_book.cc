#include "cases/reread_book.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>

namespace candor {
namespace {

constexpr std::uint64_t kParts = 1'000'000;

// Waits, and its dismissal is the last word on the alert.
#define CANDOR_WAITING_REREADS                                                                                   \
  "select r.alert_id, r.decision, r.revision, r.decided_by, r.due from rereads r join alerts a on a.alert_id = " \
  "r.alert_id where r.answer = '' and a.status = 'dismissed' and r.decided_by <> ?1 and r.decision = (select "   \
  "max(d.number) from alert_decisions d where d.alert_id = r.alert_id and d.undone_at is null)"

Reread waiting_row(const Row& row) {
  return {.alert_id = row.text(0),
          .decision = row.integer(1),
          .revision = row.integer(2),
          .decided_by = row.text(3),
          .due = static_cast<Day>(row.integer(4))};
}

// Where the dismissal falls, 0 to kParts - 1.
std::uint64_t part_of(const Keys& keys, std::string_view alert_id, std::int64_t number) {
  const auto key = keys.derive("second readings");
  const std::string text = std::string(alert_id) + " " + std::to_string(number);
  std::array<std::uint8_t, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     key.data(), key.size());
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8U | hash[i];
  return value % kParts;
}

}  // namespace

std::string_view to_text(RereadAnswer answer) { return answer == RereadAnswer::dismiss ? "dismiss" : "confirm"; }

std::optional<RereadAnswer> reread_answer(std::string_view text) {
  for (const RereadAnswer answer : {RereadAnswer::dismiss, RereadAnswer::confirm})
    if (to_text(answer) == text) return answer;
  return std::nullopt;
}

std::optional<std::int64_t> RereadFigures::agreement() const {
  if (read == 0) return std::nullopt;
  return agreed * 1'000'000 / read;
}

Result<bool> RereadBook::choose(Transaction& work, std::string_view alert_id, const RereadRule& rule) const {
  CANDOR_TRY(const auto standing, standing_dismissal(work, alert_id));
  if (!standing || !standing->decision.viewer) return false;
  if (part_of(keys_, alert_id, standing->number) >= static_cast<std::uint64_t>(rule.percent) * (kParts / 100)) {
    return false;
  }
  CANDOR_TRY(const auto known, work.row("select 1 from case_alerts where alert_id = ?1 union all select 1 from rereads "
                                        "where alert_id = ?1 and (answer <> '' or decision = ?2)",
                                        {alert_id, standing->number}));
  if (known) return false;
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(
      work.execute("insert into rereads (alert_id, decision, revision, decided_by, chosen_at, due, answer, reason, "
                   "answered_by, answered_at) values (?1, ?2, ?3, ?4, ?5, ?6, '', '', '', null)",
                   {alert_id, standing->number, standing->revision, *standing->decision.viewer, now,
                    day_of(now) + static_cast<Day>(rule.days)}));
  return true;
}

Result<std::vector<Reread>> RereadBook::waiting(Reading& reading, std::string_view user) const {
  std::vector<Reread> found;
  CANDOR_TRY_VOID(reading.each(CANDOR_WAITING_REREADS " order by r.due, r.alert_id", {user}, [&](const Row& row) {
    found.push_back(waiting_row(row));
    return true;
  }));
  return found;
}

Result<std::optional<Reread>> RereadBook::waiting(Reading& reading, std::string_view user,
                                                  std::string_view alert_id) const {
  CANDOR_TRY(const auto row, reading.row(CANDOR_WAITING_REREADS " and r.alert_id = ?2", {user, alert_id}));
  return row ? std::optional(waiting_row(*row)) : std::nullopt;
}

Result<void> RereadBook::answer(Transaction& work, std::string_view alert_id, RereadAnswer answer,
                                std::string_view reason, std::string_view user) const {
  if (reason.empty() || reason.size() > kLongestRereadReason || reason.find('\0') != std::string_view::npos) {
    return fail("rereads.bad_text", "a reason has 1 to 4,000 bytes of text");
  }
  CANDOR_TRY(const auto one, waiting(work, user, alert_id));
  if (!one) return fail("rereads.not_waiting", "this alert does not wait to be read a second time");
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(
      work.execute("update rereads set answer = ?3, reason = ?4, answered_by = ?5, answered_at = ?6 where alert_id = "
                   "?1 and decision = ?2",
                   {alert_id, one->decision, to_text(answer), reason, user, now}));
  if (answer == RereadAnswer::dismiss) return {};
  const std::string said =
      "A second reading, made without knowing of the first, disagreed with the dismissal: " + std::string(reason);
  return return_to_queue(work, alert_id, one->decision, said, user, now);
}

Result<bool> RereadBook::is_answered(Reading& reading, std::string_view alert_id, std::int64_t decision) {
  CANDOR_TRY(const auto row, reading.row("select 1 from rereads where alert_id = ?1 and decision = ?2 and answer <> ''",
                                         {alert_id, decision}));
  return row.has_value();
}

Result<std::optional<AnsweredReread>> RereadBook::answered(Reading& reading, std::string_view alert_id) const {
  CANDOR_TRY(const auto row,
             reading.row("select decision, answer, reason, answered_by, answered_at from rereads where alert_id = ?1 "
                         "and answer <> '' order by decision desc limit 1",
                         {alert_id}));
  if (!row) return std::nullopt;
  CANDOR_TRY(const auto first, dismissal(reading, alert_id, row->integer(0)));
  if (!first) return std::nullopt;
  return AnsweredReread{.answer = reread_answer(row->text(1)).value_or(RereadAnswer::dismiss),
                        .reason = row->text(2),
                        .by = row->text(3),
                        .at = row->integer(4),
                        .first = first->decision};
}

Result<RereadReport> RereadBook::report(Reading& reading, Day from, Day to, const HiddenPeople& not_about) {
  RereadReport report;
  CANDOR_TRY_VOID(reading.each(
      "select a.policy, r.answer from rereads r join alerts a on a.alert_id = r.alert_id where "
      "r.answer <> '' and a.created_at >= ?1 and a.created_at < ?2 and a.screen_evidence_days = 0 "
      "and " CANDOR_SHOWN("a.person_hex", "?3", "?4"),
      {start_of(from), start_of(to + 1), not_about.people_text(), not_about.units_text()}, [&](const Row& row) {
        RereadFigures& figures = report.policies[row.text(0)];
        ++figures.read;
        if (reread_answer(row.text(1)) == RereadAnswer::dismiss) ++figures.agreed;
        return true;
      }));
  RereadFigures all;
  RereadFigures few;
  for (const auto& [policy, figures] : report.policies) {
    RereadFigures& into = figures.read < kFewestRereads ? few : all;
    into.read += figures.read;
    into.agreed += figures.agreed;
  }
  // What the policies that are shown leave of the whole would tell of the others.
  if (few.read >= kFewestRereads) {
    all.read += few.read;
    all.agreed += few.agreed;
  }
  if (all.read >= kFewestRereads) report.all = all;
  std::erase_if(report.policies, [](const auto& one) { return one.second.read < kFewestRereads; });
  return report;
}

}  // namespace candor
