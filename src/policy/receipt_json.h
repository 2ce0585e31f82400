#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "policy/assessment.h"

// A receipt as JSON with keys in a fixed order and integers only: the same assessment gives the same bytes.
namespace candor {

// Who is being assessed is not part of it. `keep_details` false leaves out what differs between installations (fact
// ids, numbers of expectations).
std::string to_json(const Assessment& assessment, bool keep_details);
// What to_json(.., true) wrote. Fails with `policy.bad_receipt`.
Result<Assessment> assessment_from_json(std::string_view json);
// `text` as a JSON string, quotes included.
std::string json_text(std::string_view text);

}  // namespace candor
