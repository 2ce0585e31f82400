#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Texts with fields, `{{case}}`, that content holds and messages are made of. Pure.
namespace candor {

// What stands where a text has a field of that name: one line, or several. Values come from directories and logs: they
// are put in as text, whatever they hold, and never looked at for fields.
using FieldValues = std::map<std::string, std::vector<std::string>, std::less<>>;

// Whether each `{{` of a text begins one of these fields.
bool has_only_fields(std::string_view text, std::span<const std::string_view> names);
// "the fields are {{case}} {{date}}", for who wrote another one.
std::string fields_hint(std::span<const std::string_view> names);

enum class FillFor : std::uint8_t {
  text,
  html,  // values are escaped, their lines parted by <br>
};
// The text with its values; a field without one is empty. Control characters in a value, line breaks among them, and
// what is not UTF-8 become blanks: with a line break a value could be another header, or look like ours.
std::string filled(std::string_view text, const FieldValues& values, FillFor purpose = FillFor::text);
// The same for a subject, cut to what a header may hold. `before` stands in front of it.
std::string filled_subject(std::string_view text, const FieldValues& values, std::string_view before = "");

}  // namespace candor
