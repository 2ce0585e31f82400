#include "assessment/assess.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <limits>
#include <thread>
#include <tuple>

#include "assessment/person_insights.h"
#include "assessment/person_scopes.h"
#include "assessment/scored_days.h"
#include "base/keys.h"
#include "policy/baseline.h"
#include "policy/score.h"
#include "policy/windows.h"
#include "profile/facts.h"
#include "profile/ownership.h"
#include "profile/people.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

constexpr TimePoint kNewest = std::numeric_limits<TimePoint>::max();

// The days of one policy version: until the day before the next one's.
struct Reign {
  const Policy* policy = nullptr;
  Day from = kFirstDay;
  Day to = kLastDay;
};

std::vector<Reign> reigns(const PolicyHistory& history) {
  std::vector<Reign> out;
  for (const PolicyHistory::Version& version : history.versions) {
    const Day from = out.empty() ? kFirstDay : version.effective_from;
    if (!out.empty()) out.back().to = from - 1;
    out.push_back({.policy = version.policy.get(), .from = from, .to = kLastDay});
  }
  return out;
}

// What the days of one alert add up to, over the versions of its policy.
struct Best {
  std::optional<Assessment> assessment;
  std::optional<Day> first_day;
  std::optional<Scoring::Latest> latest;

  void add(const Scoring& scoring, const Policy& policy, Day from, Day to) {
    if (policy.start) {
      const auto evidence = scoring.first_evidence(*policy.start);
      if (!evidence) return;
      from = std::max(from, *evidence);
    }
    auto highest = scoring.highest(from, to);
    if (highest && (!assessment || highest->score > assessment->score)) assessment = std::move(highest);
    if (!first_day) first_day = scoring.first_reaching(policy.cut, from, to);
    const auto last = scoring.latest(to);
    if (!last) return;
    if (!latest) latest = last;
    latest->day = std::max(latest->day, last->day);
    latest->time = std::max(latest->time, last->time);
  }
};

void offer(std::optional<Day>& next, std::optional<Day> day) {
  if (day && (!next || *day < *next)) next = day;
}

// A person's accounts and days, as far as the timeline can hold them.
Result<std::vector<OwnedAccount>> timeline_days(Reading& reading, const PersonId& person) {
  CANDOR_TRY(auto owned, owned_accounts(reading, person));
  std::erase_if(owned, [](const OwnedAccount& one) { return one.to < kFirstDay || kLastDay < one.from; });
  for (OwnedAccount& one : owned) {
    one.from = std::max(one.from, kFirstDay);
    one.to = std::min(one.to, kLastDay);
  }
  return owned;
}

// Those of its windows that reach H or later.
void add_scopes(const Policy& policy, std::span<const InScope> windows, std::span<const Days> scored, Day as_of,
                PersonOutcome& outcome) {
  for (const PersonScope& one : person_scopes(policy, windows, scored)) {
    if (one.to < as_of) continue;
    outcome.scopes.push_back(
        {.policy = policy.id, .trigger = one.trigger, .since = one.since, .from = one.from, .to = one.to});
  }
}

}  // namespace

struct Assessor::Known {
  Profile profile;
  std::vector<OwnedAccount> accounts;  // on days the timeline can hold
  std::optional<Day> kept_from;        // what retention has left
  bool guest = false;                  // by the log; a directory knows better
  Insights insights;
  PersonDecisions decisions;
};

Assessor::Assessor(const AssessSources& sources, std::vector<PolicyHistory> policies,
                   std::shared_ptr<const PeerBook> peers, Decisions decisions, Expectations expectations)
    : sources_(sources),
      policies_(std::move(policies)),
      peers_(std::move(peers)),
      decisions_(std::move(decisions)),
      expectations_(std::move(expectations)) {
  sort_expectations(expectations_);
  std::map<IndicatorKey, Sequence> sequences;
  for (const PolicyHistory& history : policies_) {
    for (const PolicyHistory::Version& version : history.versions) {
      for (const Sequence& one : version.policy->sequences) sequences.emplace(one.key, one);
    }
  }
  for (auto& [key, one] : sequences) sequences_.push_back(std::move(one));
}

