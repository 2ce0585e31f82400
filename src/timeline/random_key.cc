#include "timeline/random_key.h"

#include <sys/random.h>

#include "base/result.h"

namespace candor {

std::array<std::uint8_t, 32> random_key() {
  std::array<std::uint8_t, 32> key{};
  // Up to 256 bytes come whole, once the generator is ready.
  CANDOR_CHECK(::getrandom(key.data(), key.size(), 0) == static_cast<ssize_t>(key.size()));
  return key;
}

}  // namespace candor
