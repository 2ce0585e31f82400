#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "document/document.h"

namespace candor {

// What stands for a place `{{name}}` of a text.
using TemplateBlocks = std::map<std::string, std::vector<Block>, std::less<>>;

// A document from a text that people write: `# title` first, `## ` and `### ` headings, paragraphs parted by empty
// lines, points that begin with `- ` (a line that begins with blanks goes on), and lines that are `{{name}}`, which
// become the blocks of that name. Anything else of Markdown is plain text. Fails with `documents.bad_text`, naming
// `file` and line: a place that there is not (and which there are), a place inside a line, no title, text that is not
// UTF-8.
Result<TextDocument> filled_document(const std::string& text, const std::string& file, const std::string& language,
                                     const TemplateBlocks& blocks);

}  // namespace candor
