#include "sigma/modifiers.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/fold.h"
#include "sigma/encodings.h"
#include "sigma/regex.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kMaxValueBytes = 16 << 10;
constexpr std::size_t kMaxExpanded = 10'000;  // values one placeholder may stand for

std::unexpected<ValueFault> bad_value(std::string message, std::string hint = "") {
  return std::unexpected(ValueFault{"sigma.bad_value", std::move(message), std::move(hint)});
}

std::optional<ValueFault> unfit_text(const Scalar& value) {
  if (value.null) return ValueFault{"sigma.bad_value", "null cannot be compared this way", "use `field: null`"};
  if (value.text.size() > kMaxValueBytes) return ValueFault{"sigma.bad_value", "the value exceeds 16 KiB", ""};
  if (!is_utf8(value.text)) return ValueFault{"sigma.bad_value", "the value is not UTF-8", ""};
  return std::nullopt;
}

// Sigma's wildcards: * and ? stand for themselves after a backslash; a backslash before anything but a wildcard or a
// backslash is a plain one. The result has kAnyRun and kAnyOne in their place.
std::string unescape_wildcards(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escapes = text[i] == '\\' && i + 1 < text.size();
    if (escapes && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\')) {
      result += text[++i];
    } else if (text[i] == '*') {
      if (!result.ends_with(kAnyRun)) result += kAnyRun;
    } else {
      result += text[i] == '?' ? kAnyOne : text[i];
    }
  }
  return result;
}

bool has_wildcard(std::string_view text) {
  return text.find(kAnyRun) != std::string_view::npos || text.find(kAnyOne) != std::string_view::npos;
}

// The cheapest comparison that says the same as a pattern.
Expression pattern_test(const ValueContext& context, std::string pattern) {
  Test test{.field = context.field, .comparison = Comparison::wildcard, .cased = context.cased};
  const bool open_start = pattern.starts_with(kAnyRun);
  const bool open_end = pattern.ends_with(kAnyRun);
  if (pattern.size() == 1 && open_start) {  // anything at all
    return Expression::of({.field = context.field, .comparison = Comparison::valued});
  }
  std::string inner = pattern.substr(open_start ? 1 : 0);
  if (open_end) inner.pop_back();
  if (has_wildcard(inner)) {
    test.text = std::move(pattern);
  } else {
    test.text = std::move(inner);
    test.comparison = open_start ? (open_end ? Comparison::contains : Comparison::ends_with)
                                 : (open_end ? Comparison::starts_with : Comparison::equals);
  }
  if (!test.cased) test.text = fold(test.text);
  return Expression::of(std::move(test));
}

Expression absent(const ValueContext& context) {
  return Expression::negation(Expression::of({.field = context.field, .comparison = Comparison::valued}));
}

std::optional<double> real_of(std::string_view text) {
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc() || stop != text.data() + text.size() || text.empty()) return std::nullopt;
  return std::isfinite(real) ? std::optional(real) : std::nullopt;
}

ValueResult number_test(const ValueContext& context, const Scalar& value, Comparison comparison) {
  if (value.null) return bad_value("null is not a number", "use `field: null` for an absent field");
  Test test{.field = context.field, .comparison = comparison, .part = context.part};
  if (context.type == ValueType::integer || context.type == ValueType::truth) {
    const char* end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data(), end, test.number);
    if (error != std::errc() || stop != end) {
      return bad_value("`" + value.text.substr(0, 40) + "` is not a whole number");
    }
  } else {
    const auto real = real_of(value.text);
    if (!real) return bad_value("`" + value.text.substr(0, 40) + "` is not a number");
    test.real = *real;
  }
  return Expression::of(std::move(test));
}

std::optional<bool> truth(const Scalar& value) {
  if (value.null) return std::nullopt;
  const std::string text = fold(value.text);
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  return std::nullopt;
}

