#include "notifications/schedule.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace candor {
namespace {

constexpr std::size_t kLongestZone = 64;
constexpr int kMinutesOfDay = 24 * 60;
const absl::CivilDay kEpoch(1970, 1, 1);

// Names are paths below a folder: none leads out of it.
bool looks_like_zone(std::string_view name) {
  const auto known = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
           c == '-' || c == '/';
  };
  return !name.empty() && name.size() <= kLongestZone && name.front() != '/' && std::ranges::all_of(name, known);
}

std::filesystem::path zone_folder() {
  const char* set = std::getenv("TZDIR");  // as the library that reads them has it
  return set == nullptr || *set == '\0' ? "/usr/share/zoneinfo" : set;
}

absl::TimeZone zone_named(const std::string& name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (looks_like_zone(name) && !absl::LoadTimeZone(name, &zone)) zone = absl::UTCTimeZone();
  return zone;
}

}  // namespace

bool is_time_zone(std::string_view name) {
  if (name == "UTC") return true;
  if (!looks_like_zone(name)) return false;
  // The library remembers whatever it was asked for, so that it is asked for what is there only.
  std::error_code error;
  if (!std::filesystem::is_regular_file(zone_folder() / name, error)) return false;
  absl::TimeZone zone;
  return absl::LoadTimeZone(std::string(name), &zone);
}

LocalTime local_time(TimePoint at, const std::string& zone) {
  const absl::CivilSecond civil = absl::ToCivilSecond(absl::FromUnixMicros(at), zone_named(zone));
  return {.day = static_cast<Day>(absl::CivilDay(civil) - kEpoch), .minute = civil.hour() * 60 + civil.minute()};
}

TimePoint at_local(LocalTime local, const std::string& zone) {
  const absl::CivilSecond civil = absl::CivilSecond(kEpoch + local.day) + absl::civil_diff_t{60} * local.minute;
  const auto found = zone_named(zone).At(civil);
  return absl::ToUnixMicros(found.kind == absl::TimeZone::TimeInfo::SKIPPED ? found.trans : found.pre);
}

bool is_quiet(const std::optional<QuietHours>& quiet, const LocalTime& local) {
  if (!quiet) return false;
  if (quiet->from < quiet->to) return quiet->from <= local.minute && local.minute < quiet->to;
  return quiet->from <= local.minute || local.minute < quiet->to;
}

TimePoint next_digest(TimePoint after, int hour, const std::string& zone) {
  LocalTime local = local_time(after, zone);
  local.minute = hour * 60;
  TimePoint found = at_local(local, zone);
  while (found <= after) {
    ++local.day;
    found = at_local(local, zone);
  }
  return found;
}

Day monday_of(Day day) {
  constexpr Day kAMonday = 4;  // 1970-01-05
  const Day since = (day - kAMonday) % 7;
  return day - (since < 0 ? since + 7 : since);
}

std::optional<int> minute_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int minute = (text[0] - '0') * 600 + (text[1] - '0') * 60 + (text[3] - '0') * 10 + (text[4] - '0');
  return minute >= kMinutesOfDay || text[3] > '5' ? std::nullopt : std::optional(minute);
}

std::string format_minute(int minute) {
  const auto two = [](int value) { return std::string(value < 10 ? "0" : "") + std::to_string(value); };
  return two(minute / 60) + ":" + two(minute % 60);
}

}  // namespace candor
