#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "sigma/field_scope.h"

namespace candor {

// The fields of activities as Sigma sees them: FieldIndex is FieldId.
class CatalogueScope : public sigma::FieldScope {
 public:
  // Keeps a reference to the catalogue.
  explicit CatalogueScope(const FieldCatalogue& catalogue) : catalogue_(catalogue) {}

  std::optional<sigma::FieldIndex> find(std::string_view name) override { return catalogue_.find(name); }
  sigma::ValueType type(sigma::FieldIndex field) const override;
  std::string name(sigma::FieldIndex field) const override { return catalogue_[field].name; }
  std::vector<std::string> names() const override { return catalogue_.names(); }
  // Operations are compared in their normalised form.
  std::string normalised(sigma::FieldIndex field, std::string text) const override;
  std::optional<std::vector<std::string>> placeholder(std::string_view) const override { return std::nullopt; }
  bool has_keywords() const override { return false; }

 private:
  const FieldCatalogue& catalogue_;
};

// Exposed for tests: trimmed, no trailing full stop, plain dashes.
std::string operation_as_matched(std::string_view text);

}  // namespace candor
