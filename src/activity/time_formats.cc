#include "activity/time_formats.h"

#include <absl/time/time.h>

#include <charconv>
#include <utility>

namespace candor {
namespace {

constexpr std::string_view kSeconds = "epoch_seconds";
constexpr std::string_view kMilliseconds = "epoch_milliseconds";
constexpr std::size_t kLongestTime = 64;  // bytes; a longer text is none

bool is_epoch(std::string_view format) { return format == kSeconds || format == kMilliseconds; }

// The years that can be printed and stored.
bool is_usual(std::int64_t seconds) {
  static const std::int64_t kFirst = *parse_time("0001-01-01T00:00:00Z") / kMicrosPerSecond;
  static const std::int64_t kLast = *parse_time("9999-12-31T23:59:59Z") / kMicrosPerSecond;
  return seconds >= kFirst && seconds <= kLast;
}

// "1767322996", "1767322996.25", "1767322996250".
std::optional<TimePoint> read_epoch(std::string_view text, std::string_view format) {
  const std::string copy(text);
  const char* const end = copy.data() + copy.size();
  double number = 0;
  const auto [stop, error] = std::from_chars(copy.data(), end, number, std::chars_format::fixed);
  constexpr double kMost = 1e15;
  if (error != std::errc() || stop != end || !(number > -kMost && number < kMost)) return std::nullopt;
  const double scale = format == kSeconds ? 1e6 : 1e3;
  if (!is_usual(static_cast<std::int64_t>(number * scale / 1e6))) return std::nullopt;
  return static_cast<TimePoint>(number * scale);
}

}  // namespace

struct TimeFormats::Zone {
  absl::TimeZone zone;
};

Result<TimeFormats> TimeFormats::create(std::vector<std::string> formats, const std::string& zone) {
  TimeFormats made;
  Zone loaded{absl::UTCTimeZone()};
  if (!zone.empty() && !absl::LoadTimeZone(zone, &loaded.zone)) {
    return fail("activity.unknown_time_zone",
                "`" + zone + "` is no time zone known here: write a name like Europe/Berlin, and install tzdata");
  }
  for (const std::string& format : formats) {
    if (!is_epoch(format) && format.find('%') == std::string::npos) {
      return fail("activity.bad_time_format", "`" + format +
                                                  "` is no format of a time: write one like %d.%m.%Y %H:%M:%S, or "
                                                  "epoch_seconds, or epoch_milliseconds");
    }
  }
  made.formats_ = std::move(formats);
  made.zone_ = std::make_shared<const Zone>(loaded);
  return made;
}

std::optional<TimePoint> TimeFormats::read(std::string_view text) const {
  if (text.size() > kLongestTime) return std::nullopt;
  for (const std::string& format : formats_) {
    if (is_epoch(format)) {
      if (const auto time = read_epoch(text, format)) return time;
      continue;
    }
    absl::Time time;
    if (!absl::ParseTime(format, absl::string_view(text.data(), text.size()), zone_->zone, &time, nullptr)) continue;
    if (is_usual(absl::ToUnixSeconds(time))) return absl::ToUnixMicros(time);
  }
  return std::nullopt;
}

}  // namespace candor
