#pragma once

#include <map>
#include <memory>
#include <string>

#include "simulator/sink.h"

namespace candor {

// Hands streams on to another sink, those of the audit log compressed (zstd, a frame a file) and named "....jsonl.zst".
// One thread.
class CompressingSink final : public Sink {
 public:
  // `sink` must outlive it.
  explicit CompressingSink(Sink& sink);
  ~CompressingSink() override;
  // Fail with the other sink's errors, write() and close() also with `simulator.cannot_compress`.
  Result<int> open(std::string_view name) override;
  Result<void> write(int stream, std::string_view bytes) override;
  Result<void> close(int stream) override;

 private:
  struct Compressed;
  Result<void> compress(int stream, Compressed& file, std::string_view bytes, bool last);

  Sink& sink_;
  std::map<int, std::unique_ptr<Compressed>> compressed_;  // by the other sink's handle
  std::string out_;
};

}  // namespace candor
