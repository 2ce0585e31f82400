#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "activity/json_text.h"
#include "activity/mapping_program.h"
#include "activity/operation_name.h"
#include "activity/text_map.h"
#include "base/fold.h"

namespace candor {

// What an operation's name means, found once for each spelling.
struct Operation {
  std::string normalised;
  std::vector<std::string_view> category;
  std::vector<std::string_view> type;
  bool known = false;
};

// What a mapping says of operations, remembered. Thread safety: one thread at a time.
class OperationBook {
 public:
  // `program` must outlive the book.
  explicit OperationBook(const MappingProgram& program) : program_(program) {}

  const Operation& look_up(std::string_view written) {
    if (const auto found = known_.find(written); found != known_.end()) return found->second;
    if (known_.size() >= kMostKnown) known_.clear();
    return known_.emplace(std::string(written), read(written)).first->second;
  }

 private:
  static constexpr std::size_t kMostKnown = 20'000;

  Operation read(std::string_view written) const {
    Operation operation;
    operation.normalised = normalised_operation(written);
    std::string key = operation.normalised;
    for (char& c : key) c = ascii_lower(c);
    const OperationInfo* info = nullptr;
    if (const auto found = program_.operations.find(key); found != program_.operations.end()) info = &found->second;
    for (const auto& [prefix, by_prefix] : program_.operation_prefixes) {
      if (info == nullptr && key.starts_with(prefix)) info = &by_prefix;
    }
    operation.known = info != nullptr || !program_.checks_operations;
    if (info != nullptr) {
      operation.category.assign(info->category.begin(), info->category.end());
      operation.type.assign(info->type.begin(), info->type.end());
    }
    return operation;
  }

  const MappingProgram& program_;
  StableTextMap<Operation> known_;
};

}  // namespace candor
