#include "disclosure/switch_json.h"

#include <nlohmann/json.hpp>

namespace candor {

nlohmann::ordered_json to_json(const Switch& one) {
  return {{"number", one.number},
          {"indicator", one.indicator},
          {"on", one.on},
          {"country", one.country},
          {"group", one.group},
          {"from", format_day(one.from)},
          {"agreement", one.agreement},
          {"set_at", format_time(one.set_at)},
          {"set_by", one.set_by}};
}

}  // namespace candor
