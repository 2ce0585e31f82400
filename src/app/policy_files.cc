#include "app/policy_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

#include "app/command.h"
#include "policy/lawful_section.h"

namespace candor {
namespace {

constexpr std::size_t kLongestSection = 16'384;
constexpr std::size_t kLongestOrder = 65'536;

// A file may hold anything: what is no id is not printed.
std::string shown_id(const std::string& id) {
  const bool plain = id.size() <= 128 && std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7F; });
  return plain ? "`" + id + "`" : "a line that is no id";
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
  if (lawful_start.empty()) return std::move(loaded.policies);
  const auto section = read_lawful_section(io, lawful_start);
  if (!section) return std::nullopt;
  std::vector<Diagnostic> faults;
  const bool sound = add_lawful_section(loaded.policies,
                                        {.text = *section,
                                         .name = lawful_start.string(),
                                         .indicators = content.indicators->indicators(),
                                         .scoring = *content.scoring},
                                        faults);
  complain_about(io, faults);
  if (!sound) return std::nullopt;
  return std::move(loaded.policies);
}

std::optional<std::string> read_lawful_section(const Io& io, const std::filesystem::path& file) {
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

Result<std::vector<std::string>> read_policy_order(const Io& io, const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> ids;
  std::filesystem::path found;
  for (const auto& path : paths) {
    const auto file = io.resolve(path) / kPolicyOrderFile;
    if (!std::filesystem::is_regular_file(file)) continue;
    if (!found.empty()) return fail("policy.bad_order", "two folders hold an " + std::string(kPolicyOrderFile));
    found = file;
  }
  if (found.empty()) return ids;
  std::ifstream in(found, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || text.size() > kLongestOrder) {
    return fail("policy.bad_order", found.string() + " cannot be read, or is longer than 64 KiB");
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    std::string id = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    if (std::ranges::find(ids, id) != ids.end()) {
      return fail("policy.bad_order", found.string() + " names a policy twice: " + shown_id(id));
    }
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string policy_order_text(const std::vector<std::string>& ids) {
  std::string text =
      "# The order of policies: whose alert comes first on equal scores. `candor policy apply` reads it.\n";
  for (const std::string& id : ids) text += id + "\n";
  return text;
}

}  // namespace candor
