#include "organisation/setting_book.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr std::array<std::string_view, 6> kSettingDecisions = {"waits",    "agreed",   "not_needed",
                                                               "rejected", "replaced", "withdrawn"};
constexpr Sql kSettingColumns =
    "select number, setting, value, asked_by, reason, asked_at, decision, decided_by, decided_reason, decided_at from "
    "setting_changes order by number";

std::string stored_decision(SettingDecision decision) {
  return decision == SettingDecision::waits ? "" : std::string(to_text(decision));
}

SettingDecision decision_of(const std::string& text) {
  const auto found = std::ranges::find(kSettingDecisions, std::string_view(text));
  return found == kSettingDecisions.end() ? SettingDecision::waits
                                          : static_cast<SettingDecision>(found - kSettingDecisions.begin());
}

Result<std::vector<SettingChange>> read_changes(Reading& reading) {
  CANDOR_TRY(const auto rows, reading.rows(kSettingColumns));
  std::vector<SettingChange> out;
  out.reserve(rows.size());
  for (const Row& row : rows) {
    out.push_back({.number = row.integer(0),
                   .setting = row.text(1),
                   .value = row.is_null(2) ? std::nullopt : std::optional(row.text(2)),
                   .asked_by = row.text(3),
                   .reason = row.text(4),
                   .asked_at = row.integer(5),
                   .decision = decision_of(row.text(6)),
                   .decided_by = row.text(7),
                   .decided_reason = row.text(8),
                   .decided_at = row.integer(9)});
  }
  return out;
}

Result<void> write_decision(Transaction& work, const SettingChange& change) {
  CANDOR_TRY_VOID(work.execute(
      "update setting_changes set decision = ?2, decided_by = ?3, decided_reason = ?4, decided_at = ?5 where "
      "number = ?1",
      {change.number, stored_decision(change.decision), change.decided_by, change.decided_reason, change.decided_at}));
  return {};
}

Result<void> replace_waiting(Transaction& work, const std::vector<SettingChange>& all, const std::string& setting,
                             const SettingActor& actor, TimePoint now) {
  for (SettingChange one : all) {
    if (one.setting != setting || one.decision != SettingDecision::waits) continue;
    one.decision = SettingDecision::replaced;
    one.decided_by = actor.name;
    one.decided_at = now;
    CANDOR_TRY_VOID(write_decision(work, one));
  }
  return {};
}

Result<void> tell(const SettingActor& actor, Transaction& work, const SettingChange& change) {
  return actor.also ? actor.also(work, change) : Result<void>();
}

}  // namespace

std::string_view to_text(SettingDecision decision) { return kSettingDecisions.at(static_cast<std::size_t>(decision)); }

Result<std::vector<SettingChange>> SettingBook::all() const {
  CANDOR_TRY(Reading reading, store_.read());
  return read_changes(reading);
}

Result<SettingChange> SettingBook::ask(const std::string& setting, const std::optional<std::string>& value, bool waits,
                                       const SettingActor& actor) {
  return store_.transact([&](Transaction& work) { return ask(work, setting, value, waits, actor); });
}

Result<SettingChange> SettingBook::ask(Transaction& work, const std::string& setting,
                                       const std::optional<std::string>& value, bool waits,
                                       const SettingActor& actor) const {
  CANDOR_TRY(const auto all, read_changes(work));
  SettingChange change;
  change.number = all.empty() ? 1 : all.back().number + 1;
  change.setting = setting;
  change.value = value;
  change.asked_by = actor.name;
  change.reason = actor.reason;
  change.asked_at = clock_.now();
  CANDOR_TRY_VOID(replace_waiting(work, all, setting, actor, change.asked_at));
  if (!waits) {
    change.decision = SettingDecision::not_needed;
    change.decided_at = change.asked_at;
  }
  CANDOR_TRY_VOID(
      work.execute("insert into setting_changes (number, setting, value, asked_by, reason, asked_at, decision, "
                   "decided_by, decided_reason, decided_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                   {change.number, change.setting, change.value, change.asked_by, change.reason, change.asked_at,
                    stored_decision(change.decision), change.decided_by, change.decided_reason, change.decided_at}));
  CANDOR_TRY_VOID(tell(actor, work, change));
  return change;
}

Result<SettingChange> SettingBook::decide(const std::string& setting, std::int64_t number, SettingDecision decision,
                                          const SettingActor& actor) {
  return store_.transact([&](Transaction& work) -> Result<SettingChange> {
    CANDOR_TRY(const auto all, read_changes(work));
    const auto found = std::ranges::find_if(all, [&](const SettingChange& one) {
      return one.setting == setting && one.decision == SettingDecision::waits;
    });
    if (found == all.end())
      return fail("settings.nothing_waits", "no change of `" + setting + "` waits for a decision");
    if (found->number != number) {
      return fail("settings.changed_meanwhile", "another change of `" + setting + "` waits than the one looked at");
    }
    const bool own = found->asked_by == actor.name;
    if (decision == SettingDecision::agreed && own) {
      return fail("settings.own_request", "whoever asks for a change does not agree to it: a second person must");
    }
    if (decision == SettingDecision::withdrawn && !own) {
      return fail("settings.not_own", "only whoever asked for a change takes the request back");
    }
    SettingChange change = *found;
    change.decision = decision;
    change.decided_by = actor.name;
    change.decided_reason = actor.reason;
    change.decided_at = clock_.now();
    CANDOR_TRY_VOID(write_decision(work, change));
    CANDOR_TRY_VOID(tell(actor, work, change));
    return change;
  });
}

std::map<std::string, SettingChange> SettingBook::in_force(const std::vector<SettingChange>& all) {
  std::map<std::string, SettingChange> out;
  for (const SettingChange& one : all) {
    if (one.is_in_force()) out[one.setting] = one;  // ascending: the newest stays
  }
  return out;
}

}  // namespace candor
