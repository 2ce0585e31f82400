#include "app/switch_decision.h"

#include "access/audit_log.h"

namespace candor {

Json to_json(const Switch& one) {
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

std::string scope_of(const Switch& one) {
  std::string text = one.country.empty() ? "everywhere" : one.country;
  if (!one.group.empty()) text += ", group " + one.group;
  return text;
}

Result<Switch> decide_switch(Installation& installation, const Io& io, const Switch& decision) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  return installation.decide(decision, [&](Transaction& work, const Switch& decided) -> Result<void> {
    CANDOR_TRY([[maybe_unused]] const auto line,
               audit.append(work, {.viewer = local_viewer(io),
                                   .action = "switches.set",
                                   .object_kind = "indicator",
                                   .object_id = decided.indicator,
                                   .alert = {},
                                   .pseudonym = {},
                                   .reason = {},
                                   .details = to_json(decided).dump(-1, ' ', false, Json::error_handler_t::replace)}));
    return {};
  });
}

}  // namespace candor