// The patterns a value stands for once all transforms of its line have been at it.
Patterns patterns_of(const ValueContext& context, std::string pattern) {
  std::vector<std::string> patterns = {std::move(pattern)};
  for (const Modifier* transform : context.transforms) {
    std::vector<std::string> next;
    for (const std::string& each : patterns) {
      Patterns some = transform->transform(context, each);
      if (!some) return some;
      for (std::string& one : *some) next.push_back(std::move(one));
    }
    patterns = std::move(next);
  }
  const bool encoded = !context.transforms.empty() && context.transforms.back()->encodes;
  if (encoded && !std::ranges::all_of(patterns, is_utf8)) {
    return bad_value("encoded like this the value is no text", "put `base64` or `base64offset` behind it");
  }
  return patterns;
}

ValueResult texts_test(const ValueContext& context, std::string pattern, bool open_start, bool open_end) {
  Patterns patterns = patterns_of(context, std::move(pattern));
  if (!patterns) return std::unexpected(std::move(patterns.error()));
  std::vector<Expression> tests;
  for (std::string& each : *patterns) {
    const bool whole = !open_start && !open_end && !has_wildcard(each);
    if (whole && context.type == ValueType::text) each = context.scope.normalised(context.field, each);
    if (open_start && !each.starts_with(kAnyRun)) each.insert(each.begin(), kAnyRun);
    if (open_end && !each.ends_with(kAnyRun)) each += kAnyRun;
    tests.push_back(pattern_test(context, std::move(each)));
  }
  if (tests.size() == 1) return std::move(tests.front());
  return Expression::any_of(std::move(tests));
}

// `field: value`, by the type of the field.
ValueResult equals_value(const ValueContext& context, const Scalar& value) {
  if (context.field == kAllFields) {
    if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
    return texts_test(context, unescape_wildcards(value.text), true, true);
  }
  if (context.part != DatePart::none) return number_test(context, value, Comparison::number_equals);
  if (value.null || (context.type != ValueType::any && value.text.empty() && value.quoted)) return absent(context);
  if (context.type == ValueType::integer) return number_test(context, value, Comparison::number_equals);
  if (context.type == ValueType::truth) {
    const std::optional<bool> wanted = truth(value);
    if (!wanted) return bad_value("the field is true or false", "write `true` or `false`");
    return Expression::of({.field = context.field, .comparison = Comparison::number_equals, .number = *wanted ? 1 : 0});
  }
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  ValueResult result = texts_test(context, unescape_wildcards(value.text), false, false);
  // 1.0 and 1e3: written otherwise in the record they are the same number.
  const bool fraction = !value.quoted && value.text.find_first_of(".eE") != std::string::npos;
  if (!result || context.type != ValueType::any || !fraction || !real_of(value.text)) return result;
  auto number = number_test(context, value, Comparison::number_equals);
  std::vector<Expression> either;
  either.push_back(std::move(*result));
  either.push_back(std::move(*number));
  return Expression::any_of(std::move(either));
}

ValueResult affix_value(const ValueContext& context, const Scalar& value, bool open_start, bool open_end) {
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  // An empty text is part of every text.
  if (value.text.empty()) return Expression::of({.field = context.field, .comparison = Comparison::valued});
  return texts_test(context, unescape_wildcards(value.text), open_start, open_end);
}

ValueResult contains_value(const ValueContext& context, const Scalar& value) {
  return affix_value(context, value, true, true);
}
ValueResult starts_with_value(const ValueContext& context, const Scalar& value) {
  return affix_value(context, value, false, true);
}
ValueResult ends_with_value(const ValueContext& context, const Scalar& value) {
  return affix_value(context, value, true, false);
}

ValueResult regex_value(const ValueContext& context, const Scalar& value) {
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  const auto compiled = Regex::compile(value.text, context.regex_flags);
  if (!compiled) {
    return bad_value("the regular expression is not accepted: " + compiled.error(),
                     "PCRE syntax; a backslash means itself only when doubled");
  }
  Test test{.field = context.field, .comparison = Comparison::regex, .cased = true};
  test.text = context.regex_flags + ":" + value.text;
  return Expression::of(std::move(test));
}