Result<Assessor::Known> Assessor::load(Reading& reading, const PersonId& person) const {
  Known known;
  CANDOR_TRY(known.accounts, timeline_days(reading, person));
  std::size_t seen = 0;
  std::size_t guests = 0;
  for (const OwnedAccount& owned : known.accounts) {
    CANDOR_TRY(const auto kept_from, sources_.timeline.kept_from(owned.account));
    known.kept_from = std::max(known.kept_from, kept_from);  // none is before all
    CANDOR_TRY(const auto info, sources_.timeline.account(owned.account));
    if (!info) continue;
    ++seen;
    if (info->actor == ActorKind::guest) ++guests;
  }
  known.guest = seen > 0 && guests == seen;
  CANDOR_TRY(known.insights, person_insights(sources_.timeline, known.accounts, sequences_, {}));
  if (known.insights.empty()) return known;  // facts alone score nothing
  CANDOR_TRY(known.profile, sources_.facts.profile(reading, person, kNewest));
  known.profile.kept_from = known.kept_from;
  if (const auto decisions = decisions_.find(person); decisions != decisions_.end())
    known.decisions = decisions->second;
  return known;
}

Result<void> Assessor::split(const Known& known, ExpectedInsights& expected, const ExpectedRules& rules,
                             Decided& decided) const {
  // Of one day, what was expected left out, and added to the receipt's.
  const auto of_day = [&](Day day, TimePoint from, std::optional<TimePoint> to, bool tell) -> Result<Insights> {
    const auto read = [&](std::span<const Expected> without) {
      return person_insights_within(sources_.timeline, known.accounts, sequences_, day, from, to, without);
    };
    CANDOR_TRY(Insights all, read({}));
    if (rules.rules.empty()) return all;
    CANDOR_TRY(auto left, expected.leave_out(rules, all, read));
    if (tell) std::ranges::move(left.parts, std::back_inserter(decided.expected));
    return std::move(left.counting);
  };
  const auto& [after, until] = std::tie(decided.after, decided.until);
  const bool same_day = after && until && day_of(*after) == day_of(*until);
  if (after) {
    CANDOR_TRY(decided.split, of_day(day_of(*after), *after, same_day ? until : std::nullopt, true));
  }
  if (until) {
    CANDOR_TRY(decided.until_day, of_day(day_of(*until), start_of(day_of(*until)) - 1, until, !same_day));
  }
  if (!same_day) merge_insights(decided.split, decided.until_day);
  if (rules.rules.empty()) return {};
  CANDOR_TRY(const auto* const left, expected.leave_out_of_all(rules, known.insights, [&](auto without) {
    return person_insights(sources_.timeline, known.accounts, sequences_, {}, without);
  }));
  decided.counting = &left->counting;
  std::ranges::copy_if(left->parts, std::back_inserter(decided.expected), [&](const ExpectedPart& part) {
    return (!after || part.day > day_of(*after)) && (!until || part.day < day_of(*until));
  });
  return {};
}

void Assessor::scopes_without_insights(const Known& known, Day as_of, PersonOutcome& outcome) const {
  for (const PolicyHistory& history : policies_) {
    for (const Reign& reign : reigns(history)) {
      if (as_of < reign.from || reign.to < as_of) continue;
      const auto scored = scored_days(*reign.policy, known.profile, known.guest);
      if (scored.empty()) continue;
      const Baselines baselines(*reign.policy, known.insights, known.profile.kept_from, nullptr);
      const auto windows = windows_of(*reign.policy, known.profile, known.insights, baselines, as_of);
      add_scopes(*reign.policy, windows, scored, as_of, outcome);
    }
  }
}

