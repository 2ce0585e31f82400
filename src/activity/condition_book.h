#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "activity/extracted.h"
#include "activity/mapping_program.h"

namespace candor {

// Which conditions of a mapping hold for a record. Each path that conditions ask about is looked up once a record, and
// since these paths hold few different values (workloads, operations), mostly by comparing with the last ones seen.
// Thread safety: one thread at a time.
class ConditionBook {
 public:
  explicit ConditionBook(const MappingProgram& program);

  // Of the record in `found`.
  ConditionSet of(Extracted& found, Activity& activity);

 private:
  // One path and what its values mean.
  struct Page {
    static constexpr std::size_t kRecent = 8;
    struct Entry {
      std::string value;
      ConditionSet holds;
    };
    SlotId slot = 0;
    std::map<std::string, ConditionSet, std::less<>> by_value;  // lower case
    ConditionSet absent;
    std::array<Entry, kRecent> recent;
    std::size_t next = 0;
  };
  static const ConditionSet& look_up(Page& page, std::string_view value, Activity& activity);

  std::vector<Page> pages_;
};

}  // namespace candor
