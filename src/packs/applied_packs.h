#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Which packs were applied, when and with what, so that it can be said later what has changed since.
namespace candor {

struct PackApplication {
  std::int64_t number = 0;         // from 1
  std::vector<std::string> packs;  // ids, ascending
  std::string lawful_start;        // the section that was given to policies; "" none
  std::string agreement;           // that was named; "" none
  bool retention = false;          // shorter times were asked for, too
  std::string applied_by;          // a user name, or "local/ACCOUNT"
  std::string reason;
  TimePoint applied_at = 0;
};

// The table of them. Thread safety: any member from any thread.
class PackBook {
 public:
  // Gives it the next number.
  static Result<PackApplication> add(Transaction& work, PackApplication application);
  // The newest first, at most `most`.
  static Result<std::vector<PackApplication>> newest(Reading& reading, std::size_t most);
};

}  // namespace candor
