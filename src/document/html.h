#pragma once

#include <string>

#include "document/document.h"

namespace candor {

// One whole page without script, picture or address: it loads nothing. Readable on a phone, printable, light and dark.
// Text is escaped. `links`: lines of HTML that stand above the text, in the caller's care; may be empty.
std::string to_html(const TextDocument& document, const std::string& foot, const std::string& links = "");

// The content policy under which a browser shows it: nothing but its own style, known by its hash.
std::string html_content_policy();

}  // namespace candor
