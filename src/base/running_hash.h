#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace candor {

// content_hash() of bytes that come in pieces: the same number however they are cut.
// Thread safety: one thread at a time.
class RunningHash {
 public:
  RunningHash();
  RunningHash(RunningHash&&) noexcept;
  RunningHash& operator=(RunningHash&&) noexcept;
  ~RunningHash();
  void add(std::string_view bytes);
  // Of everything added so far; more may follow.
  std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace candor
