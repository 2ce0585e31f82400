#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/record_tree.h"

namespace candor {

// A value of a raw record by name, as mappings write it: `Item.Subject`; through an array each element counts;
// `Parameters[Subject]` is the {Name, Value} object whose Name is Subject, `Parameters[*]` every one. Names in any
// case.
struct FieldPath {
  struct Step {
    std::string name;                 // lower case
    std::optional<std::string> pair;  // lower case; "*": any
  };
  std::vector<Step> steps;

  // nullopt when it is none.
  static std::optional<FieldPath> parse(std::string_view text);
};

enum class Removal : std::uint8_t { drop, mask };

// What stands for a masked value, whatever it was.
inline constexpr std::string_view kMasked = "\"[masked]\"";

// Takes fields out of records. A text that is itself JSON (a record wrapped in a record, a member kept as text) is
// looked into, and one that only begins like JSON goes as a whole: what cannot be read cannot be kept.
// Bytes outside the objects and arrays that lose something stay as they are; the same record gives the same bytes.
struct FieldRemoval {
  std::vector<FieldPath> paths;
  Removal removal = Removal::drop;
};

// The record without what the removals name; nullopt when it holds nothing of it. A field that is to be dropped by one
// and masked by another is dropped. `did`, as long as `removals`, tells which found something.
std::optional<std::string> remove_fields(const RecordTree& record, const std::vector<const FieldRemoval*>& removals,
                                         std::vector<bool>& did);

// Every value at the path, also inside texts that are JSON.
std::vector<std::string> values_at(const RecordTree& record, const FieldPath& path);

}  // namespace candor
