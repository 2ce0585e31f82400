#include "base/outer_key.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/ids.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = 256;  // the digits, and what a shell puts around them

Error bad_key(const std::string& variable, const std::string& why) {
  return {"base.bad_outer_key", "the key of " + variable + " " + why};
}

std::string variable_text(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text == nullptr ? "" : text;
}

// Up to kMostBytes and one more, which is too many.
std::string read_some(int descriptor) {
  std::string text(kMostBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

Result<std::string> from_file(const std::string& variable, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::unexpected(bad_key(variable, "cannot be read: " + std::string(std::strerror(errno))));
  std::string text = read_some(file);
  ::close(file);
  return text;
}

// What it says besides goes where Candor's own errors go.
Result<std::string> from_command(const std::string& variable, std::string command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(bad_key(variable, "cannot be asked for"));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string shell = "sh";
  std::string option = "-c";
  const std::array<char*, 4> arguments = {shell.data(), option.data(), command.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, "/bin/sh", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text = failed == 0 ? read_some(ends[0]) : "";
  ::close(ends[0]);
  int status = failed == 0 ? 0 : -1;
  while (failed == 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0) return std::unexpected(bad_key(variable, "did not come: the command failed"));
  return text;
}

Result<KeyBytes> parsed(const std::string& variable, std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  const auto bytes = from_hex(text);
  KeyBytes key{};
  if (!bytes || bytes->size() != key.size()) {
    return std::unexpected(bad_key(variable, "is not 64 hexadecimal digits: `candor key make` prints one"));
  }
  std::ranges::copy(*bytes, key.begin());
  return key;
}

}  // namespace

Result<std::optional<KeyBytes>> outer_key(const std::string& name) {
  if (const std::string text = variable_text(name); !text.empty()) return parsed(name, text);
  const std::string file = name + "_FILE";
  if (const std::string path = variable_text(file); !path.empty()) {
    CANDOR_TRY(const std::string text, from_file(file, path));
    return parsed(file, text);
  }
  const std::string asked = name + "_COMMAND";
  if (const std::string command = variable_text(asked); !command.empty()) {
    CANDOR_TRY(const std::string text, from_command(asked, command));
    return parsed(asked, text);
  }
  return std::nullopt;
}

std::string new_outer_key() {
  KeyBytes key{};
  random_bytes(key);
  return to_hex(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
}

}  // namespace candor
