#pragma once

#include "base/time.h"

// What the tests of this folder count in.
namespace candor {

inline constexpr TimePoint kMinute = 60 * kMicrosPerSecond;
inline constexpr TimePoint kHour = 60 * kMinute;
inline constexpr Day kToday = 20'000;

}  // namespace candor
