#include "app/secret_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace candor {

Result<std::string> read_secret_of(const std::filesystem::path& file, const std::string& from_environment,
                                   const std::string& what, const std::string& error_id) {
  std::string secret = from_environment;
  if (secret.empty() && !file.empty()) {
    const auto bad = [&](const char* why) { return fail(error_id, what + " in " + file.string() + " " + why); };
    std::ifstream in(file, std::ios::binary);
    if (!in) return bad("cannot be read: let the account that runs candor read the file");
    secret.resize(kLongestSecret + 2);
    in.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    secret.resize(static_cast<std::size_t>(in.gcount()));
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    if (secret.empty()) return bad("is empty");
  }
  const bool printable = std::ranges::all_of(secret, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (secret.size() <= kLongestSecret && printable) return secret;
  return fail(error_id, what + " has more than 4096 characters, or such as cannot be seen");
}

std::string environment_text(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

bool others_may_read(const std::filesystem::path& file) {
  struct stat about{};
  return ::stat(file.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0;
}

}  // namespace candor
