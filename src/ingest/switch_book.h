#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/switches.h"
#include "store/store.h"

namespace candor {

// Every decision about indicators, on disk. Thread safety: any member from any thread.
class SwitchBook {
 public:
  SwitchBook(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // All, ascending by number.
  Result<std::vector<Switch>> all() const;
  // Adds one; number and instant are given to it. `from` must be set. Fails with `switches.unknown_indicator`,
  // `switches.bad_country`, `switches.agreement_needed` (an indicator of intrusion 3 or 4 is switched on, or the
  // decision is about days that are over, and no agreement is named), `switches.too_long`.
  // `also` is done with it or not at all: the line in the audit log. Empty: nothing.
  using Also = std::function<Result<void>(Transaction&, const Switch&)>;
  Result<Switch> add(Switch decision, const IndicatorSet& indicators, const Also& also = {});
  // The same in the caller's transaction.
  Result<Switch> add(Transaction& transaction, Switch decision, const IndicatorSet& indicators, const Also& also) const;

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace candor
