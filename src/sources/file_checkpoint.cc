#include "sources/file_checkpoint.h"

#include <array>
#include <charconv>

namespace candor {
namespace {

struct StateName {
  FileCheckpoint::State state;
  std::string_view name;
};
constexpr std::array kStates = {StateName{FileCheckpoint::State::reading, "reading"},
                                StateName{FileCheckpoint::State::complete, "complete"},
                                StateName{FileCheckpoint::State::passing, "passing"}};
constexpr std::array kFormatKinds = {Format::Kind::lines, Format::Kind::values, Format::Kind::csv};

std::string_view take_word(std::string_view& text) {
  const auto end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

bool take_number(std::string_view& text, std::uint64_t& number) {
  const std::string_view word = take_word(text);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size();
}

}  // namespace

std::string FileCheckpoint::text() const {
  std::string out = "v2 ";
  for (const StateName& known : kStates) {
    if (known.state == state) out += known.name;
  }
  for (const std::uint64_t number : {hash, offset, row}) out += ' ' + std::to_string(number);
  return out + ' ' + static_cast<char>(kind);
}

std::optional<FileCheckpoint> FileCheckpoint::parse(std::string_view text) {
  if (take_word(text) != "v2") return std::nullopt;
  FileCheckpoint out;
  const std::string_view name = take_word(text);
  bool known = false;
  for (const StateName& candidate : kStates) {
    if (candidate.name != name) continue;
    out.state = candidate.state;
    known = true;
  }
  if (!known || !take_number(text, out.hash) || !take_number(text, out.offset) || !take_number(text, out.row)) {
    return std::nullopt;
  }
  for (const Format::Kind kind : kFormatKinds) {
    if (text.size() != 1 || static_cast<char>(kind) != text[0]) continue;
    out.kind = kind;
    return out;
  }
  return std::nullopt;
}

}  // namespace candor
