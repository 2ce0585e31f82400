#pragma once

#include <cstdint>
#include <span>

namespace candor {

// Fills `out` with random bytes of the kernel's generator, for keys and nonces: nobody was given them before.
// Thread safety: any.
void random_bytes(std::span<std::uint8_t> out);

}  // namespace candor
