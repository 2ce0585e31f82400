#pragma once

#include <string>

namespace candor {

// Whether a text is a whole http or https address: scheme, host, no blanks.
bool is_web_address(const std::string& text);

}  // namespace candor
