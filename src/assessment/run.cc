#include "assessment/run.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include "assessment/peer_shares.h"
#include "assessment/pending.h"
#include "profile/facts.h"
#include "profile/ownership.h"
#include "profile/people.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

constexpr std::size_t kAccountsAtOnce = 10'000;

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// What decides results besides the people themselves: versions that hold on some day up to as_of.
std::string fingerprint(const std::vector<PolicyHistory>& policies, Day as_of) {
  std::string text;
  for (const PolicyHistory& history : policies) {
    for (const PolicyHistory::Version& version : history.versions) {
      const bool first = &version == &history.versions.front();
      if (!first && version.effective_from > as_of) continue;
      // Versions keep their values, not the table of logarithms they are computed with.
      text +=
          history.id + "=" + version.policy->version + "/" + std::to_string(version.policy->logarithms->fingerprint());
      if (!first) text += "@" + format_day(version.effective_from);
      text += ";";
    }
  }
  return text;
}

struct Due {
  std::vector<PersonId> people;             // ascending
  std::map<PersonId, std::int64_t> marked;  // marks to forget
  std::int64_t facts_upto = 0;
  std::string everybody;  // mark_everybody() as it was seen
};

Result<void> add_everybody(const People& people, std::set<PersonId>& due) {
  return people.each([&](const PersonId& person) {
    due.insert(person);
    return true;
  });
}

Result<Due> find_due(const AssessSources& sources, const Timeline::Touched& touched, const std::string& policies,
                     Day as_of) {
  Due out;
  std::set<PersonId> due;
  CANDOR_TRY(Reading reading, sources.store.read());
  CANDOR_TRY(const std::string last_policies, assessment_state(reading, "policies"));
  CANDOR_TRY(const std::string facts_mark, assessment_state(reading, "facts"));
  CANDOR_TRY(const std::string last_as_of, assessment_state(reading, "as_of"));
  CANDOR_TRY(out.everybody, assessment_state(reading, "everybody"));
  CANDOR_TRY(const std::string everybody_done, assessment_state(reading, "everybody_done"));
  CANDOR_TRY(out.marked, marked_for_assessment(reading, as_of));
  for (const AccountId& account : touched.accounts) {
    CANDOR_TRY(const auto owners, owners_of(reading, account));
    for (const Ownership& owner : owners) due.insert(owner.person);
  }
  CANDOR_TRY(const Facts::Changes changes, sources.facts.changed_since(number(facts_mark)));
  out.facts_upto = changes.upto;
  for (const PersonId& person : changes.people) {
    CANDOR_TRY(const auto related, related_to(reading, person));
    due.insert(related.begin(), related.end());
  }
  for (const auto& [person, mark] : out.marked) due.insert(person);
  const bool went_back = !last_as_of.empty() && as_of < number(last_as_of);
  if (policies != last_policies || went_back || out.everybody != everybody_done)
    CANDOR_TRY_VOID(add_everybody(sources.people, due));
  out.people.assign(due.begin(), due.end());
  return out;
}

// Their marks are read again: update_peers() has made new ones.
Result<void> add_those_whose_peers_moved(const AssessSources& sources, const std::vector<PolicyHistory>& policies,
                                         const AssessOptions& options, Due& due) {
  CANDOR_TRY(const auto moved, update_peers(sources, policies, due.people, options));
  if (moved.empty()) return {};
  std::vector<PersonId> all;
  std::ranges::set_union(due.people, moved, std::back_inserter(all));
  due.people = std::move(all);
  CANDOR_TRY(Reading reading, sources.store.read());
  CANDOR_TRY(const auto marked, marked_for_assessment(reading, options.as_of));
  for (const PersonId& person : moved) {
    if (const auto mark = marked.find(person); mark != marked.end()) due.marked.insert(*mark);
  }
  return {};
}

Result<void> finish(Store& store, const Due& due, const std::string& policies, Day as_of) {
  return store.transact([&](Transaction& transaction) -> Result<void> {
    CANDOR_TRY_VOID(set_assessment_state(transaction, "policies", policies));
    CANDOR_TRY_VOID(set_assessment_state(transaction, "everybody_done", due.everybody));
    CANDOR_TRY_VOID(set_assessment_state(transaction, "facts", std::to_string(due.facts_upto)));
    return set_assessment_state(transaction, "as_of", std::to_string(as_of));
  });
}

}  // namespace

Result<void> register_touched(Timeline& timeline, const People& people) {
  CANDOR_TRY(const Timeline::Touched touched, timeline.touched());
  std::vector<People::Account> batch;
  for (const AccountId& account : touched.accounts) {
    CANDOR_TRY(auto info, timeline.account(account));
    // Of other kinds an account is a person's only when a fact says so; then it is known already.
    const bool is_somebody = info && (info->actor == ActorKind::person || info->actor == ActorKind::guest);
    if (is_somebody) batch.push_back({.id = info->id, .name = std::move(info->name)});
    if (batch.size() < kAccountsAtOnce) continue;
    CANDOR_TRY_VOID(people.ensure(batch));
    batch.clear();
  }
  if (!batch.empty()) CANDOR_TRY_VOID(people.ensure(batch));
  return {};
}

Result<std::size_t> run_pending(const AssessSources& sources, Timeline& timeline,
                                const std::vector<PolicyHistory>& policies, const LoadSaid& said,
                                const AssessOptions& options, const RecordOutcomes& record) {
  CANDOR_TRY(const Timeline::Touched touched, timeline.touched());
  CANDOR_TRY_VOID(register_touched(timeline, sources.people));
  const std::string in_force = fingerprint(policies, options.as_of);
  CANDOR_TRY(Due due, find_due(sources, touched, in_force, options.as_of));
  CANDOR_TRY_VOID(add_those_whose_peers_moved(sources, policies, options, due));
  std::shared_ptr<const PeerBook> peers;
  {
    CANDOR_TRY(Reading reading, sources.store.read());
    CANDOR_TRY(peers, stored_peers(reading));
  }
  // Only now: a decision made meanwhile either is in here or has left a mark that this run does not clear.
  Said known;
  if (!due.people.empty()) {
    CANDOR_TRY(known, said(due.people));
  }
  const Assessor assessor(sources, policies, std::move(peers), std::move(known.decisions),
                          std::move(known.expectations));
  const auto store_batch = [&](std::span<const PersonOutcome> outcomes) -> Result<void> {
    return sources.store.transact([&](Transaction& transaction) -> Result<void> {
      CANDOR_TRY_VOID(record(transaction, outcomes));
      for (const PersonOutcome& outcome : outcomes) {
        const auto marked = due.marked.find(outcome.person);
        if (marked != due.marked.end()) {
          CANDOR_TRY_VOID(clear_mark(transaction, outcome.person, marked->second));
        }
        if (outcome.next_edge) {
          CANDOR_TRY_VOID(mark_for_assessment(transaction, outcome.person, *outcome.next_edge));
        }
      }
      return {};
    });
  };
  CANDOR_TRY_VOID(assessor.people(due.people, options, store_batch));
  CANDOR_TRY_VOID(finish(sources.store, due, in_force, options.as_of));
  CANDOR_TRY_VOID(timeline.settle(touched.upto));
  return due.people.size();
}

}  // namespace candor
