#include "app/read_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace candor {
namespace {

constexpr std::size_t kMost = 64u << 20;

// Waits where it can be left: a pipe that gives nothing must not keep a served folder from closing.
Result<std::string> read_descriptor(const Io& io, int descriptor, const std::string& name) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (io.cancelled()) return fail("app.cancelled", name + ": interrupted, nothing was taken");
    if (::poll(&ready, 1, kLookMilliseconds) <= 0) continue;
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return fail("app.cannot_read", name + " cannot be read: " + std::strerror(errno));
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kMost) return fail("app.too_large", name + " is larger than 64 MiB: split it");
  }
}

}  // namespace

Result<std::string> read_input(const Io& io, const std::filesystem::path& file) {
  if (file == "-") return read_descriptor(io, io.in, "standard input");
  const int descriptor = ::open(io.resolve(file).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail("app.cannot_read", file.string() + " cannot be read: " + std::strerror(errno));
  auto text = read_descriptor(io, descriptor, file.string());
  ::close(descriptor);
  return text;
}

}  // namespace candor
