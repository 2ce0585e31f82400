#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/facts.h"
#include "store/store.h"

// Scoring that a person asks for, where no trigger has fired: it brings somebody into a policy's scope for some days,
// so over real people a second person must agree. What is agreed to is a fact of the kind scoring_start.
namespace candor {

inline constexpr int kMostScoringDays = 90;

// A start that holds, ended, or is still to come.
struct ScoringStart {
  std::string policy;  // its id
  Day from = 0;        // both inclusive
  Day to = 0;
  bool operator==(const ScoringStart&) const = default;
};

// From `from` on for so many days; a later word of the same day replaces the earlier one. Gives the last day.
Result<Day> start_scoring(Transaction& work, const Facts& facts, const Keys& keys, const PersonId& person,
                          const std::string& policy, Day from, int days, TimePoint now);
// Takes back whatever was asked for under that policy. Fails with `scoring.not_started` when nothing was.
Result<void> stop_scoring(Transaction& work, const Facts& facts, const PersonId& person, const std::string& policy,
                          TimePoint now);
// Ascending by (policy, from).
std::vector<ScoringStart> scoring_starts(const Profile& profile);

struct ScoringRequest {
  std::int64_t number = 0;  // from 1, in the order asked for
  PersonId person;
  std::string policy;
  int days = 0;        // from the day it is agreed to
  std::string reason;  // without the person's names
  std::string asked_by;
  TimePoint asked_at = 0;
  std::string decision;  // "" waits, "agreed", "not_needed", "rejected", "replaced"
  std::string decided_by;
  std::string decided_reason;
  TimePoint decided_at = 0;
};

// Who acts, and why, without the person's names.
struct ScoringActor {
  std::string name;
  std::string reason;
};

// Requests on disk. In the caller's transactions, so that the audit line is in them too.
// Thread safety: any member from any thread.
class ScoringRequests {
 public:
  // All must outlive this object.
  ScoringRequests(const Facts& facts, const Keys& keys, const Clock& clock)
      : facts_(facts), keys_(keys), clock_(clock) {}

  // `waits`: for approve(); else it starts at once. One of the same person and policy that waited is replaced. The
  // policy must be one in force; `days` is 1 to kMostScoringDays. Fails with `scoring.bad_days`.
  Result<ScoringRequest> ask(Transaction& work, const PersonId& person, const std::string& policy, int days, bool waits,
                             const ScoringActor& actor) const;
  // Starts today. Fails with `scoring.nothing_waits`, and with `scoring.own_request` when the one who asked decides.
  Result<ScoringRequest> approve(Transaction& work, const PersonId& person, std::int64_t number,
                                 const ScoringActor& actor) const;
  // `scoring.nothing_waits`.
  Result<ScoringRequest> reject(Transaction& work, const PersonId& person, std::int64_t number,
                                const ScoringActor& actor) const;

  // The newest first.
  static Result<std::vector<ScoringRequest>> of_person(Reading& reading, const PersonId& person);
  // Everybody's, the oldest first.
  static Result<std::vector<ScoringRequest>> waiting(Reading& reading);
  // Of whom somebody ever asked it; ascending.
  static Result<std::vector<PersonId>> people(Reading& reading);

 private:
  Result<void> start(Transaction& work, const ScoringRequest& request) const;

  const Facts& facts_;
  const Keys& keys_;
  const Clock& clock_;
};

}  // namespace candor
