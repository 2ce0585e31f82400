#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Names for who works on the machine itself, where there is no session to lift a pseudonym in: each is asked for with a
// reason, and the audit line is on disk before the name is given.
namespace candor {

inline constexpr std::size_t kShortestLocalReason = 10;  // bytes

// Fails with `access.bad_reason` when the reason says nothing: then no name is asked for at all.
Result<void> check_local_reason(std::string_view reason);

// "Jack Qualtz (jackq@contoso.com)". `account`: who runs the command, as Io has it. The line is `person.named`, with
// the reason masked. Fails with `access.bad_reason`, and the errors of the store.
Result<std::string> local_name(Store& store, const Keys& keys, const Clock& clock, const std::string& account,
                               const PersonId& person, std::string_view reason);

// What somebody typed about `person`, as it may stand in the audit log: with the person's names masked.
Result<std::string> masked_for_audit(Store& store, const Keys& keys, const PersonId& person, TimePoint now,
                                     std::string_view text);

// Erasure: what names the person in texts - accounts, ids, whole names, the pseudonym - folded (base/fold.h). To look
// for, never to be shown.
Result<std::vector<std::string>> words_for(Store& store, const Keys& keys, const PersonId& person, TimePoint now);

}  // namespace candor
