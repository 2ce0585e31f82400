#pragma once

#include <cstdint>
#include <string>

// Scores, weights and thresholds are integers: the same inputs give the same bits on every machine.
namespace candor {

// One millionth of a point; 100'000'000 is a score of 100.
using Micropoints = std::int64_t;
inline constexpr Micropoints kOnePoint = 1'000'000;

// "34.5" style, exact, without trailing zeros.
std::string format_points(Micropoints points);

}  // namespace candor
