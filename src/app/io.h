#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/time.h"

namespace candor {

// Where one command reads and writes. Not the process's own streams: a served folder runs commands for other processes.
// Owns no descriptor. Thread safety: one command, one thread.
struct Io {
  int in = 0;
  int out = 1;
  int err = 2;
  std::filesystem::path folder;  // what relative paths of the command line are relative to
  std::string account;           // who runs it, for the audit log: the login name of this machine
  std::function<bool()> cancelled = [] { return false; };  // Ctrl-C, or the other process is gone

  std::filesystem::path resolve(const std::filesystem::path& path) const { return folder / path; }
};

// Who runs the command, as the audit log names viewers: "local/" and the account.
std::string local_viewer(const Io& io);

// Exit codes of every command.
enum class Exit : int { ok = 0, failed = 1, some_rejected = 2 };

// Between two looks at whether a command was cancelled.
inline constexpr int kLookMilliseconds = 100;

// Writes everything; false when the reader is gone or the disk is full.
bool write_all(int descriptor, std::string_view text);
// The same for a command's output, and false, too, when it was cancelled and the reader takes nothing for a second: a
// pager nobody scrolls must not keep a served folder from closing.
bool print(const Io& io, std::string_view text);
bool complain(const Io& io, std::string_view text);
// A line of the command's input, without showing it where it is typed. Fails with `app.no_secret` when there is none,
// or more than 1,000 bytes of it.
Result<std::string> read_secret(const Io& io, const std::string& prompt);
// Each with its place; `left_out`: how many more there were.
void complain_about(const Io& io, const std::vector<Diagnostic>& faults, std::int64_t left_out = 0);

// Shows how long work goes on: one line rewritten on a terminal, a plain line every few seconds otherwise. Time comes
// from the steady clock; nothing that is stored depends on it.
class Progress {
 public:
  Progress(const Io& io, std::string what, bool quiet);
  // `total_bytes` 0 when unknown.
  void update(std::uint64_t bytes, std::uint64_t total_bytes, std::uint64_t records);
  // Removes the rewritten line.
  void finish();
  double seconds() const;

 private:
  std::string bar(std::uint64_t bytes, std::uint64_t total_bytes, std::uint64_t records) const;
  const Io& io_;
  const std::string what_;
  const bool quiet_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point shown_;
  bool line_open_ = false;
};

// "1.4 GB", "312 kB".
std::string format_bytes(std::uint64_t bytes);
// "1,234,567".
std::string format_count(std::uint64_t count);
// "one, two".
std::string joined(const std::vector<std::string>& words);

}  // namespace candor
