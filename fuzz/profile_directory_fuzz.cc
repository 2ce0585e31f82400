#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "profile/directory_claims.h"
#include "profile/directory_reader.h"

// Whatever the bytes, in whatever format: no crash, every entry accounted for, no account twice in what is settled.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  candor::DirectoryReadOptions options;
  if (data[0] < 4) options.format = static_cast<candor::DirectoryFormat>(data[0]);
  candor::DirectoryEntries read;
  if (!candor::read_directory(text, "fuzz", options, read)) return 0;
  if (static_cast<std::int64_t>(read.entries.size()) + read.rejected_entries() != read.entries_read) __builtin_trap();
  for (const auto& entry : read.entries) {
    if (entry.accounts.empty() || entry.id.empty() || !entry.attributes.contains("employee_type")) __builtin_trap();
  }
  const std::size_t before = read.entries.size();
  const candor::DirectoryClaims claims = candor::settle_claims(read);
  if (claims.entries.size() > before) __builtin_trap();
  std::vector<std::string> names;
  for (const auto& entry : claims.entries) {
    for (const auto& account : entry.accounts) names.push_back(account.name);
  }
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) __builtin_trap();
  return 0;
}
