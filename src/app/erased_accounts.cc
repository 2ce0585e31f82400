#include "app/erased_accounts.h"

#include <utility>

namespace candor {

Result<void> CurrentlyErased::refresh(Store& store, const Keys& keys) {
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(auto accounts, ErasedAccounts::load(reading, keys));
  const std::lock_guard lock(shared_->mutex);
  shared_->accounts = std::move(accounts);
  return {};
}

ErasedNow CurrentlyErased::now() const {
  return [shared = shared_]() -> ErasedCheck {
    std::shared_ptr<const ErasedAccounts> accounts;
    {
      const std::lock_guard lock(shared->mutex);
      accounts = shared->accounts;
    }
    if (accounts == nullptr || accounts->is_empty()) return {};
    return [accounts](const AccountId& account, Day day) { return accounts->holds(account, day); };
  };
}

Replay without_erased(Replay replay, const Keys& keys, ErasedNow erased) {
  return
      [replay = std::move(replay), keys, erased = std::move(erased)](const RawBatch& batch, const Replayed& deliver) {
        const ErasedCheck check = erased();
        if (!check) return replay(batch, deliver);
        replay(batch, [&](const Activity& activity, std::span<const IndicatorIndex> matches) {
          if (!check(keys.account(activity.account), day_of(activity.time))) deliver(activity, matches);
        });
      };
}

}  // namespace candor
