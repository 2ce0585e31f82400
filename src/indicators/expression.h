#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "activity/field.h"

// What a rule says, in terms of activity fields: what collect.h hands to compile.h.
namespace candor {

enum class Comparison : std::uint8_t {
  present,
  // text: `Test::text` is folded unless `cased`; on a list of texts one of them must compare
  equals,
  contains,
  starts_with,
  ends_with,
  wildcard,  // kAnyRun and kAnyOne stand for * and ?
  regex,     // RE2 syntax, never folded; searched anywhere
  cidr,      // "192.0.2.0/24"
  // number: integer and boolean fields; an absent field compares with nothing
  number_equals,
  less,
  less_equal,
  greater,
  greater_equal,
  // text of another field; both must be there
  equals_field,
  contains_field,
  starts_with_field,
  ends_with_field,
};

// Bytes that UTF-8 never has, in the text of a wildcard test.
inline constexpr char kAnyRun = '\xFF';
inline constexpr char kAnyOne = '\xFE';

struct Test {
  FieldId field = 0;
  Comparison comparison = Comparison::present;
  bool cased = false;
  std::string text = {};
  std::int64_t number = 0;
  FieldId other = 0;
  bool operator==(const Test&) const = default;
};

struct Expression {
  enum class Kind : std::uint8_t { all_of, any_of, negation, test };
  Kind kind = Kind::all_of;  // all_of nothing holds, any_of nothing does not
  std::vector<Expression> parts = {};
  Test test = {};

  static Expression of(Test test) { return {.kind = Kind::test, .parts = {}, .test = std::move(test)}; }
  static Expression all_of(std::vector<Expression> parts) {
    return {.kind = Kind::all_of, .parts = std::move(parts), .test = {}};
  }
  static Expression any_of(std::vector<Expression> parts) {
    return {.kind = Kind::any_of, .parts = std::move(parts), .test = {}};
  }
  static Expression negation(Expression part) {
    Expression result{.kind = Kind::negation, .parts = {}, .test = {}};
    result.parts.push_back(std::move(part));
    return result;
  }
};

}  // namespace candor
