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
  // Policies in force that cannot be computed with today's content, and why.
  Result<std::map<std::string, std::string>> unusable();
  // All versions that count or counted; nullopt when none ever did. Fails with `alerts.no_policy`, or `policy.unusable`
  // when it cannot be computed with today's content.
  Result<std::optional<PolicyHistory>> history(std::string_view id);

 private:
  // (id, number of the version in force, of the one that waits): a version is the hash of what a policy decides by, and
  // words can change without it.
  using Versions = std::vector<std::tuple<std::string, int, int>>;
  Result<void> refresh();

  const PolicyBook& book_;
  std::shared_ptr<const IndicatorSet> indicators_;
  const ScoringContent& scoring_;
  std::mutex mutex_;
  Versions seen_;                                               // guarded by mutex_
  std::map<std::string, PolicyHistory, std::less<>> compiled_;  // guarded by mutex_
  std::map<std::string, std::string> unusable_;                 // guarded by mutex_
  std::vector<std::shared_ptr<const Policy>> proposed_;         // what waits; guarded by mutex_
};

}  // namespace candor::api
