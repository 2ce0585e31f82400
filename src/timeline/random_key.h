#pragma once

#include <array>
#include <cstdint>

namespace candor {

// 32 bytes from the kernel's generator: the key of one account or one segment, which erasing it makes unreadable.
std::array<std::uint8_t, 32> random_key();

}  // namespace candor
