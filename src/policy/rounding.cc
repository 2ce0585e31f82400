#include "policy/rounding.h"

#include <algorithm>
#include <numeric>

namespace candor {

std::vector<Micropoints> divide(Micropoints total, const std::vector<std::int64_t>& weights,
                                const std::vector<std::string>& ids) {
  std::vector<Micropoints> parts(weights.size(), 0);
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum <= 0) return parts;
  std::vector<std::int64_t> remainders(weights.size());
  Micropoints given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    parts[i] = total * weights[i] / sum;
    remainders[i] = total * weights[i] % sum;
    given += parts[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : ids[a] < ids[b];
  });
  for (std::size_t i = 0; given < total; ++i, ++given) ++parts[order[i]];
  return parts;
}

}  // namespace candor