Result<void> Assessor::assess_policy(const Known& known, ExpectedInsights& expected, const PolicyHistory& history,
                                     const Confirmations& counted, Day as_of, PersonOutcome& outcome) const {
  static const std::vector<PersonDecisions::Closing> kNone;
  const auto closed = known.decisions.closing.find(history.id);
  const auto& closings = closed == known.decisions.closing.end() ? kNone : closed->second;
  Micropoints dismissed = 0;  // of the alert before
  Day dismissed_on = 0;
  for (int k = 0; k <= static_cast<int>(closings.size()); ++k) {
    const auto index = static_cast<std::size_t>(k);
    Decided decided;
    if (k > 0) decided.after = closings[index - 1].cutoff;
    Day last = as_of;
    if (index < closings.size()) {
      decided.until = closings[index].cutoff;
      last = std::min(as_of, std::max(day_of(closings[index].cutoff), closings[index].day));
    }
    CANDOR_TRY_VOID(split(known, expected, expected.rules(history.id, k), decided));
    for (const auto& confirmed : counted) {
      if (confirmed.policy != history.id || confirmed.k != k) decided.confirmed.push_back(confirmed.cutoff);
    }
    const Day first = decided.after ? day_of(*decided.after) : kFirstDay;
    Best best;
    for (const Reign& reign : reigns(history)) {
      if (reign.from > as_of) offer(outcome.next_edge, reign.from);
      const auto scored = scored_days(*reign.policy, known.profile, known.guest);
      if (scored.empty()) continue;
      Scoring scoring(*reign.policy, known.profile, known.insights, decided, as_of, peers_.get());
      if (reign.from > kFirstDay) scoring.add_edge(reign.from);
      for (const Days& days : scored) {
        if (days.from > kFirstDay) scoring.add_edge(days.from);
      }
      offer(outcome.next_edge, scoring.next_edge());
      const bool is_last = index == closings.size();
      if (is_last && reign.from <= as_of && as_of <= reign.to) {
        add_scopes(*reign.policy, scoring.windows(), scored, as_of, outcome);
      }
      for (const Days& days : scored) {
        best.add(scoring, *reign.policy, std::max({first, reign.from, days.from}), std::min({last, reign.to, days.to}));
      }
    }
    if (!best.assessment || !best.first_day || !best.latest) continue;
    if (best.assessment->score <= dismissed && best.assessment->day - dismissed_on <= kMemoryDays) continue;
    // By what the evidence comes to, not by what was shown: late records would make two histories of it.
    const bool dismisses = index < closings.size() && closings[index].dismissed;
    dismissed = dismisses ? best.assessment->score : 0;
    dismissed_on = dismisses ? closings[index].day : 0;
    best.assessment->person = outcome.person;
    const ReceiptPart* const part = main_part(*best.assessment);
    const Fact* const directory = part == nullptr ? nullptr : known.profile.directory_on(*part->day);
    outcome.alerts.push_back({.k = k,
                              .assessment = std::move(*best.assessment),
                              .first_day = *best.first_day,
                              .last_day = std::max(best.latest->day, *best.first_day),
                              .evidence_until = best.latest->time,
                              .department = std::string(attribute_of(directory, "department"))});
  }
  return {};
}

Result<PersonOutcome> Assessor::assess_person(Reading& reading, const PersonId& person, Day as_of) const {
  CANDOR_TRY(const Known known, load(reading, person));
  ExpectedInsights expected(expectations_, person, known.profile, known.decisions);
  // A confirmation counts while the alert it was made on exists. One alert may exist only because another was
  // confirmed, so this starts with none and adds until nothing changes: scores only rise, and the end does not depend
  // on history.
  for (Confirmations counted;;) {
    PersonOutcome outcome{.person = person,
                          .alerts = {},
                          .next_edge = std::nullopt,
                          .kept_from = known.kept_from,
                          .sealed = sources_.timeline.sealed()};
    if (known.insights.empty()) {
      scopes_without_insights(known, as_of, outcome);
      return outcome;
    }
    for (const PolicyHistory& history : policies_) {
      CANDOR_TRY_VOID(assess_policy(known, expected, history, counted, as_of, outcome));
    }
    Confirmations standing;
    std::ranges::copy_if(known.decisions.confirmed, std::back_inserter(standing),
                         [&](const PersonDecisions::Confirmed& one) { return stands(one, outcome); });
    if (standing.size() <= counted.size()) {
      std::erase_if(outcome.alerts, [&](const AlertOutcome& one) {
        return known.decisions.removed.contains({one.assessment.policy, one.k});
      });
      return outcome;
    }
    counted = std::move(standing);
  }
}

