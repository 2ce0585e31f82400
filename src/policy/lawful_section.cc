#include "policy/lawful_section.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace candor {
namespace {

// Whether it is that section and remarks, nothing else: whatever stands beside it would become a part of every policy.
bool is_section_alone(const std::string& text) {
  constexpr std::string_view kKey = "lawful_start:";
  bool seen = false;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view line = std::string_view(text).substr(from, end - from);
    from = end + 1;
    if (line.empty() || line.find_first_of(" \t\r#") == 0) continue;
    if (seen || !line.starts_with(kKey)) return false;
    seen = true;
  }
  return seen;
}

}  // namespace

bool add_lawful_section(std::vector<Policy>& policies, const LawfulSection& section, std::vector<Diagnostic>& faults) {
  if (section.text.empty()) return true;
  if (!is_section_alone(section.text) || lawful_start_of(section.text) == LawfulStart()) {
    faults.push_back({.file = section.name,
                      .id = "policy.no_lawful_start",
                      .message = "it is not the section `lawful_start:` alone, or says nothing",
                      .hint = "docs/reference/policies.md shows one"});
    return false;
  }
  for (Policy& policy : policies) {
    if (!(policy.lawful_start == LawfulStart())) continue;
    const bool ends = policy.text.ends_with('\n');
    LoadedPolicy whole = load_policy(policy.text + (ends ? "" : "\n") + section.text,
                                     policy.id + " with " + section.name, section.indicators, section.scoring);
    std::ranges::copy(whole.diagnostics, std::back_inserter(faults));
    if (!whole.policy) return false;
    policy = std::move(*whole.policy);
  }
  return true;
}

}  // namespace candor
