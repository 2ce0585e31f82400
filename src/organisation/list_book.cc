#include "organisation/list_book.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace candor {
namespace {

using EditsJson = nlohmann::json;

constexpr std::array<std::string_view, 5> kListDecisions = {"waits", "agreed", "not_needed", "rejected", "withdrawn"};
constexpr std::size_t kMostFaultsTold = 20;

std::string stored(ListDecision decision) {
  return decision == ListDecision::waits ? "" : std::string(to_text(decision));
}

ListDecision list_decision(const std::string& text) {
  const auto found = std::ranges::find(kListDecisions, std::string_view(text));
  return found == kListDecisions.end() ? ListDecision::waits
                                       : static_cast<ListDecision>(found - kListDecisions.begin());
}

std::string context_of(std::int64_t number, std::string_view column) {
  return "list_changes/" + std::string(column) + "/" + std::to_string(number);
}

std::string sealed(const Keys& keys, std::int64_t number, std::string_view column, const ListEdits& edits) {
  const EditsJson json = {{"set", edits.set}, {"remove", edits.remove}};
  return seal(keys.derive("organisation"), json.dump(-1, ' ', false, EditsJson::error_handler_t::replace),
              context_of(number, column));
}

Result<ListEdits> unsealed(const Keys& keys, std::int64_t number, std::string_view column, const std::string& bytes) {
  CANDOR_TRY(const std::string plain, unseal(keys.derive("organisation"), bytes, context_of(number, column)));
  const EditsJson json = EditsJson::parse(plain, nullptr, false);
  if (!json.is_object() || !json.contains("set") || !json.contains("remove")) {
    return fail("base.seal_broken", "a sealed change of a list holds no change");
  }
  return ListEdits{.set = json.at("set").get<std::map<std::string, std::string>>(),
                   .remove = json.at("remove").get<std::set<std::string>>()};
}

ListChange change_of(const Row& row) {
  return {.number = row.integer(0),
          .list = row.text(1),
          .entries_set = row.integer(2),
          .entries_removed = row.integer(3),
          .undoes = row.integer(4),
          .asked_by = row.text(5),
          .reason = row.text(6),
          .asked_at = row.integer(7),
          .decision = list_decision(row.text(8)),
          .decided_by = row.text(9),
          .decided_reason = row.text(10),
          .decided_at = row.integer(11)};
}

std::vector<ListChange> changes_of(const std::vector<Row>& rows) {
  std::vector<ListChange> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(change_of(row));
  return out;
}

void lay_over(ListOverlay& overlay, const ListEdits& edits) {
  for (const auto& [name, text] : edits.set) {
    overlay.set[name] = text;
    overlay.removed.erase(name);
  }
  for (const std::string& name : edits.remove) {
    overlay.set.erase(name);
    overlay.removed.insert(name);
  }
}

std::optional<std::string> text_in(const ListRows& rows, const std::string& name) {
  const auto found = rows.find(name);
  return found == rows.end() ? std::nullopt : std::optional(found->second.text);
}

// What edits change, by name: before and after as `before` and `edits` have them.
std::vector<EntryDifference> differences_between(const ListEdits& before, const ListEdits& edits) {
  const auto was = [&](const std::string& name) {
    const auto found = before.set.find(name);
    return found == before.set.end() ? std::nullopt : std::optional(found->second);
  };
  std::vector<EntryDifference> out;
  for (const auto& [name, text] : edits.set) out.push_back(difference_of(name, was(name), text));
  for (const std::string& name : edits.remove) out.push_back(difference_of(name, was(name), std::nullopt));
  std::ranges::sort(out, {}, &EntryDifference::name);
  return out;
}

// What would take the edits back.
ListEdits inverse_of(const ListEdits& edits, const ListRows& rows) {
  ListEdits before;
  const auto keep = [&](const std::string& name) {
    if (auto text = text_in(rows, name)) {
      before.set[name] = std::move(*text);
    } else {
      before.remove.insert(name);
    }
  };
  for (const auto& [name, text] : edits.set) keep(name);
  for (const std::string& name : edits.remove) keep(name);
  return before;
}

bool is_overlaid(const ListInfo& list) { return !list.kind.has_value(); }

constexpr const char* kNoneWaits = "no such change of this list waits for a decision";

}  // namespace

std::string_view to_text(ListDecision decision) { return kListDecisions.at(static_cast<std::size_t>(decision)); }

std::string overlay_file(std::string_view list) { return "changes of " + std::string(list); }

