#include "app/switch_decision.h"

#include "access/audit_log.h"

namespace candor {

std::string scope_of(const Switch& one) {
  std::string text = one.country.empty() ? "everywhere" : one.country;
  if (!one.group.empty()) text += ", group " + one.group;
  return text;
}

SwitchBook::Also switch_line(Installation& installation, const Io& io) {
  return [&installation, viewer = local_viewer(io)](Transaction& work, const Switch& decided) -> Result<void> {
    const AuditLog audit(installation.store(), installation.keys(), installation.clock());
    CANDOR_TRY([[maybe_unused]] const auto line,
               audit.append(work, {.viewer = viewer,
                                   .action = "switches.set",
                                   .object_kind = "indicator",
                                   .object_id = decided.indicator,
                                   .alert = {},
                                   .pseudonym = {},
                                   .reason = {},
                                   .details = to_json(decided).dump(-1, ' ', false, Json::error_handler_t::replace)}));
    return {};
  };
}

Result<Switch> decide_switch(Installation& installation, const Io& io, const Switch& decision) {
  return installation.decide(decision, switch_line(installation, io));
}

}  // namespace candor
