#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// Where the simulated organisation goes: named streams ("audit/2026-01-05.jsonl", "hr.csv", ...), a few of them open at
// a time. Bytes arrive in whole lines, in pieces of up to about 1 MB. Called from one thread; the first error stops the
// simulation and is handed on.
class Sink {
 public:
  virtual ~Sink() = default;
  // Starts a stream; its handle is valid until close(). A name is opened once, with '/' between folders.
  virtual Result<int> open(std::string_view name) = 0;
  virtual Result<void> write(int stream, std::string_view bytes) = 0;
  virtual Result<void> close(int stream) = 0;
};

// Writes each stream as a file below one folder, which it makes. Names of its files stand in `.simulated` there: from a
// folder with that list the first open() removes what is listed, so that nothing of an earlier simulation stays.
class FolderSink final : public Sink {
 public:
  explicit FolderSink(std::filesystem::path folder);
  ~FolderSink() override;
  // Fails with `simulator.folder_in_use` when the folder holds anything but an earlier simulation, which it leaves as
  // it is, and with `simulator.cannot_write` (no right, disk full, a name in the way).
  Result<int> open(std::string_view name) override;
  Result<void> write(int stream, std::string_view bytes) override;
  Result<void> close(int stream) override;

 private:
  struct Files;
  std::filesystem::path folder_;
  std::unique_ptr<Files> files_;
};

}  // namespace candor
