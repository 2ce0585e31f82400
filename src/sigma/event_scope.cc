#include "sigma/event_scope.h"

namespace candor::sigma {

std::optional<FieldIndex> EventScope::find(std::string_view name) {
  if (const auto there = known(name)) return there;
  if (fields_.size() >= kMostFields) return std::nullopt;
  const auto index = static_cast<FieldIndex>(fields_.size());
  fields_.emplace_back(name);
  by_name_.emplace(fields_.back(), index);
  return index;
}

std::optional<FieldIndex> EventScope::known(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::vector<std::string>> EventScope::placeholder(std::string_view name) const {
  const auto found = placeholders_.find(std::string(name));
  return found == placeholders_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace candor::sigma
