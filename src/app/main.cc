#include <malloc.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "app/command.h"

namespace {

// Set by the signal handler, read by whatever is long: Ctrl-C ends a command at its next safe point; a second one at
// once.
std::atomic<bool> interrupted{false};

void on_signal(int signal) {
  if (interrupted.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

std::string login_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return "uid " + std::to_string(geteuid());
}

}  // namespace

int main(int argc, char** argv) {
  // Batches and frames of about a megabyte come and go: from the heap, or each would be mapped, zeroed and unmapped.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  // Memory holds records before the intake filter and keys: none of it may come to lie in a core file.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::error_code error;
  const candor::Io io{.in = STDIN_FILENO,
                      .out = STDOUT_FILENO,
                      .err = STDERR_FILENO,
                      .folder = std::filesystem::current_path(error),
                      .account = login_name(),
                      .cancelled = [] { return interrupted.load(); }};
  return candor::run_command(std::vector<std::string>(argv + 1, argv + argc), io, nullptr);
}
