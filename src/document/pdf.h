#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "document/document.h"

namespace candor {

struct PdfOptions {
  std::string foot;           // one line at the foot of each page, beside its number
  std::string page = "page";  // "page 3 of 12": the words of the document's language
  std::string of = "of";
  TimePoint made_at = 0;  // what the file says of when it was made
};

// A tagged PDF file, A4, with outline, title and searchable text in the fonts of the machine (DejaVu Sans is asked
// for). The same document and options give the same bytes on one machine. One file is made at a time, whichever thread
// asks. Fails with `document.too_long` beyond kMostPdfPages, `document.pdf` when the library refuses.
Result<std::string> to_pdf(const TextDocument& document, const PdfOptions& options);

inline constexpr int kMostPdfPages = 500;

}  // namespace candor
