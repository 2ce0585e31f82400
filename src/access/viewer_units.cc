#include "access/viewer_units.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "access/visible_people.h"

namespace candor {
namespace {

using ChangeDetails = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> kUnitDecisions = {"waits",    "agreed",    "not_needed",
                                                            "rejected", "withdrawn", "replaced"};
constexpr Sql kChangeColumns =
    "select number, user_name, units, units_before, asked_by, reason, asked_at, decision, decided_by, decided_reason, "
    "decided_at, reviews, reviews_before from unit_changes ";

UnitDecision unit_decision(const std::string& text) {
  const auto found = std::ranges::find(kUnitDecisions, std::string_view(text));
  return found == kUnitDecisions.end() ? UnitDecision::waits
                                       : static_cast<UnitDecision>(found - kUnitDecisions.begin());
}

std::string one_a_line(const std::vector<std::string>& units) {
  std::string text;
  for (const std::string& unit : units) text += unit + "\n";
  return text;
}

std::vector<std::string> units_in(const std::string& lines) {
  std::vector<std::string> units;
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t to = std::min(lines.find('\n', from), lines.size());
    units.push_back(lines.substr(from, to - from));
    from = to + 1;
  }
  return units;
}

UnitChange change_in(const Row& row) {
  return {.number = row.integer(0),
          .user = row.text(1),
          .after = {.units = units_in(row.text(2)), .reviews = units_in(row.text(11))},
          .before = {.units = units_in(row.text(3)), .reviews = units_in(row.text(12))},
          .asked_by = row.text(4),
          .reason = row.text(5),
          .asked_at = row.integer(6),
          .decision = unit_decision(row.text(7)),
          .decided_by = row.text(8),
          .decided_reason = row.text(9),
          .decided_at = row.integer(10)};
}

std::string normal_name(std::string_view user) {
  std::string normal(user);
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return normal;
}

// One that is no longer there may stay: nobody is in it.
Result<void> check_wanted(const Sight& wanted, const Sight& before, const Units& units) {
  if (wanted.units.size() > ViewerUnits::kMostUnits || wanted.reviews.size() > ViewerUnits::kMostUnits) {
    return fail("access.too_many_units", "a viewer is limited to, or reviews, at most " +
                                             std::to_string(ViewerUnits::kMostUnits) + " of them; make one of several");
  }
  for (const std::string& unit : wanted.units) {
    if (std::ranges::find(before.units, unit) == before.units.end() && units.find(unit) == nullptr)
      return fail("access.unknown_unit", "there is no unit of that id in units.yml");
  }
  for (const std::string& group : wanted.reviews) {
    if (std::ranges::find(before.reviews, group) == before.reviews.end() && units.find_group(group) == nullptr)
      return fail("access.unknown_group", "there is no priority group of that id in units.yml");
  }
  return {};
}

Result<Sight> sight_of(Reading& reading, std::string_view user) {
  Sight sight;
  CANDOR_TRY(sight.units, units_of_viewer(reading, user));
  CANDOR_TRY(sight.reviews, groups_of_viewer(reading, user));
  return sight;
}

std::vector<std::string> in_order(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

bool are_among(const std::vector<std::string>& these, const std::vector<std::string>& those) {
  return std::ranges::all_of(these,
                             [&](const std::string& one) { return std::ranges::find(those, one) != those.end(); });
}

Result<void> check_unit_reason(std::string_view reason) {
  const bool blank = reason.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
  if (!blank && reason.size() <= ViewerUnits::kLongestReason) return {};
  return fail("access.bad_reason", "say why, in at most 1000 bytes");
}

Result<void> write_decision(Transaction& work, const UnitChange& change) {
  CANDOR_TRY_VOID(work.execute(
      "update unit_changes set decision = ?2, decided_by = ?3, decided_reason = ?4, "
      "decided_at = ?5 where number = ?1",
      {change.number, to_text(change.decision), change.decided_by, change.decided_reason, change.decided_at}));
  return {};
}

}  // namespace

std::string_view to_text(UnitDecision decision) { return kUnitDecisions.at(static_cast<std::size_t>(decision)); }

bool ViewerUnits::only_narrows(const Sight& before, const Sight& after) {
  if (!are_among(after.reviews, before.reviews)) return false;
  if (after.units.empty()) return before.units.empty();
  return before.units.empty() || are_among(after.units, before.units);
}

Result<std::vector<UnitChange>> ViewerUnits::changes() const {
  static const SqlBuilder kAll = SqlBuilder().add(kChangeColumns).add("order by number desc");
  CANDOR_TRY(auto reading, store_.read());
  std::vector<UnitChange> out;
  CANDOR_TRY_VOID(reading.each(kAll.sql(), {}, [&](const Row& row) {
    out.push_back(change_in(row));
    return true;
  }));
  return out;
}

Result<void> ViewerUnits::check_actor(Reading& reading, const UnitActor& actor, std::string_view user) const {
  if (actor.local) return {};
  CANDOR_TRY(const OwnPeople theirs, OwnPeople::of(reading, keys_, user));
  if (actor.name == user || actor.own.share(theirs)) {
    return fail("access.own_units", "nobody changes, or agrees to, what they may see themselves: somebody else must");
  }
  CANDOR_TRY(const auto own_units, units_of_viewer(reading, actor.name));
  if (own_units.empty()) return {};
  return fail("access.limited_viewer", "whoever is limited to units does not decide what others may see");
}

Result<void> ViewerUnits::put(Transaction& work, const UnitChange& change) const {
  CANDOR_TRY_VOID(work.execute("delete from viewer_units where user_name = ?1", {change.user}));
  for (const std::string& unit : change.after.units) {
    CANDOR_TRY_VOID(work.execute("insert into viewer_units (user_name, unit_id) values (?1, ?2)", {change.user, unit}));
  }
  CANDOR_TRY_VOID(work.execute("delete from group_reviewers where user_name = ?1", {change.user}));
  for (const std::string& group : change.after.reviews) {
    CANDOR_TRY_VOID(
        work.execute("insert into group_reviewers (user_name, group_id) values (?1, ?2)", {change.user, group}));
  }
  return {};
}

Result<void> ViewerUnits::note(Transaction& work, const UnitActor& actor, const char* action, const UnitChange& change,
                               std::string_view reason) const {
  ChangeDetails details{{"number", change.number},         {"from", change.before.units},
                        {"to", change.after.units},        {"reviewed", change.before.reviews},
                        {"reviews", change.after.reviews}, {"decision", std::string(to_text(change.decision))}};
  if (!actor.token.empty()) details["token"] = actor.token;
  AuditEntry entry;
  entry.viewer = actor.name;
  entry.action = action;
  entry.object_kind = "viewer";
  entry.object_id = change.user;
  entry.reason = reason;
  entry.details = details.dump(-1, ' ', false, ChangeDetails::error_handler_t::replace);
  CANDOR_TRY_VOID(audit_.append(work, entry));
  return {};
}

Result<UnitChange> ViewerUnits::ask(const UnitActor& actor, std::string_view user, Wanted wanted, const Units& units,
                                    std::string_view reason, bool needs_second) const {
  CANDOR_TRY_VOID(check_unit_reason(reason));
  const std::string name = normal_name(user);
  return store_.transact([&](Transaction& work) -> Result<UnitChange> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return fail("access.unknown_user", "there is no viewer of that name");
    CANDOR_TRY_VOID(check_actor(work, actor, name));
    CANDOR_TRY(const Sight before, sight_of(work, name));
    Sight after = before;
    if (wanted.units) after.units = in_order(*wanted.units);
    if (wanted.reviews) after.reviews = in_order(*wanted.reviews);
    CANDOR_TRY_VOID(check_wanted(after, before, units));
    if (before == after) return fail("access.same_units", "that viewer sees exactly these people already");
    const TimePoint now = clock_.now();
    CANDOR_TRY_VOID(
        work.execute("update unit_changes set decision = 'replaced', decided_by = ?2, decided_at = ?3 "
                     "where user_name = ?1 and decision = 'waits'",
                     {name, actor.name, now}));
    CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from unit_changes"));
    UnitChange change{.number = last->integer(0) + 1,
                      .user = name,
                      .after = after,
                      .before = before,
                      .asked_by = actor.name,
                      .reason = std::string(reason),
                      .asked_at = now,
                      .decision = UnitDecision::waits,
                      .decided_by = {},
                      .decided_reason = {},
                      .decided_at = 0};
    if (!needs_second || only_narrows(before, after)) {
      change.decision = UnitDecision::not_needed;
      change.decided_at = now;
      CANDOR_TRY_VOID(put(work, change));
    }
    CANDOR_TRY_VOID(work.execute(
        "insert into unit_changes (number, user_name, units, units_before, asked_by, reason, asked_at, decision, "
        "decided_by, decided_reason, decided_at, reviews, reviews_before) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
        "?10, ?11, ?12, ?13)",
        {change.number, change.user, one_a_line(after.units), one_a_line(before.units), change.asked_by, change.reason,
         change.asked_at, to_text(change.decision), change.decided_by, change.decided_reason, change.decided_at,
         one_a_line(after.reviews), one_a_line(before.reviews)}));
    CANDOR_TRY_VOID(note(work, actor, "viewer.units_asked", change, reason));
    return change;
  });
}

