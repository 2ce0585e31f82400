#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "app/io.h"

namespace candor {

// As Progress, for work that is counted in steps: "scoring set 1 of 2: 40 % (200 of 500)". Nothing that is stored
// depends on its clock. Thread safety: one thread at a time.
class StepProgress {
 public:
  StepProgress(const Io& io, bool quiet);
  ~StepProgress() { finish(); }
  StepProgress(const StepProgress&) = delete;
  StepProgress& operator=(const StepProgress&) = delete;

  void update(const std::string& phase, std::size_t done, std::size_t total);
  // Removes the rewritten line.
  void finish();

 private:
  const Io& io_;
  const bool quiet_;
  const bool terminal_;
  std::chrono::steady_clock::time_point shown_;
  bool line_open_ = false;
};

}  // namespace candor
