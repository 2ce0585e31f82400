#pragma once

#include <cstddef>
#include <string_view>

#include "access/viewers.h"
#include "api/http.h"
#include "base/result.h"

// What a server asks before it reads the body of an evidence upload: nothing of a stranger's comes into memory.
namespace candor::api {

// Whether a path (without its query) is that of an upload: no other request of a session may be large.
bool is_evidence_path(std::string_view path);
// How many bytes the body may have. Fails as who_asks() of route.h, or with `access.not_allowed`. Safe from any
// thread.
Result<std::size_t> admit_evidence(Viewers& viewers, bool secure_cookies, const Request& head);

}  // namespace candor::api
