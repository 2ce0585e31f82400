#include "base/points.h"

namespace candor {

std::string format_points(Micropoints points) {
  const bool negative = points < 0;
  const auto magnitude = negative ? -static_cast<std::uint64_t>(points) : static_cast<std::uint64_t>(points);
  std::string text = (negative ? "-" : "") + std::to_string(magnitude / kOnePoint);
  std::string fraction = std::to_string(kOnePoint + static_cast<Micropoints>(magnitude % kOnePoint)).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? text : text + "." + fraction;
}

}  // namespace candor
