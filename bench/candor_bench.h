#pragma once

#include <filesystem>
#include <ostream>

#include "base/result.h"

namespace candor {

// Where the benchmark's own content lies: fields.yml and mapping.yml.
struct BenchOptions {
  std::filesystem::path content;
};

// Runs the four jobs of bench/README.md over an NDJSON file, one thread, cumulatively: normalise; and rules; and
// baseline and sequence. The file is held whole, as the reference does; reading it is not timed. One line a job:
// "candor\tNAME\tSECONDS\tRECORDS PER SECOND\tCHECK".
// Fails when a file cannot be read or a rule is not accepted.
Result<void> run_bench(const std::filesystem::path& records, const std::filesystem::path& rules,
                       const BenchOptions& options, std::ostream& out);

}  // namespace candor
