#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/backup_file.h"

// Whatever the bytes of a backup: no crash, and nothing is written anywhere but into the folder that was named.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path root = [] {
    auto made = std::filesystem::temp_directory_path() / ("candor-fuzz-backup-" + std::to_string(::getpid()));
    std::filesystem::remove_all(made);
    std::filesystem::create_directories(made);
    return made;
  }();
  const auto file = root / "backup";
  const auto into = root / "a" / "b";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto unpacked = candor::unpack_backup(file, into, {});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_symlink()) __builtin_trap();
    const std::string name = entry.path().lexically_relative(root).generic_string();
    if (name != "backup" && name != "a" && name != "a/b" && !name.starts_with("a/b/")) __builtin_trap();
  }
  if (unpacked) {
    for (const candor::BackedUpFile& one : unpacked->files) {
      if (std::filesystem::file_size(into / one.name) != one.bytes || one.sha256.size() != 64) __builtin_trap();
    }
  }
  std::filesystem::remove_all(root / "a");
  return 0;
}
