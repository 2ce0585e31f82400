#include "cases/queue_acts.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "access/own_team.h"
#include "access/visible_people.h"
#include "alerts/undo.h"

namespace candor {
namespace {

constexpr std::size_t kLongestActNote = 4'000;  // bytes, as AlertBook takes them
constexpr std::size_t kIdLength = 32;

constexpr std::array kActKinds = {std::pair{QueueActKind::dismiss, std::string_view("dismiss")},
                                  std::pair{QueueActKind::confirm, std::string_view("confirm")},
                                  std::pair{QueueActKind::assign, std::string_view("assign")}};

// What leaves one alert as it is and the others untouched by it; all else ends the act.
constexpr std::array<std::string_view, 13> kRefusals = {
    "alerts.not_found",        "alerts.closed",   "alerts.changed",       "alerts.bad_decision",
    "alerts.assigned_already", "access.own_team", "alerts.own_person",    "alerts.their_team",
    "alerts.outside_units",    "alerts.told",     "alerts.decided_since", "alerts.next_exists",
    "access.unknown_person"};

bool is_refusal(const Error& error) { return std::ranges::find(kRefusals, error.id) != kRefusals.end(); }

QueueActState state_row(const Row& row) {
  return {.id = row.text(0),
          .kind = queue_act_kind(row.text(1)).value_or(QueueActKind::dismiss),
          .at = row.integer(2),
          .total = row.integer(3),
          .done = row.integer(4),
          .refused = row.integer(5),
          .undone = row.integer(6),
          .ended = !row.is_null(7)};
}

struct KnownAct {
  QueueActState state;
  std::string given_to;
};

Result<KnownAct> read_act(Reading& reading, std::string_view user, std::string_view act_id) {
  CANDOR_TRY(const auto row,
             reading.row("select act_id, kind, made_at, total, done, refused, undone, ended_at, given_to from "
                         "alert_acts where act_id = ?1 and user_name = ?2",
                         {act_id, user}));
  if (!row) return fail("alerts.no_act", "there is no such act of yours, or it is more than a day old");
  return KnownAct{.state = state_row(*row), .given_to = row->text(8)};
}

std::string_view done_action(QueueActKind kind) {
  if (kind == QueueActKind::assign) return "alert.assigned";
  return kind == QueueActKind::confirm ? "alert.confirmed" : "alert.dismissed";
}

}  // namespace

std::string_view to_text(QueueActKind kind) {
  return std::ranges::find(kActKinds, kind, &std::pair<QueueActKind, std::string_view>::first)->second;
}

std::optional<QueueActKind> queue_act_kind(std::string_view text) {
  const auto* found = std::ranges::find(kActKinds, text, &std::pair<QueueActKind, std::string_view>::second);
  return found == kActKinds.end() ? std::nullopt : std::optional(found->first);
}

// Whom alerts are given to, and whom they may not see.
struct QueueActs::Receiver {
  std::string user;
  HiddenPeople hidden;
  OwnPeople own;

  Result<void> takes(const Needs& needs, Reading& reading, const PersonId& person) const {
    if (std::ranges::binary_search(hidden.people, person)) {
      return fail("alerts.own_person", "nobody works on an alert about themselves");
    }
    CANDOR_TRY(const bool outside, hides(reading, hidden, person));
    if (outside) {
      return fail("alerts.outside_units", "that viewer may not see this person: units or priority groups say so");
    }
    const TeamSources sources{
        .store = needs.store, .facts = needs.facts, .keys = needs.keys, .today = day_of(needs.clock.now())};
    auto team = refuse_own_team(sources, own, person);
    if (team || team.error().id != "access.own_team") return team;
    return fail("alerts.their_team", "by the directory that viewer leads this person, or is led by them");
  }
};

// One alert of an act, and what was found out about it before the transaction.
struct QueueActs::Item {
  std::string alert_id;
  std::int64_t decision = 0;
  std::string given_before = {};
  AuditEntry entry = {};
  std::optional<Error> refused = std::nullopt;
};

// Asks about people, each once: what the router asks of the one alert of a path.
struct QueueActs::Judge {
  const Needs& needs;
  const Viewer& viewer;
  std::string action;
  std::string said;  // for the audit log, to be masked when `masks`
  bool masks = false;
  std::string details;
  const Receiver* receiver = nullptr;  // null: alerts are given to nobody
  std::map<PersonId, Result<void>> known = {};

