#include "packs/pack_changes.h"

#include <algorithm>
#include <utility>

#include "base/ids.h"
#include "base/running_hash.h"
#include "policy/lawful_section.h"

namespace candor {
namespace {

std::string days(std::int64_t count) { return std::to_string(count); }

std::optional<ShorterRetention> shorter_retention(const ShorterRetention& kept, const PackWishes& wishes) {
  if (!wishes.retention) return std::nullopt;
  ShorterRetention wanted{.raw_days = std::min(kept.raw_days, wishes.retention->raw_days),
                          .activity_days = std::min(kept.activity_days, wishes.retention->activity_days)};
  wanted.raw_days = std::min(wanted.raw_days, wanted.activity_days);
  if (wanted.raw_days == kept.raw_days && wanted.activity_days == kept.activity_days) return std::nullopt;
  return wanted;
}

// Raw records first: they are kept no longer than activities. A longer one stays as it is.
std::vector<SettingWish> setting_wishes(const PackPlan& plan) {
  std::vector<SettingWish> out;
  if (!plan.retention) return out;
  if (plan.retention->raw_days != plan.kept.raw_days) {
    out.push_back({.setting = "retention.raw_days", .value = days(plan.retention->raw_days)});
  }
  if (plan.retention->activity_days != plan.kept.activity_days) {
    out.push_back({.setting = "retention.activity_days", .value = days(plan.retention->activity_days)});
  }
  return out;
}

Result<void> look_at_retention(const PackSurround& around, PackPlan& plan) {
  if (around.settings == nullptr) return {};
  const auto settings = around.settings->get();
  plan.kept = {.raw_days = settings->retention.raw_days, .activity_days = settings->retention.activity_days};
  plan.retention = shorter_retention(plan.kept, plan.wishes);
  plan.retention_waits = around.settings->asks_second_person();
  CANDOR_TRY(const auto all, around.settings->all());
  const auto wishes = setting_wishes(plan);
  plan.retention_asked = !wishes.empty() && std::ranges::all_of(wishes, [&](const SettingWish& wish) {
    return std::ranges::any_of(all, [&](const SettingState& one) {
      return one.info.name == wish.setting && one.waiting && one.waiting->value == wish.value;
    });
  });
  plan.retention_changed = std::ranges::any_of(all, [](const SettingState& one) {
    return one.origin == SettingOrigin::changed && one.info.name.starts_with("retention.");
  });
  return {};
}

// The countries whose law is and is not looked at.
void note_countries(const PackShelf& shelf, PackPlan& plan) {
  if (plan.ask.lawful_start.empty()) return;
  const LawfulStart lawful = lawful_start_of(plan.ask.lawful_start);
  const auto has = [](const std::vector<Pack>& packs, const std::string& country) {
    return std::ranges::find(packs, country, &Pack::country) != packs.end();
  };
  for (const Pack& pack : plan.packs) {
    if (pack.kind != PackKind::country || lawful.all_countries) continue;
    if (std::ranges::find(lawful.countries, pack.country) == lawful.countries.end()) {
      plan.notes.push_back("the lawful start does not name " + pack.country +
                           ": policies that have it score nobody there");
    }
  }
  for (const std::string& country : lawful.countries) {
    if (has(plan.packs, country)) continue;
    plan.notes.push_back("the lawful start names " + country +
                         (has(shelf.packs, country) ? ", and its pack is not among these"
                                                    : ", of which there is no pack: have its law looked at"));
  }
  const bool left_out =
      std::ranges::any_of(plan.wishes.policies, [](const PackPolicy& one) { return !one.not_in.empty(); });
  if (lawful.all_countries && left_out) {
    plan.notes.emplace_back(
        "the lawful start names all countries: whom the directory places nowhere is scored by every policy");
  }
}

// A limit on what none of the packs takes may still be about something that is in force.
Result<void> note_limits(const PolicyBook& policies, PackPlan& plan) {
  CANDOR_TRY(const auto standings, policies.standings());
  for (const PackPolicy& limit : plan.wishes.idle_limits) {
    const auto found = std::ranges::find(standings, limit.id, &PolicyStanding::id);
    if (found == standings.end() || found->state != PolicyState::active) continue;
    plan.notes.push_back("policy " + limit.id + " is in force and none of these packs takes it: look at it by hand. " +
                         limit.reason);
  }
  return {};
}

std::vector<std::string> ids_of(const std::vector<Pack>& packs) {
  std::vector<std::string> ids;
  for (const Pack& pack : packs) ids.push_back(pack.id);
  return ids;
}

bool is_same(const PackApplication& last, const PackPlan& plan) {
  return last.packs == ids_of(plan.packs) && last.lawful_start == plan.ask.lawful_start &&
         last.agreement == plan.ask.agreement && last.retention == plan.ask.retention;
}

}  // namespace

bool PackPlan::is_to_do(const SwitchStep& step) {
  return step.kind == SwitchStep::Kind::set || step.kind == SwitchStep::Kind::again;
}

std::vector<Switch> PackPlan::decisions() const {
  std::vector<Switch> out;
  for (const SwitchStep& step : steps) {
    if (is_to_do(step)) out.push_back(step.decision);
  }
  return out;
}

std::int64_t PackPlan::policies_changed() const {
  return std::ranges::count_if(changes, [](const auto& one) { return one.kind != PolicyChange::Kind::unchanged; });
}

bool PackPlan::changes_anything() const {
  return policies_changed() > 0 || std::ranges::any_of(steps, is_to_do) || asks_retention();
}

bool PackPlan::asks_retention() const { return ask.retention && retention.has_value() && !retention_asked; }

std::string PackPlan::ids() const {
  std::string out;
  for (const Pack& pack : packs) out += (out.empty() ? "" : ", ") + pack.id;
  return out;
}

std::string PackPlan::digest() const {
  RunningHash hash;
  const auto add = [&hash](std::string_view text) {
    hash.add(text);
    hash.add(std::string_view("\0", 1));
  };
  for (const Pack& pack : packs) add(pack.id);
  for (const std::string& text : {ask.lawful_start, ask.agreement}) add(text);
  for (const PolicyChange& change : changes) {
    for (const std::string& text : {change.id, change.from_version, change.to_version}) add(text);
    for (const std::string& line : change.diff) add(line);
    for (const std::string& line : change.widens) add(line);
    for (const std::string& line : change.lacks) add(line);
  }
  for (const SwitchStep& step : steps) {
    const Switch& one = step.decision;
    for (const std::string& text : {one.indicator, one.country, one.group, one.agreement, format_day(one.from)})
      add(text);
    add(one.on ? "on" : "off");
    add(to_text(step.kind));
  }
  for (const std::int64_t count : {kept.raw_days, kept.activity_days}) add(days(count));
  if (asks_retention()) {
    for (const std::int64_t count : {retention->raw_days, retention->activity_days}) add(days(count));
  }
  const std::uint64_t value = hash.value();
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFF);
  return to_hex(bytes);
}

