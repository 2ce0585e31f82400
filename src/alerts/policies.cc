#include "alerts/policies.h"

#include <algorithm>
#include <map>

#include "alerts/policy_rows.h"
#include "policy/widening.h"

namespace candor {
namespace {

// Keys of a plan: what was asked for last, and what counts.
struct Before {
  const StoredPolicy* newest = nullptr;
  const StoredPolicy* in_force = nullptr;
};

Before before_of(std::span<const StoredPolicy> rows, bool invented) {
  Before out;
  for (const StoredPolicy& row : rows) {
    const bool counted = policy_rows::counts(row, invented);
    if (counted) out.in_force = &row;
    if (counted || row.decision == PolicyDecision::waits) out.newest = &row;
  }
  return out;
}

// What needs a second person of a version that comes after what is in force.
std::vector<std::string> what_widens(const StoredPolicy* in_force, const Policy& policy, const PolicyContentNow& now) {
  if (in_force == nullptr) return {"it is new"};
  if (in_force->act != PolicyAct::active) return {"it does not run now"};
  const LoadedPolicy running = policy_rows::compile_version(*in_force, now.indicators, now.scoring);
  if (!running.policy) return {"what is in force cannot be read any more"};
  return widenings(*running.policy, policy);
}

PolicyChange plan(const Policy& policy, std::span<const StoredPolicy> rows, bool invented,
                  const PolicyContentNow& now) {
  PolicyChange change{.id = policy.id,
                      .kind = PolicyChange::Kind::added,
                      .from_version = "",
                      .to_version = policy.version,
                      .diff = {},
                      .widens = {},
                      .lacks = {}};
  const Before before = before_of(rows, invented);
  std::string text;
  if (before.newest != nullptr) {
    text = before.newest->yaml;
    change.from_version = before.newest->version;
    const bool goes_on = before.newest->act == PolicyAct::active;
    const bool same = goes_on && change.from_version == policy.version && text == policy.text;
    change.kind = same ? PolicyChange::Kind::unchanged : PolicyChange::Kind::changed;
  }
  const bool waits = before.newest != nullptr && before.newest != before.in_force;
  if (!invented && (change.kind != PolicyChange::Kind::unchanged || waits)) {
    change.widens = what_widens(before.in_force, policy, now);
    change.lacks = policy.lawful_start.lacks();
  }
  if (change.kind == PolicyChange::Kind::unchanged) return change;
  change.diff = diff_lines(text, policy.text);
  if (change.kind == PolicyChange::Kind::changed && text == policy.text) {
    change.diff = diff_lines(before.newest->content, policy.content);
    std::erase_if(change.diff, [](const std::string& line) { return line.starts_with(' '); });
  }
  return change;
}

Result<std::vector<PolicyChange>> plans(Reading& reading, std::span<const Policy> policies, bool invented,
                                        const PolicyContentNow& now) {
  std::vector<PolicyChange> out;
  for (const Policy& policy : policies) {
    CANDOR_TRY(const auto rows, policy_rows::read(reading, policy.id));
    out.push_back(plan(policy, rows, invented, now));
  }
  return out;
}

// What was asked for before and not decided gives way. Over invented people it counted since its day, and goes on to.
Result<void> replace_waiting(Transaction& transaction, const std::string& id, bool invented, const PolicyActor& actor,
                             TimePoint now) {
  if (invented) return {};
  CANDOR_TRY(const auto rows, policy_rows::read(transaction, id));
  for (const StoredPolicy& row : rows) {
    if (row.decision != PolicyDecision::waits) continue;
    CANDOR_TRY_VOID(policy_rows::decide(transaction, row, PolicyDecision::replaced, actor, now));
  }
  return {};
}

// Names the first indicator a policy scores or watches that content no longer has.
std::optional<std::string> missing_indicator(const Policy& policy, std::span<const IndicatorInfo> indicators) {
  const auto is_missing = [&](IndicatorKey key) {
    return std::ranges::find(indicators, key, &IndicatorInfo::key) == indicators.end();
  };
  // A sequence is there while each of its steps can still be taken.
  const auto is_broken = [&](IndicatorKey key) {
    const auto sequence = std::ranges::find(policy.sequences, key, &Sequence::key);
    return sequence == policy.sequences.end() ? is_missing(key)
                                              : std::ranges::any_of(sequence->steps, [&](const auto& step) {
                                                  return std::ranges::all_of(step, is_missing);
                                                });
  };
  for (const PolicyIndicator& indicator : policy.indicators) {
    if (is_broken(indicator.key)) return indicator.name;
  }
  for (const Trigger& trigger : policy.triggers) {
    for (const Trigger::Watched& watched : trigger.watched) {
      if (is_broken(watched.key)) return watched.name;
    }
  }
  return std::nullopt;
}

// The version in force against today's content. False when the policy cannot be computed with it.
bool check_in_force(const StoredPolicy& stored, const Policy& policy, std::span<const IndicatorInfo> indicators,
                    const ScoringContent& scoring, std::vector<Diagnostic>& diagnostics) {
  const std::string name = "policy " + stored.id;
  LoadedPolicy today = load_policy(stored.yaml, name, indicators, scoring);
  const bool sound = today.policy.has_value();
  std::ranges::move(today.diagnostics, std::back_inserter(diagnostics));
  if (!sound) return false;
  if (const auto missing = missing_indicator(policy, indicators)) {
    diagnostics.push_back({name, 0, 0, Severity::error, "policy.indicator_gone",
                           "it counts the indicator `" + *missing +
                               "`, which content no longer has; its alerts stay "
                               "as they are",
                           "put the indicator back, or apply the policy again to go on without it"});
    return false;
  }
  if (today.policy->version != stored.version) {
    diagnostics.push_back({name, 0, 0, Severity::warning, "policy.content_changed",
                           "content has changed since it was applied; it counts with the levels and scoring values "
                           "of " +
                               format_day(stored.effective_from),
                           "`candor policy apply` puts today's in force from today on"});
  }
  return true;
}

// nullopt when a version does not compile: with days missing nothing can be said about the policy's alerts.
std::optional<PolicyHistory> compile_history(std::span<const StoredPolicy> stored,
                                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring,
                                             std::vector<Diagnostic>& diagnostics) {
  PolicyHistory history{.id = stored.front().id, .versions = {}};
  auto& versions = history.versions;
  for (const StoredPolicy& one : stored) {
    LoadedPolicy loaded = policy_rows::compile_version(one, indicators, scoring);
    if (!loaded.policy) {
      std::ranges::move(loaded.diagnostics, std::back_inserter(diagnostics));
      return std::nullopt;
    }
    if (one.act != PolicyAct::active) loaded.policy->enabled = false;
    if (&one == &stored.back() && !check_in_force(one, *loaded.policy, indicators, scoring, diagnostics)) {
      return std::nullopt;
    }
    auto policy = std::make_shared<const Policy>(std::move(*loaded.policy));
    // Applied twice on one day: the later one holds for the whole day.
    if (!versions.empty() && versions.back().effective_from >= one.effective_from) versions.pop_back();
    // Other words around the same values: no day of its own.
    if (!versions.empty() && versions.back().policy->version == policy->version &&
        versions.back().policy->enabled == policy->enabled) {
      versions.back().policy = std::move(policy);
    } else {
      versions.push_back({.effective_from = one.effective_from, .policy = std::move(policy)});
    }
  }
  return history;
}

}  // namespace

Result<std::vector<PolicyChange>> PolicyBook::compare(std::span<const Policy> policies,
                                                      const PolicyContentNow& content) const {
  CANDOR_TRY(Reading reading, store_.read());
  return plans(reading, policies, invented_(), content);
}

Result<std::vector<PolicyChange>> PolicyBook::apply(std::span<const Policy> policies, const PolicyContentNow& content,
                                                    const PolicyActor& actor) {
  return store_.transact([&](Transaction& transaction) { return apply(transaction, policies, content, actor); });
}

Result<std::vector<PolicyChange>> PolicyBook::apply(Transaction& transaction, std::span<const Policy> policies,
                                                    const PolicyContentNow& content, const PolicyActor& actor) {
  const TimePoint now = clock_.now();
  const bool invented = invented_();
  CANDOR_TRY(auto planned, plans(transaction, policies, invented, content));
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const PolicyChange& change = planned[i];
    if (change.kind == PolicyChange::Kind::unchanged) continue;
    CANDOR_TRY_VOID(replace_waiting(transaction, change.id, invented, actor, now));
    const Policy& policy = policies[i];
    const bool free = !invented && change.widens.empty() && change.lacks.empty();
    const StoredPolicy row{.id = policy.id,
                           .number = 0,
                           .name = policy.name,
                           .template_name = policy.template_name,
                           .version = policy.version,
                           .effective_from = day_of(now),
                           .applied_at = now,
                           .yaml = policy.text,
                           .content = policy.content,
                           .act = PolicyAct::active,
                           .asked_by = actor.name,
                           .reason = actor.reason,
                           .decision = free ? PolicyDecision::not_needed : PolicyDecision::waits,
                           .decided_by = "",
                           .decided_at = 0,
                           .decided_reason = ""};
    CANDOR_TRY_VOID(policy_rows::insert(transaction, row));
    if (actor.also) CANDOR_TRY_VOID(actor.also(transaction, row, change.from_version));
  }
  return planned;
}

