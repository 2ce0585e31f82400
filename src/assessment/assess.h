#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assessment/expectations.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "policy/assessment.h"
#include "policy/policy.h"
#include "timeline/insight.h"

// Runs policies over stored people: the touched ones live, all of them for an export or a back-test. What it computes
// is a pure function of timeline, facts, policies and decisions (SEMANTICS.md); it writes nothing.
namespace candor {

struct Decided;
class ExpectedInsights;
struct ExpectedRules;
class Facts;
class PeerBook;
class People;
class Reading;
class Store;
class Timeline;

// All versions of one policy, ascending by day. The version of a day holds for that day's whole window; before the
// first one's day the first one holds.
struct PolicyHistory {
  struct Version {
    Day effective_from = 0;
    std::shared_ptr<const Policy> policy;
  };
  std::string id;
  std::vector<Version> versions;  // never empty
};

// How long a dismissal is remembered, in days: as long as evidence may be old. Until then only a higher score than that
// of the dismissed alert comes again.
inline constexpr Day kMemoryDays = 90;

// What people decided about one person's alerts, as far as it moves results.
struct PersonDecisions {
  struct Closing {
    TimePoint cutoff = 0;  // latest activity that is evidence
    // UTC day of the decision: the last one assessed. Without new evidence a score may rise until then (a policy's
    // first day, a cumulative sum), and what was decided on must stay as it was shown.
    Day day = 0;
    bool dismissed = false;  // closed as no violation
    bool operator==(const Closing&) const = default;
  };
  std::map<std::string, std::vector<Closing>> closing;  // policy -> the k-th closing decision, cutoffs ascending
  struct Confirmed {
    std::string policy;
    int k = 0;
    TimePoint cutoff = 0;
  };
  std::vector<Confirmed> confirmed;
  // Every decision on the k-th alert of a policy, in order, whoever made it. What was expected when it was made is what
  // counts for it: an expectation that comes or goes later rewrites nothing that was decided.
  struct Shown {
    TimePoint at = 0;
    TimePoint cutoff = 0;
    bool operator==(const Shown&) const = default;
  };
  std::map<std::pair<std::string, int>, std::vector<Shown>> shown;
  // (policy, k) of alerts that retention took away. They bound evidence as all do, and never exist again.
  std::set<std::pair<std::string, int>> removed = {};
};
using Decisions = std::map<PersonId, PersonDecisions>;

// One alert that exists: some day of its evidence reaches the cut. Identity: (policy, person, k).
struct AlertOutcome {
  int k = 0;
  Assessment assessment;         // of the day with the highest score; of equals the earliest
  Day first_day = 0;             // first day that reaches the cut
  Day last_day = 0;              // last day with evidence
  TimePoint evidence_until = 0;  // latest activity that is evidence
  // What the directory says of the person on the day of the greatest part (main_part()); "": nothing, or there is none.
  std::string department = {};
};

// Days on which a policy looks at somebody, and why.
struct ScopeSpan {
  std::string policy;
  std::string trigger;  // id within the policy, or kByHand
  Day since = 0;        // day of the first thing that triggered it
  Day from = 0;
  Day to = 0;
};

// Everything about one person at H: alerts ascending by (policy, k).
struct PersonOutcome {
  PersonId person;
  std::vector<AlertOutcome> alerts;
  std::optional<Day> next_edge;                 // the first day after H on which the result may rise without new input
  std::optional<Day> kept_from = std::nullopt;  // Profile::kept_from
  SealedDays sealed = {};                       // of everybody
  std::vector<ScopeSpan> scopes = {};           // those that reach H or later, ascending by policy
};

struct AssessOptions {
  Day as_of = 0;            // H: the last day assessed
  unsigned threads = 1;     // 1 or 2 are useful on two cores; the result does not depend on it
  std::size_t batch = 512;  // people handed over at once
  std::function<void(std::size_t done, std::size_t total)> progress;  // called on the calling thread; may be empty
};

// Where people's data comes from; all owned by the caller. Threads may read all of them at once.
struct AssessSources {
  const Timeline& timeline;
  Store& store;
  const People& people;
  const Facts& facts;
};

// Thread safety: const members from any thread.
class Assessor {
 public:
  // `policies` ascending by id. `peers`: what is published of other people (assessment/peer_shares.h); null: nothing.
  Assessor(const AssessSources& sources, std::vector<PolicyHistory> policies, std::shared_ptr<const PeerBook> peers,
           Decisions decisions, Expectations expectations = {});

  // One person, all policies.
  Result<PersonOutcome> person(const PersonId& person, Day as_of) const;

  // One policy's assessment of one person at the end of a day, whatever was decided: by the version in force on it,
  // with all that is known now. Without parts when the person is not in its scope. Fails with `assess.no_policy`.
  Result<Assessment> on(const PersonId& person, std::string_view policy, Day day) const;

  // Many people, handed over in batches on the calling thread, in the order of `people`.
  using Record = std::function<Result<void>(std::span<const PersonOutcome>)>;
  Result<void> people(std::span<const PersonId> people, const AssessOptions& options, const Record& record) const;

  // Digests of the names of a person's accounts that have activities, ascending: how canonical exports name a person.
  Result<std::vector<std::string>> account_digests(const PersonId& person) const;

 private:
  struct Known;  // what is known of one person
  Result<Known> load(Reading& reading, const PersonId& person) const;
  using Confirmations = std::vector<PersonDecisions::Confirmed>;
  // Reads what Decided needs of the days of its cutoffs, and what was expected.
  Result<void> split(const Known& known, ExpectedInsights& expected, const ExpectedRules& rules,
                     Decided& decided) const;
  Result<void> assess_policy(const Known& known, ExpectedInsights& expected, const PolicyHistory& history,
                             const Confirmations& counted, Day as_of, PersonOutcome& outcome) const;
  // Of policies that look at the person though nothing the person did is known.
  void scopes_without_insights(const Known& known, Day as_of, PersonOutcome& outcome) const;
  bool stands(const PersonDecisions::Confirmed& confirmed, const PersonOutcome& outcome) const;
  Result<PersonOutcome> assess_person(Reading& reading, const PersonId& person, Day as_of) const;

  AssessSources sources_;
  std::vector<PolicyHistory> policies_;
  std::shared_ptr<const PeerBook> peers_;
  Decisions decisions_;
  Expectations expectations_;
  std::vector<Sequence> sequences_;  // of all versions, ascending by key
};

}  // namespace candor
