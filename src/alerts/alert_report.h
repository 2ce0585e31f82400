#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

// What became of the alerts of some days, in numbers: how many, how fast they were decided, how often they were right.
namespace candor {

// Of alerts first raised on the report's days. What was decided is their last decision; how long it took, their first.
struct AlertFigures {
  std::array<std::int64_t, 3> severity{};  // low, medium, high, as they are now
  std::int64_t alerts = 0;
  std::int64_t waiting = 0;    // nobody has decided
  std::int64_t confirmed = 0;  // and what was resolved: somebody found that it was so
  std::int64_t dismissed = 0;
  std::int64_t expired = 0;                               // closed by Candor
  std::int64_t withdrawn = 0;                             // the evidence went before anybody decided
  std::map<std::string, std::int64_t> dismissed_because;  // by reason, to_text(DismissReason)
  // Seconds from an alert's coming to its first decision by a person; nullopt: there was none.
  std::optional<std::int64_t> median_seconds;
  std::optional<std::int64_t> slow_seconds;  // nine of ten were faster, or as fast

  // Millionths: confirmed of those that somebody decided; nullopt: nobody decided any.
  std::optional<std::int64_t> precision() const;
};

// AlertBook::report() makes it.
struct AlertReport {
  Day from = 0;  // both inclusive, UTC
  Day to = 0;
  AlertFigures all;
  struct Row {
    std::string id;    // of the policy, the indicator or sequence, the viewer; of a week its Monday
    std::string name;  // of a policy, as its latest alert has it
    AlertFigures figures;
  };
  std::vector<Row> policies;  // the most alerts first
  std::vector<Row> causes;    // by the indicator or sequence that weighs most in the receipt
  std::vector<Row> weeks;     // ascending, each from Monday on
  std::vector<Row> viewers;   // by who decided first
};
inline constexpr Day kMostReportedDays = 400;

}  // namespace candor
