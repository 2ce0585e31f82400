#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/store.h"

// Numbers that people say, from 1 in the order things came, of kinds that retention and erasure take; for .cc
// files of this folder.
namespace candor {

enum class Numbered : std::uint8_t { cases, requests, scoring_requests };

// One more than any that was ever given, also to what is gone.
Result<std::int64_t> next_number(Reading& reading, Numbered kind);
// Before one goes.
Result<void> keep_number(Transaction& work, Numbered kind, std::int64_t number);

}  // namespace candor
