#include "indicators/modifiers.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/diagnostics.h"
#include "base/fold.h"

namespace candor {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;
constexpr std::int64_t kRegexMemory = 1 << 20;  // bytes RE2 may use for one expression

std::unexpected<ValueFault> bad_value(std::string message, std::string hint = "") {
  return std::unexpected(ValueFault{"indicators.bad_value", std::move(message), std::move(hint)});
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    if (length == 1 && static_cast<unsigned char>(text[0]) >= 0x80) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<ValueFault> unfit_text(const Scalar& value) {
  if (value.null) return ValueFault{"indicators.bad_value", "null cannot be compared this way", "use `field: null`"};
  if (value.text.size() > kMaxValueBytes) return ValueFault{"indicators.bad_value", "the value exceeds 4096 bytes", ""};
  if (!is_utf8(value.text)) return ValueFault{"indicators.bad_value", "the value is not UTF-8", ""};
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
  Test test{.field = context.field, .comparison = Comparison::wildcard, .cased = context.cased, .text = {}};
  const bool open_start = pattern.starts_with(kAnyRun);
  const bool open_end = pattern.ends_with(kAnyRun);
  if (pattern.size() == 1 && open_start) return Expression::of({.field = context.field});  // anything at all
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

Expression absent(FieldId field) { return Expression::negation(Expression::of({.field = field})); }

ValueResult number_test(const ValueContext& context, const Scalar& value, Comparison comparison) {
  if (value.null) return bad_value("null is not a number", "use `field: null` for an absent field");
  Test test{.field = context.field, .comparison = comparison};
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, test.number);
  if (error != std::errc() || stop != end) {
    return bad_value("`" + value.text.substr(0, 40) + "` is not a whole number");
  }
  return Expression::of(std::move(test));
}

std::optional<bool> truth(const Scalar& value) {
  if (value.null) return std::nullopt;
  if (value.text == "true" || value.text == "True" || value.text == "1") return true;
  if (value.text == "false" || value.text == "False" || value.text == "0") return false;
  return std::nullopt;
}

// `field: value`, by the type of the field.
ValueResult equals_value(const ValueContext& context, const Scalar& value) {
  if (value.null || (value.text.empty() && value.quoted)) return absent(context.field);
  if (context.type == FieldType::integer) return number_test(context, value, Comparison::number_equals);
  if (context.type == FieldType::boolean) {
    const std::optional<bool> wanted = truth(value);
    if (!wanted) return bad_value("the field is true or false", "write `true` or `false`");
    return Expression::of({.field = context.field, .comparison = Comparison::number_equals, .number = *wanted ? 1 : 0});
  }
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  std::string text = unescape_wildcards(value.text);
  if (context.is_operation && !has_wildcard(text)) text = operation_as_matched(text);
  return pattern_test(context, std::move(text));
}

ValueResult affix_value(const ValueContext& context, const Scalar& value, bool open_start, bool open_end) {
  if (auto fault = unfit_text(value)) return std::unexpected(std::move(*fault));
  if (value.text.empty()) return bad_value("an empty text is part of every text", "use `exists: true`");
  std::string pattern = unescape_wildcards(value.text);
  if (open_start && !pattern.starts_with(kAnyRun)) pattern.insert(pattern.begin(), kAnyRun);
  if (open_end && !pattern.ends_with(kAnyRun)) pattern += kAnyRun;
  return pattern_test(context, std::move(pattern));
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
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  const std::string flags = context.regex_flags.empty() ? "" : "(?" + context.regex_flags + ")";
  const RE2 regex(flags + value.text, options);
  if (!regex.ok()) {
    return bad_value("the regular expression is not accepted: " + regex.error(),
                     "RE2 syntax: no look-around, no back-references");
  }
  return Expression::of(
      {.field = context.field, .comparison = Comparison::regex, .cased = true, .text = regex.pattern()});
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
  return Expression::of({.field = context.field,
                         .comparison = Comparison::cidr,
                         .cased = true,
                         .text = address + "/" + std::to_string(bits)});
}

ValueResult exists_value(const ValueContext& context, const Scalar& value) {
  const std::optional<bool> wanted = truth(value);
  if (!wanted) return bad_value("`exists` takes true or false");
  return *wanted ? Expression::of({.field = context.field}) : absent(context.field);
}

template <Comparison comparison>
ValueResult order_value(const ValueContext& context, const Scalar& value) {
  return number_test(context, value, comparison);
}

constexpr std::uint8_t kTexts = type_bit(FieldType::keyword) | type_bit(FieldType::keywords) | type_bit(FieldType::ip);
constexpr std::uint8_t kNumbers = type_bit(FieldType::integer);
constexpr std::uint8_t kIps = type_bit(FieldType::ip);
constexpr std::uint8_t kAny = kTexts | kNumbers | type_bit(FieldType::boolean);

constexpr ModifierRole kComparison = ModifierRole::comparison;

constexpr Modifier kPlain{"", kComparison, kAny, true, true, &equals_value, Comparison::equals_field};

// name, role, types, texts, lists, value function, the same against a field
constexpr std::array kModifiers = {
    Modifier{"contains", kComparison, kTexts, true, true, &contains_value, Comparison::contains_field},
    Modifier{"startswith", kComparison, kTexts, true, true, &starts_with_value, Comparison::starts_with_field},
    Modifier{"endswith", kComparison, kTexts, true, true, &ends_with_value, Comparison::ends_with_field},
    Modifier{"re", kComparison, kTexts, false, true, &regex_value},
    Modifier{"cidr", kComparison, kIps, false, true, &cidr_value},
    Modifier{"exists", kComparison, kAny, false, false, &exists_value},
    Modifier{"lt", kComparison, kNumbers, false, false, &order_value<Comparison::less>},
    Modifier{"lte", kComparison, kNumbers, false, false, &order_value<Comparison::less_equal>},
    Modifier{"gt", kComparison, kNumbers, false, false, &order_value<Comparison::greater>},
    Modifier{"gte", kComparison, kNumbers, false, false, &order_value<Comparison::greater_equal>},
    Modifier{"fieldref", ModifierRole::reference, kTexts},
    Modifier{"cased", ModifierRole::cased, kTexts},
    Modifier{"all", ModifierRole::all, kAny},
    Modifier{"neq", ModifierRole::negated, kAny},
    Modifier{"i", ModifierRole::regex_flag, kTexts},
    Modifier{"m", ModifierRole::regex_flag, kTexts},
    Modifier{"s", ModifierRole::regex_flag, kTexts},
};

}  // namespace

std::span<const Modifier> modifiers() { return kModifiers; }

const Modifier* find_modifier(std::string_view name) {
  const auto* found = std::ranges::find(kModifiers, name, &Modifier::name);
  return found == kModifiers.end() ? nullptr : found;
}

const Modifier& plain_comparison() { return kPlain; }

std::string operation_as_matched(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    // U+2010 to U+2015 are dashes, U+2212 is the minus sign, U+00A0 the no-break space.
    const bool dash = rest.size() >= 3 && rest.starts_with("\xE2\x80") && rest[2] >= '\x90' && rest[2] <= '\x95';
    if (dash || rest.starts_with("\xE2\x88\x92")) {
      result += '-';
      i += 2;
    } else if (rest.starts_with("\xC2\xA0")) {
      result += ' ';
      i += 1;
    } else {
      result += text[i];
    }
  }
  const std::size_t last = result.find_last_not_of(" \t\r\n.");
  if (last == std::string::npos) return "";
  result.resize(last + 1);
  return result.substr(result.find_first_not_of(" \t\r\n"));
}

}  // namespace candor
