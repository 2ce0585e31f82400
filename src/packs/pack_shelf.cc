#include "packs/pack_shelf.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace candor {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> yaml_files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".yml") files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

// What the names in a pack are looked up in.
PackSurroundings surroundings_of(const PackShelf& shelf, std::span<const IndicatorInfo> indicators) {
  PackSurroundings out;
  out.indicators.assign(indicators.begin(), indicators.end());
  for (const auto& [file, policy] : shelf.policies) out.policies.emplace_back(file, policy.id);
  return out;
}

}  // namespace

Result<std::vector<Pack>> PackShelf::chosen(std::span<const std::string> ids) const {
  std::map<std::string, Pack> out;
  for (const std::string& id : ids) {
    const auto found = std::ranges::find(packs, id, &Pack::id);
    if (found != packs.end()) {
      out.emplace(id, *found);
      continue;
    }
    std::vector<std::string> known;
    for (const Pack& pack : packs) known.push_back(pack.id);
    constexpr std::size_t kLongestTyped = 100;  // the distance costs length times length
    const std::string near = id.size() > kLongestTyped ? "" : nearest(id, known);
    return fail("pack.unknown", "there is no such pack, or it has a fault" +
                                    (near.empty() ? std::string() : "; did you mean `" + near + "`?") +
                                    " `candor pack list` names all");
  }
  std::vector<Pack> chosen;
  for (auto& [id, pack] : out) chosen.push_back(std::move(pack));
  return chosen;
}

std::shared_ptr<const PackShelf> load_pack_shelf(const fs::path& content_folder,
                                                 std::span<const IndicatorInfo> indicators,
                                                 const ScoringContent& scoring) {
  auto shelf = std::make_shared<PackShelf>();
  const std::vector<fs::path> files = yaml_files_of(content_folder / "packs");
  if (files.empty()) return shelf;
  const fs::path policies = content_folder / "policies";
  for (const char* folder : {"", "optional"}) {
    for (const fs::path& file : yaml_files_of(policies / folder)) {
      LoadedPolicies loaded = load_policies(file, indicators, scoring);
      if (loaded.policies.size() != 1) continue;
      shelf->policies.emplace(file.lexically_relative(policies).generic_string(), std::move(loaded.policies.front()));
    }
  }
  const PackSurroundings around = surroundings_of(*shelf, indicators);
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) {
      shelf->diagnostics.push_back({.file = file.string(),
                                    .id = "pack.unreadable",
                                    .message = "the pack cannot be read",
                                    .hint = "let the account that runs candor read the file"});
      continue;
    }
    LoadedPacks one = parse_pack(text, file.string(), around);
    std::ranges::move(one.packs, std::back_inserter(shelf->packs));
    std::ranges::move(one.diagnostics, std::back_inserter(shelf->diagnostics));
  }
  return shelf;
}

LoadedPolicies pack_policies(const PackWishes& wishes, const std::string& by, const PackShelf& shelf,
                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring) {
  LoadedPolicies out;
  for (const PackPolicy& said : wishes.policies) {
    const auto shipped = shelf.policies.find(said.file);
    if (shipped == shelf.policies.end()) continue;  // parse_pack() refuses packs that name others
    Policy policy = shipped->second;
    const std::string text = narrowed_policy(policy.text, said, by);
    if (text != policy.text) {
      LoadedPolicy made = load_policy(text, said.file + ", changed by " + by, indicators, scoring);
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
