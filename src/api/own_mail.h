#pragma once

#include <string>

#include "api/route.h"

namespace candor::api {

// Where the viewer gets mail; "" where nothing tells an address, or one outside the domains of today's settings.
Result<std::string> own_mail_address(const Desk& desk, const Call& call);

}  // namespace candor::api
