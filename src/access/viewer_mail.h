#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/viewer.h"
#include "base/keys.h"
#include "base/result.h"
#include "store/store.h"

// Where a viewer gets mail of Candor: an address they named, else their user name where that is one.
namespace candor {

// "": nowhere.
Result<std::string> mail_of_viewer(Reading& reading, const Keys& keys, std::string_view user);
// Whether they named one themselves.
Result<bool> has_named_mail(Reading& reading, std::string_view user);
// Whether an address is in one of these domains, which are in small letters: mail of Candor stays with the
// organisation.
bool is_of_domains(std::string_view address, const std::vector<std::string>& domains);
// How lines of the audit log name an address without telling it: 16 hexadecimal digits of a keyed hash, the same for
// the same address in any spelling, so that two viewers with one address, or one with many, are seen.
std::string mail_digest(const Keys& keys, std::string_view address);
// "" takes it back. The audit line `viewer.mail_set` says whether there is one, and its mail_digest(). Fails with
// `access.bad_mail_address`.
Result<void> set_mail_of_viewer(Store& store, const Keys& keys, const AuditLog& audit, TimePoint now,
                                const Viewer& viewer, std::string_view address);

}  // namespace candor
