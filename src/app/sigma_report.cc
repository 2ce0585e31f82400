#include "app/sigma_report.h"

#include <fmt/format.h>

#include <map>

#include "app/command.h"
#include "app/json.h"

namespace candor {
namespace {

const char* level_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

Json part_json(const sigma::Explained& part) {
  Json json{{"part", part.name}, {"holds", part.holds}};
  if (!part.why.empty()) json["why"] = part.why;
  if (part.parts.empty()) return json;
  Json parts = Json::array();
  for (const sigma::Explained& each : part.parts) parts.push_back(part_json(each));
  json["parts"] = std::move(parts);
  return json;
}

// Everything in a record was written by somebody who may be hostile: no control character reaches the terminal.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

void part_text(const sigma::Explained& part, int depth, std::string& out) {
  out += fmt::format("{:{}}{} {}", "", 2 * depth, part.holds ? "+" : "-", printable(part.name));
  if (!part.why.empty()) out += "  (" + printable(part.why) + ")";
  out += '\n';
  for (const sigma::Explained& each : part.parts) part_text(each, depth + 1, out);
}

}  // namespace

std::string check_json(const std::vector<Diagnostic>& faults, std::size_t rules, std::size_t correlations) {
  Json rows = Json::array();
  std::size_t errors = 0;
  for (const Diagnostic& fault : faults) {
    errors += fault.severity == Severity::error ? 1 : 0;
    rows.push_back({{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"severity", level_of(fault.severity)},
                    {"id", fault.id},
                    {"message", fault.message},
                    {"hint", fault.hint}});
  }
  return json_text({{"rules", rules},
                    {"correlations", correlations},
                    {"errors", errors},
                    {"warnings", faults.size() - errors},
                    {"diagnostics", std::move(rows)}});
}

std::string sarif_of(const std::vector<Diagnostic>& faults, const std::filesystem::path& folder) {
  Json results = Json::array();
  std::map<std::string, std::size_t> ids;
  for (const Diagnostic& fault : faults) ids.emplace(fault.id, 0);
  Json rules = Json::array();
  for (auto& [id, index] : ids) {
    index = rules.size();
    rules.push_back({{"id", id}});
  }
  for (const Diagnostic& fault : faults) {
    const std::filesystem::path relative = std::filesystem::path(fault.file).lexically_relative(folder);
    const bool below = !relative.empty() && *relative.begin() != "..";
    Json location{
        {"artifactLocation", {{"uri", (below ? relative : std::filesystem::path(fault.file)).generic_string()}}}};
    if (fault.line > 0) {
      Json region{{"startLine", fault.line}};
      if (fault.column > 0) region["startColumn"] = fault.column;
      location["region"] = std::move(region);
    }
    const std::string text = fault.hint.empty() ? fault.message : fault.message + "; " + fault.hint;
    results.push_back({{"ruleId", fault.id},
                       {"ruleIndex", ids[fault.id]},
                       {"level", level_of(fault.severity)},
                       {"message", {{"text", text}}},
                       {"locations", Json::array({{{"physicalLocation", std::move(location)}}})}});
  }
  const Json driver{{"name", "candor"}, {"version", kVersion}, {"rules", std::move(rules)}};
  return json_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", std::move(results)}}})}},
                   1);
}

std::string explained_json(const sigma::Rule& rule, std::uint64_t event, const sigma::Explained& explained,
                           bool matches) {
  return json_text({{"rule", rule.id.empty() ? rule.title : rule.id},
                    {"event", event},
                    {"title", rule.title},
                    {"matches", matches},
                    {"other_log_source", matches != explained.holds},
                    {"condition", part_json(explained)}});
}

std::string explained_text(const sigma::Rule& rule, std::uint64_t event, const sigma::Explained& explained,
                           bool matches) {
  std::string out =
      fmt::format("record {}: {} `{}`\n", event, matches ? "matches" : "does not match", printable(rule.title));
  if (matches != explained.holds) {
    out += fmt::format("  the record is not of the rule's log source (product {}, category {}, service {})\n",
                       printable(rule.log_source.product), printable(rule.log_source.category),
                       printable(rule.log_source.service));
  }
  part_text(explained, 1, out);
  return out;
}

}  // namespace candor
