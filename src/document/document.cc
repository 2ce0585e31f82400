#include "document/document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kBlockKinds = {"heading", "paragraph", "points", "table"};
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr int kDeepestHeading = 3;

struct Range {
  char32_t first;
  char32_t last;
};
// Turn the direction of what follows, are not seen, or are not characters.
constexpr std::array kUnseen = {Range{0x061C, 0x061C},  Range{0x200B, 0x200F}, Range{0x202A, 0x202E},
                                Range{0x2060, 0x206F},  Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB},
                                Range{0xE0000, 0xE0FFF}};

bool is_unseen(char32_t c) {
  return std::ranges::any_of(kUnseen, [c](const Range& one) { return one.first <= c && c <= one.last; });
}

struct Decoded {
  char32_t character = 0;
  std::size_t bytes = 0;  // 0: no character begins here
};

Decoded decoded(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  auto character = static_cast<char32_t>(lead & (0x7F >> bytes));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {};
    character = (character << 6) | (at(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < kLeast.at(bytes) || character > 0x10FFFF || surrogate) return {};
  return {character, bytes};
}

std::vector<std::string> texts_of(const ordered_json& value) {
  std::vector<std::string> out;
  for (const auto& one : value) out.push_back(one.get<std::string>());
  return out;
}

bool is_sound(const Block& block) {
  switch (block.kind) {
    case Block::Kind::heading:
      return block.level >= 1 && block.level <= kDeepestHeading;
    case Block::Kind::table: {
      const std::size_t width = block.cells.empty() ? 2 : block.cells.size();
      return std::ranges::all_of(block.rows, [width](const auto& row) { return row.size() == width; });
    }
    case Block::Kind::paragraph:
    case Block::Kind::points:
      return true;
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("|\\<*_[`").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void add_row(const std::vector<std::string>& cells, std::string& out) {
  out += "|";
  for (const std::string& cell : cells) out += " " + escaped(cell) + " |";
  out += "\n";
}

std::string markdown_of(const Block& block) {
  std::string out;
  switch (block.kind) {
    case Block::Kind::heading:
      return std::string(static_cast<std::size_t>(block.level) + 1, '#') + " " + escaped(block.text) + "\n";
    case Block::Kind::paragraph:
      return escaped(block.text) + "\n";
    case Block::Kind::points:
      for (const std::string& point : block.cells) out += "- " + escaped(point) + "\n";
      return out;
    case Block::Kind::table: {
      const std::size_t width = block.cells.empty() ? 2 : block.cells.size();
      add_row(block.cells.empty() ? std::vector<std::string>(width) : block.cells, out);
      out += "|";
      for (std::size_t i = 0; i < width; ++i) out += " --- |";
      out += "\n";
      for (const auto& row : block.rows) add_row(row, out);
      return out;
    }
  }
  return out;
}

}  // namespace

std::string_view to_text(Block::Kind kind) { return kBlockKinds.at(static_cast<std::size_t>(kind)); }

Block heading(int level, std::string text) {
  return {.kind = Block::Kind::heading, .level = std::clamp(level, 1, kDeepestHeading), .text = std::move(text)};
}
Block paragraph(std::string text) { return {.kind = Block::Kind::paragraph, .text = std::move(text)}; }
Block points(std::vector<std::string> texts) { return {.kind = Block::Kind::points, .cells = std::move(texts)}; }
Block table(std::vector<std::string> head, std::vector<std::vector<std::string>> rows) {
  return {.kind = Block::Kind::table, .cells = std::move(head), .rows = std::move(rows)};
}
Block values(std::vector<std::vector<std::string>> pairs) { return table({}, std::move(pairs)); }

std::string plain_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Decoded next = decoded(text);
    if (next.bytes == 0 || is_unseen(next.character)) {
      out += kReplacement;
    } else if (next.character < 0x20 || (next.character >= 0x7F && next.character < 0xA0) || next.character == 0x2028 ||
               next.character == 0x2029) {
      out += ' ';
    } else {
      out += text.substr(0, next.bytes);
    }
    text.remove_prefix(std::max<std::size_t>(next.bytes, 1));
  }
  return out;
}

std::string to_json(const TextDocument& document) {
  ordered_json blocks = ordered_json::array();
  for (const Block& block : document.blocks) {
    blocks.push_back({{"kind", std::string(to_text(block.kind))},
                      {"level", block.level},
                      {"text", block.text},
                      {"cells", ordered_json(block.cells)},
                      {"rows", ordered_json(block.rows)}});
  }
  const ordered_json value = {{"title", document.title}, {"language", document.language}, {"blocks", blocks}};
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<TextDocument> document_from_json(std::string_view json) {
  const Error fault{"document.bad_json", "this is no document"};
  try {
    const ordered_json value = ordered_json::parse(json);
    TextDocument out{.title = value.at("title").get<std::string>(),
                     .language = value.at("language").get<std::string>(),
                     .blocks = {}};
    for (const auto& one : value.at("blocks")) {
      const auto kind = std::ranges::find(kBlockKinds, one.at("kind").get<std::string>());
      if (kind == kBlockKinds.end()) return std::unexpected(fault);
      Block block{.kind = static_cast<Block::Kind>(kind - kBlockKinds.begin()),
                  .level = one.at("level").get<int>(),
                  .text = one.at("text").get<std::string>(),
                  .cells = texts_of(one.at("cells"))};
      for (const auto& row : one.at("rows")) block.rows.push_back(texts_of(row));
      if (!is_sound(block)) return std::unexpected(fault);
      out.blocks.push_back(std::move(block));
    }
    return out;
  } catch (const ordered_json::exception&) {
    return std::unexpected(fault);
  }
}

std::string to_markdown(const TextDocument& document) {
  std::string out = "# " + escaped(document.title) + "\n";
  for (const Block& block : document.blocks) out += "\n" + markdown_of(block);
  return out;
}

}  // namespace candor
