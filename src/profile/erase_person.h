#pragma once

#include <span>
#include <string>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "profile/erasures.h"
#include "profile/facts.h"
#include "store/store.h"

namespace candor {

// Takes out of the records what says who somebody is: facts told of the person or of an account on a day it was theirs,
// whoever it was told of otherwise; directory entries and whole names; names of accounts that nobody else ever had; who
// is said to be led by them; and the person. An account that others had on other days stays, with its name, for them.
// Liftings point to the person: they go before. `owned`: owned_accounts() of the person. Adds to `counts`. The same
// again takes nothing.
Result<void> erase_profile(Transaction& work, const Facts& facts, const Keys& keys, const PersonId& person,
                           std::span<const OwnedAccount> owned, CountByKind& counts);

}  // namespace candor
