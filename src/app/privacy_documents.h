#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "disclosure/words.h"

namespace candor {

class Installation;

// Documents for people who answer for the processing: made from the texts of content/documents and from what this
// installation is configured to do today. Nobody is in them: policies, indicators, numbers, functions.
struct PrivacyDocument {
  std::string file;  // "record_of_processing.md"
  std::string text;  // Markdown
};

// For one country (ISO 3166, two capital letters), in one language. Fails with `documents.bad_text`, naming file, line
// and the placeholders there are, when a text asks for something unknown, and with `app.cannot_read`.
Result<std::vector<PrivacyDocument>> privacy_documents(Installation& installation, const std::string& country,
                                                       Language language);

}  // namespace candor
