#include "timeline/random_key.h"

#include "base/random_bytes.h"

namespace candor {

std::array<std::uint8_t, 32> random_key() {
  std::array<std::uint8_t, 32> key{};
  random_bytes(key);
  return key;
}

}  // namespace candor