std::string in_words(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  std::size_t left = kMostFaultsTold;
  for (const Diagnostic& one : diagnostics) {
    if (one.severity != Severity::error) continue;
    if (left-- == 0) return out + "; and more";
    if (!out.empty()) out += "; ";
    if (one.line > 0) out += "line " + std::to_string(one.line) + ": ";
    out += one.message;
    if (!one.hint.empty()) out += " (" + one.hint + ")";
  }
  return out;
}

Result<ListOverlays> list_overlays(Store& store, const Keys& keys) {
  CANDOR_TRY(Reading reading, store.read());
  ListOverlays out;
  for (const ListInfo& list : list_infos()) {
    if (!is_overlaid(list)) continue;
    CANDOR_TRY(const auto rows, reading.rows("select number, sealed_edits from list_changes where list = ?1 and "
                                             "decision in ('agreed', 'not_needed') order by decided_at, number",
                                             {list.name}));
    for (const Row& row : rows) {
      CANDOR_TRY(const ListEdits edits, unsealed(keys, row.integer(0), "edits", row.text(1)));
      lay_over(out[list.name], edits);
    }
  }
  return out;
}

std::uint64_t fingerprint_of(const ListOverlays& overlays) {
  std::string bytes;
  for (const auto& [list, overlay] : overlays) {
    for (const auto& [name, text] : overlay.set) {
      bytes.append(list).append("\n+").append(name).append("\n").append(text).append("\n");
    }
    for (const std::string& name : overlay.removed) bytes.append(list).append("\n-").append(name).append("\n");
  }
  return bytes.empty() ? 0 : content_hash(bytes);
}

Result<ListRows> ListBook::rows(const ListInfo& list) const {
  ListRows out;
  if (list.kind) {
    CANDOR_TRY(const auto world, around_.organisation.world());
    for (const OrganisationBook::Known& known : world.facts) {
      if (known.fact.kind != *list.kind) continue;
      ListEntry entry = entry_of(known.fact);
      const std::string file = known.fact.source.substr(known.fact.source.rfind('/') + 1);
      out[std::move(entry.name)] = {
          .text = std::move(entry.text),
          .said_in = known.fact.line > 0 ? file + ":" + std::to_string(known.fact.line) : file,
          .since = known.since};
    }
    return out;
  }
  const auto file = around_.files.find(list.name);
  if (file != around_.files.end()) {
    std::vector<Diagnostic> ignored;  // told when content is opened
    for (ListEntry& entry : read_list(list, file->second, list.file, false, ignored)) {
      out[std::move(entry.name)] = {.text = std::move(entry.text),
                                    .said_in = list.file + ":" + std::to_string(entry.line),
                                    .since = std::nullopt};
    }
  }
  CANDOR_TRY(Reading reading, around_.store.read());
  CANDOR_TRY(const auto changed, reading.rows("select number, sealed_edits, decided_at from list_changes where list = "
                                              "?1 and decision in ('agreed', 'not_needed') order by decided_at, number",
                                              {list.name}));
  for (const Row& row : changed) {
    CANDOR_TRY(const ListEdits edits, unsealed(around_.keys, row.integer(0), "edits", row.text(1)));
    for (const auto& [name, text] : edits.set) {
      out[name] = {.text = text, .said_in = "change " + std::to_string(row.integer(0)), .since = row.integer(2)};
    }
    for (const std::string& name : edits.remove) out.erase(name);
  }
  return out;
}

Result<std::map<std::string, std::int64_t>> ListBook::counts() const {
  std::map<std::string, std::int64_t> out;
  CANDOR_TRY(const auto world, around_.organisation.world());
  for (const ListInfo& list : list_infos()) {
    if (list.kind) {
      out[list.name] = std::ranges::count(world.facts, *list.kind,
                                          [](const OrganisationBook::Known& known) { return known.fact.kind; });
    } else {
      CANDOR_TRY(const ListRows entries, rows(list));
      out[list.name] = static_cast<std::int64_t>(entries.size());
    }
  }
  return out;
}

Result<std::vector<ListChange>> ListBook::changes(const ListInfo& list) const {
  CANDOR_TRY(Reading reading, around_.store.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select number, list, entries_set, entries_removed, undoes, asked_by, reason, asked_at, "
                          "decision, decided_by, decided_reason, decided_at from list_changes where list = ?1 order by "
                          "number desc",
                          {list.name}));
  return changes_of(rows);
}