  Result<void> person(const PersonId& person) {
    if (const auto found = known.find(person); found != known.end()) return found->second;
    CANDOR_TRY(auto reading, needs.store.read());
    CANDOR_TRY(const bool hidden, hides(reading, viewer.hidden_people(), person));
    Result<void> allowed;
    const TeamSources sources{
        .store = needs.store, .facts = needs.facts, .keys = needs.keys, .today = day_of(needs.clock.now())};
    if (hidden) allowed = fail("alerts.not_found", "there is no such alert");
    if (allowed) allowed = refuse_own_team(sources, viewer.own_people(), person);
    if (allowed && receiver != nullptr) allowed = receiver->takes(needs, reading, person);
    if (!allowed && !is_refusal(allowed.error())) return allowed;
    return known.emplace(person, std::move(allowed)).first->second;
  }

  Result<void> look_at(Item& item) {
    std::optional<AlertRow> row;
    {
      CANDOR_TRY(auto reading, needs.store.read());
      auto found = AlertBook::row(reading, item.alert_id);
      if (!found) return std::unexpected(found.error());
      row = *std::move(found);
    }
    CANDOR_TRY_VOID(person(row->person));
    AuditEntry entry;
    entry.action = action;
    entry.object_kind = "alert";
    entry.object_id = row->id;
    entry.alert = row->id;
    entry.pseudonym = needs.presenter.pseudonym(row->person);
    entry.details = details;
    entry.reason = said;
    if (masks) {
      CANDOR_TRY(entry.reason, needs.presenter.for_audit(row->person, said));
    }
    CANDOR_TRY_VOID(needs.presenter.require(viewer, Permission::alerts_decide, entry));
    item.entry = done_by(viewer, std::move(entry));
    return {};
  }

