#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/permission.h"
#include "alerts/policies.h"
#include "base/result.h"
#include "base/time.h"
#include "indicators/indicator_info.h"
#include "ingest/intake_rules.h"
#include "ingest/source_health.h"
#include "ingest/switches.h"
#include "organisation/settings.h"
#include "policy/lawful_start.h"

// What an installation is set to do, as far as it may be told to everybody: no person, no group, no unit, no secret,
// no threshold, nothing that is other every day.
namespace candor {

struct EvaluatedFacts {
  struct Source {
    std::string name;
    Day since = 0;
  };
  struct Indicator {
    std::string name;
    std::string title;
    Category category = Category::access;
    int intrusion = 1;
    bool on = false;                     // for people of countries that no decision names, in no group
    std::vector<std::string> otherwise;  // countries where it is the other way round; ascending
    bool groups_differ = false;          // some decision is about a group of people
  };
  struct Decision {    // that holds today
    std::string name;  // of the indicator
    std::string title;
    bool on = false;
    std::string country;  // "": everywhere
    bool groups = false;  // about some group, whichever
    Day from = 0;
    std::string agreement;
    bool operator==(const Decision&) const = default;
  };
  struct PolicyUse {
    std::string template_name;
    bool paused = false;
    LawfulStart start;  // its owner is not told
    std::optional<Day> since;
  };
  struct LeftOut {
    std::string name;
    std::string reason;
    std::vector<std::string> countries;  // ascending; empty: everywhere
  };
  struct Role {
    std::string name;
    std::vector<std::string> may;  // ids of words: "may.alerts"
  };
  bool invented = false;
  std::vector<Source> sources;        // by name
  std::vector<Indicator> indicators;  // by title
  std::vector<Decision> decisions;    // by title, country, number
  std::vector<PolicyUse> policies;    // in force or paused, by the id of the policy
  std::vector<LeftOut> left_out;      // rules that are about no certain people; in the order of the file
  std::size_t left_out_of_some = 0;   // rules about certain people or groups: how many
  std::size_t protected_parties = 0;
  std::vector<Role> roles;          // by name; that may do anything that is told
  std::vector<std::string> leaves;  // ids of words: "leaves.mail"
  Settings::Retention kept = {};
  bool analytics = false;
  std::string contact;  // "": none is named
};

// Where the facts are. All is only looked at.
struct EvaluatedParts {
  const PolicyBook& policies;
  const SwitchSet& switches;
  SourceHealth& sources;
  const IntakeRules& intake;
  const Roles& roles;
  const Settings& settings;
  bool webhooks = false;  // some are told of decisions
  bool invented = false;  // the people are
  Day today = 0;          // UTC
};

// The same parts give the same facts. Errors are those of the books.
Result<EvaluatedFacts> evaluated_facts(const EvaluatedParts& parts);

}  // namespace candor
