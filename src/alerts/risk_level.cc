#include "alerts/risk_level.h"

#include <algorithm>

#include "base/yaml_reader.h"

namespace candor {
namespace {

const std::vector<std::string> kLevelNames = {"none", "minor", "moderate", "elevated"};
const std::vector<std::string> kSeverityNames = {"none", "low", "medium", "high"};

std::optional<RiskCondition> read_condition(const YAML::Node& node, bool without_decision, YamlReader& reader) {
  if (!reader.map(node, "a condition", {"status", "severity", "alerts"})) return std::nullopt;
  RiskCondition out;
  const auto status = reader.required_text(node, "status", 32);
  if (!status) return std::nullopt;
  out.status = alert_status(status->text);
  if (out.status != AlertStatus::confirmed && out.status != AlertStatus::needs_review) {
    reader.fault(status->place, "bad_condition", "`status` is confirmed or needs_review");
    return std::nullopt;
  }
  if (out.status == AlertStatus::needs_review && !without_decision) {
    reader.fault(status->place, "undecided", "what nobody has looked at gives nobody a level",
                 "`without_decision: true` at the top allows it");
    return std::nullopt;
  }
  if (const auto severity = reader.word(node, "severity", kSeverityNames)) {
    out.severity = static_cast<AlertSeverity>(*severity);
  }
  if (const auto alerts = reader.integer(node, "alerts", 1, 1000)) out.alerts = *alerts;
  return out;
}

std::optional<RiskLevelRule> read_rule(const YAML::Node& node, bool without_decision, YamlReader& reader) {
  if (!reader.map(node, "a level", {"level", "days", "any_of"})) return std::nullopt;
  RiskLevelRule out;
  const auto level = reader.word(node, "level", kLevelNames);
  if (!level || *level == 0) {
    if (level) reader.fault(YamlReader::place_of(node), "bad_level", "`none` is what there is without a rule");
    return std::nullopt;
  }
  out.level = static_cast<RiskLevel>(*level);
  if (const auto days = reader.integer(node, "days", 1, 365)) out.days = static_cast<int>(*days);
  for (const YAML::Node& one : reader.list(node, "any_of", 20)) {
    if (auto condition = read_condition(one, without_decision, reader)) out.any_of.push_back(*condition);
  }
  if (out.any_of.empty()) {
    reader.fault(YamlReader::place_of(node), "no_condition", "a level needs a condition",
                 "`any_of: [{status: confirmed, severity: high}]`");
    return std::nullopt;
  }
  return out;
}

Day counts_from(const AlertRow& alert) { return std::max(day_of(alert.updated_at), alert.last_day); }

std::string in_words(const RiskCondition& condition) {
  std::string text = condition.alerts == 1 ? "An alert" : std::to_string(condition.alerts) + " alerts";
  text += " of " + std::string(to_text(condition.severity)) + " severity";
  if (condition.severity != AlertSeverity::high) text += " or higher";
  const bool confirmed = condition.status == AlertStatus::confirmed;
  return text + (confirmed ? (condition.alerts == 1 ? " was confirmed" : " were confirmed")
                           : (condition.alerts == 1 ? " waits for review" : " wait for review"));
}

// The last day on which a condition holds; nullopt: it does not hold on `today`.
std::optional<Day> holds_until(const RiskCondition& condition, int days, std::span<const AlertRow> alerts, Day today) {
  std::vector<Day> until;
  for (const AlertRow& alert : alerts) {
    const bool meets = alert.status == condition.status && alert.severity >= condition.severity;
    const Day last = counts_from(alert) + days;
    if (meets && last >= today) until.push_back(last);
  }
  if (static_cast<std::int64_t>(until.size()) < condition.alerts) return std::nullopt;
  // While so many of them count.
  std::ranges::sort(until, std::greater());
  return until[static_cast<std::size_t>(condition.alerts - 1)];
}

}  // namespace

std::string_view to_text(RiskLevel level) { return kLevelNames[static_cast<std::size_t>(level)]; }

RiskLevels read_risk_levels(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> faults;
  YamlReader reader(file, "risk_levels", faults);
  RiskLevels out;
  const auto root = reader.document(text);
  if (root && reader.map(*root, "the file", {"without_decision", "levels"})) {
    const bool without_decision = reader.boolean(*root, "without_decision").value_or(false);
    for (const YAML::Node& node : reader.list(*root, "levels", 3)) {
      auto rule = read_rule(node, without_decision, reader);
      if (!rule) continue;
      if (std::ranges::find(out.rules, rule->level, &RiskLevelRule::level) != out.rules.end()) {
        reader.fault(YamlReader::place_of(node), "bad_level",
                     "there are two rules for `" + std::string(to_text(rule->level)) + "`");
        continue;
      }
      out.rules.push_back(std::move(*rule));
    }
  }
  std::ranges::sort(out.rules, std::greater(), &RiskLevelRule::level);
  if (has_errors(faults)) out.rules.clear();
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return out;
}

PersonRiskLevel risk_level(const RiskLevels& levels, std::span<const AlertRow> alerts, Day today) {
  for (const RiskLevelRule& rule : levels.rules) {
    PersonRiskLevel best;
    for (const RiskCondition& condition : rule.any_of) {
      const auto until = holds_until(condition, rule.days, alerts, today);
      if (until && *until > best.until) best = {.level = rule.level, .until = *until, .because = in_words(condition)};
    }
    if (best.level != RiskLevel::none) return best;
  }
  return {};
}

}  // namespace candor
