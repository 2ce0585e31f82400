#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace candor {

// A text of content that may not be in a file of its own; `file` names it in messages.
struct RuleText {
  std::string file;
  std::string text;
  std::set<std::string> without = {};  // names of its groups or exclusions that are passed over: others say otherwise
};

// What narrows indicators, as it is written: docs/reference/detection-groups.md. None of it: nothing is narrowed.
struct RestrictionTexts {
  std::vector<RuleText> groups;      // content/detection_groups.yml
  std::vector<RuleText> exclusions;  // content/exclusions.yml
  std::vector<RuleText> variants;    // content/variants/*.yml, one each
  // Names the organisation gives to ids (folded) of sensitive information types: activities carry the name.
  std::multimap<std::string, std::string> information_types;
};

// Those of a content folder; a file that is not there says nothing, one that cannot be read is a diagnostic.
RestrictionTexts read_restriction_texts(const std::filesystem::path& content, std::vector<Diagnostic>& diagnostics);

}  // namespace candor
