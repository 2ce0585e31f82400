#pragma once

#include <string>
#include <string_view>

namespace candor {

// The form in which operations are matched: trimmed, without trailing full stops, Unicode dashes as "-", no-break
// spaces as blanks. Case is kept. "Update application \u2013 Certificates and secrets management " ->
// "Update application - Certificates and secrets management".
std::string normalised_operation(std::string_view operation);

}  // namespace candor
