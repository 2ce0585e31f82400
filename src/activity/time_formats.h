#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace candor {

// How a source writes times, when it is not as parse_time() reads them. Thread safety: immutable; copies share.
class TimeFormats {
 public:
  TimeFormats() = default;
  // `formats` in the letters of strptime and those of Abseil (%Y %m %d %H %M %S %I %p %b %z, %E*S with a fraction, %Ez
  // with a colon), or `epoch_seconds`, `epoch_milliseconds`; the first that fits the whole text decides. `zone`: a name
  // of the time zone database for those that name no offset, "" for UTC; of an hour that comes twice the first is
  // meant. Fails with `activity.bad_time_format`, `activity.unknown_time_zone`.
  static Result<TimeFormats> create(std::vector<std::string> formats, const std::string& zone);

  bool empty() const { return formats_.empty(); }
  // nullopt when none fits, and outside the years 1 to 9999.
  std::optional<TimePoint> read(std::string_view text) const;

 private:
  struct Zone;
  std::vector<std::string> formats_;
  std::shared_ptr<const Zone> zone_;
};

}  // namespace candor
