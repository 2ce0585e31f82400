#include "api/json_writer.h"

#include "base/utf8.h"

namespace candor::api {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7f) {
      append_control(out, c);
    } else if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      const std::size_t length = utf8_length(text);
      out += length == 0 ? kReplacement : text.substr(0, length);
      text.remove_prefix(length == 0 ? 1 : length);
      continue;
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  first_ = true;  // no comma between key and value
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_quoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::points(Micropoints value) {
  separate();
  out_ += format_points(value);
  return *this;
}

JsonWriter& JsonWriter::time(TimePoint value) { return text(format_time(value)); }
JsonWriter& JsonWriter::day(Day value) { return text(format_day(value)); }

JsonWriter& JsonWriter::text(std::string_view name, const std::optional<std::string>& value) {
  key(name);
  return value ? text(*value) : null();
}
JsonWriter& JsonWriter::points(std::string_view name, const std::optional<Micropoints>& value) {
  key(name);
  return value ? points(*value) : null();
}
JsonWriter& JsonWriter::time(std::string_view name, const std::optional<TimePoint>& value) {
  key(name);
  return value ? time(*value) : null();
}
JsonWriter& JsonWriter::day(std::string_view name, const std::optional<Day>& value) {
  key(name);
  return value ? day(*value) : null();
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).open_array();
  for (const std::string& text : texts) json.text(text);
  json.close_array();
}

}  // namespace candor::api