Result<PackPlan> plan_packs(const PackSurround& around, const PackAsk& ask, std::vector<Diagnostic>& faults) {
  const Error told{"pack.not_applied", "nothing was applied: mend the faults that were told"};
  PackPlan plan;
  plan.ask = ask;
  CANDOR_TRY(plan.packs, around.shelf.chosen(ask.ids));
  plan.wishes = settle(plan.packs);
  const auto& [indicators, scoring] = around.content;
  LoadedPolicies policies = pack_policies(plan.wishes, "packs " + plan.ids(), around.shelf, indicators, scoring);
  std::ranges::copy(policies.diagnostics, std::back_inserter(faults));
  if (has_errors(policies.diagnostics)) return std::unexpected(told);
  plan.policies = std::move(policies.policies);
  if (!add_lawful_section(
          plan.policies,
          {.text = ask.lawful_start, .name = ask.lawful_start_name, .indicators = indicators, .scoring = scoring},
          faults)) {
    return std::unexpected(told);
  }
  CANDOR_TRY(plan.changes, around.policies.compare(plan.policies, around.content));
  plan.steps = plan_switches(plan.wishes.switches, around.switches.get()->switches(), indicators,
                             {.today = day_of(around.clock.now()), .agreement = ask.agreement, .name = ask.name});
  CANDOR_TRY_VOID(look_at_retention(around, plan));
  note_countries(around.shelf, plan);
  CANDOR_TRY_VOID(note_limits(around.policies, plan));
  CANDOR_TRY(Reading reading, around.store.read());
  CANDOR_TRY(const auto last, PackBook::newest(reading, 1));
  plan.recorded = !last.empty() && is_same(last.front(), plan);
  return plan;
}

Result<std::optional<PackDrift>> pack_drift(const PackSurround& around, const PackApplication& last) {
  std::vector<Diagnostic> faults;
  const auto plan = plan_packs(around,
                               {.ids = last.packs,
                                .lawful_start = last.lawful_start,
                                .agreement = last.agreement,
                                .retention = last.retention,
                                .name = last.applied_by},
                               faults);
  if (!plan) {
    const std::string& id = plan.error().id;
    if (id == "pack.unknown" || id == "pack.not_applied") return std::nullopt;
    return std::unexpected(plan.error());
  }
  return PackDrift{.policies = plan->policies_changed(),
                   .switches = static_cast<std::int64_t>(plan->decisions().size()),
                   .retention = plan->retention.has_value() && !plan->retention_asked};
}

Result<void> apply_packs(const PackSurround& around, const PackPlan& plan, const PackActor& actor,
                         const DecideTogether& decide) {
  std::unique_ptr<SettingsTogether> settings;
  if (plan.asks_retention() && around.settings != nullptr) {
    CANDOR_TRY(settings, around.settings->together(setting_wishes(plan)));
  }
  const auto rest = [&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(around.policies.apply(work, plan.policies, around.content, actor.policies));
    if (settings) CANDOR_TRY_VOID(settings->store(work, actor.settings));
    CANDOR_TRY_VOID(PackBook::add(work, {.packs = ids_of(plan.packs),
                                         .lawful_start = plan.ask.lawful_start,
                                         .agreement = plan.ask.agreement,
                                         .retention = plan.ask.retention,
                                         .applied_by = plan.ask.name,
                                         .reason = actor.reason,
                                         .applied_at = around.clock.now()}));
    return actor.also ? actor.also(work, plan) : Result<void>();
  };
  CANDOR_TRY_VOID(decide(plan.decisions(), actor.switches, rest));
  if (settings) settings->take();
  return {};
}

}  // namespace candor
