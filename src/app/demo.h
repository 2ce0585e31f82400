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

// Imports what the simulated organisation's systems say of it and its people: own domains, labels, the directory, HR
// facts. Comes before any record; the folder must be opened again before fill_demo(), because that is when facts about
// the organisation take effect.
Result<void> import_demo_facts(Installation& installation, const DemoOptions& options);

// Puts the shipped policies in force, simulates the organisation at work, its last day being yesterday, reads its
// records as a stream and assesses them. Cut short, both calls do it again with the same arguments: what is there
// already is a repeat. Holds Installation::writing() all along. Returns the number of alerts.
Result<std::int64_t> fill_demo(Installation& installation, const DemoOptions& options, FillState& state,
                               const std::function<bool()>& cancelled);

}  // namespace candor
