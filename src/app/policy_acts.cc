#include "app/policy_acts.h"

#include <fmt/format.h>

#include <utility>

#include "access/audit_log.h"
#include "app/json.h"

namespace candor {
namespace {

std::string head_of(const PolicyChange& change) {
  switch (change.kind) {
    case PolicyChange::Kind::added:
      return fmt::format("{}: new, version {}\n", change.id, change.to_version);
    case PolicyChange::Kind::changed:
      return change.from_version == change.to_version
                 ? fmt::format("{}: only words change, version {} stays\n", change.id, change.to_version)
                 : fmt::format("{}: {} -> {}\n", change.id, change.from_version, change.to_version);
    case PolicyChange::Kind::unchanged:
      break;
  }
  return fmt::format("{}: unchanged, version {}\n", change.id, change.to_version);
}

}  // namespace

std::string to_text(const PolicyChange& change) {
  std::string text = head_of(change);
  if (!change.lacks.empty()) {
    text += "  draft: `lawful_start` lacks " + joined(change.lacks) + "; until then it looks at invented people only\n";
  } else if (!change.widens.empty()) {
    text += "  waits for a second person: " + joined(change.widens) + "\n  `candor policy approve " + change.id +
            " --viewer USER`, or the page of the policy\n";
  }
  if (change.kind == PolicyChange::Kind::added) return text;  // all of it would be the difference
  for (const std::string& line : change.diff) text += "    " + line + "\n";
  return text;
}

std::string to_text(const PolicyOrder& before, const PolicyOrder& after) {
  if (before.policies == after.policies) return "order of policies: unchanged\n";
  std::string text = "order of policies:\n";
  std::size_t place = 0;
  for (const std::string& id : after.policies) {
    const std::size_t was = before.place_of(id);
    if (was != ++place) text += fmt::format("    {}: {}{}\n", id, was == 0 ? "" : fmt::format("{} -> ", was), place);
  }
  return text;
}

PolicyPlacing policy_placing(Installation& installation, const std::string& name, const std::string& reason,
                             std::vector<std::string> ids, std::size_t place) {
  PolicyPlacing placing{.ids = std::move(ids), .place = place};
  placing.also = [&installation, name, reason, placed = placing.ids](Transaction& work, const PolicyOrder& before,
                                                                     const PolicyOrder& after) -> Result<void> {
    const AuditLog audit(installation.store(), installation.keys(), installation.clock());
    const Json details = {{"before", before.policies}, {"after", after.policies}};
    for (const std::string& id : placed) {
      if (before.place_of(id) == after.place_of(id)) continue;
      CANDOR_TRY_VOID(audit.append(work, {.viewer = name,
                                          .action = "policy.placed",
                                          .object_kind = "policy",
                                          .object_id = id,
                                          .alert = {},
                                          .pseudonym = {},
                                          .reason = reason,
                                          .details = json_text(details)}));
    }
    return {};
  };
  return placing;
}

PolicyActor policy_actor(Installation& installation, const std::string& name, std::string action,
                         const std::string& reason) {
  return {.name = name,
          .reason = reason,
          .also = [&installation, name, action = std::move(action), reason](Transaction& work, const StoredPolicy& row,
                                                                            const std::string& from) -> Result<void> {
            const AuditLog audit(installation.store(), installation.keys(), installation.clock());
            const auto decision = row.decision == PolicyDecision::waits ? "waits" : to_text(row.decision);
            CANDOR_TRY_VOID(audit.append(work, {.viewer = name,
                                                .action = action,
                                                .object_kind = "policy",
                                                .object_id = row.id,
                                                .alert = {},
                                                .pseudonym = {},
                                                .reason = reason,
                                                .details = fmt::format(R"({{"from":"{}","to":"{}","decision":"{}"}})",
                                                                       from, row.version, decision)}));
            return {};
          }};
}

}  // namespace candor
