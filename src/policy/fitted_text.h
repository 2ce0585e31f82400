#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "indicators/indicator_info.h"

namespace candor {

// The section `fitted` of a policy: levels that were taken from the organisation's own days.
struct FittedSection {
  struct Entry {
    std::string name;  // of an indicator
    std::array<std::optional<Levels>, kDimensions> levels;
  };
  Day from = 0;
  Day to = 0;
  std::int64_t people = 0;  // in tens
  std::vector<Entry> entries;
};

// The policy's text with this section at its end, in place of the one it may have. Everything else stays as it is
// written, comments too. Without entries: the text without the section.
std::string with_fitted(std::string_view policy, const FittedSection& section);

}  // namespace candor
