#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "api/api.h"
#include "app/installation.h"
#include "base/result.h"
#include "simulator/simulate.h"

namespace candor {

// How far the filling of a demo folder is; shown on the terminal and in the pages. Thread safety: any member from any
// thread.
class FillState {
 public:
  api::Fill get() const;
  void set(api::Fill fill);

 private:
  mutable std::mutex mutex_;
  api::Fill fill_;
};

struct DemoOptions {
  int people = 250;
  int days = 90;
  std::uint64_t seed = 1;
};

// Whether this folder still wants its demo organisation: it is empty, or an earlier filling was cut short.
Result<bool> demo_is_wanted(Installation& installation);

// Puts the shipped policies in force, simulates an organisation whose last day is yesterday, reads its records as a
// stream, imports its HR facts and assesses it. Cut short, the next call does it again with the same arguments: what is
// there already is a repeat. Holds Installation::writing() all along. Returns the number of alerts.
Result<std::int64_t> fill_demo(Installation& installation, const DemoOptions& options, FillState& state,
                               const std::function<bool()>& cancelled);

}  // namespace candor