  // Each has its entry or a refusal afterwards.
  Result<void> look_at(std::span<Item> items) {
    for (Item& item : items) {
      auto looked = look_at(item);
      if (looked) continue;
      if (!is_refusal(looked.error())) return looked;
      item.refused = looked.error();
    }
    return {};
  }
};

Result<void> QueueActs::dismiss(Transaction& work, std::string_view alert_id, DismissReason reason,
                                std::string_view note, TimePoint evidence_until, std::string_view user,
                                const RereadRule& rule) const {
  CANDOR_TRY_VOID(needs_.alerts.dismiss(work, alert_id, reason, note, evidence_until, user));
  CANDOR_TRY(const bool chosen, RereadBook(needs_.keys, needs_.clock).choose(work, alert_id, rule));
  if (!chosen) return {};
  // By Candor itself: whoever dismissed it is not told.
  CANDOR_TRY(const AlertRow row, AlertBook::row(work, alert_id));
  AuditEntry entry;
  entry.action = "reread.chosen";
  entry.object_kind = "alert";
  entry.object_id = row.id;
  entry.alert = row.id;
  entry.pseudonym = needs_.presenter.pseudonym(row.person);
  CANDOR_TRY_VOID(needs_.audit.append(work, entry));
  return {};
}

Result<QueueActs::Receiver> QueueActs::receiver(std::string_view user) const {
  CANDOR_TRY(auto reading, needs_.store.read());
  const auto permissions = needs_.viewers.permissions_of(reading, user);
  if (!permissions && permissions.error().id != "access.unknown_user") return std::unexpected(permissions.error());
  if (!permissions || !allows(*permissions, Permission::alerts_decide)) {
    return fail("alerts.bad_viewer",
                "there is no viewer of that name whose role has `alerts.decide`; write the user "
                "name in small letters");
  }
  Receiver out{.user = std::string(user), .hidden = {}, .own = {}};
  CANDOR_TRY(out.own, OwnPeople::of(reading, needs_.keys, user));
  CANDOR_TRY(out.hidden, hidden_from(reading, out.own, user));
  return out;
}

Result<void> QueueActs::may_be_given(std::string_view user, const PersonId& person) const {
  CANDOR_TRY(const Receiver to, receiver(user));
  CANDOR_TRY(auto reading, needs_.store.read());
  return to.takes(needs_, reading, person);
}

Result<void> QueueActs::check(const QueueAct& act) const {
  const bool hex = act.id.size() == kIdLength &&
                   std::ranges::all_of(act.id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hex) return fail("alerts.bad_act", "the id of an act has 32 hexadecimal digits");
  if ((act.kind == QueueActKind::dismiss) != act.reason.has_value()) {
    return fail("alerts.bad_act", "a dismissal needs a reason, and nothing else takes one");
  }
  if (act.kind != QueueActKind::assign && !act.to.empty()) {
    return fail("alerts.bad_act", "only an assignment is to somebody");
  }
  if (act.kind == QueueActKind::assign && !act.note.empty()) {
    return fail("alerts.bad_act", "an assignment takes no note");
  }
  if (act.as_of > needs_.clock.now()) return fail("alerts.bad_act", "`as_of` lies in the future");
  if (act.note.size() > kLongestActNote) return fail("alerts.bad_decision", "a note has at most 4,000 bytes");
  if (act.reason == DismissReason::other && act.note.empty()) {
    return fail("alerts.bad_decision", "the reason `other` needs a note");
  }
  return {};
}

Result<void> QueueActs::begin(const Viewer& viewer, const QueueAct& act, std::size_t total) const {
  const TimePoint now = needs_.clock.now();
  return needs_.store.transact([&](Transaction& work) -> Result<void> {
    // What can no longer be undone.
    CANDOR_TRY_VOID(
        work.execute("delete from alert_act_items where act_id in (select act_id from alert_acts where "
                     "made_at < ?1)",
                     {now - kUndoWithin}));
    CANDOR_TRY_VOID(work.execute("delete from alert_acts where made_at < ?1", {now - kUndoWithin}));
    CANDOR_TRY(const auto known, work.row("select 1 from alert_acts where act_id = ?1", {act.id}));
    if (known) return fail("alerts.act_known", "there is an act of that id already: ask what became of it");
    CANDOR_TRY_VOID(work.execute(
        "insert into alert_acts (act_id, user_name, kind, given_to, made_at, total, done, refused, undone, "
        "ended_at) values (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, null)",
        {act.id, viewer.user(), to_text(act.kind), act.to, now, static_cast<std::int64_t>(total)}));
    return {};
  });
}

Result<void> QueueActs::do_one(Transaction& work, const Viewer& viewer, const QueueAct& act, const Item& item,
                               const RereadRule& rule) const {
  CANDOR_TRY(const AlertRow row, AlertBook::row(work, item.alert_id));
  if (row.updated_at > act.as_of) return fail("alerts.changed", "the alert changed since the queue was shown");
  const std::string& user = viewer.user();
  switch (act.kind) {
    case QueueActKind::dismiss:
      CANDOR_TRY_VOID(dismiss(work, row.id, *act.reason, act.note, row.evidence_until, user, rule));
      break;
    case QueueActKind::confirm:
      CANDOR_TRY_VOID(needs_.alerts.confirm(work, row.id, act.note, user));
      break;
    case QueueActKind::assign:
      CANDOR_TRY_VOID(AlertBook::assign(work, row.id, act.to));
      break;
  }
  CANDOR_TRY_VOID(needs_.audit.append(work, item.entry));
  std::int64_t decision = 0;
  if (act.kind != QueueActKind::assign) {
    CANDOR_TRY(decision, standing_decision(work, row.id));
  }
  CANDOR_TRY_VOID(
      work.execute("insert into alert_act_items (act_id, alert_id, decision, given_before, undone) values (?1, ?2, ?3, "
                   "?4, 0)",
                   {act.id, row.id, decision, row.assigned}));
  return {};
}

// One line for the whole, about nobody: how much was asked for, and what became of it.
Result<void> QueueActs::end(const Viewer& viewer, const QueueActState& state, const char* action) const {
  AuditEntry entry;
  entry.action = action;
  entry.object_kind = "alerts";
  entry.object_id = state.id;
  entry.details = nlohmann::ordered_json{
      {"act", std::string(to_text(state.kind))},
      {"total", state.total},
      {"done", state.done},
      {"refused", state.refused},
      {"undone",
       state.undone}}.dump();
  return needs_.store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("update alert_acts set ended_at = ?2 where act_id = ?1", {state.id, needs_.clock.now()}));
    CANDOR_TRY_VOID(needs_.audit.append(work, done_by(viewer, entry)));
    return {};
  });
}

Result<QueueActOutcome> QueueActs::run(const Viewer& viewer, const QueueAct& act, std::span<const std::string> alerts,
                                       const RereadRule& rule) const {
  CANDOR_TRY_VOID(check(act));
  if (alerts.size() > kMostAlerts) return fail("alerts.bad_act", "at most 10,000 alerts at once");
  std::optional<Receiver> to;
  if (!act.to.empty()) {
    CANDOR_TRY(to, receiver(act.to));
  }
  CANDOR_TRY_VOID(begin(viewer, act, alerts.size()));
  nlohmann::ordered_json details = {{"act", act.id}};
  if (act.kind == QueueActKind::assign) details["to"] = act.to;
  std::string said = act.reason ? std::string(to_text(*act.reason)) : std::string();
  if (!act.note.empty()) said += (said.empty() ? "" : ": ") + act.note;
  Judge judge{.needs = needs_,
              .viewer = viewer,
              .action = std::string(done_action(act.kind)),
              .said = std::move(said),
              .masks = !act.note.empty(),
              .details = details.dump(),
              .receiver = to ? &*to : nullptr};
  QueueActOutcome out;
  out.state = {
      .id = act.id, .kind = act.kind, .at = needs_.clock.now(), .total = static_cast<std::int64_t>(alerts.size())};
  for (std::size_t from = 0; from < alerts.size(); from += kAtOnce) {
    std::vector<Item> items;
    for (const std::string& id : alerts.subspan(from, std::min(kAtOnce, alerts.size() - from))) {
      items.push_back({.alert_id = id});
    }
    CANDOR_TRY_VOID(judge.look_at(items));
    QueueActOutcome part = out;
    CANDOR_TRY_VOID(needs_.store.transact([&](Transaction& work) -> Result<void> {
      for (const Item& item : items) {
        auto done = item.refused ? Result<void>(std::unexpected(*item.refused)) : do_one(work, viewer, act, item, rule);
        if (!done && !is_refusal(done.error())) return done;
        if (!done) ++part.refused[done.error().id];
        ++(done ? part.state.done : part.state.refused);
      }
      CANDOR_TRY_VOID(work.execute("update alert_acts set done = ?2, refused = ?3 where act_id = ?1",
                                   {act.id, part.state.done, part.state.refused}));
      return {};
    }));
    out = std::move(part);
  }
  CANDOR_TRY_VOID(end(viewer, out.state, "alerts.acted"));
  out.state.ended = true;
  return out;
}

