#include "indicators/examples.h"

#include <fstream>
#include <iterator>

#include "base/yaml_tree.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = 4u << 20;

std::string text_of(const YamlNode& row, std::string_view key, const char* otherwise = "") {
  const YamlNode* const value = row.find(key);
  return value != nullptr && value->kind == YamlNode::Kind::scalar ? value->text : otherwise;
}

void take(const YamlNode& root, bool matches, std::vector<IndicatorExample>& examples) {
  const YamlNode* const rows = root.find(matches ? "matches" : "does_not_match");
  if (rows == nullptr) return;
  for (const YamlNode& row : rows->items) {
    examples.push_back({.matches = matches,
                        .about = text_of(row, "about"),
                        .source = text_of(row, "source", "m365_audit"),
                        .record = text_of(row, "record")});
  }
}

}  // namespace

Result<IndicatorExamples> read_examples(const std::filesystem::path& rule_file) {
  const std::filesystem::path file = std::filesystem::path(rule_file).replace_extension(".examples.yml");
  IndicatorExamples result;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return result;
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string name = file.filename().string();
  if (in.bad() || text.size() > kMostBytes) return fail("indicators.bad_examples", name + " cannot be read");
  const YamlStream stream = parse_yaml(text);
  if (stream.fault || stream.documents.size() != 1) return fail("indicators.bad_examples", name + " is not YAML");
  const YamlNode& root = stream.documents.front();
  take(root, true, result.examples);
  take(root, false, result.examples);
  if (const YamlNode* const facts = root.find("facts"); facts != nullptr) {
    for (const YamlEntry& entry : facts->entries) result.facts.push_back(entry.key.text);
  }
  return result;
}

}  // namespace candor