Result<std::vector<PolicyStanding>> PolicyBook::standings() const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows, policy_rows::read(reading));
  std::vector<PolicyStanding> out;
  policy_rows::by_policy(rows, [&](std::span<const StoredPolicy> one) {
    out.push_back(policy_rows::standing_of(one, invented_(), day_of(clock_.now())));
  });
  CANDOR_TRY(const PolicyOrder order, policy_rows::read_order(reading));
  std::ranges::sort(out, {}, [&](const PolicyStanding& one) { return order.place_of(one.id); });
  return out;
}

Result<PolicyStanding> PolicyBook::standing(std::string_view id) const {
  CANDOR_TRY(const auto rows, versions(id));
  return policy_rows::standing_of(rows, invented_(), day_of(clock_.now()));
}

Result<std::vector<StoredPolicy>> PolicyBook::list() const {
  CANDOR_TRY(auto all, standings());
  std::vector<StoredPolicy> out;
  for (PolicyStanding& one : all) out.push_back(std::move(one.in_force ? *one.in_force : *one.waiting));
  return out;
}

Result<StoredPolicy> PolicyBook::get(std::string_view id) const {
  CANDOR_TRY(auto found, standing(id));
  return std::move(found.in_force ? *found.in_force : *found.waiting);
}

Result<std::vector<StoredPolicy>> PolicyBook::versions(std::string_view id) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(auto out, id.empty() ? Result<std::vector<StoredPolicy>>() : policy_rows::read(reading, id));
  if (out.empty()) return fail("alerts.no_policy", "there is no such policy; `candor policy list` names all");
  return out;
}

