#include "outbox/field_text.h"

#include <algorithm>

#include "base/utf8.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls `plain` and `field` for the parts of a text in their order; false at the first `{{` that is no field, or where
// `field` says so.
bool walk_fields(std::string_view text, const auto& plain, const auto& field) {
  while (!text.empty()) {
    const std::size_t open = std::min(text.find(kOpen), text.size());
    plain(text.substr(0, open));
    text.remove_prefix(open);
    if (text.empty()) return true;
    const std::size_t close = text.find(kClose);
    if (close == std::string_view::npos) return false;
    if (!field(without_blanks(text.substr(kOpen.size(), close - kOpen.size())))) return false;
    text.remove_prefix(close + kClose.size());
  }
  return true;
}

std::string one_line(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const std::size_t length = utf8_length(value);
    const auto first = static_cast<unsigned char>(value.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      out += ' ';
    } else {
      out += value.substr(0, length);
    }
    value.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

std::string value_of(const FieldValues& values, std::string_view name, FillFor purpose) {
  const auto found = values.find(name);
  if (found == values.end()) return "";
  std::string out;
  for (const std::string& line : found->second) {
    if (&line != &found->second.front()) out += purpose == FillFor::html ? "<br>\n" : "\n";
    out += purpose == FillFor::html ? html_escaped(one_line(line)) : one_line(line);
  }
  return out;
}

// Cut to what a header may hold, at the end of a character.
std::string as_subject(std::string text) {
  if (text.size() <= kLongestMailHeader) return text;
  std::size_t end = kLongestMailHeader - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

bool has_only_fields(std::string_view text, std::span<const std::string_view> names) {
  return walk_fields(
      text, [](std::string_view) {},
      [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); });
}

std::string fields_hint(std::span<const std::string_view> names) {
  std::string hint = "the fields are";
  for (const std::string_view name : names) hint += " {{" + std::string(name) + "}}";
  return hint;
}

std::string filled(std::string_view text, const FieldValues& values, FillFor purpose) {
  std::string out;
  walk_fields(
      text, [&](std::string_view plain) { out += plain; },
      [&](std::string_view name) {
        out += value_of(values, name, purpose);
        return true;
      });
  return out;
}

std::string filled_subject(std::string_view text, const FieldValues& values, std::string_view before) {
  return as_subject(std::string(before) + filled(text, values));
}

}  // namespace candor
