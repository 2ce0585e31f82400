#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "indicators/indicator_info.h"
#include "policy/policy.h"

// The content a policy was compiled with, as values: kept beside every applied version, so that what content says later
// does not act on the past (SEMANTICS 1 and 5).
namespace candor {

struct PolicyContent {
  std::vector<IndicatorInfo> indicators;  // what policies see of them: key, name, title, category, levels, trigger
  ScoringContent scoring;
};

// JSON, an indicator a line; the same content gives the same bytes. Not the logarithms: they are mathematics.
std::string policy_content_text(std::span<const IndicatorInfo> indicators, const ScoringContent& scoring);
// What policy_content_text() wrote. Fails with `policy.bad_content`.
Result<PolicyContent> policy_content(std::string_view text, std::shared_ptr<const Logarithms> logarithms);

// Hash of every value of a policy that decides a score or stands in a receipt; not of its text, name or description:
// 16 hexadecimal digits.
std::string version_of(const Policy& policy);

}  // namespace candor
