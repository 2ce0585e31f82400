#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// A task that is not done, of an open case.
struct DueTask {
  std::string case_id;
  std::int64_t number = 0;  // within the case
  Day due = 0;
  std::string viewer;  // who is to do it: whom it was given to, else the owner of the case
};

// Those that are due on that day or before, by case and number.
Result<std::vector<DueTask>> due_tasks(Reading& reading, Day until);

}  // namespace candor
