#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "indicators/indicator_info.h"
#include "ingest/switches.h"
#include "packs/pack.h"

// What packs come to together, and what of it is still to be done. Pure.
namespace candor {

// One indicator that packs want on or off.
struct SwitchWish {
  std::string indicator;
  bool on = false;
  std::string country;  // "": everywhere
  std::string pack;     // the first that wants it
  std::string reason;   // its reason
};

struct PackWishes {
  // Those that a pack takes, ascending by file, with what all packs say of them. `reason` is empty.
  std::vector<PackPolicy> policies;
  // Said of policies none of these packs takes; `reason` begins with the pack.
  std::vector<PackPolicy> idle_limits;
  std::vector<SwitchWish> switches;        // everywhere before countries
  std::optional<PackRetention> retention;  // the shorter of each, `reason` those of the packs that say so
  std::vector<std::string> conflicts;      // where two disagreed: who, and what holds, the stricter; for people
};

// Where packs disagree the stricter holds: fewer alerts, not enabled, off, shorter. The order of packs does not matter.
PackWishes settle(std::span<const Pack> packs);

// What becomes of a wish.
struct SwitchStep {
  enum class Kind : std::uint8_t {
    set,              // to be decided
    again,            // a narrower decision that would fall to one of these, to be decided again as it is
    holds,            // it is so already
    agreed,           // wanted off, but the organisation named an agreement for exactly this: left on
    decided,          // wanted on, but somebody switched it off: left off
    needs_agreement,  // wanted on, which needs an agreement to be named
  };
  Kind kind = Kind::set;
  Switch decision;  // what is to be decided (set, again), what holds (agreed, decided), else what was wanted
};
std::string_view to_text(SwitchStep::Kind kind);

// Who decides, when.
struct SwitchBy {
  Day today = 0;
  std::string agreement;  // that allows to switch on; "" none is named
  std::string name;
};

// In the order in which they are to be done. `existing`: every decision there is, ascending by number. Doing them and
// asking again gives no step `set` or `again`.
std::vector<SwitchStep> plan_switches(std::span<const SwitchWish> wishes, std::vector<Switch> existing,
                                      std::span<const IndicatorInfo> indicators, const SwitchBy& by);

}  // namespace candor
