#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/points.h"

namespace candor {

// Divides `total` (>= 0, at most 100 points) in proportion to `weights` (>= 0, each below 9 * 10^9, not all zero
// unless total is) by largest remainder: the parts add up exactly, ties go to the smaller id. Empty weights give
// nothing.
std::vector<Micropoints> divide(Micropoints total, const std::vector<std::int64_t>& weights,
                                const std::vector<std::string>& ids);

}  // namespace candor
