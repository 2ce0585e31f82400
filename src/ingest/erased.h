#pragma once

#include <functional>

#include "base/ids.h"
#include "base/time.h"

namespace candor {

// Whether a person was erased to whom the account belonged on that UTC day: nothing of such an activity may be stored
// again. Must neither wait nor fail. Empty: nobody was erased.
using ErasedCheck = std::function<bool(const AccountId& account, Day day)>;

// The check as it is now, asked once a batch. By any thread. Empty: nobody ever is.
using ErasedNow = std::function<ErasedCheck()>;

// Why a record is left out: it is of somebody who was erased. Counted like any rejection, and never listed: which rows
// of a file these are would tell who it was.
inline constexpr const char* kErasedRecord = "erased";

}  // namespace candor
