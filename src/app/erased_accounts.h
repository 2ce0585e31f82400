#pragma once

#include <memory>
#include <mutex>

#include "base/keys.h"
#include "base/result.h"
#include "ingest/erased.h"
#include "profile/erasures.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// Tells intake, and whoever reads the raw log again, of whom nothing may be stored; as it was at the last refresh().
// Thread safety: any member, and what now() gives, from any thread.
class CurrentlyErased {
 public:
  Result<void> refresh(Store& store, const Keys& keys);
  // Valid beyond this object's life; follows later refreshes.
  ErasedNow now() const;

 private:
  struct Shared {
    std::mutex mutex;
    std::shared_ptr<const ErasedAccounts> accounts;  // guarded by mutex; null: nothing is known
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

// `replay`, but for what is of somebody who was erased: a record may lie in the raw log of which no row told when they
// were, because no mapping could read it.
Replay without_erased(Replay replay, const Keys& keys, ErasedNow erased);

}  // namespace candor
