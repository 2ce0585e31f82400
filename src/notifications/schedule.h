#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

// When a viewer may be told, by the clock of where they are. Pure but for the machine's time zone database.
namespace candor {

// The same span of every day, in minutes since midnight; to before from: over midnight.
struct QuietHours {
  int from = 0;
  int to = 0;  // the first minute that is not quiet; never the same as `from`
  bool operator==(const QuietHours&) const = default;
};

struct LocalTime {
  Day day = 0;
  int minute = 0;  // of the day
};

// A name of the time zone database, "Europe/Berlin", that this machine knows; "UTC" always.
bool is_time_zone(std::string_view name);
// A zone that is not known counts as UTC.
LocalTime local_time(TimePoint at, const std::string& zone);
// The first instant of which local_time() says that minute or a later one of the day: clocks that are put forward skip
// some.
TimePoint at_local(LocalTime local, const std::string& zone);

bool is_quiet(const std::optional<QuietHours>& quiet, const LocalTime& local);
// The first beginning of that hour of the day behind an instant.
TimePoint next_digest(TimePoint after, int hour, const std::string& zone);
// The Monday of a day's week.
Day monday_of(Day day);

// "22:05"; nullopt: it is none.
std::optional<int> minute_of_day(std::string_view text);
std::string format_minute(int minute);

}  // namespace candor
