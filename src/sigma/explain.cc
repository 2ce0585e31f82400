#include "sigma/explain.h"

#include "sigma/answer.h"
#include "sigma/compile.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kMostShown = 80;  // bytes of a value
constexpr std::size_t kMostValues = 3;  // of a list

std::string cut(std::string_view text) {
  if (text.size() <= kMostShown) return std::string(text);
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // whole letters
  return std::string(text.substr(0, end)) + "...";
}

std::string pattern_text(std::string_view pattern) {
  std::string result;
  for (const char c : pattern) {
    if (c == kAnyRun) {
      result += '*';
    } else if (c == kAnyOne) {
      result += '?';
    } else {
      result += c;
    }
  }
  return result;
}

std::string number_text(double number) {
  std::string text = std::to_string(number);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string number_of(const Test& test, const FieldScope& scope) {
  const ValueType type = test.field == kAllFields ? ValueType::any : scope.type(test.field);
  if (type == ValueType::truth) return test.number != 0 ? "`true`" : "`false`";
  if (type == ValueType::integer) return std::to_string(test.number);
  return number_text(test.real);
}

const char* word_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::present:
      return "is there";
    case Comparison::asked:
      return "";
    case Comparison::valued:
      return "has a value";
    case Comparison::equals:
    case Comparison::number_equals:
      return "is";
    case Comparison::contains:
    case Comparison::contains_field:
      return "contains";
    case Comparison::starts_with:
    case Comparison::starts_with_field:
      return "starts with";
    case Comparison::ends_with:
    case Comparison::ends_with_field:
      return "ends with";
    case Comparison::wildcard:
      return "is like";
    case Comparison::regex:
      return "has a match of";
    case Comparison::cidr:
      return "is in the network";
    case Comparison::less:
      return "is less than";
    case Comparison::less_equal:
      return "is at most";
    case Comparison::greater:
      return "is more than";
    case Comparison::greater_equal:
      return "is at least";
    case Comparison::equals_field:
      return "is the same as";
  }
  return "";
}

const char* word_of(DatePart part) {
  static constexpr const char* kWords[] = {"", "minute", "hour", "day", "week", "month", "year"};
  return kWords[static_cast<std::size_t>(part)];
}

std::string found_in(const Test& test, const FieldScope& scope, FieldValues& values) {
  if (test.question) return test.question->why(values);
  if (test.field == kAllFields) return "";
  if (!values.present(test.field)) return "the record has no " + scope.name(test.field);
  if (!values.valued(test.field)) return "it is null";
  const ValueType type = scope.type(test.field);
  if (type == ValueType::integer) return "it is `" + std::to_string(values.number(test.field)) + "`";
  if (type == ValueType::truth) return values.number(test.field) != 0 ? "it is `true`" : "it is `false`";
  const auto texts = values.texts(test.field, true);
  std::string text = "it is";
  if (texts.empty()) return text + " an empty list";
  for (std::size_t i = 0; i < texts.size() && i < kMostValues; ++i) text += " `" + cut(texts[i]) + "`";
  if (texts.size() > kMostValues) text += " and " + std::to_string(texts.size() - kMostValues) + " more";
  return text;
}

std::string joining(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::all_of:
      return "all of these";
    case Expression::Kind::any_of:
      return expression.parts.empty() ? "nothing" : "one of these";
    case Expression::Kind::at_least:
      return "at least " + std::to_string(expression.count) + " of these";
    default:
      return "not";
  }
}

}  // namespace

std::string in_words(const Test& test, const FieldScope& scope) {
  if (test.question) return test.question->in_words();
  std::string text = test.field == kAllFields ? "some value" : scope.name(test.field);
  if (test.part != DatePart::none) text = std::string("the ") + word_of(test.part) + " of " + text;
  text += std::string(" ") + word_of(test.comparison);
  if (test.comparison == Comparison::present || test.comparison == Comparison::valued) return text;
  if (compares_fields(test.comparison)) return text + " " + scope.name(test.other);
  if (test.comparison == Comparison::regex) {
    const std::size_t colon = test.text.find(':');
    const std::string flags = test.text.substr(0, colon);
    return text + " /" + cut(test.text.substr(colon + 1)) + "/" + flags;
  }
  if (test.text.empty() && test.comparison != Comparison::equals) return text + " " + number_of(test, scope);
  text += " `" + cut(pattern_text(test.text)) + "`";
  const bool cased = test.cased && test.comparison != Comparison::cidr;
  return cased ? text + ", letter case counting" : text;
}

Explained explain(const Expression& expression, const FieldScope& scope, FieldValues& values) {
  Explained result;
  if (expression.kind == Expression::Kind::test) {
    result.holds = answer(atom_of(expression.test, scope), values);
    result.name = in_words(expression.test, scope);
    result.why = found_in(expression.test, scope, values);
    return result;
  }
  std::size_t held = 0;
  for (const Expression& part : expression.parts) {
    result.parts.push_back(explain(part, scope, values));
    if (result.parts.back().holds) ++held;
  }
  switch (expression.kind) {
    case Expression::Kind::all_of:
      result.holds = held == expression.parts.size();
      break;
    case Expression::Kind::any_of:
      result.holds = held > 0;
      break;
    case Expression::Kind::at_least:
      result.holds = held >= expression.count;
      break;
    default:
      result.holds = held == 0;
      break;
  }
  // What has no name of its own and one part is that part; a line keeps the key the rule writes.
  const bool single = expression.parts.size() == 1 && expression.kind != Expression::Kind::negation;
  if (single && expression.origin.empty()) return std::move(result.parts.front());
  result.name = expression.origin.empty() ? joining(expression) : expression.origin;
  if (!expression.origin.empty() && expression.parts.size() > 1) result.name += ": " + joining(expression);
  return result;
}

}  // namespace candor::sigma
