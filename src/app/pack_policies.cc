#include "app/pack_policies.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace candor {

LoadedPolicies pack_policies(const PackWishes& wishes, const std::string& by, const Content& content) {
  LoadedPolicies out;
  const auto& indicators = content.indicators->indicators();
  for (const PackPolicy& said : wishes.policies) {
    const auto path = content.folder / "policies" / said.file;
    LoadedPolicies shipped = load_policies(path, indicators, *content.scoring);
    std::ranges::move(shipped.diagnostics, std::back_inserter(out.diagnostics));
    if (shipped.policies.size() != 1) continue;
    Policy& policy = shipped.policies.front();
    const std::string text = narrowed_policy(policy.text, said, by);
    if (text != policy.text) {
      LoadedPolicy made = load_policy(text, path.string() + ", changed by " + by, indicators, *content.scoring);
      std::ranges::move(made.diagnostics, std::back_inserter(out.diagnostics));
      if (!made.policy) continue;
      policy = std::move(*made.policy);
    }
    out.policies.push_back(std::move(policy));
  }
  std::ranges::sort(out.policies, {}, &Policy::id);
  return out;
}

}  // namespace candor