std::map<std::string, std::string> PolicyBook::why_unusable(const Compiled& compiled) {
  std::map<std::string, std::string> out;
  for (const std::string& id : compiled.unusable) {
    const auto fault = std::ranges::find_if(compiled.diagnostics, [&](const Diagnostic& one) {
      return one.file == "policy " + id && one.severity == Severity::error;
    });
    out[id] = fault == compiled.diagnostics.end() ? "its content is not there any more" : fault->message;
  }
  return out;
}

Result<PolicyBook::Compiled> PolicyBook::compile(std::span<const IndicatorInfo> indicators,
                                                 const ScoringContent& scoring) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto stored, policy_rows::read(reading));
  const bool invented = invented_();
  Compiled out;
  policy_rows::by_policy(stored, [&](std::span<const StoredPolicy> rows) {
    std::vector<StoredPolicy> counted;
    std::ranges::copy_if(rows, std::back_inserter(counted),
                         [&](const StoredPolicy& row) { return policy_rows::counts(row, invented); });
    const std::string& id = rows.front().id;
    const PolicyStanding standing = policy_rows::standing_of(rows, invented, day_of(clock_.now()));
    if (standing.waiting) {
      LoadedPolicy loaded = policy_rows::compile_version(*standing.waiting, indicators, scoring);
      if (loaded.policy) out.proposed.push_back(std::make_shared<const Policy>(std::move(*loaded.policy)));
    }
    if (counted.empty()) {
      out.waiting.push_back(id);
      return;
    }
    auto history = compile_history(counted, indicators, scoring, out.diagnostics);
    if (history) {
      out.policies.push_back(std::move(*history));
    } else {
      out.unusable.push_back(id);
    }
  });
  return out;
}

}  // namespace candor
