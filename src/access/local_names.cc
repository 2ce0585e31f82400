#include "access/local_names.h"

#include <algorithm>

#include "access/lifting.h"
#include "access/person_names.h"
#include "access/present.h"

namespace candor {

Result<void> check_local_reason(std::string_view reason) {
  const auto said = std::ranges::count_if(reason, [](char c) { return c != ' ' && c != '\t' && c != '\n'; });
  if (said >= static_cast<std::ptrdiff_t>(kShortestLocalReason) && reason.size() <= Lifting::kLongestReason) return {};
  return fail("access.bad_reason", "say why a name is needed, in 10 characters or more, and at most 1000 bytes");
}

Result<std::string> local_name(Store& store, const Keys& keys, const Clock& clock, const std::string& account,
                               const PersonId& person, std::string_view reason) {
  CANDOR_TRY_VOID(check_local_reason(reason));
  const People people(store, keys);
  const Facts facts(store, keys);
  CANDOR_TRY(const PersonNames names, names_of(store, keys, people, facts, person, clock.now()));
  CANDOR_TRY(const std::string masked, masked_for_audit(store, keys, person, clock.now(), reason));
  const AuditLog audit(store, keys, clock);
  AuditEntry entry;
  entry.viewer = "local/" + account;
  entry.action = "person.named";
  entry.object_kind = "person";
  entry.pseudonym = pseudonym(keys, person);
  entry.reason = masked;
  CANDOR_TRY_VOID(audit.append(entry));
  return display_name(names);
}

}  // namespace candor
