#include "policy/policy.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

#include "policy/policy_content.h"
#include "policy/policy_text.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("policy.unreadable", path.string() + " cannot be read");
  std::string text(kMostBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return fail("policy.unreadable", path.string() + " cannot be read");
  return text;
}

void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  std::ranges::sort(diagnostics, [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column, a.id, a.message) < std::tie(b.file, b.line, b.column, b.id, b.message);
  });
}

std::string all_in_one(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += (text.empty() ? "" : "\n") + to_text(diagnostic);
  return text;
}

void read_bands(const YAML::Node& root, YamlReader& reader, ScoringContent& content) {
  const YAML::Node bands = root["bands"];
  const YAML::Node cuts = root["cuts"];
  if (!bands || !cuts) {
    reader.fault({}, "missing_key", "`bands` and `cuts` are needed");
    return;
  }
  if (reader.map(bands, "`bands`", {"low", "medium", "high"})) {
    content.bands.low = reader.millionths(bands, "low", 1, 100 * kOnePoint).value_or(0);
    content.bands.medium = reader.millionths(bands, "medium", 1, 100 * kOnePoint).value_or(0);
    content.bands.high = reader.millionths(bands, "high", 1, 100 * kOnePoint).value_or(0);
    if (content.bands.low > content.bands.medium || content.bands.medium > content.bands.high) {
      reader.fault(YamlReader::place_of(bands), "bad_bands", "bands must not fall: low <= medium <= high");
    }
  }
  if (reader.map(cuts, "`cuts`", {"fewer", "default", "more"})) {
    for (const Volume volume : {Volume::fewer, Volume::standard, Volume::more}) {
      const std::string key(to_text(volume));
      if (!cuts[key]) reader.fault(YamlReader::place_of(cuts), "missing_key", "`" + key + "` is missing");
      content.cuts[static_cast<std::size_t>(volume)] =
          reader.millionths(cuts, key.c_str(), 1, 100 * kOnePoint).value_or(0);
    }
  }
}

void read_weights(const YAML::Node& root, YamlReader& reader, ScoringContent& content) {
  std::vector<std::string> words;
  for (const Category category : all_categories()) words.emplace_back(to_text(category));
  const YAML::Node weights = root["weights"];
  const bool good = weights && reader.map(weights, "`weights`", words);
  if (!weights) reader.fault({}, "missing_key", "`weights` is missing");
  for (const Category category : all_categories()) {
    const std::string key(to_text(category));
    if (good && !weights[key]) {
      reader.fault(YamlReader::place_of(weights), "missing_key", "`" + key + "` is missing");
    }
    content.weights[category] = good ? reader.millionths(weights, key.c_str(), 0, kWhole).value_or(kWhole) : kWhole;
  }
}

void read_scoring(std::string_view text, YamlReader& reader, ScoringContent& content) {
  const auto root = reader.document(text);
  if (!root ||
      !reader.map(*root, "the scoring content", {"bands", "cuts", "strengths", "half_life_days", "usual", "weights"})) {
    return;
  }
  const YAML::Node& map = *root;
  read_bands(map, reader, content);
  read_weights(map, reader, content);
  if (const YAML::Node strengths = map["strengths"]) read_strengths(strengths, reader, content.strengths);
  if (const YAML::Node usual = map["usual"]) read_usual(usual, reader, content.usual);
  content.half_life_days = static_cast<int>(reader.integer(map, "half_life_days", 1, 365).value_or(14));
}

Result<std::vector<std::filesystem::path>> policy_files(const std::filesystem::path& folder_or_file) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder_or_file, error)) return std::vector{folder_or_file};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_or_file, error)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".yml" || extension == ".yaml") files.push_back(entry.path());
  }
  if (error) return fail("policy.unreadable", folder_or_file.string() + " cannot be listed: " + error.message());
  if (files.empty()) return fail("policy.none_found", folder_or_file.string() + " holds no policy (*.yml)");
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string_view to_text(Volume volume) {
  switch (volume) {
    case Volume::fewer:
      return "fewer";
    case Volume::standard:
      return "default";
    case Volume::more:
      return "more";
  }
  return "default";
}

