#pragma once

#include <cstdint>
#include <vector>

#include "access/audit_log.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// Lines behind number `after`, oldest first, at most `most`; without their hashes. As the caller's reading sees them.
Result<std::vector<AuditLine>> audit_lines_after(Reading& reading, std::int64_t after, std::int64_t most);
// Number of the last line, 0 when there is none.
Result<std::int64_t> last_audit_line(Reading& reading);

}  // namespace candor
