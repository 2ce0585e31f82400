#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/keys.h"
#include "base/yaml_reader.h"
#include "policy/policy_text.h"
#include "policy/sequence.h"

namespace candor {
namespace {

constexpr std::size_t kMostSteps = 8;

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

using Steps = std::map<std::string, SequenceContent::Step>;

Steps read_steps(const YAML::Node& root, YamlReader& reader) {
  Steps steps;
  const YAML::Node node = root["steps"];
  if (!node || !node.IsMap()) {
    reader.fault({.line = 1, .column = 1}, "missing_key", "`steps` is missing: a map from a name to what does it");
    return steps;
  }
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    if (!is_name(name)) {
      reader.fault(YamlReader::place_of(entry.first), "bad_name",
                   "a step's name has small letters, digits and `_` only");
      continue;
    }
    if (!reader.map(entry.second, "a step", {"indicators", "categories"})) continue;
    SequenceContent::Step step{.name = name, .indicators = {}, .categories = {}};
    for (const Placed& one : reader.texts(entry.second, "indicators", 200)) step.indicators.push_back(one.text);
    for (const Placed& word : reader.texts(entry.second, "categories", 7)) {
      if (const auto category = category_named(word, reader)) step.categories.push_back(*category);
    }
    if (step.indicators.empty() && step.categories.empty()) {
      reader.fault(YamlReader::place_of(entry.second), "empty_step", "a step names indicators or categories");
    }
    steps.emplace(name, std::move(step));
  }
  return steps;
}

std::optional<SequenceContent> read_sequence(const YAML::Node& node, const Steps& steps, YamlReader& reader) {
  if (!reader.map(node, "a sequence", {"name", "title", "steps", "window_days", "thresholds"})) return std::nullopt;
  SequenceContent out;
  const auto name = reader.required_text(node, "name", 64);
  const auto title = reader.required_text(node, "title", 200);
  if (!name || !title) return std::nullopt;
  if (!is_name(name->text)) {
    reader.fault(name->place, "bad_name", "a sequence's name has small letters, digits and `_` only");
    return std::nullopt;
  }
  out.name = name->text;
  out.title = title->text;
  for (const Placed& step : reader.texts(node, "steps", kMostSteps)) {
    const auto found = steps.find(step.text);
    if (found == steps.end()) {
      std::vector<std::string> names;
      for (const auto& [known, value] : steps) names.push_back(known);
      const std::string near = nearest(step.text.substr(0, 100), names);
      reader.fault(step.place, "unknown_step", "there is no step `" + step.text.substr(0, 80) + "` in this file",
                   near.empty() ? "" : "did you mean `" + near + "`?");
      return std::nullopt;
    }
    out.steps.push_back(found->second);
  }
  if (out.steps.size() < 2) {
    reader.fault(YamlReader::place_of(node), "too_few_steps", "a sequence has two steps or more");
    return std::nullopt;
  }
  out.window_days = static_cast<int>(reader.integer(node, "window_days", 1, 90).value_or(7));
  const YAML::Node thresholds = node["thresholds"];
  if (!thresholds || !thresholds["all"]) {
    reader.fault(YamlReader::place_of(node), "missing_key", "`thresholds` with `all` is missing");
    return std::nullopt;
  }
  const LevelsByDimension levels = read_thresholds(node, reader);
  for (std::size_t d = 0; d < levels.size(); ++d) out.levels[d] = levels[d].value_or(Levels{});
  return out;
}

}  // namespace

std::vector<SequenceContent> read_sequences(std::string_view text, const std::string& file,
                                            std::vector<Diagnostic>& diagnostics) {
  YamlReader reader(file, "sequences", diagnostics);
  std::vector<SequenceContent> out;
  const auto root = reader.document(text);
  if (!root || !reader.map(*root, "the file", {"steps", "sequences"})) return out;
  const Steps steps = read_steps(*root, reader);
  for (const YAML::Node& node : reader.list(*root, "sequences", 500)) {
    if (auto sequence = read_sequence(node, steps, reader)) out.push_back(std::move(*sequence));
  }
  return out;
}

std::vector<SequenceContent> load_sequences(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<SequenceContent> out;
  std::set<std::string> names;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (SequenceContent& one : read_sequences(text, path.string(), diagnostics)) {
      if (names.insert(one.name).second) {
        out.push_back(std::move(one));
      } else {
        diagnostics.push_back({.file = path.string(),
                               .line = 1,
                               .column = 1,
                               .severity = Severity::error,
                               .id = "sequences.repeated_name",
                               .message = "two sequences are called `" + one.name + "`",
                               .hint = ""});
      }
    }
  }
  std::ranges::sort(out, {}, &SequenceContent::name);
  return out;
}

IndicatorKey key_of(const Sequence& sequence) {
  std::string text = sequence.name + "\n" + std::to_string(sequence.window_days);
  for (const auto& step : sequence.steps) {
    text += "\n";
    for (const IndicatorKey key : step) text += std::to_string(key) + ",";
  }
  return static_cast<IndicatorKey>(content_hash(text) >> 32);
}

}  // namespace candor
