#include "document/changes.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace candor {
namespace {

constexpr std::size_t kMostCompared = 4'000;  // lines of a side: the table below is their product

struct Line {
  std::string section;
  std::string text;
  bool operator==(const Line&) const = default;
};

std::string row_text(const Block& block, const std::vector<std::string>& row) {
  if (block.cells.empty()) return row.at(0) + ": " + row.at(1);
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    out += (out.empty() ? "" : "; ") + (i == 0 ? "" : block.cells[i] + ": ") + row[i];
  }
  return out;
}

std::string joined(const std::vector<std::string>& sections) {
  std::string out;
  for (const std::string& one : sections) out += (out.empty() ? "" : " / ") + one;
  return out;
}

// A heading is a line, too: a section may come or go with nothing in it.
std::vector<Line> lines_of(const TextDocument& document) {
  std::vector<Line> out = {{"", document.title}};
  std::vector<std::string> sections;
  for (const Block& block : document.blocks) {
    if (block.kind == Block::Kind::heading) {
      sections.resize(std::min(sections.size(), static_cast<std::size_t>(block.level - 1)));
      out.push_back({joined(sections), block.text});
      sections.push_back(block.text);
      continue;
    }
    const std::string section = joined(sections);
    if (block.kind == Block::Kind::paragraph) out.push_back({section, block.text});
    if (block.kind == Block::Kind::points) {
      for (const std::string& point : block.cells) out.push_back({section, point});
    }
    if (block.kind == Block::Kind::table) {
      for (const auto& row : block.rows) out.push_back({section, row_text(block, row)});
    }
  }
  return out;
}

void add(std::span<const Line> lines, bool added, std::vector<DocumentChange>& out) {
  for (const Line& line : lines) out.push_back({.section = line.section, .added = added, .text = line.text});
}

// By the longest common subsequence of both.
void compare(std::span<const Line> before, std::span<const Line> after, std::vector<DocumentChange>& out) {
  const std::size_t width = after.size() + 1;
  std::vector<std::uint16_t> common((before.size() + 1) * width, 0);  // of what is left from here on
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      common[i * width + j] = before[i] == after[j] ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                                                    : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      ++i;
      ++j;
    } else if (j == after.size() || (i < before.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      add(before.subspan(i++, 1), false, out);
    } else {
      add(after.subspan(j++, 1), true, out);
    }
  }
}

}  // namespace

std::vector<DocumentChange> document_changes(const TextDocument& before, const TextDocument& after) {
  const std::vector<Line> all_before = lines_of(before);
  const std::vector<Line> all_after = lines_of(after);
  std::span<const Line> left = all_before;
  std::span<const Line> right = all_after;
  while (!left.empty() && !right.empty() && left.front() == right.front()) {
    left = left.subspan(1);
    right = right.subspan(1);
  }
  while (!left.empty() && !right.empty() && left.back() == right.back()) {
    left = left.first(left.size() - 1);
    right = right.first(right.size() - 1);
  }
  std::vector<DocumentChange> out;
  if (left.size() <= kMostCompared && right.size() <= kMostCompared) {
    compare(left, right, out);
  } else {
    add(left, false, out);
    add(right, true, out);
  }
  return out;
}

}  // namespace candor