Result<std::vector<ListChange>> ListBook::waiting() const {
  CANDOR_TRY(Reading reading, around_.store.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select number, list, entries_set, entries_removed, undoes, asked_by, reason, asked_at, "
                          "decision, decided_by, decided_reason, decided_at from list_changes where decision = '' "
                          "order by number"));
  return changes_of(rows);
}

Result<ListBook::Stored> ListBook::find(Reading& reading, const ListInfo& list, std::int64_t number) const {
  CANDOR_TRY(const auto rows,
             reading.rows("select number, list, entries_set, entries_removed, undoes, asked_by, reason, asked_at, "
                          "decision, decided_by, decided_reason, decided_at, sealed_edits, sealed_before from "
                          "list_changes where list = ?1 and number = ?2",
                          {list.name, number}));
  if (rows.empty()) return fail("lists.no_change", "there is no such change of this list");
  Stored out{.change = change_of(rows.front()), .edits = {}, .before = std::nullopt};
  CANDOR_TRY(out.edits, unsealed(around_.keys, number, "edits", rows.front().text(12)));
  if (!rows.front().is_null(13)) {
    CANDOR_TRY(out.before, unsealed(around_.keys, number, "before", rows.front().text(13)));
  }
  return out;
}

Result<std::vector<EntryDifference>> ListBook::differences(const ListInfo& list, std::int64_t number) const {
  CANDOR_TRY(auto reading, around_.store.read());
  CANDOR_TRY(const Stored found, find(reading, list, number));
  if (found.before) return differences_between(*found.before, found.edits);
  if (found.change.decision != ListDecision::waits) return std::vector<EntryDifference>();
  CANDOR_TRY(const ListRows now, rows(list));
  return differences_between(inverse_of(found.edits, now), found.edits);
}

Result<bool> ListBook::is_pending() const {
  CANDOR_TRY(const ListOverlays now, list_overlays(around_.store, around_.keys));
  if (fingerprint_of(now) != around_.read_by) return true;
  return around_.organisation.is_pending();
}

Result<ListPlan> ListBook::plan_of(const ListInfo& list, const ListRows& rows, ListEdits edits) const {
  ListPlan plan;
  plan.unchanged = static_cast<std::int64_t>(
      std::erase_if(edits.set, [&](const auto& one) { return text_in(rows, one.first) == one.second; }));
  std::erase_if(edits.remove, [&](const std::string& name) { return !rows.contains(name); });
  plan.edits = std::move(edits);
  plan.differences = differences_between(inverse_of(plan.edits, rows), plan.edits);
  plan.waits = asks_second_person() && list.second_person;
  if (!is_overlaid(list) || plan.edits.empty()) return plan;
  CANDOR_TRY(ListOverlays after, list_overlays(around_.store, around_.keys));
  ListOverlay& overlay = after[list.name];
  lay_over(overlay, plan.edits);
  for (Diagnostic& fault : around_.judge(after)) {
    if (fault.file != overlay_file(list.name)) {
      plan.diagnostics.push_back(std::move(fault));
      continue;
    }
    // Behind the first line of the overlay's text each line is an entry, by name.
    std::string name;
    if (fault.line >= 2 && static_cast<std::size_t>(fault.line) - 2 < overlay.set.size()) {
      name = std::next(overlay.set.begin(), fault.line - 2)->first;
    }
    fault.message = "`" + name + "`: " + fault.message;
    fault.line = 0;  // of what nobody sees
    fault.column = 0;
    plan.diagnostics.push_back(std::move(fault));
  }
  return plan;
}

Result<ListPlan> ListBook::plan(const ListInfo& list, const ListWish& wish) const {
  std::vector<Diagnostic> faults;
  std::vector<ListEntry> entries;
  if (!wish.text.empty()) entries = read_list(list, wish.text, wish.file, wish.csv, faults);
  CANDOR_TRY(const ListRows now, rows(list));
  ListEdits edits;
  std::map<std::string, int> lines;
  for (ListEntry& entry : entries) {
    lines[entry.name] = entry.line;
    edits.set[std::move(entry.name)] = std::move(entry.text);
  }
  for (const std::string& name : wish.remove) {
    if (!now.contains(name)) {
      faults.push_back({.file = wish.file,
                        .line = 0,
                        .column = 0,
                        .severity = Severity::error,
                        .id = "lists.not_there",
                        .message = "there is no entry of the name that is to be taken out",
                        .hint = "look at the list again: somebody may have taken it out meanwhile"});
    } else if (!edits.set.contains(name)) {
      edits.remove.insert(name);
    }
  }
  // With a fault nobody can say what was left out on purpose.
  if (wish.replace && !has_errors(faults)) {
    for (const auto& [name, row] : now) {
      if (!edits.set.contains(name)) edits.remove.insert(name);
    }
  }
  CANDOR_TRY(ListPlan plan, plan_of(list, now, std::move(edits)));
  for (Diagnostic& fault : plan.diagnostics) {
    if (fault.file != overlay_file(list.name)) continue;
    const std::size_t end = fault.message.find('`', 1);
    const auto line = lines.find(fault.message.substr(1, end - 1));
    if (line == lines.end()) continue;
    fault.file = wish.file;
    fault.line = line->second;
  }
  plan.diagnostics.insert(plan.diagnostics.begin(), faults.begin(), faults.end());
  return plan;
}

