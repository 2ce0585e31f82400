#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

// Logarithms and powers of two from a content table, in integers only: the same bits on every machine.
// All results are in units of 10^-9 (`kOne` is 1.0), cut downwards between the table's points, so that both functions
// are monotone. Thread safety: immutable; share the pointer.
class Logarithms {
 public:
  static constexpr std::int64_t kOne = 1'000'000'000;
  static constexpr int kSteps = 1024;  // the table's points between two powers of two

  // Reads content/scoring/logarithms.tsv (made by tools/make_logarithms). Fails with `policy.bad_logarithms`, naming
  // file and line, when a row is missing, out of order or not monotone.
  static Result<std::shared_ptr<const Logarithms>> load(const std::filesystem::path& file);
  // The same from text; `name` is what errors call it.
  static Result<std::shared_ptr<const Logarithms>> parse(std::string_view text, std::string_view name);

  // log2(value) for value >= 1; 0 for anything smaller. Never decreases as `value` grows.
  std::int64_t log2(std::int64_t value) const;
  // 2^-(exponent / kOne) for exponent >= 0; kOne for anything smaller. Never increases as `exponent` grows.
  std::int64_t exp2_negative(std::int64_t exponent) const;

  // Hash of the table.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  std::uint64_t fingerprint_ = 0;
  std::vector<std::int64_t> log2_;  // kSteps + 1 points: log2(1 + i / kSteps)
  std::vector<std::int64_t> exp2_;  // kSteps + 1 points: 2^-(i / kSteps)
};

}  // namespace candor
