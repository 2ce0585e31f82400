#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "assessment/assess.h"
#include "assessment/observed.h"
#include "policy/peers.h"
#include "store/store.h"

// What each person adds to what peers are compared by, and where it is kept.
namespace candor {

// A sum that peers are compared by: a cumulative rule of some policy.
struct PeerSum {
  PeerMeasure measure;
  std::shared_ptr<const Policy> policy;
  std::size_t rule = 0;  // position in Policy::cumulative
};
// Those of all versions, each measure once, ascending by it.
std::vector<PeerSum> peer_sums(std::span<const PolicyHistory> policies);

// One person's shares by first day of the period, up to the one that tells on `as_of`: of periods in which the person
// did something, and of those that tell of days on which something was done. `insights` ascending by (day, indicator),
// without those of sequences. Guests have none.
std::map<Day, PeerShare> peer_shares(const Profile& profile, const Insights& insights, bool guest,
                                     std::span<const PeerSum> sums, Day as_of);

// What would have been published on each day of a past: each period from what was known when it began to tell.
PeerBook observed_peers(std::span<const ObservedPerson> people, std::span<const std::shared_ptr<const Policy>> policies,
                        Day first, Day last);

// Brings what is stored up to date with what `due` did, and with a period that has come to its end since. Returns, and
// marks for assessment, whose results may differ by it; ascending. What is durable at any instant leads to the same
// end. One caller at a time, in the order of run_pending(). Errors are those of timeline and store, and
// `policy.bad_peers`.
Result<std::vector<PersonId>> update_peers(const AssessSources& sources, std::span<const PolicyHistory> policies,
                                           std::span<const PersonId> due, const AssessOptions& options);

// Erasure: what the person adds to the sums is taken out of them; who is compared by a sum that is published otherwise
// now is assessed again by the next update_peers(). How many periods it was in.
Result<std::int64_t> erase_peer_shares(Transaction& work, const PersonId& person);

// What update_peers() has last told; nullptr before its first time.
Result<std::shared_ptr<const PeerBook>> stored_peers(Reading& reading);

// The same made anew of everybody, in memory. Periods of which retention has taken a part are as they are stored.
Result<std::shared_ptr<const PeerBook>> peers_of_everybody(const AssessSources& sources,
                                                           std::span<const PolicyHistory> policies,
                                                           const AssessOptions& options);

// What is stored, unless these policies add up what no other does or nothing is stored up to that day: then made anew.
Result<std::shared_ptr<const PeerBook>> peers_for(const AssessSources& sources, std::span<const PolicyHistory> policies,
                                                  const AssessOptions& options);

}  // namespace candor
