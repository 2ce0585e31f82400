#include "indicators/examples.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/time.h"
#include "base/yaml_tree.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = 4u << 20;

std::string text_or(const YamlNode& row, std::string_view key, const char* otherwise = "") {
  const YamlNode* const value = row.find(key);
  return value != nullptr && value->kind == YamlNode::Kind::scalar ? value->text : otherwise;
}

Result<std::int64_t> number_of(const YamlNode& row, std::string_view key, std::int64_t least, std::int64_t most,
                               std::int64_t otherwise) {
  const std::string text = text_or(row, key);
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) return number;
  return fail("indicators.bad_examples", "line " + std::to_string(row.place.line) + ": `" + std::string(key) +
                                             "` is a whole number from " + std::to_string(least) + " to " +
                                             std::to_string(most));
}

void replace(std::string& text, std::string_view what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

Result<void> take_record(const YamlNode& node, IndicatorExample& example) {
  const bool repeated = node.is_map();
  const std::string text = repeated ? text_or(node, "record") : node.text;
  CANDOR_TRY(const std::int64_t times, number_of(node, "times", 1, kMostRepeats, 1));
  CANDOR_TRY(const std::int64_t every, number_of(node, "every", 0, 86'400, 1));
  TimePoint from = 0;
  if (const std::string said = text_or(node, "from"); !said.empty()) {
    const auto time = parse_time(said);
    if (!time) {
      return fail("indicators.bad_examples",
                  "line " + std::to_string(node.place.line) + ": `from` is not a time like 2026-03-02T09:00:00Z");
    }
    from = *time;
  }
  if (!example.record.empty()) example.record += '\n';
  example.record += text;
  if (times > 1) {
    example.record += "\n(" + std::to_string(times) + " times, one every " + std::to_string(every) + " s from " +
                      format_time(from) + ")";
  }
  for (std::int64_t i = 0; i < times; ++i) {
    std::string record = text;
    if (repeated) {
      replace(record, "%n%", std::to_string(i + 1));
      replace(record, "%time%", format_time(from + i * every * kMicrosPerSecond));
    }
    example.records.push_back(std::move(record));
  }
  return {};
}

Result<void> take(const YamlNode& root, bool matches, std::vector<IndicatorExample>& examples) {
  const YamlNode* const rows = root.find(matches ? "matches" : "does_not_match");
  if (rows == nullptr) return {};
  for (const YamlNode& row : rows->items) {
    IndicatorExample example{.matches = matches,
                             .about = text_or(row, "about"),
                             .source = text_or(row, "source", "m365_audit"),
                             .record = {},
                             .records = {},
                             .line = row.place.line};
    if (const YamlNode* const one = row.find("record"); one != nullptr) CANDOR_TRY_VOID(take_record(*one, example));
    if (const YamlNode* const several = row.find("records"); several != nullptr) {
      for (const YamlNode& one : several->items) CANDOR_TRY_VOID(take_record(one, example));
    }
    if (example.records.empty()) {
      return fail("indicators.bad_examples", "line " + std::to_string(row.place.line) + ": the example has no record");
    }
    examples.push_back(std::move(example));
  }
  return {};
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
  for (const bool matches : {true, false}) {
    if (auto taken = take(root, matches, result.examples); !taken) {
      return fail(taken.error().id, name + ": " + taken.error().message);
    }
  }
  if (const YamlNode* const facts = root.find("facts"); facts != nullptr) {
    for (const YamlEntry& entry : facts->entries) result.facts.push_back(entry.key.text);
  }
  return result;
}

}  // namespace candor
