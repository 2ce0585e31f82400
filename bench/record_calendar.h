#pragma once

#include <cstdint>
#include <vector>

#include "record_vocabulary.h"

// Who does what when, before it is written.
namespace candor {

struct RecordOptions {
  std::uint64_t records = 1'000'000;
  std::uint32_t users = 20'000;
  std::uint32_t days = 30;
  std::uint64_t seed = 1;
  std::uint32_t planted = 200;
};

struct RecordEvent {
  std::int64_t time = 0;
  std::uint32_t user = 0;
  Operation operation = Operation::accessed;
  std::uint64_t seed = 0;
};

// Events in time order: office hours with a few at any time, quiet weekends, a few users who do most, planted chains.
std::vector<RecordEvent> plan_events(const RecordOptions& options);

}  // namespace candor
