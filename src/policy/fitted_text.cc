#include "policy/fitted_text.h"

#include <algorithm>

namespace candor {
namespace {

constexpr std::string_view kKey = "fitted:";
constexpr std::string_view kNote = "# Levels from the organisation's own days, by `candor policy fit`.\n";

// The text without the section of that key: from its line to the next line that begins at the margin.
std::string without_section(std::string_view text) {
  std::string out;
  bool within = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    const bool at_margin = line.front() != ' ' && line.front() != '\n' && line.front() != '\r';
    if (at_margin) within = line.starts_with(kKey);
    if (!within && line != kNote) out += line;
  }
  return out;
}

std::string in_yaml(const Levels& levels) {
  return "[" + std::to_string(levels.low) + ", " + std::to_string(levels.medium) + ", " + std::to_string(levels.high) +
         "]";
}

}  // namespace

std::string with_fitted(std::string_view policy, const FittedSection& section) {
  std::string out = without_section(policy);
  if (section.entries.empty()) return out;
  if (!out.empty() && out.back() != '\n') out += '\n';
  out += kNote;
  out += std::string(kKey) + "\n  from: " + format_day(section.from) + "\n  to: " + format_day(section.to) +
         "\n  people: " + std::to_string(section.people) + "\n  indicators:\n";
  for (const FittedSection::Entry& entry : section.entries) {
    std::string levels;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      if (!entry.levels[d]) continue;
      if (!levels.empty()) levels += ", ";
      levels += std::string(to_text(static_cast<Dimension>(d))) + ": " + in_yaml(*entry.levels[d]);
    }
    out += "    - {name: " + entry.name + ", thresholds: {" + levels + "}}\n";
  }
  return out;
}

}  // namespace candor
