#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which fields a rule may name, and what they hold.
namespace candor::sigma {

// Position of a field in its scope.
using FieldIndex = std::uint16_t;
inline constexpr FieldIndex kAllFields = 0xFFFF;  // keywords: any value of the record
inline constexpr std::size_t kMostFields = 0xFFF0;

// `any`: whatever the record holds - text, number, truth value, null, a list of them. The others are what a catalogue
// has promised; on them null and the empty text both mean that the field is absent.
enum class ValueType : std::uint8_t { any, text, integer, truth, address };

class FieldScope {
 public:
  FieldScope() = default;
  FieldScope(const FieldScope&) = default;
  FieldScope& operator=(const FieldScope&) = default;
  FieldScope(FieldScope&&) = default;
  FieldScope& operator=(FieldScope&&) = default;
  virtual ~FieldScope() = default;

  // nullopt: the rule may not name this field.
  virtual std::optional<FieldIndex> find(std::string_view name) = 0;
  virtual ValueType type(FieldIndex field) const = 0;
  virtual std::string name(FieldIndex field) const = 0;
  // All that may be named, for "did you mean"; empty when anything may.
  virtual std::vector<std::string> names() const = 0;
  // A value of this field in the form in which records are compared; most fields: unchanged.
  virtual std::string normalised(FieldIndex field, std::string text) const = 0;
  // The values of a `%placeholder%`; nullopt when nobody has given it any.
  virtual std::optional<std::vector<std::string>> placeholder(std::string_view name) const = 0;
  // Whether keywords, which search all values, can be answered.
  virtual bool has_keywords() const = 0;
};

}  // namespace candor::sigma