// Writes dated facts; what is taken out was never true, and to end something its entry says `to`.
Result<void> ListBook::apply_facts(Transaction& work, const ListInfo& list, std::int64_t number, const ListEdits& edits,
                                   const ListRows& rows) const {
  const LearntAt learnt{.time = around_.clock.now(), .stated = false};
  const std::string source = "change " + std::to_string(number);
  for (const auto& [name, text] : edits.set) {
    CANDOR_TRY(OrganisationFact fact, fact_of(list, text));
    fact.source = source;
    CANDOR_TRY_VOID(around_.facts.record(work, fact, learnt, true));
  }
  for (const std::string& name : edits.remove) {
    const auto row = rows.find(name);
    if (row == rows.end()) continue;
    CANDOR_TRY(OrganisationFact fact, fact_of(list, row->second.text));
    fact.source = source;
    CANDOR_TRY(const bool stored_one, around_.facts.can_withdraw(work, fact, learnt));
    // What only the file says has no version to withdraw yet.
    if (!stored_one) CANDOR_TRY_VOID(around_.facts.record(work, fact, learnt, true));
    CANDOR_TRY_VOID(around_.facts.withdraw(work, fact, learnt));
  }
  return {};
}

Result<ListEdits> ListBook::apply(Transaction& work, const ListInfo& list, std::int64_t number, const ListEdits& edits,
                                  const ListRows& rows) const {
  if (list.kind) CANDOR_TRY_VOID(apply_facts(work, list, number, edits, rows));
  return inverse_of(edits, rows);
}

Result<ListChange> ListBook::store_wish(const ListInfo& list, ListEdits edits, bool waits, std::int64_t undoes,
                                        const ListRows& rows, const ListActor& actor) {
  return around_.store.transact([&](Transaction& work) -> Result<ListChange> {
    CANDOR_TRY(const auto last, work.rows("select number from list_changes order by number desc limit 1"));
    ListChange change;
    change.number = last.empty() ? 1 : last.front().integer(0) + 1;
    change.list = list.name;
    change.entries_set = static_cast<std::int64_t>(edits.set.size());
    change.entries_removed = static_cast<std::int64_t>(edits.remove.size());
    change.undoes = undoes;
    change.asked_by = actor.name;
    change.reason = actor.reason;
    change.asked_at = around_.clock.now();
    if (!waits) {
      change.decision = ListDecision::not_needed;
      change.decided_at = change.asked_at;
    }
    CANDOR_TRY_VOID(work.execute(
        "insert into list_changes (number, list, entries_set, entries_removed, undoes, sealed_edits, asked_by, reason, "
        "asked_at, decision, decided_by, decided_reason, decided_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
        "?11, ?12, ?13)",
        {change.number, change.list, change.entries_set, change.entries_removed, change.undoes,
         Blob{sealed(around_.keys, change.number, "edits", edits)}, change.asked_by, change.reason, change.asked_at,
         stored(change.decision), change.decided_by, change.decided_reason, change.decided_at}));
    if (!waits) {
      CANDOR_TRY(const ListEdits before, apply(work, list, change.number, edits, rows));
      CANDOR_TRY_VOID(work.execute("update list_changes set sealed_before = ?2 where number = ?1",
                                   {change.number, Blob{sealed(around_.keys, change.number, "before", before)}}));
    }
    if (actor.also) CANDOR_TRY_VOID(actor.also(work, change));
    return change;
  });
}

Result<ListChange> ListBook::ask(const ListInfo& list, const ListWish& wish, const ListActor& actor) {
  const std::lock_guard lock(changing_);
  CANDOR_TRY(ListPlan wanted, plan(list, wish));
  if (has_errors(wanted.diagnostics)) return fail("lists.bad_text", in_words(wanted.diagnostics));
  if (wanted.edits.empty()) return fail("lists.same", "the list says so already");
  CANDOR_TRY(const ListRows now, rows(list));
  return store_wish(list, std::move(wanted.edits), wanted.waits, 0, now, actor);
}

