#pragma once

#include <string>
#include <string_view>

#include "policy/assessment.h"
#include "policy/policy.h"

// A receipt in words, for people. No identities, no content: counts, days, titles of indicators.
namespace candor {

// "On 2026-03-04: 412 x Download from SharePoint, above the high level (300); 61 times the usual 6.7 a day."
std::string in_words(const ReceiptPart& part, const Policy& policy);
// "Resignation on 2026-03-20: days 2025-12-20 to 2026-05-01 are in scope."
std::string in_words(const InScope& trigger, const Policy& policy);
std::string in_words(const LeftOut& left_out, const Policy& policy);
// One sentence that sums up: score, severity, how many parts, the strongest.
std::string in_words(const Assessment& assessment, const Policy& policy);

}  // namespace candor
