#include "app/policy_files.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "app/command.h"

namespace candor {
namespace {

constexpr std::size_t kLongestSection = 16'384;

// The section's text, checked by what it says: a file with none of it is none.
std::optional<std::string> read_section(const Io& io, const std::filesystem::path& file) {
  std::ifstream in(io.resolve(file), std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || text.size() > kLongestSection) {
    report(io, {"app.cannot_read", file.string() + " cannot be read, or is longer than 16 KiB"});
    return std::nullopt;
  }
  if (lawful_start_of(text) == LawfulStart()) {
    report(io, {"policy.no_lawful_start",
                file.string() +
                    " holds no section `lawful_start:` that says anything; docs/reference/policies.md shows one"});
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<std::vector<Policy>> load_policy_files(const Io& io, const Content& content,
                                                     const std::vector<std::filesystem::path>& paths,
                                                     const std::filesystem::path& lawful_start) {
  std::vector<std::filesystem::path> resolved;
  resolved.reserve(paths.size());
  for (const auto& path : paths) resolved.push_back(io.resolve(path));
  LoadedPolicies loaded = load_policies(resolved, content.indicators->indicators(), *content.scoring);
  complain_about(io, loaded.diagnostics);
  if (has_errors(loaded.diagnostics)) return std::nullopt;
  if (!add_lawful_start(io, content, loaded.policies, lawful_start)) return std::nullopt;
  return std::move(loaded.policies);
}

bool add_lawful_start(const Io& io, const Content& content, std::vector<Policy>& policies,
                      const std::filesystem::path& lawful_start) {
  if (lawful_start.empty()) return true;
  const auto section = read_section(io, lawful_start);
  if (!section) return false;
  for (Policy& policy : policies) {
    if (!(policy.lawful_start == LawfulStart())) continue;
    const bool ends = policy.text.ends_with('\n');
    LoadedPolicy whole =
        load_policy(policy.text + (ends ? "" : "\n") + *section, policy.id + " with " + lawful_start.string(),
                    content.indicators->indicators(), *content.scoring);
    complain_about(io, whole.diagnostics);
    if (!whole.policy) return false;
    policy = std::move(*whole.policy);
  }
  return true;
}

}  // namespace candor