Result<QueueActState> QueueActs::get(std::string_view user, std::string_view act_id) const {
  CANDOR_TRY(auto reading, needs_.store.read());
  CANDOR_TRY(const KnownAct known, read_act(reading, user, act_id));
  return known.state;
}

Result<void> QueueActs::undo_one(Transaction& work, const Viewer& viewer, const QueueActState& state,
                                 std::string_view given_to, const Item& item) const {
  if (state.kind == QueueActKind::assign) {
    CANDOR_TRY(const AlertRow row, AlertBook::row(work, item.alert_id));
    if (row.assigned != given_to) return fail("alerts.decided_since", "the alert was given to somebody else since");
    CANDOR_TRY_VOID(AlertBook::assign(work, row.id, item.given_before));
  } else {
    CANDOR_TRY(const bool read, RereadBook::is_answered(work, item.alert_id, item.decision));
    if (read) return fail("alerts.decided_since", "somebody else read the dismissal again since");
    CANDOR_TRY_VOID(undo_decision(work, item.alert_id, item.decision, viewer.user(), needs_.clock.now()));
  }
  CANDOR_TRY_VOID(needs_.audit.append(work, item.entry));
  CANDOR_TRY_VOID(work.execute("update alert_act_items set undone = 1 where act_id = ?1 and alert_id = ?2",
                               {state.id, item.alert_id}));
  return {};
}

Result<QueueActOutcome> QueueActs::undo(const Viewer& viewer, std::string_view act_id) const {
  KnownAct known;
  std::vector<Item> items;
  {
    CANDOR_TRY(auto reading, needs_.store.read());
    CANDOR_TRY(known, read_act(reading, viewer.user(), act_id));
    CANDOR_TRY_VOID(reading.each(
        "select alert_id, decision, given_before from alert_act_items where act_id = ?1 and "
        "undone = 0 order by alert_id",
        {act_id}, [&](const Row& row) {
          items.push_back({.alert_id = row.text(0), .decision = row.integer(1), .given_before = row.text(2)});
          return true;
        }));
  }
  if (known.state.at < needs_.clock.now() - kUndoWithin) {
    return fail("alerts.act_too_old", "an act can be undone for a day: decide about its alerts anew");
  }
  Judge judge{
      .needs = needs_,
      .viewer = viewer,
      .action = "alert.undone",
      .said = {},
      .details =
          nlohmann::ordered_json{{"act", known.state.id}, {"what", std::string(done_action(known.state.kind))}}.dump()};
  QueueActOutcome out;
  out.state = known.state;
  for (std::size_t from = 0; from < items.size(); from += kAtOnce) {
    const auto chunk = std::span(items).subspan(from, std::min(kAtOnce, items.size() - from));
    CANDOR_TRY_VOID(judge.look_at(chunk));
    QueueActOutcome part = out;
    CANDOR_TRY_VOID(needs_.store.transact([&](Transaction& work) -> Result<void> {
      for (const Item& item : chunk) {
        auto undone = item.refused ? Result<void>(std::unexpected(*item.refused))
                                   : undo_one(work, viewer, known.state, known.given_to, item);
        if (!undone && !is_refusal(undone.error())) return undone;
        if (!undone) ++part.refused[undone.error().id];
        part.state.undone += undone ? 1 : 0;
      }
      CANDOR_TRY_VOID(
          work.execute("update alert_acts set undone = ?2 where act_id = ?1", {known.state.id, part.state.undone}));
      return {};
    }));
    out = std::move(part);
  }
  CANDOR_TRY_VOID(end(viewer, out.state, "alerts.undone"));
  out.state.ended = true;
  return out;
}

}  // namespace candor
