#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cases/package_file.h"

// Whatever the bytes of a ZIP file: no crash, no more memory than a package may take, and nothing passes that the key
// below has not signed - and it has signed nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view zip(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";
  if (candor::verified_package(zip, kKey)) __builtin_trap();
  return 0;
}
