#pragma once

#include "api/route.h"
#include "cases/request_book.h"

namespace candor::api {

// The report of the path `/requests/{number}` that may be read now, by the viewer who asked for it or is in the case it
// was asked in. `requests.not_found` for anything else of that number, `requests.not_open` when nobody has agreed to
// it, not any more, or its days are over.
Result<StoredRequest> open_report(const Desk& desk, const Call& call);
// The same of a request of any kind.
Result<StoredRequest> open_request(const Desk& desk, const Call& call, RequestKind kind);

}  // namespace candor::api
