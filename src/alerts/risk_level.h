#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alerts.h"
#include "base/diagnostics.h"

// What a person's alerts come to, as one word for a while. It is not a severity: a severity is of one alert, a level of
// a person, and by default only what a person has confirmed makes one. Whoever is in no policy's scope has no alert and
// so no level.
namespace candor {

enum class RiskLevel : std::uint8_t { none, minor, moderate, elevated };
std::string_view to_text(RiskLevel level);

// When a level holds. Of a person's alerts at least `alerts` meet all of it.
struct RiskCondition {
  std::optional<AlertStatus> status;            // needs_review or confirmed
  AlertSeverity severity = AlertSeverity::low;  // this one or a higher
  std::int64_t alerts = 1;
  bool operator==(const RiskCondition&) const = default;
};

struct RiskLevelRule {
  RiskLevel level = RiskLevel::minor;
  int days = 30;                      // it holds so many days after the latest of what makes it, 1 to 365
  std::vector<RiskCondition> any_of;  // never empty
  bool operator==(const RiskLevelRule&) const = default;
};

// content/risk_levels.yml. Immutable.
struct RiskLevels {
  std::vector<RiskLevelRule> rules;  // the highest level first, each once
  bool operator==(const RiskLevels&) const = default;
};

// Reads the file's text; every fault, id `risk_levels.*`, into `diagnostics`. With a fault nobody has a level: a
// half-understood rule must not judge people.
RiskLevels read_risk_levels(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics);

struct PersonRiskLevel {
  RiskLevel level = RiskLevel::none;
  Day until = 0;        // the last day it holds, as things are; 0 without a level
  std::string because;  // in words: "2 alerts of medium severity or higher were confirmed"
};

// The first rule that holds on `today`, of all alerts of one person. An alert counts from the day of its last change
// (what was confirmed: since when) or of its last evidence, whichever is later. Pure.
PersonRiskLevel risk_level(const RiskLevels& levels, std::span<const AlertRow> alerts, Day today);

}  // namespace candor
