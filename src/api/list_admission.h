#pragma once

#include <cstddef>
#include <string_view>

#include "access/viewers.h"
#include "api/http.h"
#include "base/result.h"

// What a server asks before it reads the body of a change of a list, which may have 100,000 entries.
namespace candor::api {

// Whether a path (without its query) is that of such a change, or of looking at what it would change.
bool is_list_path(std::string_view path);
// How many bytes the body may have. Fails as who_asks() of route.h, or with `access.not_allowed`. Safe from any
// thread.
Result<std::size_t> admit_list(Viewers& viewers, bool secure_cookies, const Request& head);

}  // namespace candor::api
