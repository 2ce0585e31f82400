#include "ingest/intake_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace candor {
namespace {

// No name of a feed begins like this: files are "file ...", others are named by people.
constexpr std::string_view kPrefix = "\x01intake ";

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Lines "rule dropped changed".
std::string write(const std::map<std::string, IntakeCount, std::less<>>& counts) {
  std::string text;
  for (const auto& [rule, count] : counts) text += fmt::format("{} {} {}\n", rule, count.dropped, count.changed);
  return text;
}

void read(std::string_view text, std::map<std::string, IntakeCount, std::less<>>& counts) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto first = line.find(' ');
    const auto second = line.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    IntakeCount& count = counts[std::string(line.substr(0, first))];
    count.dropped += number(line.substr(first + 1, second - first - 1));
    count.changed += number(line.substr(second + 1));
  }
}

}  // namespace

Result<void> note_intake_counts(Timeline& timeline, const IntakeCounts& more) {
  for (const auto& [day, counts] : more) {
    const std::string feed = std::string(kPrefix) + format_day(day);
    CANDOR_TRY(const std::string before, timeline.noted(feed));
    auto all = counts;
    read(before, all);
    CANDOR_TRY_VOID(timeline.note(feed, write(all)));
  }
  return {};
}

Result<IntakeCounts> intake_counts(const Timeline& timeline) {
  CANDOR_TRY(const auto checkpoints, timeline.checkpoints());
  IntakeCounts all;
  for (const auto& [feed, text] : checkpoints) {
    if (!is_intake_note(feed)) continue;
    if (const auto day = parse_day(std::string_view(feed).substr(kPrefix.size()))) read(text, all[*day]);
  }
  return all;
}

bool is_intake_note(std::string_view feed) { return feed.starts_with(kPrefix); }

}  // namespace candor
