#include "profile/ldif.h"

#include <array>

#include "base/fold.h"

namespace candor {
namespace {

constexpr std::array<int, 256> base64_digits() {
  std::array<int, 256> digits{};
  digits.fill(-1);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int>(i);
  }
  return digits;
}

// Without the blanks that may stand in front of a value.
std::string_view value_text(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool is_name(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == ';' || c == '_';
    if (!fits) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> from_base64(std::string_view text) {
  static constexpr auto kDigits = base64_digits();
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : digits) {
    const int digit = kDigits[static_cast<unsigned char>(c)];
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

std::optional<LdifReader::Line> LdifReader::next_line() {
  while (at_ < text_.size()) {
    Line line{.number = line_, .text = {}};
    for (bool folded = false;; folded = true) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view part = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      ++line_;
      if (part.ends_with('\r')) part.remove_suffix(1);
      if (folded) part.remove_prefix(1);
      // Bounded: base64 takes four bytes for three.
      if (line.text.size() < 2 * kLongestValue) line.text += part;
      if (at_ >= text_.size() || text_[at_] != ' ' || (line.text.empty() && !folded)) break;
    }
    if (!line.text.starts_with('#')) return line;
  }
  return std::nullopt;
}

std::string_view LdifReader::take(const Line& line, Record& record) {
  const std::string_view text = line.text;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_name(text.substr(0, colon))) return "a line is no `attribute: value`";
  std::string name = ascii_lowered(text.substr(0, std::min(colon, text.find(';'))));
  std::string_view rest = text.substr(colon + 1);
  std::string value;
  if (rest.starts_with('<')) return "a value is given by a URL, which is not fetched: export the values themselves";
  if (rest.starts_with(':')) {
    auto decoded = from_base64(value_text(rest.substr(1)));
    if (!decoded) return "a value behind `::` is no base64";
    value = *std::move(decoded);
  } else {
    value = value_text(rest);
  }
  if (value.size() > kLongestValue) value.clear();  // photographs, certificates
  if (name == "dn") {
    if (!record.dn.empty() || !record.attributes.empty()) return "`dn` stands in the midst of a record";
    record.dn = std::move(value);
    return "";
  }
  if (name == "changetype") {
    return ascii_lowered(value) == "add" ? "" : "it is a change: export the entries themselves";
  }
  if (name == "control") return "";
  if (record.dn.empty()) return "the record does not begin with `dn`";
  if (record.attributes.size() >= kMostValues) return "the record has more than 100,000 values";
  record.attributes.push_back({.name = std::move(name), .value = std::move(value)});
  return "";
}

std::optional<LdifReader::Record> LdifReader::next() {
  Record record;
  while (auto line = next_line()) {
    if (line->text.empty()) {
      if (record.line != 0) return record;
      continue;
    }
    if (record.line == 0 && line->text.starts_with("version:")) continue;
    if (record.line == 0) record.line = line->number;
    if (!record.fault.empty()) continue;
    record.fault = take(*line, record);
  }
  if (record.line == 0) return std::nullopt;
  return record;
}

}  // namespace candor
