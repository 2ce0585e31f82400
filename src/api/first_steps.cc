#include "api/first_steps.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "outbox/outbox.h"

namespace candor {
namespace {

// A backup that was tried longer ago tells little of today's.
constexpr TimePoint kBackupIsOld = 90 * kMicrosPerDay;
constexpr std::int64_t kLeastSeconds = 2;  // who asks, and who agrees

StepState state_of(std::int64_t count, std::int64_t wanting = 0) {
  if (count == 0) return StepState::open;
  return wanting > 0 ? StepState::look : StepState::done;
}

Result<std::optional<TimePoint>> last_of(const AuditLog& audit, std::vector<std::string> actions) {
  AuditQuery query;
  query.actions = std::move(actions);
  query.limit = 1;
  CANDOR_TRY(const AuditPage page, audit.lines(query));
  return page.lines.empty() ? std::nullopt : std::optional(page.lines.front().at);
}

Result<void> add_people(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  CANDOR_TRY(const std::int64_t people, from.people.count());
  CANDOR_TRY(auto reading, from.store.read());
  CANDOR_TRY(const auto told, from.facts.told(reading));
  const auto facts_of = [&](FactKind kind) {
    const auto found = told.find(kind);
    return found == told.end() ? Facts::Told{} : found->second;
  };
  const auto when = [](const Facts::Told& one) { return one.facts > 0 ? std::optional(one.last_told) : std::nullopt; };
  const Facts::Told directory = facts_of(FactKind::directory);
  steps.push_back({.id = "people",
                   .state = state_of(directory.facts),
                   .count = directory.facts > 0 ? people : 0,
                   .last = when(directory)});
  const Facts::Told leavers = facts_of(FactKind::resignation);
  steps.push_back({.id = "leavers", .state = state_of(leavers.facts), .count = leavers.facts, .last = when(leavers)});
  return {};
}

Result<void> add_organisation(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  CANDOR_TRY(const OrganisationBook::World world, from.organisation.world());
  const Day today = day_of(from.clock.now());
  const auto count = [&](std::initializer_list<OrganisationFactKind> kinds) {
    return std::ranges::count_if(world.facts, [&](const OrganisationBook::Known& one) {
      return std::ranges::find(kinds, one.fact.kind) != kinds.end() && one.fact.holds_on(today);
    });
  };
  const std::int64_t domains = count({OrganisationFactKind::own_domain});
  steps.push_back({.id = "own_domains", .state = state_of(domains), .count = domains});
  const std::int64_t content = count({OrganisationFactKind::label, OrganisationFactKind::site});
  steps.push_back({.id = "priority_content", .state = state_of(content), .count = content});
  return {};
}

Result<void> add_sources(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  FirstStep step{.id = "sources"};
  if (from.sources != nullptr) {
    CANDOR_TRY(const auto all, from.sources->all());
    step.count = static_cast<std::int64_t>(all.size());
    step.wanting =
        std::ranges::count_if(all, [](const SourceState& one) { return one.silence.state == Silence::State::silent; });
    for (const SourceState& one : all) step.last = std::max(step.last.value_or(0), one.last_received);
  }
  step.state = state_of(step.count, step.wanting);
  steps.push_back(step);
  return {};
}

// Whoever may agree, and of them those who sign in with a password alone.
Result<void> add_second_person(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  CANDOR_TRY(const auto viewers, from.viewers.list());
  FirstStep step{.id = "second_person"};
  for (const ViewerInfo& one : viewers) {
    if (!allows(from.viewers.roles().permissions(one.role), Permission::policies_approve)) continue;
    ++step.count;
    if (!one.has_second_factor && !one.is_of_provider) ++step.wanting;
  }
  step.state = step.count < kLeastSeconds ? StepState::open : state_of(step.count, step.wanting);
  steps.push_back(step);
  return {};
}

Result<void> add_policies(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  CANDOR_TRY(const auto standings, from.policies.standings());
  FirstStep policies{.id = "policies"};
  for (const PolicyStanding& one : standings) {
    if (one.state == PolicyState::active) ++policies.count;
    if (one.waiting) ++policies.wanting;
  }
  policies.state = state_of(policies.count, policies.wanting);
  steps.push_back(policies);
  CANDOR_TRY(const auto tried, last_of(from.audit, {"backtest.run"}));
  steps.push_back({.id = "tried", .state = tried ? StepState::done : StepState::open, .last = tried});
  return {};
}

Result<void> add_operation(const FirstStepSources& from, std::vector<FirstStep>& steps) {
  FirstStep mail{.id = "mail"};
  if (!from.settings.mail.server.empty()) {
    const Outbox outbox(from.store, from.keys, from.clock);
    CANDOR_TRY(const auto sent, outbox.list(MessageState::sent, 1));
    CANDOR_TRY(const auto failed, outbox.list(MessageState::failed, 1'000));
    mail.count = 1;
    mail.wanting = static_cast<std::int64_t>(failed.size());
    if (!sent.empty()) mail.last = sent.front().settled;
    mail.state = mail.last && mail.wanting == 0 ? StepState::done : StepState::look;
  }
  steps.push_back(mail);
  FirstStep anchor{.id = "anchor"};
  if (!from.settings.audit.anchor_folder.empty() || !from.settings.audit.anchor_webhook.empty()) {
    CANDOR_TRY(anchor.last, last_of(from.audit, {"audit.anchored"}));
    anchor.state = anchor.last ? StepState::done : StepState::look;
  }
  steps.push_back(anchor);
  steps.push_back({.id = "key", .state = from.key_is_sealed ? StepState::done : StepState::open});
  CANDOR_TRY(const auto checked, last_of(from.audit, {"backup.checked", "backup.restored"}));
  FirstStep backup{.id = "backup", .last = checked};
  if (checked) {
    backup.state = from.clock.now() - *checked > kBackupIsOld ? StepState::look : StepState::done;
  }
  steps.push_back(backup);
  return {};
}

}  // namespace

std::string_view to_text(StepState state) {
  constexpr std::array<std::string_view, 3> kTexts = {"done", "look", "open"};
  return kTexts.at(static_cast<std::size_t>(state));
}

Result<std::vector<FirstStep>> first_steps(const FirstStepSources& from) {
  std::vector<FirstStep> steps;
  CANDOR_TRY_VOID(add_people(from, steps));
  CANDOR_TRY_VOID(add_organisation(from, steps));
  CANDOR_TRY_VOID(add_sources(from, steps));
  CANDOR_TRY_VOID(add_second_person(from, steps));
  CANDOR_TRY_VOID(add_policies(from, steps));
  CANDOR_TRY_VOID(add_operation(from, steps));
  return steps;
}

}  // namespace candor
