#pragma once

#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "access/viewer.h"
#include "base/keys.h"
#include "base/result.h"
#include "store/store.h"

// Where a viewer gets mail of Candor: an address they named, else their user name where that is one.
namespace candor {

// "": nowhere.
Result<std::string> mail_of_viewer(Reading& reading, const Keys& keys, std::string_view user);
// "" takes it back. The audit line `viewer.mail_set` says whether there is one, not which. Fails with
// `access.bad_mail_address`.
Result<void> set_mail_of_viewer(Store& store, const Keys& keys, const AuditLog& audit, TimePoint now,
                                const Viewer& viewer, std::string_view address);

}  // namespace candor