Result<UnitChange> ViewerUnits::decide(const UnitActor& actor, std::int64_t number, UnitDecision decision,
                                       std::string_view reason) const {
  CANDOR_TRY_VOID(check_unit_reason(reason));
  const bool agrees = decision == UnitDecision::agreed;
  return store_.transact([&](Transaction& work) -> Result<UnitChange> {
    static const SqlBuilder kWaiting = SqlBuilder().add(kChangeColumns).add("where number = ?1 and decision = 'waits'");
    CANDOR_TRY(const auto row, work.row(kWaiting.sql(), {number}));
    if (!row) return fail("access.no_unit_change", "no change of that number waits for a decision");
    UnitChange change = change_in(*row);
    const bool own = change.asked_by == actor.name;
    if (decision == UnitDecision::withdrawn) {
      if (!own) return fail("access.own_unit_change", "only whoever asked for a change takes the request back");
    } else {
      CANDOR_TRY_VOID(check_actor(work, actor, change.user));
    }
    if (agrees) {
      std::string_view asker = change.asked_by;
      if (asker.starts_with("local/")) asker.remove_prefix(std::string_view("local/").size());
      CANDOR_TRY(const OwnPeople theirs, OwnPeople::of(work, keys_, asker));
      if (own || asker == actor.name || actor.own.share(theirs)) {
        return fail("access.own_unit_change", "whoever asks for a change does not agree to it: a second person must");
      }
      // Somebody may have been limited since: what was agreed to is a step from what was shown.
      CANDOR_TRY(const Sight before, sight_of(work, change.user));
      if (before != change.before) {
        return fail("access.units_changed_meanwhile", "whom that viewer may see is another by now: ask again");
      }
      CANDOR_TRY_VOID(put(work, change));
    }
    change.decision = decision;
    change.decided_by = actor.name;
    change.decided_reason = reason;
    change.decided_at = clock_.now();
    CANDOR_TRY_VOID(write_decision(work, change));
    CANDOR_TRY_VOID(note(work, actor,
                         agrees                               ? "viewer.units_approved"
                         : decision == UnitDecision::rejected ? "viewer.units_rejected"
                                                              : "viewer.units_withdrawn",
                         change, reason));
    return change;
  });
}

}  // namespace candor
