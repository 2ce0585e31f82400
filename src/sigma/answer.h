#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sigma/compile.h"

// Answers one atom for one record.
namespace candor::sigma {

// What one record holds in the fields of a scope. One thread at a time.
class FieldValues {
 public:
  // Readable bytes behind every text it gives out, so that vector code may read past the end.
  static constexpr std::size_t kPadding = 64;

  FieldValues() = default;
  FieldValues(const FieldValues&) = delete;
  FieldValues& operator=(const FieldValues&) = delete;
  FieldValues(FieldValues&&) = default;
  FieldValues& operator=(FieldValues&&) = default;
  virtual ~FieldValues() = default;

  virtual bool present(FieldIndex field) const = 0;
  // There and not null.
  virtual bool valued(FieldIndex field) const = 0;
  // Valid UTF-8, folded unless `cased`; empty when the field is absent or null. kAllFields: every value of the record.
  virtual std::span<const std::string_view> texts(FieldIndex field, bool cased) = 0;
  // For fields whose type is integer or truth.
  virtual std::int64_t number(FieldIndex field) const = 0;
};

bool answer(const Atom& atom, FieldValues& values);

constexpr bool compares_fields(Comparison comparison) { return comparison >= Comparison::equals_field; }

// Whether a text that is FieldValues' compares with a literal; `comparison` one of has_literals().
bool compares(Comparison comparison, std::string_view text, const Literal& literal);

// Exposed for tests. `text` matches `pattern` with kAnyRun and kAnyOne; one code point for kAnyOne.
bool wildcard_match(std::string_view pattern, std::string_view text);
// `address` is IPv4 or IPv6 as text.
bool in_network(const Atom& atom, std::string_view address);
// The part of a date as it is written: ISO 8601, with a blank or a T, or seconds, milliseconds or microseconds since
// 1970 (UTC).
std::optional<std::int64_t> date_part(std::string_view date, DatePart part);

}  // namespace candor::sigma
