#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sigma/field_scope.h"

namespace candor::sigma {

// Fields of records nobody has described: whatever rules name is a field and may hold anything.
class EventScope : public FieldScope {
 public:
  explicit EventScope(std::map<std::string, std::vector<std::string>> placeholders = {})
      : placeholders_(std::move(placeholders)) {}

  // Adds the field when it is new; nullopt only when there are kMostFields.
  std::optional<FieldIndex> find(std::string_view name) override;
  ValueType type(FieldIndex) const override { return ValueType::any; }
  std::string name(FieldIndex field) const override { return fields_[field]; }
  std::vector<std::string> names() const override { return {}; }
  std::string normalised(FieldIndex, std::string text) const override { return text; }
  std::optional<std::vector<std::string>> placeholder(std::string_view name) const override;
  bool has_keywords() const override { return true; }

  // By FieldIndex.
  const std::vector<std::string>& fields() const { return fields_; }
  std::optional<FieldIndex> known(std::string_view name) const;

 private:
  std::vector<std::string> fields_;
  std::unordered_map<std::string, FieldIndex> by_name_;
  std::map<std::string, std::vector<std::string>> placeholders_;
};

}  // namespace candor::sigma
