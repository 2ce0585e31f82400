#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "packs/pack_plan.h"
#include "policy/policy.h"

namespace candor {

// The packs that ship with Candor, or lie beside them, and the shipped policies they are made of. Immutable after load;
// share freely.
struct PackShelf {
  std::vector<Pack> packs;                 // those without an error, ascending by id
  std::map<std::string, Policy> policies;  // by file below content/policies: "optional/risky_browsing.yml"
  std::vector<Diagnostic> diagnostics;     // faults of packs

  // The packs of these names, ascending by id, each once. Fails with `pack.unknown`, naming the nearest.
  Result<std::vector<Pack>> chosen(std::span<const std::string> ids) const;
};

// Every *.yml of content/packs; no packs where there is no such folder. Faults of policies are told of elsewhere.
std::shared_ptr<const PackShelf> load_pack_shelf(const std::filesystem::path& content_folder,
                                                 std::span<const IndicatorInfo> indicators,
                                                 const ScoringContent& scoring);

// The shipped policies that packs take, with what the packs say of them, ascending by id. `by` names the packs in the
// policies' text. A policy that does not bear what is said is left out, with the errors of load_policy() for it.
LoadedPolicies pack_policies(const PackWishes& wishes, const std::string& by, const PackShelf& shelf,
                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring);

}  // namespace candor