bool Assessor::stands(const PersonDecisions::Confirmed& confirmed, const PersonOutcome& outcome) const {
  // Of a policy that cannot be computed now nothing is known to have changed.
  const bool known = std::ranges::find(policies_, confirmed.policy, &PolicyHistory::id) != policies_.end();
  return !known || std::ranges::any_of(outcome.alerts, [&](const AlertOutcome& alert) {
    return alert.k == confirmed.k && alert.assessment.policy == confirmed.policy;
  });
}

Result<PersonOutcome> Assessor::person(const PersonId& person, Day as_of) const {
  CANDOR_TRY(Reading reading, sources_.store.read());
  return assess_person(reading, person, as_of);
}

Result<Assessment> Assessor::on(const PersonId& person, std::string_view policy, Day day) const {
  const auto history = std::ranges::find(policies_, policy, &PolicyHistory::id);
  if (history == policies_.end()) {
    return fail("assess.no_policy",
                "no policy `" + std::string(policy) + "` is in force; `candor policy list` names those that are");
  }
  CANDOR_TRY(Reading reading, sources_.store.read());
  CANDOR_TRY(const Known known, load(reading, person));
  for (const Reign& reign : reigns(*history)) {
    if (day < reign.from || reign.to < day) continue;
    const auto scored = scored_days(*reign.policy, known.profile, known.guest);
    const bool is_scored =
        std::ranges::any_of(scored, [&](const Days& days) { return days.from <= day && day <= days.to; });
    if (!is_scored) break;
    ExpectedInsights expected(expectations_, person, known.profile, known.decisions);
    Decided undecided;
    CANDOR_TRY_VOID(split(known, expected, expected.rules(history->id, -1), undecided));
    Assessment out = assess(*reign.policy, known.profile, known.insights, day, undecided, peers_.get());
    out.person = person;
    return out;
  }
  return Assessment{.person = person, .policy = history->id, .policy_version = {}, .day = day};
}

Result<void> Assessor::people(std::span<const PersonId> people, const AssessOptions& options,
                              const Record& record) const {
  const std::size_t batch = std::max<std::size_t>(options.batch, 1);
  for (std::size_t done = 0; done < people.size(); done += batch) {
    const auto part = people.subspan(done, std::min(batch, people.size() - done));
    std::vector<Result<PersonOutcome>> results(part.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      auto reading = sources_.store.read();
      for (std::size_t i = next++; i < part.size(); i = next++) {
        if (reading) {
          results[i] = assess_person(*reading, part[i], options.as_of);
        } else {
          results[i] = std::unexpected(reading.error());
        }
      }
    };
    {
      std::vector<std::jthread> helpers;
      for (unsigned thread = 1; thread < options.threads; ++thread) helpers.emplace_back(work);
      work();
    }
    std::vector<PersonOutcome> outcomes;
    outcomes.reserve(part.size());
    for (auto& result : results) {
      if (!result) return std::unexpected(std::move(result).error());
      outcomes.push_back(std::move(*result));
    }
    CANDOR_TRY_VOID(record(outcomes));
    if (options.progress) options.progress(done + part.size(), people.size());
  }
  return {};
}

Result<std::vector<std::string>> Assessor::account_digests(const PersonId& person) const {
  std::vector<std::string> digests;
  CANDOR_TRY(const auto accounts, sources_.people.accounts_of(person));
  for (const AccountId& account : accounts) {
    CANDOR_TRY(const auto info, sources_.timeline.account(account));
    if (info) digests.push_back(account_digest(info->name));
  }
  std::ranges::sort(digests);
  return digests;
}

}  // namespace candor
