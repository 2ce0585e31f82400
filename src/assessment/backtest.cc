#include "assessment/backtest.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "assessment/peer_shares.h"
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
    for (const auto& [alert, shown] : known.shown) {
      if (alert.first != live) continue;
      for (const char* const id : {kDraft, kLive}) own.shown[{id, alert.second}] = shown;
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

// What is expected under the policy in force is expected under the draft.
Expectations expectations_for(const Expectations& expectations, const std::string& draft, const std::string& live) {
  Expectations out;
  for (Expectation one : expectations) {
    if (one.policy.empty()) {
      out.push_back(std::move(one));
      continue;
    }
    const bool of_live = one.policy == live;
    const bool of_draft = of_live || (live.empty() && one.policy == draft);
    if (of_draft) {
      one.policy = kDraft;
      out.push_back(one);
    }
    if (of_live) {
      one.policy = kLive;
      out.push_back(std::move(one));
    }
  }
  return out;
}

// The alert in force as it was decided; nothing about alerts that only the draft would raise.
class Judgements {
 public:
  explicit Judgements(const Decisions& known) : known_(known) {}

  bool confirmed(const PersonId& person, int k) const {
    const auto found = known_.find(person);
    return found != known_.end() &&
           std::ranges::any_of(found->second.confirmed, [&](const PersonDecisions::Confirmed& one) {
             return one.policy == kLive && one.k == k;
           });
  }
  bool dismissed(const PersonId& person, int k) const {
    const auto found = known_.find(person);
    if (found == known_.end() || confirmed(person, k)) return false;
    const auto closing = found->second.closing.find(kLive);
    return closing != found->second.closing.end() && static_cast<std::size_t>(k) < closing->second.size() &&
           closing->second[static_cast<std::size_t>(k)].dismissed;
  }

 private:
  const Decisions& known_;
};

BacktestChange::Kind kind_of(const Both& both, Micropoints cut) {
  const bool shown = both.draft && both.draft->score >= cut;
  if (!both.live) return BacktestChange::Kind::added;
  if (!shown) return BacktestChange::Kind::gone;
  return both.draft->score == both.live->score ? BacktestChange::Kind::same : BacktestChange::Kind::changed;
}

// Adds up one alert after the other.
class Tally {
 public:
  Tally(const Policy& draft, std::int64_t people) : draft_(draft) {
    out_.people = people;
    for (const Micropoints points : kCuts) steps_[points * kOnePoint].cut = points * kOnePoint;
    steps_[draft.cut].cut = draft.cut;
  }

  void add(const PersonId& person, int k, Both both, bool confirmed, bool dismissed) {
    add_to_steps(person, both, confirmed, dismissed);
    if (both.live && (confirmed || dismissed)) add_to_indicators(*both.live, confirmed);
    if (!both.live && (!both.draft || both.draft->score < draft_.cut)) return;
    BacktestChange change{.kind = kind_of(both, draft_.cut),
                          .person = person,
                          .k = k,
                          .draft = std::move(both.draft),
                          .live = std::move(both.live),
                          .was_confirmed = confirmed,
                          .was_dismissed = dismissed};
    if (change.draft && change.draft->score < draft_.cut) change.draft.reset();
    for (auto* const one : {&change.draft, &change.live}) {
      if (*one) (*one)->policy = draft_.id;
    }
    ++out_.counts[static_cast<std::size_t>(change.kind)];
    out_.changes.push_back(std::move(change));
  }

  Backtest take() {
    for (auto& [cut, step] : steps_) {
      step.people = static_cast<std::int64_t>(people_at_[cut].size());
      out_.steps.push_back(step);
    }
    for (auto& [name, indicator] : indicators_) out_.indicators.push_back(std::move(indicator));
    std::ranges::sort(out_.indicators, {}, [](const BacktestIndicator& one) {
      return std::tuple(-one.confirmed - one.dismissed, one.name);
    });
    std::ranges::sort(out_.changes, [](const BacktestChange& a, const BacktestChange& b) {
      const auto rank = [](const BacktestChange& one) {
        return std::tuple(one.draft ? -one.draft->score : 0, one.live ? -one.live->score : 0, one.person, one.k);
      };
      return rank(a) < rank(b);
    });
    return std::move(out_);
  }

 private:
  void add_to_steps(const PersonId& person, const Both& both, bool confirmed, bool dismissed) {
    for (auto& [cut, step] : steps_) {
      if (both.draft && both.draft->score >= cut) {
        ++step.alerts;
        people_at_[cut].insert(person);
      } else {
        step.confirmed_lost += confirmed ? 1 : 0;
        step.dismissed_lost += dismissed ? 1 : 0;
      }
    }
  }

  void add_to_indicators(const Assessment& live, bool confirmed) {
    ++(confirmed ? out_.confirmed : out_.dismissed);
    std::set<std::string> named;
    for (const ReceiptPart& part : live.parts) {
      if (!part.indicator.empty()) named.insert(part.indicator);
    }
    for (const std::string& name : named) {
      BacktestIndicator& indicator = indicators_[name];
      indicator.name = name;
      ++(confirmed ? indicator.confirmed : indicator.dismissed);
    }
  }

  const Policy& draft_;
  Backtest out_;
  std::map<Micropoints, BacktestStep> steps_;
  std::map<Micropoints, std::set<PersonId>> people_at_;
  std::map<std::string, BacktestIndicator> indicators_;
};

Result<std::vector<PersonId>> people_but(const AssessSources& sources, const HiddenPeople& without) {
  CANDOR_TRY(auto reading, sources.store.read());
  CANDOR_TRY(const UnitSight sight, unit_sight(reading, without));
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(sources.people.each([&](const PersonId& person) {
    if (!sight.hides(person) && !std::ranges::binary_search(without.people, person)) people.push_back(person);
    return true;
  }));
  return people;
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

Result<void> check_purpose(const Policy& draft, bool invented) {
  if (invented || !draft.lawful_start.purpose.empty()) return {};
  return fail("policy.not_lawful",
              "a back-test looks at real people, and this policy states no purpose: `lawful_start: {purpose: ...}`");
}

Result<Backtest> backtest(const AssessSources& sources, const Policy& draft, const PolicyHistory* live,
                          const Decisions& decisions, const Expectations& expectations,
                          const BacktestOptions& options) {
  // Everything the draft gives a score, so that every cut can be told.
  auto lowest = std::make_shared<Policy>(draft);
  lowest->id = kDraft;
  lowest->cut = std::min(draft.cut, kCuts.front() * kOnePoint);
  std::vector<PolicyHistory> policies = {{.id = kDraft, .versions = {{.effective_from = 0, .policy = lowest}}}};
  if (live != nullptr) policies.push_back(named(kLive, *live));
  const std::string live_id = live != nullptr ? live->id : "";
  const Decisions known = decisions_for(decisions, live_id);

  CANDOR_TRY(const auto people, people_but(sources, options.without));
  std::map<std::pair<PersonId, int>, Both> alerts;
  const auto take = [&](std::span<const PersonOutcome> outcomes) -> Result<void> {
    if (options.stop.stop_requested()) return fail("backtest.cancelled", "the back-test was cancelled");
    for (const PersonOutcome& outcome : outcomes) {
      for (const AlertOutcome& alert : outcome.alerts) {
        if (alert.assessment.day < options.from || alert.assessment.day > options.to) continue;
        const bool of_draft = alert.assessment.policy == kDraft;
        Both& both = alerts[{outcome.person, alert.k}];
        std::optional<Assessment>& taken = of_draft ? both.draft : both.live;
        taken = alert.assessment;
        if (!of_draft || taken->score >= draft.cut) continue;
        // Only its score counts, and these are the most.
        taken->parts.clear();
        taken->left_out.clear();
      }
    }
    return {};
  };
  AssessOptions assess;
  assess.as_of = options.to;
  assess.threads = options.threads;
  assess.batch = options.batch;
  assess.progress = options.progress;
  // Both meet the peers of now; a draft that adds up what no policy did has everybody read once more.
  CANDOR_TRY(auto peers, peers_for(sources, policies, assess));
  CANDOR_TRY_VOID(
      Assessor(sources, std::move(policies), std::move(peers), known, expectations_for(expectations, draft.id, live_id))
          .people(people, assess, take));

  const Judgements was(known);
  Tally tally(draft, static_cast<std::int64_t>(people.size()));
  for (auto& [key, both] : alerts) {
    const auto& [person, k] = key;
    const bool decided = both.live.has_value();
    const bool confirmed = decided && was.confirmed(person, k);
    tally.add(person, k, std::move(both), confirmed, decided && was.dismissed(person, k));
  }
  return tally.take();
}

}  // namespace candor
