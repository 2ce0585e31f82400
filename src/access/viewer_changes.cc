#include "access/viewer_changes.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "access/visible_people.h"

namespace candor {
namespace {

using ChangeDetails = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> kViewerDecisions = {"waits",    "agreed",    "not_needed",
                                                              "rejected", "withdrawn", "replaced"};
constexpr Sql kChangeColumns =
    "select number, user_name, units, units_before, asked_by, reason, asked_at, decision, decided_by, decided_reason, "
    "decided_at, reviews, reviews_before, role, role_before from unit_changes ";

ViewerDecision unit_decision(const std::string& text) {
  const auto found = std::ranges::find(kViewerDecisions, std::string_view(text));
  return found == kViewerDecisions.end() ? ViewerDecision::waits
                                         : static_cast<ViewerDecision>(found - kViewerDecisions.begin());
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

ViewerChange change_in(const Row& row) {
  return {.number = row.integer(0),
          .user = row.text(1),
          .after = {.role = row.text(13), .units = units_in(row.text(2)), .reviews = units_in(row.text(11))},
          .before = {.role = row.text(14), .units = units_in(row.text(3)), .reviews = units_in(row.text(12))},
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
Result<void> check_wanted(const Entitlements& wanted, const Entitlements& before, const Units& units) {
  if (wanted.units.size() > ViewerChanges::kMostUnits || wanted.reviews.size() > ViewerChanges::kMostUnits) {
    return fail("access.too_many_units", "a viewer is limited to, or reviews, at most " +
                                             std::to_string(ViewerChanges::kMostUnits) +
                                             " of them; make one of several");
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

Result<Entitlements> entitlements_of(Reading& reading, std::string_view user) {
  Entitlements sight;
  CANDOR_TRY(const auto row, reading.row("select role from viewers where user_name = ?1", {user}));
  if (row) sight.role = row->text(0);
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
  if (!blank && reason.size() <= ViewerChanges::kLongestReason) return {};
  return fail("access.bad_reason", "say why, in at most 1000 bytes");
}

// "local/ann" on the machine itself is Ann, too.
std::string_view asker_of(std::string_view name) {
  constexpr std::string_view kLocal = "local/";
  return name.starts_with(kLocal) ? name.substr(kLocal.size()) : name;
}

Result<void> check_role(Reading& reading, const Roles& roles, std::string_view user, std::string_view role) {
  if (!role.empty() && !roles.has(role)) {
    return fail("access.unknown_role", "there is no role of that name; `candor viewer roles` lists them");
  }
  CANDOR_TRY(const auto provider, reading.row("select 1 from provider_accounts where user_name = ?1", {user}));
  if (!provider) return {};
  return fail("access.provider_account", "the role of this viewer follows the groups of the identity provider");
}

Result<void> write_decision(Transaction& work, const ViewerChange& change) {
  CANDOR_TRY_VOID(work.execute(
      "update unit_changes set decision = ?2, decided_by = ?3, decided_reason = ?4, "
      "decided_at = ?5 where number = ?1",
      {change.number, to_text(change.decision), change.decided_by, change.decided_reason, change.decided_at}));
  return {};
}

}  // namespace

std::string_view to_text(ViewerDecision decision) { return kViewerDecisions.at(static_cast<std::size_t>(decision)); }

bool ViewerChanges::only_narrows(const Entitlements& before, const Entitlements& after) const {
  if ((roles_.permissions(after.role) & ~roles_.permissions(before.role)).any()) return false;
  if (!are_among(after.reviews, before.reviews)) return false;
  if (after.units.empty()) return before.units.empty();
  return before.units.empty() || are_among(after.units, before.units);
}

Result<std::vector<ViewerChange>> ViewerChanges::changes() const {
  static const SqlBuilder kAll = SqlBuilder().add(kChangeColumns).add("order by number desc");
  CANDOR_TRY(auto reading, store_.read());
  std::vector<ViewerChange> out;
  CANDOR_TRY_VOID(reading.each(kAll.sql(), {}, [&](const Row& row) {
    out.push_back(change_in(row));
    return true;
  }));
  return out;
}

Result<bool> ViewerChanges::anybody_could_agree(Reading& reading, const ViewerActor& actor,
                                                std::string_view user) const {
  bool anybody = false;
  CANDOR_TRY_VOID(
      reading.each("select user_name, role from viewers v where not exists (select 1 from viewer_units u where "
                   "u.user_name = v.user_name)",
                   {}, [&](const Row& row) {
                     const std::string& other = row.text(0);
                     anybody = other != user && other != asker_of(actor.name) &&
                               allows(roles_.permissions(row.text(1)), Permission::viewers_write);
                     return !anybody;
                   }));
  return anybody;
}

Result<void> ViewerChanges::check_actor(Reading& reading, const ViewerActor& actor, std::string_view user) const {
  if (actor.local) return {};
  CANDOR_TRY(const OwnPeople theirs, OwnPeople::of(reading, keys_, user));
  if (actor.name == user || actor.own.share(theirs)) {
    return fail("access.own_rights", "nobody changes, or agrees to, what they may see themselves: somebody else must");
  }
  CANDOR_TRY(const auto own_units, units_of_viewer(reading, actor.name));
  if (own_units.empty()) return {};
  return fail("access.limited_viewer", "whoever is limited to units does not decide what others may see");
}

Result<void> ViewerChanges::put(Transaction& work, const ViewerChange& change) const {
  if (change.after.role != change.before.role) {
    CANDOR_TRY_VOID(
        work.execute("update viewers set role = ?1 where user_name = ?2", {change.after.role, change.user}));
  }
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

Result<void> ViewerChanges::note(Transaction& work, const ViewerActor& actor, const char* action,
                                 const ViewerChange& change, std::string_view reason) const {
  ChangeDetails details{{"number", change.number},         {"role_before", change.before.role},
                        {"role", change.after.role},       {"from", change.before.units},
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

Result<ViewerChange> ViewerChanges::ask(const ViewerActor& actor, std::string_view user, Wanted wanted,
                                        const Units& units, std::string_view reason, bool needs_second) const {
  CANDOR_TRY_VOID(check_unit_reason(reason));
  const std::string name = normal_name(user);
  return store_.transact([&](Transaction& work) -> Result<ViewerChange> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return fail("access.unknown_user", "there is no viewer of that name");
    CANDOR_TRY_VOID(check_actor(work, actor, name));
    CANDOR_TRY(const Entitlements before, entitlements_of(work, name));
    Entitlements after = before;
    if (wanted.role && *wanted.role != before.role) {
      CANDOR_TRY_VOID(check_role(work, roles_, name, *wanted.role));
      after.role = *wanted.role;
    }
    if (wanted.units) after.units = in_order(*wanted.units);
    if (wanted.reviews) after.reviews = in_order(*wanted.reviews);
    CANDOR_TRY_VOID(check_wanted(after, before, units));
    if (before == after) return fail("access.same_viewer", "that is what the viewer may do and see already");
    const TimePoint now = clock_.now();
    CANDOR_TRY_VOID(
        work.execute("update unit_changes set decision = 'replaced', decided_by = ?2, decided_at = ?3 "
                     "where user_name = ?1 and decision = 'waits'",
                     {name, actor.name, now}));
    CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from unit_changes"));
    ViewerChange change{.number = last->integer(0) + 1,
                        .user = name,
                        .after = after,
                        .before = before,
                        .asked_by = actor.name,
                        .reason = std::string(reason),
                        .asked_at = now,
                        .decision = ViewerDecision::waits,
                        .decided_by = {},
                        .decided_reason = {},
                        .decided_at = 0};
    const bool narrows = only_narrows(before, after);
    bool somebody = true;
    if (needs_second && !narrows && before.role != after.role) {
      CANDOR_TRY(somebody, anybody_could_agree(work, actor, name));
    }
    if (!needs_second || narrows || !somebody) {
      change.decision = ViewerDecision::not_needed;
      change.decided_at = now;
      if (!somebody) change.decided_reason = "nobody was there who could agree";
      CANDOR_TRY_VOID(put(work, change));
    }
    CANDOR_TRY_VOID(work.execute(
        "insert into unit_changes (number, user_name, units, units_before, asked_by, reason, asked_at, decision, "
        "decided_by, decided_reason, decided_at, reviews, reviews_before, role, role_before) values (?1, ?2, ?3, ?4, "
        "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        {change.number, change.user, one_a_line(after.units), one_a_line(before.units), change.asked_by, change.reason,
         change.asked_at, to_text(change.decision), change.decided_by, change.decided_reason, change.decided_at,
         one_a_line(after.reviews), one_a_line(before.reviews), after.role, before.role}));
    CANDOR_TRY_VOID(note(work, actor, "viewer.change_asked", change, reason));
    return change;
  });
}

Result<ViewerChange> ViewerChanges::decide(const ViewerActor& actor, std::int64_t number, ViewerDecision decision,
                                           std::string_view reason) const {
  CANDOR_TRY_VOID(check_unit_reason(reason));
  const bool agrees = decision == ViewerDecision::agreed;
  return store_.transact([&](Transaction& work) -> Result<ViewerChange> {
    static const SqlBuilder kWaiting = SqlBuilder().add(kChangeColumns).add("where number = ?1 and decision = 'waits'");
    CANDOR_TRY(const auto row, work.row(kWaiting.sql(), {number}));
    if (!row) return fail("access.no_viewer_change", "no change of that number waits for a decision");
    ViewerChange change = change_in(*row);
    const bool own = change.asked_by == actor.name;
    if (decision == ViewerDecision::withdrawn) {
      if (!own) return fail("access.own_change", "only whoever asked for a change takes the request back");
    } else {
      CANDOR_TRY_VOID(check_actor(work, actor, change.user));
    }
    if (agrees) {
      const std::string_view asker = asker_of(change.asked_by);
      CANDOR_TRY(const OwnPeople theirs, OwnPeople::of(work, keys_, asker));
      if (own || asker == actor.name || actor.own.share(theirs)) {
        return fail("access.own_change", "whoever asks for a change does not agree to it: a second person must");
      }
      // Somebody may have been limited since: what was agreed to is a step from what was shown.
      CANDOR_TRY(const Entitlements before, entitlements_of(work, change.user));
      if (before != change.before) {
        return fail("access.viewer_changed_meanwhile", "what that viewer may do or see is another by now: ask again");
      }
      CANDOR_TRY_VOID(put(work, change));
    }
    change.decision = decision;
    change.decided_by = actor.name;
    change.decided_reason = reason;
    change.decided_at = clock_.now();
    CANDOR_TRY_VOID(write_decision(work, change));
    CANDOR_TRY_VOID(note(work, actor,
                         agrees                                 ? "viewer.change_approved"
                         : decision == ViewerDecision::rejected ? "viewer.change_rejected"
                                                                : "viewer.change_withdrawn",
                         change, reason));
    return change;
  });
}

}  // namespace candor
