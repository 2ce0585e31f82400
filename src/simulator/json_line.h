#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

// Appends one JSON object to a text, member by member. The caller closes what it opens, and the object with finish().
// Keys are written as they are: they are ours.
class JsonLine {
 public:
  explicit JsonLine(std::string& out) : out_(out) { out_ += '{'; }
  void finish() { out_ += '}'; }

  void text(std::string_view key, std::string_view value) {
    name(key);
    quoted(value);
  }
  void number(std::string_view key, std::int64_t value) {
    name(key);
    out_ += std::to_string(value);
  }
  void boolean(std::string_view key, bool value) {
    name(key);
    out_ += value ? "true" : "false";
  }
  void begin_object(std::string_view key) {
    name(key);
    out_ += '{';
  }
  void begin_array(std::string_view key) {
    name(key);
    out_ += '[';
  }
  void begin_item() {
    comma();
    out_ += '{';
  }
  void text_item(std::string_view value) {
    comma();
    quoted(value);
  }
  void end_object() { out_ += '}'; }
  void end_array() { out_ += ']'; }
  // {"Name":...,"Value":...} as an item, the pair these records love.
  void pair_item(std::string_view name_value, std::string_view value) {
    begin_item();
    text("Name", name_value);
    text("Value", value);
    end_object();
  }

 private:
  void comma() {
    if (out_.back() != '{' && out_.back() != '[') out_ += ',';
  }
  void name(std::string_view key) {
    comma();
    out_ += '"';
    out_ += key;
    out_ += "\":";
  }
  void quoted(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr char kHexDigits[] = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kHexDigits[static_cast<unsigned char>(c) >> 4];
        out_ += kHexDigits[c & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string& out_;
};

}  // namespace candor