const PolicyIndicator* Policy::find(IndicatorKey key) const {
  const auto found = std::ranges::lower_bound(indicators, key, {}, &PolicyIndicator::key);
  return found != indicators.end() && found->key == key ? &*found : nullptr;
}

AlertSeverity Policy::severity(Micropoints score) const {
  if (score >= bands.high) return AlertSeverity::high;
  if (score >= bands.medium) return AlertSeverity::medium;
  return score >= bands.low ? AlertSeverity::low : AlertSeverity::none;
}

Result<std::shared_ptr<const ScoringContent>> ScoringContent::load(const std::filesystem::path& folder) {
  auto content = std::make_shared<ScoringContent>();
  CANDOR_TRY(const std::string text, read_file(folder / "scoring.yml"));
  CANDOR_TRY(const std::string table, read_file(folder / "logarithms.tsv"));
  CANDOR_TRY(content->logarithms, Logarithms::parse(table, (folder / "logarithms.tsv").string()));
  std::vector<Diagnostic> diagnostics;
  YamlReader reader((folder / "scoring.yml").string(), "policy", diagnostics);
  read_scoring(text, reader, *content);
  content->sequences = load_sequences(folder.parent_path() / "sequences", diagnostics);
  if (has_errors(diagnostics)) return fail("policy.bad_scoring", all_in_one(diagnostics));
  return content;
}

LoadedPolicy load_policy(std::string_view text, const std::string& file, std::span<const IndicatorInfo> indicators,
                         const ScoringContent& scoring) {
  LoadedPolicy loaded;
  YamlReader reader(file, "policy", loaded.diagnostics);
  if (text.size() > kMostBytes) {
    reader.fault({}, "too_large", "a policy file must not be larger than 1 MiB");
    return loaded;
  }
  Policy policy = compile_policy(read_policy_text(text, reader, scoring), reader, indicators, scoring);
  sort_by_place(loaded.diagnostics);
  if (has_errors(loaded.diagnostics)) return loaded;
  policy.version = version_of(policy);
  policy.text = std::string(text);
  policy.content = policy_content_text(indicators, scoring);
  loaded.policy = std::move(policy);
  return loaded;
}

LoadedPolicies load_policies(const std::filesystem::path& folder_or_file, std::span<const IndicatorInfo> indicators,
                             const ScoringContent& scoring) {
  return load_policies(std::span(&folder_or_file, 1), indicators, scoring);
}

LoadedPolicies load_policies(std::span<const std::filesystem::path> folders_or_files,
                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring) {
  LoadedPolicies loaded;
  const auto refuse = [&](const std::filesystem::path& path, const Error& error) {
    loaded.diagnostics.push_back({path.string(), 0, 0, Severity::error, error.id, error.message, ""});
  };
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& path : folders_or_files) {
    auto found = policy_files(path);
    if (!found) refuse(path, found.error());
    if (found) std::ranges::move(*found, std::back_inserter(files));
  }
  std::map<std::string, std::string> file_of;
  for (const std::filesystem::path& path : files) {
    const auto text = read_file(path);
    if (!text) {
      refuse(path, text.error());
      continue;
    }
    LoadedPolicy one = load_policy(*text, path.string(), indicators, scoring);
    std::ranges::move(one.diagnostics, std::back_inserter(loaded.diagnostics));
    if (!one.policy) continue;
    const auto [known, fresh] = file_of.emplace(one.policy->id, path.string());
    if (!fresh) {
      loaded.diagnostics.push_back({path.string(), 1, 1, Severity::error, "policy.repeated_id",
                                    "the id `" + one.policy->id + "` is taken by " + known->second, ""});
      continue;
    }
    loaded.policies.push_back(std::move(*one.policy));
  }
  std::ranges::sort(loaded.policies, {}, &Policy::id);
  return loaded;
}

}  // namespace candor
