#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/policies.h"
#include "profile/fact.h"

// Why a policy may not do what its owner thinks it does: computed from what is there, not typed. Pure.
namespace candor {

// Of all facts of one kind, withdrawn ones left out.
struct KnownFacts {
  std::int64_t count = 0;
  TimePoint last_told = 0;
};

// What the installation looks like from a policy's side.
struct PolicySurroundings {
  Day today = 0;
  std::function<bool(const std::string& indicator)> is_on;  // for somebody of whom neither country nor groups are known
  std::map<FactKind, KnownFacts> facts;
  std::vector<std::string> silent_sources;  // by name
  // Indicators that cannot match anything here, by name: no record of what they look at ever came, or its source is
  // silent. Empty as well while nothing can be said.
  struct Unfed {
    std::string workload;
    bool silent = false;  // it came once
  };
  std::map<std::string, Unfed> unfed;
  std::int64_t people = 0;                      // known at all
  std::map<std::string, std::int64_t> alerted;  // policy -> people with an alert in the last 30 days
  struct ExpectedUntil {
    std::string policy;  // "": all
    Day last_day = 0;
  };
  std::vector<ExpectedUntil> expected;          // agreed to and not withdrawn
  std::map<std::string, std::string> unusable;  // policy -> why it cannot be computed
};

enum class HealthLevel : std::uint8_t { recommendation, warning };
std::string_view to_text(HealthLevel level);

struct HealthMessage {
  HealthLevel level = HealthLevel::recommendation;
  std::string id;    // stable: "no_indicators_on"
  std::string text;  // for people; names the remedy
  bool operator==(const HealthMessage&) const = default;
};

// Ascending by level, warnings first. Empty: healthy.
std::vector<HealthMessage> health_of(const PolicyStanding& standing, const Policy& policy,
                                     const PolicySurroundings& around);

}  // namespace candor
