#include "api/compiled_policies.h"

#include <algorithm>

namespace candor::api {

CompiledPolicies::CompiledPolicies(const PolicyBook& book, std::shared_ptr<const IndicatorSet> indicators,
                                   const ScoringContent& scoring)
    : book_(book), indicators_(std::move(indicators)), scoring_(scoring) {}

Result<void> CompiledPolicies::refresh() {
  CANDOR_TRY(const auto standings, book_.standings());
  Versions versions;
  for (const PolicyStanding& one : standings) {
    versions.emplace_back(one.id, one.in_force ? one.in_force->number : 0, one.waiting ? one.waiting->number : 0);
  }
  if (versions == seen_) return {};
  CANDOR_TRY(auto compiled, book_.compile(indicators_->indicators(), scoring_));
  compiled_.clear();
  for (PolicyHistory& history : compiled.policies) {
    std::string id = history.id;
    compiled_.emplace(std::move(id), std::move(history));
  }
  proposed_ = std::move(compiled.proposed);
  unusable_ = PolicyBook::why_unusable(compiled);
  seen_ = std::move(versions);
  return {};
}

Result<std::map<std::string, std::string>> CompiledPolicies::unusable() {
  const std::lock_guard lock(mutex_);
  CANDOR_TRY_VOID(refresh());
  return unusable_;
}

Result<std::shared_ptr<const Policy>> CompiledPolicies::find(std::string_view id, std::string_view version) {
  const std::lock_guard lock(mutex_);
  CANDOR_TRY_VOID(refresh());
  const auto proposed = std::ranges::find_if(proposed_, [&](const auto& one) { return one->id == id; });
  if (proposed != proposed_.end() && (*proposed)->version == version) return *proposed;
  const auto found = compiled_.find(id);
  if (found != compiled_.end()) {
    for (const PolicyHistory::Version& one : found->second.versions)
      if (one.policy->version == version) return one.policy;
    return found->second.versions.back().policy;
  }
  Policy unknown;
  unknown.id = id;
  unknown.name = id;
  return std::make_shared<const Policy>(std::move(unknown));
}

Result<std::optional<PolicyHistory>> CompiledPolicies::history(std::string_view id) {
  CANDOR_TRY(const PolicyStanding standing, book_.standing(id));
  if (!standing.in_force) return std::nullopt;
  const std::lock_guard lock(mutex_);
  CANDOR_TRY_VOID(refresh());
  const auto found = compiled_.find(id);
  if (found == compiled_.end())
    return fail("policy.unusable",
                "this policy cannot be computed with today's content; `candor policy apply` says why");
  return found->second;
}

}  // namespace candor::api
