#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace candor {

enum class FieldType : std::uint8_t { keyword, keywords, integer, boolean, ip };

// Position of a field in its catalogue.
using FieldId = std::uint16_t;
inline constexpr std::size_t kMaxFields = 256;

std::string_view to_text(FieldType type);

struct Field {
  std::string name;  // ECS name, dotted
  FieldType type = FieldType::keyword;
  bool label = false;  // a flag or id nobody typed: may be shown without lifting a name
  std::string description;
  std::string needs = {};  // the facts about the organisation it is derived from (need_names()), "" when from none
};

// The fields an activity can carry, from content/fields.yml (the benchmark has one of its own).
// Thread safety: immutable after load; shared by everything that holds activities.
class FieldCatalogue {
 public:
  // Fails with `activity.bad_field_catalogue`, naming the line, on a duplicate name, a name that is also an object
  // (`a` beside `a.b`), an unknown type, or more than kMaxFields fields.
  static Result<std::shared_ptr<const FieldCatalogue>> load(const std::filesystem::path& file);
  static Result<std::shared_ptr<const FieldCatalogue>> create(std::vector<Field> fields);

  std::size_t size() const { return fields_.size(); }
  const Field& operator[](FieldId id) const { return fields_[id]; }
  std::optional<FieldId> find(std::string_view name) const;
  // For fields code depends on: stops the process when content lacks it (our own mistake: the two ship together).
  FieldId require(std::string_view name) const;
  // All fields so that those of one object are together (`event.*` first): the order in which they are printed.
  const std::vector<FieldId>& print_order() const { return print_order_; }
  // All names, for "did you mean".
  std::vector<std::string> names() const;

 private:
  std::vector<Field> fields_;
  std::vector<FieldId> print_order_;
  std::unordered_map<std::string, FieldId> by_name_;
};

}  // namespace candor
