#include "api/target.h"

#include <charconv>
#include <string>

#include "base/utf8.h"

namespace candor::api {

namespace {

constexpr std::size_t kMostParameters = 100;

std::unexpected<Error> bad_target(const char* why) {
  return fail("api.bad_target", std::string("the request's address is not understood: ") + why);
}

// Decodes %XX, and in a query '+' as blank.
Result<std::string> decode(std::string_view text, bool in_query) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return bad_target("a % without two hexadecimal digits");
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return bad_target("a % without two hexadecimal digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (!in_query && (c == '/' || c == '\\')) return bad_target("an encoded slash");
    } else if (in_query && c == '+') {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return bad_target("a control character");
    decoded.push_back(c);
  }
  if (!is_utf8(decoded)) return bad_target("not UTF-8");
  return decoded;
}

// Dots and empty segments are refused rather than resolved: nobody honest sends them here.
Result<void> check_segments(std::string_view path) {
  std::string_view rest = path.substr(1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    if (segment.empty() || segment == "." || segment == ".." || segment.find('\\') != std::string_view::npos)
      return bad_target("an empty or dotted part");
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<Target> Target::parse(std::string_view text) {
  if (text.empty() || text.front() != '/') return bad_target("it does not start with a slash");
  text = text.substr(0, text.find('#'));
  const std::size_t mark = text.find('?');
  Target target;
  CANDOR_TRY(target.path, decode(text.substr(0, mark), false));
  CANDOR_TRY_VOID(check_segments(target.path));
  if (mark == std::string_view::npos) return target;
  std::string_view rest = text.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (pair.empty()) continue;
    if (target.query.size() == kMostParameters) return bad_target("too many parameters");
    const std::size_t equals = pair.find('=');
    CANDOR_TRY(std::string name, decode(pair.substr(0, equals), true));
    CANDOR_TRY(std::string value,
               decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true));
    target.query.emplace_back(std::move(name), std::move(value));
  }
  return target;
}

std::vector<std::string> QueryReader::texts(std::string_view name, std::size_t most, std::size_t longest) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < target_.query.size(); ++i) {
    const auto& [key, value] = target_.query[i];
    if (key != name) continue;
    used_[i] = true;
    if (value.empty()) refuse(name, "is empty");
    if (value.size() > longest) refuse(name, "is too long");
    values.push_back(value);
  }
  if (values.size() > most) {
    refuse(name, "is given too often");
    values.resize(most);
  }
  return values;
}

std::optional<std::string> QueryReader::text(std::string_view name, std::size_t longest) {
  std::vector<std::string> values = texts(name, 1, longest);
  if (values.empty()) return std::nullopt;
  return std::move(values.front());
}

std::int64_t QueryReader::integer(std::string_view name, std::int64_t least, std::int64_t most,
                                  std::int64_t otherwise) {
  const std::optional<std::string> value = text(name, 20);
  if (!value) return otherwise;
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stop, fault] = std::from_chars(value->data(), end, number);
  if (fault != std::errc{} || stop != end || number < least || number > most) {
    refuse(name, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
  }
  return number;
}

bool QueryReader::boolean(std::string_view name, bool otherwise) { return optional_boolean(name).value_or(otherwise); }

std::optional<bool> QueryReader::optional_boolean(std::string_view name) {
  const std::optional<std::string> value = text(name, 5);
  if (!value) return std::nullopt;
  if (*value != "true" && *value != "false") refuse(name, "is neither true nor false");
  return *value == "true";
}

std::optional<Day> QueryReader::day(std::string_view name) {
  const std::optional<std::string> value = text(name, 10);
  if (!value) return std::nullopt;
  const std::optional<Day> day = parse_day(*value);
  if (!day) refuse(name, "is not a day written as YYYY-MM-DD");
  return day;
}

void QueryReader::refuse(std::string_view name, std::string_view why) {
  if (fault_) return;
  fault_ = Error{"api.bad_parameter", "parameter `" + std::string(name) + "` " + std::string(why)};
}

Result<void> QueryReader::done() {
  if (fault_) return std::unexpected(*fault_);
  for (std::size_t i = 0; i < used_.size(); ++i) {
    // The name is the caller's own text: not echoed, it might be anything.
    if (!used_[i]) return fail("api.unknown_parameter", "parameter " + std::to_string(i + 1) + " is not known here");
  }
  return {};
}

}  // namespace candor::api
