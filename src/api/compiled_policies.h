#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "alerts/policies.h"
#include "base/result.h"
#include "indicators/indicator_set.h"
#include "policy/policy.h"

namespace candor::api {

// The policies in force, compiled once and again when one changes: receipts in words and bubbles need them on every
// look. Thread safety: any member from any thread.
class CompiledPolicies {
 public:
  // All must outlive this object.
  CompiledPolicies(const PolicyBook& book, std::shared_ptr<const IndicatorSet> indicators,
                   const ScoringContent& scoring);

  // The policy in that version; its newest one when that version no longer compiles; one that knows nothing but its id
  // when none does, so that an old alert can still be shown.
  Result<std::shared_ptr<const Policy>> find(std::string_view id, std::string_view version);
