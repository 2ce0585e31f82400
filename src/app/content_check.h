#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"

namespace candor {

struct ContentReport {
  std::vector<Diagnostic> diagnostics;
  std::int64_t indicators = 0;
  std::int64_t policies = 0;
  std::int64_t packs = 0;
  std::int64_t examples_passed = 0;  // positive and negative ones that gave what they say
};

// Everything in a content folder against the code that runs it: fields, mappings, roles, scoring, settings, every
// indicator with its neighbour file of examples put through the real mapping and matcher, every policy, every pack with
// the policies it makes. An example is read by the facts its file states (`facts`, as in organisation.yml) and no
// others; one that must not match must not match without them either. All faults at once. Fails only when the folder
// cannot be loaded at all.
Result<ContentReport> check_content(const std::filesystem::path& folder);

}  // namespace candor
