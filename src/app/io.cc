#include "app/io.h"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace candor {

std::string local_viewer(const Io& io) { return "local/" + io.account; }

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

namespace {

bool write_patiently(const Io& io, int descriptor, std::string_view text) {
  constexpr int kPatience = 10;             // steps after the command was cancelled
  constexpr std::size_t kPiece = PIPE_BUF;  // a pipe that has room takes this much without waiting
  for (int waited = 0; !text.empty();) {
    pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
    if (::poll(&ready, 1, kLookMilliseconds) <= 0) {
      if (io.cancelled() && ++waited > kPatience) return false;
      continue;
    }
    const std::string_view piece = text.substr(0, kPiece);
    if (!write_all(descriptor, piece)) return false;
    text.remove_prefix(piece.size());
  }
  return true;
}

}  // namespace

bool print(const Io& io, std::string_view text) { return write_patiently(io, io.out, text); }
Result<std::string> read_secret(const Io& io, const std::string& prompt) {
  constexpr std::size_t kLongest = 1'000;
  termios shown{};
  const bool terminal = ::isatty(io.in) != 0 && ::tcgetattr(io.in, &shown) == 0;
  if (terminal) {
    complain(io, prompt);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(io.in, TCSAFLUSH, &hidden);
  }
  std::string line;
  char c = 0;
  while (line.size() <= kLongest && ::read(io.in, &c, 1) == 1 && c != '\n') line += c;
  if (terminal) {
    ::tcsetattr(io.in, TCSAFLUSH, &shown);
    complain(io, "\n");
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty() || line.size() > kLongest) {
    return fail("app.no_secret", "nothing was given on standard input, or too much");
  }
  return line;
}

bool complain(const Io& io, std::string_view text) { return write_patiently(io, io.err, text); }

void complain_about(const Io& io, const std::vector<Diagnostic>& faults, std::int64_t left_out) {
  for (const Diagnostic& fault : faults) complain(io, to_text(fault) + "\n");
  if (left_out > 0) complain(io, fmt::format("... and {} more\n", left_out));
}

std::string format_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
  return fmt::format("{:.2f} GB", static_cast<double>(bytes) / 1e9);
}

std::string format_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

Progress::Progress(const Io& io, std::string what, bool quiet)
    : io_(io),
      what_(std::move(what)),
      quiet_(quiet),
      terminal_(::isatty(io.err) == 1),
      started_(std::chrono::steady_clock::now()),
      shown_(started_) {}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

std::string Progress::bar(std::uint64_t bytes, std::uint64_t total_bytes, std::uint64_t records) const {
  const double elapsed = std::max(seconds(), 0.001);
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(records) / elapsed);
  std::string line = fmt::format("{}: ", what_);
  if (total_bytes > 0) {
    const double share = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total_bytes));
    if (terminal_) {
      const auto full = static_cast<std::size_t>(share * 24);
      line += "[" + std::string(full, '#') + std::string(24 - full, '.') + "] ";
    }
    line += fmt::format("{:.0f} %, {} of {}", share * 100, format_bytes(bytes), format_bytes(total_bytes));
    if (share > 0.005 && share < 1) {
      const auto left = static_cast<std::uint64_t>(elapsed / share * (1 - share));
      line += fmt::format(", {}:{:02} left", left / 60, left % 60);
    }
  } else {
    line += format_bytes(bytes);
  }
  if (records == 0) return line;
  return line + fmt::format(", {} records, {}/s", format_count(records), format_count(rate));
}

void Progress::update(std::uint64_t bytes, std::uint64_t total_bytes, std::uint64_t records) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
  shown_ = now;
  if (terminal_) {
    complain(io_, "\r\x1b[K" + bar(bytes, total_bytes, records));
    line_open_ = true;
  } else {
    complain(io_, bar(bytes, total_bytes, records) + "\n");
  }
}

void Progress::finish() {
  if (line_open_) complain(io_, "\r\x1b[K");
  line_open_ = false;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace candor
