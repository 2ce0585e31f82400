#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// A text for people with headings, paragraphs, lists and tables, before it becomes a page, a PDF file or lines.
// Values only; copies are whole.
namespace candor {

struct Block {
  enum class Kind : std::uint8_t { heading, paragraph, points, table };
  Kind kind = Kind::paragraph;
  int level = 0;                        // of a heading: 1 to 3; else 0
  std::string text = {};                // of a heading and a paragraph
  std::vector<std::string> cells = {};  // the points; of a table its head, empty: names at the left, values right
  std::vector<std::vector<std::string>> rows = {};  // of a table; as many cells as the head has, two without a head
  bool operator==(const Block&) const = default;
};
std::string_view to_text(Block::Kind kind);

Block heading(int level, std::string text);
Block paragraph(std::string text);
Block points(std::vector<std::string> texts);
Block table(std::vector<std::string> head, std::vector<std::vector<std::string>> rows);
// Names and values.
Block values(std::vector<std::vector<std::string>> pairs);

struct TextDocument {
  std::string title;
  std::string language;  // "en", "de"
  std::vector<Block> blocks;
  bool operator==(const TextDocument&) const = default;
};

// Text of whatever origin as one line that shows what it is: bytes that are not UTF-8, and characters that turn the
// direction of writing or cannot be seen, become U+FFFD; line breaks and other control characters become blanks.
std::string plain_line(std::string_view text);

// The same document for the same JSON and back: {"title": ..., "language": ..., "blocks": [{"kind": "heading", "level":
// 1, "text": ..., "cells": [], "rows": []}, ...]}, without blanks. Always valid UTF-8.
std::string to_json(const TextDocument& document);
// Fails with `document.bad_json`. A table with a row of another length is one.
Result<TextDocument> document_from_json(std::string_view json);

// As lines of Markdown: what somebody typed is escaped, so that it stays text.
std::string to_markdown(const TextDocument& document);

}  // namespace candor
