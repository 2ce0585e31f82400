#include "app/step_progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace candor {

StepProgress::StepProgress(const Io& io, bool quiet)
    : io_(io), quiet_(quiet), terminal_(::isatty(io.err) == 1), shown_(std::chrono::steady_clock::now()) {}

void StepProgress::update(const std::string& phase, std::size_t done, std::size_t total) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
  shown_ = now;
  const std::string line =
      total == 0 ? phase : fmt::format("{}: {} % ({} of {})", phase, done * 100 / total, done, total);
  complain(io_, terminal_ ? "\r\x1b[K" + line : line + "\n");
  line_open_ = terminal_;
}

void StepProgress::finish() {
  if (line_open_) complain(io_, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace candor
