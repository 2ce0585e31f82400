#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "assessment/observed.h"
#include "policy/assessment.h"
#include "policy/peers.h"
#include "policy/policy.h"

// One person's past day by day: at the end of each day every policy looks at what was known then.
namespace candor {

struct ReplayDays {
  Day first = 0;  // of the data
  Day start = 0;  // earlier evidence feeds baselines and look-back but opens no alert by itself
  Day last = 0;
};

// What an analyst was shown of one person at the end of a day: one row, however many policies.
struct QueueRow {
  Day day = 0;
  PersonId person{};
  std::vector<Assessment> alerts;  // those that reach the cut, the highest score first; never empty
  bool confirmed = false;          // by the judge
  Micropoints score() const { return alerts.front().score; }
  AlertSeverity severity() const { return alerts.front().severity; }
};

// Keeps references to what it is given. Thread safety: const members from any thread.
class PersonReplay {
 public:
  // `peers` may be null: nothing is published of other people.
  PersonReplay(const ObservedPerson& person, std::span<const std::shared_ptr<const Policy>> policies,
               const ReplayDays& days, const PeerBook* peers)
      : person_(person), policies_(policies), days_(days), peers_(peers) {}

  // Without any decision.
  struct Course {
    std::vector<Micropoints> daily;    // the greatest score of any policy at the end of each day, from `first` on
    std::vector<Micropoints> highest;  // by policy, of any day from `start` on
  };
  Course course() const;

  // The rows at cuts (by policy), when whoever reads them decides at once: confirms what `judge` finds right, else
  // dismisses. What was decided on is no evidence any more, and after a dismissal only what scores higher comes again
  // (SEMANTICS 9, docs/architecture/scoring.md). `highest`: Course::highest; policies that never reach their cut are
  // not computed.
  using Judge = std::function<bool(const Assessment&)>;
  std::vector<QueueRow> rows(std::span<const Micropoints> cuts, std::span<const Micropoints> highest,
                             const Judge& judge) const;

 private:
  const ObservedPerson& person_;
  const std::span<const std::shared_ptr<const Policy>> policies_;
  const ReplayDays days_;
  const PeerBook* const peers_;
};

}  // namespace candor
