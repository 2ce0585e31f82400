#include "api/body.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

namespace candor::api {

namespace {

// Takes a flat object of texts and remembers why it could not. nlohmann's own tree would keep the last of two
// properties with one name, and another reader of the same bytes might keep the first.
class FlatReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Body body;
  std::set<std::string, std::less<>> numbers;  // names of the properties that are none but numbers
  std::optional<Error> fault;

  bool null() override { return not_text(); }
  bool boolean(bool) override { return not_text(); }
  bool number_integer(number_integer_t) override { return not_text(); }
  bool number_unsigned(number_unsigned_t value) override {
    if (!inside_) return not_text();
    body[key_] = std::to_string(value);
    numbers.insert(key_);
    return true;
  }
  bool number_float(number_float_t, const string_t&) override { return not_text(); }
  bool binary(binary_t&) override { return not_text(); }
  bool string(string_t& value) override {
    if (!inside_) return not_text();
    body[key_] = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override {
    if (inside_) return not_text();
    inside_ = true;
    return true;
  }
  bool key(string_t& value) override {
    if (body.contains(value)) return refuse("api.bad_json", "a property of the request's body is there twice");
    key_ = value;
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return not_text(); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    return refuse("api.bad_json", "the request's body is not JSON at byte " + std::to_string(position));
  }

 private:
  bool refuse(const char* id, std::string message) {
    if (!fault) fault = Error{id, std::move(message)};
    return false;
  }
  bool not_text() {
    return inside_ ? refuse("api.bad_property", "a property of the request's body is not a text")
                   : refuse("api.bad_json", "the request's body is not a JSON object");
  }

  bool inside_ = false;
  std::string key_;
};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

Result<void> check_number(const std::string& digits, const TextProperty& property, const std::string& name) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault == std::errc() && property.shortest <= value && value <= property.longest) return {};
  return fail("api.bad_property",
              name + "is not from " + std::to_string(property.shortest) + " to " + std::to_string(property.longest));
}

Result<void> check(const FlatReader& reader, const TextProperty& property) {
  const auto found = reader.body.find(property.name);
  const std::string name = "property `" + std::string(property.name) + "` ";
  if (found == reader.body.end()) {
    if (property.optional) return {};
    return fail("api.bad_property", name + "is missing");
  }
  if (reader.numbers.contains(property.name) != property.integer)
    return fail("api.bad_property", name + (property.integer ? "is not a whole number" : "is not a text"));
  if (property.integer) return check_number(found->second, property, name);
  const std::size_t length = characters(found->second);
  if (length < property.shortest)
    return fail("api.bad_property", name + "has fewer than " + std::to_string(property.shortest) + " characters");
  if (length > property.longest)
    return fail("api.bad_property", name + "has more than " + std::to_string(property.longest) + " characters");
  if (found->second.find('\0') != std::string::npos)
    return fail("api.bad_property", name + "holds a character that is not text");
  return {};
}

// Length of the blank or invisible character at the start of `text`, 0 when there is none.
std::size_t blank_length(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kBlanks = {
      " ",        "\t",       "\n",           "\r",           "\v",           "\f",
      "\xc2\xa0", "\xc2\xad", "\xe1\x9a\x80", "\xe3\x80\x80", "\xef\xbb\xbf", "\xe2\x81\xa0"};
  for (const std::string_view blank : kBlanks)
    if (text.starts_with(blank)) return blank.size();
  // U+2000 to U+200F, U+2028, U+2029, U+202F
  if (!text.starts_with("\xe2\x80") || text.size() < 3) return 0;
  const auto last = static_cast<unsigned char>(text[2]);
  return last <= 0x8f || last == 0xa8 || last == 0xa9 || last == 0xaf ? 3 : 0;
}

std::string trimmed(std::string_view text) {
  while (const std::size_t length = text.empty() ? 0 : blank_length(text)) text.remove_prefix(length);
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = blank_length(text.substr(at));
    at += std::max<std::size_t>(length, 1);
    if (length == 0) end = at;
  }
  return std::string(text.substr(0, end));
}

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type == "application/json";
}

}  // namespace

Result<Body> read_body(const Request& request, std::initializer_list<TextProperty> properties) {
  return read_body_of(request, std::span(properties.begin(), properties.size()));
}

Result<Body> read_body_of(const Request& request, std::span<const TextProperty> properties) {
  if (!is_json(request.header("content-type")))
    return fail("api.bad_content_type", "send the body as Content-Type: application/json");
  FlatReader reader;
  const bool read = nlohmann::json::sax_parse(request.body, &reader);
  if (reader.fault) return std::unexpected(*reader.fault);
  if (!read) return fail("api.bad_json", "the request's body is not JSON");
  std::size_t known = 0;
  for (const TextProperty& property : properties) {
    const auto found = reader.body.find(property.name);
    if (property.prose && found != reader.body.end()) found->second = trimmed(found->second);
    CANDOR_TRY_VOID(check(reader, property));
    known += found == reader.body.end() ? 0 : 1;
  }
  if (reader.body.size() != known)
    return fail("api.unknown_property", "the request's body has a property that is not known here");
  return std::move(reader.body);
}

Result<void> refuse_body(const Request& request) {
  if (request.body.empty()) return {};
  return fail("api.unexpected_body", "this request takes no body");
}

}  // namespace candor::api
