#include <algorithm>
#include <array>

#include "assessment/content_use.h"
#include "assessment/trace.h"
#include "base/fold.h"
#include "base/utf8.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 7> kStartKindWords = {"file", "hash",   "document", "label",
                                                             "site", "domain", "activity"};
constexpr std::array<std::string_view, 18> kActWords = {
    "opened",   "made",      "changed",  "labelled",  "deleted",  "downloaded", "renamed", "moved",  "copied",
    "archived", "to_medium", "to_share", "to_device", "uploaded", "printed",    "mailed",  "shared", "linked"};
constexpr std::array<std::string_view, 4> kStrengthWords = {"start", "certain", "likely", "name_only"};
constexpr std::array<std::string_view, 10> kTieWords = {"none",        "same_hash",    "same_document", "same_path",
                                                        "same_medium", "same_message", "renamed",       "archived",
                                                        "handed_over", "same_name"};
constexpr std::size_t kActivityDigits = 64;

std::unexpected<Error> bad_start(std::string text) { return fail("trace.bad_start", std::move(text)); }

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_written_domain(std::string_view text) {
  return text.find('.') != std::string_view::npos && !text.starts_with('.') && !text.ends_with('.') &&
         text.find_first_of("/\\@: ") == std::string_view::npos;
}

// 8 bytes of the time, 16 of the id, 8 of the content: as the activity explorer names activities.
Result<TraceStart> read_activity(TraceStart start) {
  const std::string text = start.text;
  const auto bytes = from_hex(text.substr(0, std::min(kActivityDigits, text.size())));
  if (!bytes || bytes->size() != kActivityDigits / 2 ||
      (text.size() > kActivityDigits && text[kActivityDigits] != ' ')) {
    return bad_start("an activity is named by the 64 digits of its `id`");
  }
  const std::string_view view(*bytes);
  start.activity = ActivityId::from(view.substr(8, 16));
  for (const char c : view.substr(24)) {
    start.activity_content = start.activity_content << 8 | static_cast<unsigned char>(c);
  }
  start.text = text.size() > kActivityDigits ? text.substr(kActivityDigits + 1) : "";
  return start;
}

}  // namespace

std::string_view to_text(TraceStartKind kind) { return kStartKindWords.at(static_cast<std::size_t>(kind)); }
std::string_view to_text(TraceAct act) { return kActWords.at(static_cast<std::size_t>(act)); }
std::string_view to_text(TraceStrength strength) { return kStrengthWords.at(static_cast<std::size_t>(strength)); }
std::string_view to_text(TraceTie tie) { return kTieWords.at(static_cast<std::size_t>(tie)); }

std::optional<TraceStartKind> trace_start_kind(std::string_view text) {
  const auto found = std::ranges::find(kStartKindWords, text);
  if (found == kStartKindWords.end()) return std::nullopt;
  return static_cast<TraceStartKind>(found - kStartKindWords.begin());
}

Result<TraceStart> read_trace_start(TraceStartKind kind, std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos || text.size() > kLongestTraceStart || !is_utf8(text) ||
      text.find('\0') != std::string_view::npos) {
    return bad_start("say what to begin with, in at most 2,000 bytes of UTF-8");
  }
  TraceStart start{.kind = kind, .text = std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1))};
  switch (kind) {
    case TraceStartKind::hash:
      start.text = ascii_lowered(start.text);
      if ((start.text.size() != 64 && start.text.size() != 40) || !is_hexadecimal(start.text)) {
        return bad_start("a hash is the 64 hexadecimal digits of a SHA-256 or the 40 of a SHA-1");
      }
      return start;
    case TraceStartKind::site:
      if (!start.text.starts_with("https://") && !start.text.starts_with("http://")) {
        return bad_start("a site is an address that begins with https://");
      }
      return start;
    case TraceStartKind::domain:
      if (!is_written_domain(start.text)) return bad_start("a domain is written as example.com");
      return start;
    case TraceStartKind::activity:
      return read_activity(std::move(start));
    case TraceStartKind::file:
    case TraceStartKind::document:
    case TraceStartKind::label:
      break;
  }
  return start;
}

}  // namespace candor
