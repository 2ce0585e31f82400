#include "assessment/backtest.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "profile/people.h"

namespace candor {
namespace {

// The draft is assessed as a policy of its own, beside the one in force.
constexpr const char* kDraft = "draft of this back-test";
constexpr const char* kLive = "in force";

constexpr std::array<Micropoints, 12> kCuts = {15, 20, 25, 30, 34, 40, 45, 50, 55, 60, 67, 80};

struct Both {
  std::optional<Assessment> draft;
  std::optional<Assessment> live;
};

PolicyHistory named(const char* id, const PolicyHistory& history) {
  PolicyHistory out{.id = id, .versions = {}};
  for (const PolicyHistory::Version& version : history.versions) {
    auto policy = std::make_shared<Policy>(*version.policy);
    policy->id = id;
    out.versions.push_back({.effective_from = version.effective_from, .policy = std::move(policy)});
  }
  return out;
}

// Both policies meet what was decided about the one in force.
Decisions decisions_for(const Decisions& decisions, const std::string& live) {
  Decisions out;
  for (const auto& [person, known] : decisions) {
    PersonDecisions own;
    if (const auto closing = known.closing.find(live); closing != known.closing.end()) {
      own.closing[kDraft] = closing->second;
      own.closing[kLive] = closing->second;
    }
    for (PersonDecisions::Confirmed one : known.confirmed) {
      if (one.policy != live) {
        own.confirmed.push_back(std::move(one));
        continue;
      }
      for (const char* const id : {kDraft, kLive}) {
        one.policy = id;
        own.confirmed.push_back(one);
      }
    }
    if (!own.closing.empty() || !own.confirmed.empty()) out.emplace(person, std::move(own));
  }
  return out;
}

BacktestChange::Kind kind_of(const Both& both, Micropoints cut) {
  const bool shown = both.draft && both.draft->score >= cut;
  if (!both.live) return BacktestChange::Kind::added;
  if (!shown) return BacktestChange::Kind::gone;
  return both.draft->score == both.live->score ? BacktestChange::Kind::same : BacktestChange::Kind::changed;
}

}  // namespace

std::string_view to_text(BacktestChange::Kind kind) {
  switch (kind) {
    case BacktestChange::Kind::added:
      return "new";
    case BacktestChange::Kind::gone:
      return "gone";
    case BacktestChange::Kind::changed:
      return "changed";
    default:
      return "same";
  }
}

Result<Backtest> backtest(const AssessSources& sources, const Policy& draft, const PolicyHistory* live,
                          const Decisions& decisions, const BacktestOptions& options) {
  // Everything the draft gives a score, so that every cut can be told.
  auto lowest = std::make_shared<Policy>(draft);
  lowest->id = kDraft;
  lowest->cut = std::min(draft.cut, kCuts.front() * kOnePoint);
  std::vector<PolicyHistory> policies = {{.id = kDraft, .versions = {{.effective_from = 0, .policy = lowest}}}};
  if (live != nullptr) policies.push_back(named(kLive, *live));
  const Decisions known = decisions_for(decisions, live != nullptr ? live->id : "");

  std::vector<PersonId> people;
  CANDOR_TRY_VOID(sources.people.each([&](const PersonId& person) {
    people.push_back(person);
    return true;
  }));
  Backtest out{.people = static_cast<std::int64_t>(people.size()), .changes = {}, .steps = {}};
  std::map<std::pair<PersonId, int>, Both> alerts;
  const auto take = [&](std::span<const PersonOutcome> outcomes) -> Result<void> {
    for (const PersonOutcome& outcome : outcomes) {
      for (const AlertOutcome& alert : outcome.alerts) {
        if (alert.assessment.day < options.from || alert.assessment.day > options.to) continue;
        Both& both = alerts[{outcome.person, alert.k}];
        (alert.assessment.policy == kDraft ? both.draft : both.live) = alert.assessment;
      }
    }
    return {};
  };
  AssessOptions assess;
  assess.as_of = options.to;
  assess.threads = options.threads;
  assess.progress = options.progress;
  CANDOR_TRY_VOID(Assessor(sources, std::move(policies), known).people(people, assess, take));

  const auto was = [&](const PersonId& person, int k, bool confirmed) {
    const auto found = known.find(person);
    if (found == known.end()) return false;
    const bool is_confirmed = std::ranges::any_of(found->second.confirmed, [&](const PersonDecisions::Confirmed& one) {
      return one.policy == kLive && one.k == k;
    });
    if (confirmed) return is_confirmed;
    const auto closing = found->second.closing.find(kLive);
    return closing != found->second.closing.end() && static_cast<std::size_t>(k) < closing->second.size() &&
           closing->second[static_cast<std::size_t>(k)].dismissed && !is_confirmed;
  };
  std::map<Micropoints, BacktestStep> steps;
  for (const Micropoints points : kCuts) steps[points * kOnePoint].cut = points * kOnePoint;
  steps[draft.cut].cut = draft.cut;
  std::map<Micropoints, std::set<PersonId>> people_at;
  for (auto& [key, both] : alerts) {
    const auto& [person, k] = key;
    const bool confirmed = both.live && was(person, k, true);
    const bool dismissed = both.live && was(person, k, false);
    for (auto& [cut, step] : steps) {
      if (both.draft && both.draft->score >= cut) {
        ++step.alerts;
        people_at[cut].insert(person);
      } else {
        step.confirmed_lost += confirmed ? 1 : 0;
        step.dismissed_lost += dismissed ? 1 : 0;
      }
    }
    if (!both.live && (!both.draft || both.draft->score < draft.cut)) continue;
    BacktestChange change{.kind = kind_of(both, draft.cut),
                          .person = person,
                          .k = k,
                          .draft = std::move(both.draft),
                          .live = std::move(both.live),
                          .was_confirmed = confirmed,
                          .was_dismissed = dismissed};
    if (change.draft && change.draft->score < draft.cut) change.draft.reset();
    for (auto* const one : {&change.draft, &change.live}) {
      if (*one) (*one)->policy = draft.id;
    }
    out.changes.push_back(std::move(change));
  }
  for (auto& [cut, step] : steps) {
    step.people = static_cast<std::int64_t>(people_at[cut].size());
    out.steps.push_back(step);
  }
  std::ranges::sort(out.changes, [](const BacktestChange& a, const BacktestChange& b) {
    const auto rank = [](const BacktestChange& one) {
      return std::tuple(one.draft ? -one.draft->score : 0, one.live ? -one.live->score : 0, one.person, one.k);
    };
    return rank(a) < rank(b);
  });
  return out;
}

}  // namespace candor