Result<ListChange> ListBook::undo(const ListInfo& list, std::int64_t number, const ListActor& actor) {
  const std::lock_guard lock(changing_);
  std::optional<Stored> undone;
  {
    CANDOR_TRY(Reading reading, around_.store.read());
    CANDOR_TRY(undone, find(reading, list, number));
  }
  if (!undone->change.is_in_force() || !undone->before) {
    return fail("lists.not_in_force", "this change does not hold: there is nothing to take back");
  }
  CANDOR_TRY(const ListRows now, rows(list));
  const auto moved = [&](const std::string& name, const std::optional<std::string>& text) {
    return text_in(now, name) != text;
  };
  const bool changed_since =
      std::ranges::any_of(undone->edits.set, [&](const auto& one) { return moved(one.first, one.second); }) ||
      std::ranges::any_of(undone->edits.remove, [&](const auto& name) { return moved(name, std::nullopt); });
  if (changed_since) {
    return fail("lists.changed_meanwhile",
                "an entry of this change was changed since: take the later change back first, or change the entry");
  }
  CANDOR_TRY(ListPlan wanted, plan_of(list, now, *undone->before));
  if (has_errors(wanted.diagnostics)) return fail("lists.bad_text", in_words(wanted.diagnostics));
  return store_wish(list, std::move(wanted.edits), wanted.waits, number, now, actor);
}

Result<ListChange> ListBook::decide(const ListInfo& list, std::int64_t number, ListDecision decision,
                                    const ListActor& actor) {
  CANDOR_TRY(const ListRows now, decision == ListDecision::agreed ? rows(list) : Result<ListRows>(ListRows()));
  return around_.store.transact([&](Transaction& work) -> Result<ListChange> {
    CANDOR_TRY(Stored found, find(work, list, number));
    ListChange& change = found.change;
    if (change.decision != ListDecision::waits) return fail("lists.nothing_waits", kNoneWaits);
    const bool own = change.asked_by == actor.name;
    if (decision == ListDecision::agreed && own) {
      return fail("lists.own_request", "whoever asks for a change does not agree to it: a second person must");
    }
    if (decision == ListDecision::withdrawn && !own) {
      return fail("lists.not_own", "only whoever asked for a change takes the request back");
    }
    change.decision = decision;
    change.decided_by = actor.name;
    change.decided_reason = actor.reason;
    change.decided_at = around_.clock.now();
    if (decision == ListDecision::agreed) {
      CANDOR_TRY(const ListEdits before, apply(work, list, number, found.edits, now));
      CANDOR_TRY_VOID(work.execute("update list_changes set sealed_before = ?2 where number = ?1",
                                   {number, Blob{sealed(around_.keys, number, "before", before)}}));
    }
    CANDOR_TRY_VOID(work.execute(
        "update list_changes set decision = ?2, decided_by = ?3, decided_reason = ?4, decided_at = ?5 where number = "
        "?1",
        {number, stored(decision), change.decided_by, change.decided_reason, change.decided_at}));
    if (actor.also) CANDOR_TRY_VOID(actor.also(work, change));
    return change;
  });
}

Result<ListChange> ListBook::approve(const ListInfo& list, std::int64_t number, const ListActor& actor) {
  const std::lock_guard lock(changing_);
  std::optional<Stored> asked;
  {
    CANDOR_TRY(Reading reading, around_.store.read());
    CANDOR_TRY(asked, find(reading, list, number));
  }
  if (asked->change.decision != ListDecision::waits) return fail("lists.nothing_waits", kNoneWaits);
  // What it was judged by may have changed meanwhile.
  CANDOR_TRY(const ListRows now, rows(list));
  CANDOR_TRY(const ListPlan wanted, plan_of(list, now, asked->edits));
  if (has_errors(wanted.diagnostics)) return fail("lists.bad_text", in_words(wanted.diagnostics));
  return decide(list, number, ListDecision::agreed, actor);
}

Result<ListChange> ListBook::reject(const ListInfo& list, std::int64_t number, const ListActor& actor) {
  const std::lock_guard lock(changing_);
  return decide(list, number, ListDecision::rejected, actor);
}

Result<ListChange> ListBook::withdraw(const ListInfo& list, std::int64_t number, const ListActor& actor) {
  const std::lock_guard lock(changing_);
  return decide(list, number, ListDecision::withdrawn, actor);
}

}  // namespace candor