ValueResult cidr_value(const ValueContext& context, const Scalar& value) {
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  const std::size_t slash = value.text.find('/');
  const std::string address = value.text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  const bool v4 = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  const bool v6 = !v4 && inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
  int bits = v4 ? 32 : 128;
  bool sound = v4 || v6;
  if (sound && slash != std::string::npos) {
    const int most = bits;
    const char* end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data() + slash + 1, end, bits);
    sound = error == std::errc() && stop == end && bits >= 0 && bits <= most;
  }
  if (!sound) {
    return bad_value("`" + value.text.substr(0, 60) + "` is not a network",
                     "write it like `192.0.2.0/24` or `2001:db8::/32`");
  }
  Test test{.field = context.field, .comparison = Comparison::cidr, .cased = true};
  test.text = address + "/" + std::to_string(bits);
  return Expression::of(std::move(test));
}

ValueResult exists_value(const ValueContext& context, const Scalar& value) {
  const std::optional<bool> wanted = truth(value);
  if (!wanted) return bad_value("`exists` takes true or false");
  Expression there = Expression::of({.field = context.field});
  return *wanted ? std::move(there) : Expression::negation(std::move(there));
}

template <Comparison comparison>
ValueResult order_value(const ValueContext& context, const Scalar& value) {
  return number_test(context, value, comparison);
}

// --- transforms

Patterns windash_form(const ValueContext&, std::string_view pattern) {
  std::vector<std::string> forms = dash_forms(pattern);
  if (forms.empty()) {
    return bad_value("`windash` makes more than 625 texts of this value", "use several shorter values and `all`");
  }
  return forms;
}

template <std::string (*encode)(std::string_view)>
Patterns encoded_form(const ValueContext&, std::string_view pattern) {
  if (has_wildcard(pattern)) {
    return bad_value("a value with wildcards cannot be encoded", "escape them as `\\*` and `\\?`, or leave them out");
  }
  return std::vector<std::string>{encode(pattern)};
}

std::string utf16_marked(std::string_view text) { return "\xFF\xFE" + utf16_little(text); }

// Bytes that an encoding before this one made: among them may be those that stand for wildcards elsewhere.
bool is_encoded(const ValueContext& context) {
  return std::ranges::any_of(context.transforms,
                             [](const Modifier* m) { return m->encodes && !m->name.starts_with("base64"); });
}

Patterns base64_form(const ValueContext& context, std::string_view pattern) {
  if (!is_encoded(context)) return encoded_form<&base64>(context, pattern);
  return std::vector<std::string>{base64(pattern)};
}

Patterns base64offset_form(const ValueContext& context, std::string_view pattern) {
  if (!is_encoded(context) && has_wildcard(pattern)) {
    return bad_value("a value with wildcards cannot be encoded", "escape them as `\\*` and `\\?`, or leave them out");
  }
  std::vector<std::string> forms = base64_offsets(pattern);
  if (forms.empty()) return bad_value("the value is too short for `base64offset`", "at least two letters");
  return forms;
}

constexpr std::uint8_t kOpen = type_bit(ValueType::any);
constexpr std::uint8_t kTexts = kOpen | type_bit(ValueType::text) | type_bit(ValueType::address);
constexpr std::uint8_t kNumbers = kOpen | type_bit(ValueType::integer);
constexpr std::uint8_t kIps = kOpen | type_bit(ValueType::address);
constexpr std::uint8_t kDates = kOpen | type_bit(ValueType::text);
constexpr std::uint8_t kAny = kTexts | kNumbers | type_bit(ValueType::truth);

constexpr Modifier comparison(std::string_view name, std::uint8_t types, bool texts, bool lists,
                              ValueResult (*value)(const ValueContext&, const Scalar&),
                              Comparison referenced = Comparison::present) {
  return {.name = name, .types = types, .texts = texts, .lists = lists, .value = value, .referenced = referenced};
}
constexpr Modifier order(std::string_view name, ValueResult (*value)(const ValueContext&, const Scalar&)) {
  return {.name = name, .types = kNumbers | kDates, .lists = true, .numbers = true, .value = value};
}
constexpr Modifier other(std::string_view name, ModifierRole role, std::uint8_t types) {
  return {.name = name, .role = role, .types = types};
}
constexpr Modifier transform(std::string_view name, Patterns (*function)(const ValueContext&, std::string_view),
                             bool encodes) {
  return {.name = name, .role = ModifierRole::transform, .types = kTexts, .transform = function, .encodes = encodes};
}
constexpr Modifier date_part_modifier(std::string_view name, DatePart part) {
  return {.name = name, .role = ModifierRole::date_part, .types = kDates, .part = part};
}

