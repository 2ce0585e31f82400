#include "rule_translation.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace candor {
namespace {

using nlohmann::json;

// Single quotes for YAML; wildcards and backslashes mean themselves.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '\\') out += '\\';
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string field_name(const std::string& name) { return name == "op" ? "event.action" : name; }

std::string modifier(const std::string& comparison) {
  if (comparison == "eq") return "";
  if (comparison == "starts" || comparison == "ends") return "|" + comparison + "with";
  return "|" + comparison;
}

bool holds(std::int64_t value, const std::string& comparison, std::int64_t bound) {
  if (comparison == "gt") return value > bound;
  if (comparison == "lt") return value < bound;
  return value == bound;
}

// The benchmark counts an absent truth value as -1; each of the three states that fits becomes an alternative.
std::string truth_selection(const std::string& name, const std::string& comparison, const std::string& value) {
  std::int64_t bound = 0;
  std::from_chars(value.data(), value.data() + value.size(), bound);
  std::string text;
  if (holds(-1, comparison, bound)) text += "    - " + name + ": null\n";
  if (holds(0, comparison, bound)) text += "    - " + name + ": false\n";
  if (holds(1, comparison, bound)) text += "    - " + name + ": true\n";
  return text;
}

std::string selection(const json& atom, const FieldCatalogue& catalogue) {
  const std::string name = field_name(atom.at(0).get<std::string>());
  const std::string comparison = atom.at(1).get<std::string>();
  const auto field = catalogue.find(name);
  if (field && catalogue[*field].type == FieldType::boolean) {
    return truth_selection(name, comparison, atom.at(2).at(0).get<std::string>());
  }
  std::string text = "    " + name + modifier(comparison) + ":";
  if (comparison == "gt" || comparison == "lt") return text + " " + atom.at(2).at(0).get<std::string>() + "\n";
  text += '\n';
  for (const json& value : atom.at(2)) text += "      - " + in_quotes(value.get<std::string>()) + "\n";
  return text;
}

RuleText framed(const std::string& name, int number, const std::string& detection) {
  const std::string digits = std::to_string(100000000000 + number);
  return {.file = name,
          .text = "title: " + name + "\nid: 00000000-0000-4000-8000-" + digits +
                  "\ndescription: A rule of the benchmark\nlogsource:\n  product: m365\ndetection:\n" + detection +
                  "falsepositives:\n  - none\ntags: [candor.no_attack]\ncandor:\n  name: " + name +
                  "\n  category: access\n  workload: bench\n  intrusion: 1\n"
                  "  feeds: [{source: m365_audit, record_types: [1], setting: none, licence: any}]\n  thresholds:\n"
                  "    all: {low: 1, medium: 1, high: 1, reason: not used}\n"};
}

}  // namespace

Result<std::vector<RuleText>> translate_rules(std::string_view text, const FieldCatalogue& catalogue) {
  std::vector<RuleText> rules;
  const json document = json::parse(text, nullptr, false);
  if (!document.is_array()) return fail("bench.bad_rules", "the rules are not a JSON array");
  try {
    for (const json& rule : document) {
      std::string detection;
      int number = 0;
      for (const json& atom : rule.at("all")) {
        detection += "  all_" + std::to_string(number++) + ":\n" + selection(atom, catalogue);
      }
      for (const json& atom : rule.at("none")) {
        detection += "  none_" + std::to_string(number++) + ":\n" + selection(atom, catalogue);
      }
      detection +=
          rule.at("none").empty() ? "  condition: all of all_*\n" : "  condition: all of all_* and not 1 of none_*\n";
      const int position = static_cast<int>(rules.size());
      rules.push_back(framed("rule_" + std::to_string(position + 1), position, detection));
    }
  } catch (const json::exception& exception) {
    return fail("bench.bad_rules", "rule " + std::to_string(rules.size() + 1) + ": " + exception.what());
  }
  return rules;
}

std::vector<RuleText> stage_rules() {
  const std::vector<std::string> stages = {
      "FileDownloaded, FileSyncDownloadedFull", "FileRenamed, ArchiveCreated, SensitivityLabelRemoved",
      "FileCopiedToRemovableMedia, FileUploadedToCloud, AnonymousLinkCreated, FileCopiedToNetworkShare",
      "FileDeleted, HardDelete, FileRecycled, SoftDelete"};
  std::vector<RuleText> rules;
  rules.reserve(stages.size());
  for (std::size_t i = 0; i < stages.size(); ++i) {
    rules.push_back(framed("stage_" + std::to_string(i + 1), 1000 + static_cast<int>(i),
                           "  step:\n    event.action: [" + stages[i] + "]\n  condition: step\n"));
  }
  return rules;
}

}  // namespace candor
