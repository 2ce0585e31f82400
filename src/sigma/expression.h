#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sigma/field_scope.h"

// What a rule says, in terms of the fields of a scope: what collect.h hands to compile.h.
namespace candor::sigma {

class FieldValues;  // sigma/answer.h

// What no comparison with one field says, such as whether a record is on a list of thousands: asked as one test, at
// most once a record. Implementations are immutable.
class Question {
 public:
  Question() = default;
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  Question(Question&&) = delete;
  Question& operator=(Question&&) = delete;
  virtual ~Question() = default;
  virtual bool holds(FieldValues& values) const = 0;
  virtual std::string in_words() const = 0;
  // What of the record decides, for explanations.
  virtual std::string why(FieldValues& values) const = 0;
  // Tells this one from every other that is answered otherwise.
  virtual std::uint64_t fingerprint() const = 0;
};

enum class Comparison : std::uint8_t {
  present,  // the field is there, also when its value is null
  valued,   // the field is there and not null
  asked,    // Test::question, of no one field
  // text: `Test::text` is folded unless `cased`; of several values one must compare
  equals,
  contains,
  starts_with,
  ends_with,
  wildcard,  // kAnyRun and kAnyOne stand for * and ?
  regex,     // never folded; searched anywhere
  cidr,      // "192.0.2.0/24"
  // number; what is absent or no number compares with nothing
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

// Which part of a date is compared; number comparisons only.
enum class DatePart : std::uint8_t { none, minute, hour, day, week, month, year };

// Bytes that UTF-8 never has, in the text of a wildcard test.
inline constexpr char kAnyRun = '\xFF';
inline constexpr char kAnyOne = '\xFE';

struct Test {
  FieldIndex field = 0;
  Comparison comparison = Comparison::present;
  bool cased = false;
  DatePart part = DatePart::none;
  std::string text = {};
  std::int64_t number = 0;  // where the field's type is integer or truth
  double real = 0;          // where it is anything else
  FieldIndex other = 0;
  std::shared_ptr<const Question> question = nullptr;
  bool operator==(const Test&) const = default;
};

struct Expression {
  enum class Kind : std::uint8_t { all_of, any_of, negation, test, at_least };
  Kind kind = Kind::all_of;  // all_of nothing holds, any_of nothing does not
  std::vector<Expression> parts = {};
  Test test = {};
  std::uint32_t count = 0;  // at_least: how many of the parts
  // The selection or the line of the rule this came from, for explanations; "" in between. Decides nothing.
  std::string origin = {};

  static Expression of(Test test) {
    Expression result{.kind = Kind::test};
    result.test = std::move(test);
    return result;
  }
  static Expression of(std::shared_ptr<const Question> question) {
    Test test{.field = kAllFields, .comparison = Comparison::asked};
    test.question = std::move(question);
    return of(std::move(test));
  }
  static Expression all_of(std::vector<Expression> parts) { return {.kind = Kind::all_of, .parts = std::move(parts)}; }
  static Expression any_of(std::vector<Expression> parts) { return {.kind = Kind::any_of, .parts = std::move(parts)}; }
  static Expression at_least(std::uint32_t count, std::vector<Expression> parts) {
    Expression result{.kind = Kind::at_least, .parts = std::move(parts)};
    result.count = count;
    return result;
  }
  static Expression negation(Expression part) {
    Expression result{.kind = Kind::negation};
    result.parts.push_back(std::move(part));
    return result;
  }
};

}  // namespace candor::sigma
