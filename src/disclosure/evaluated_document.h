#pragma once

#include <filesystem>

#include "base/result.h"
#include "disclosure/evaluated_facts.h"
#include "disclosure/words.h"
#include "document/document.h"

namespace candor {

// The page "What is evaluated here" in one language: the organisation's text `folder`/LANGUAGE.md with the facts in the
// places it names. The same facts and text give the same document; no day of making is in it. Fails with
// `documents.bad_text`, `documents.no_text` and IndicatorTitles' errors: those lie in the folder above.
Result<TextDocument> evaluated_document(const EvaluatedFacts& facts, Language language,
                                        const std::filesystem::path& folder);

}  // namespace candor