constexpr Modifier kPlain{.name = "",
                          .types = kAny,
                          .texts = true,
                          .lists = true,
                          .numbers = true,
                          .value = &equals_value,
                          .referenced = Comparison::equals_field};

constexpr std::array kModifiers = {
    comparison("contains", kTexts, true, true, &contains_value, Comparison::contains_field),
    comparison("startswith", kTexts, true, true, &starts_with_value, Comparison::starts_with_field),
    comparison("endswith", kTexts, true, true, &ends_with_value, Comparison::ends_with_field),
    comparison("re", kTexts, false, true, &regex_value),
    comparison("cidr", kIps, false, true, &cidr_value),
    comparison("exists", kAny, false, false, &exists_value),
    order("lt", &order_value<Comparison::less>),
    order("lte", &order_value<Comparison::less_equal>),
    order("gt", &order_value<Comparison::greater>),
    order("gte", &order_value<Comparison::greater_equal>),
    other("fieldref", ModifierRole::reference, kTexts),
    other("cased", ModifierRole::cased, kTexts),
    other("all", ModifierRole::all, kAny),
    other("neq", ModifierRole::negated, kAny),
    other("i", ModifierRole::regex_flag, kTexts),
    other("m", ModifierRole::regex_flag, kTexts),
    other("s", ModifierRole::regex_flag, kTexts),
    transform("windash", &windash_form, false),
    transform("base64", &base64_form, true),
    transform("base64offset", &base64offset_form, true),
    transform("wide", &encoded_form<&utf16_little>, true),
    transform("utf16le", &encoded_form<&utf16_little>, true),
    transform("utf16be", &encoded_form<&utf16_big>, true),
    transform("utf16", &encoded_form<&utf16_marked>, true),
    other("expand", ModifierRole::expand, kAny),
    date_part_modifier("minute", DatePart::minute),
    date_part_modifier("hour", DatePart::hour),
    date_part_modifier("day", DatePart::day),
    date_part_modifier("week", DatePart::week),
    date_part_modifier("month", DatePart::month),
    date_part_modifier("year", DatePart::year),
};

}  // namespace

std::span<const Modifier> modifiers() { return kModifiers; }

const Modifier* find_modifier(std::string_view name) {
  const auto* found = std::ranges::find(kModifiers, name, &Modifier::name);
  return found == kModifiers.end() ? nullptr : found;
}

const Modifier& plain_comparison() { return kPlain; }

Patterns expand_placeholders(const FieldScope& scope, std::string_view text) {
  std::vector<std::string> results = {""};
  const auto append = [&](std::string_view part) {
    for (std::string& result : results) result += part;
  };
  while (!text.empty()) {
    if (text.starts_with("\\%")) {
      append("%");
      text.remove_prefix(2);
      continue;
    }
    const std::size_t end = text[0] == '%' ? text.find('%', 1) : std::string_view::npos;
    if (end == std::string_view::npos || end == 1) {
      append(text.substr(0, 1));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view name = text.substr(1, end - 1);
    const auto values = scope.placeholder(name);
    if (!values) {
      return std::unexpected(ValueFault{"sigma.placeholder_without_values",
                                        "nobody has said what `%" + std::string(name.substr(0, 64)) + "%` stands for",
                                        "name its values: `--placeholders FILE`"});
    }
    if (results.size() * values->size() > kMaxExpanded)
      return bad_value("placeholders stand for more than 10000 values");
    std::vector<std::string> next;
    for (const std::string& result : results) {
      for (const std::string& value : *values) next.push_back(result + value);
    }
    results = std::move(next);
    text.remove_prefix(end + 1);
  }
  return results;
}

}  // namespace candor::sigma
