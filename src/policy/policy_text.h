#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml_reader.h"
#include "policy/policy.h"

// A policy as it is written, before its names are looked up: the first of three steps (read, check, compile).
namespace candor {

struct IndicatorEntry {
  std::optional<Placed> name;      // either a name ...
  std::optional<Placed> category;  // ... or a whole category
  std::optional<Share> weight;
  bool off = false;
  std::array<std::optional<Levels>, kDimensions> levels;
};

// Of one sequence, or of all that content knows.
struct SequenceEntry {
  std::optional<Placed> name;  // nullopt: all
  Place place;
  std::optional<Share> weight;
  bool off = false;
  std::array<std::optional<Levels>, kDimensions> levels;
};

// Levels that were taken from the organisation's own days: they stand behind those an entry says, before shipped ones.
struct FittedEntry {
  Placed name;
  std::array<std::optional<Levels>, kDimensions> levels;
};

struct TriggerEntry {
  Placed id;
  std::string title;
  std::optional<Placed> fact;
  bool exfiltration_triggers = false;  // every indicator that may bring a person into scope by itself
  std::vector<Placed> indicators;
  bool all_sequences = false;     // every sequence the policy scores ...
  std::vector<Placed> sequences;  // ... or these
  std::size_t level = 2;          // 0 low, 1 medium, 2 high
  std::array<std::optional<std::int64_t>, kDimensions> least;
  bool any_least = false;
  std::optional<Placed> cumulative;  // id of a cumulative rule
};

struct ExculpatoryEntry {
  Placed id;
  std::string title;
  Placed fact;
  std::map<std::string, std::vector<std::string>> where;
  Micropoints points = 0;
};

struct CumulativeEntry {
  Placed id;
  Cumulative values;
  std::vector<Placed> categories;
  std::vector<Placed> indicators;
};

// `values` holds what needs no further check; the entries are compiled by compile_policy().
struct PolicyText {
  Policy values;
  std::vector<TriggerEntry> triggers;
  std::vector<IndicatorEntry> indicators;
  std::vector<FittedEntry> fitted;
  std::vector<SequenceEntry> sequences;
  std::vector<ExculpatoryEntry> exculpatory;
  std::vector<CumulativeEntry> cumulative;
};

// Step one: text to entries. Defaults come from `scoring`. Faults go to `diagnostics`; what could be read is returned.
PolicyText read_policy_text(std::string_view text, YamlReader& reader, const ScoringContent& scoring);

// Steps two and three: names looked up, thresholds and weights of every indicator settled.
Policy compile_policy(PolicyText text, YamlReader& reader, std::span<const IndicatorInfo> indicators,
                      const ScoringContent& scoring);

// `lawful_start:` of a policy.
LawfulStart read_lawful_start(const YAML::Node& root, YamlReader& reader);

// `strengths:` and `usual:` maps, as policies and scoring content have them.
void read_strengths(const YAML::Node& map, YamlReader& reader, Strengths& into);
void read_usual(const YAML::Node& map, YamlReader& reader, Usual& into);
// A list of three: low, medium, high.
std::optional<Levels> read_levels(const YAML::Node& node, YamlReader& reader);
// `thresholds:` of an entry: levels by dimension; those that are not named stay unset.
using LevelsByDimension = std::array<std::optional<Levels>, kDimensions>;
LevelsByDimension read_thresholds(const YAML::Node& entry, YamlReader& reader);
// nullopt, and a fault, when there is no such category.
std::optional<Category> category_named(const Placed& word, YamlReader& reader);

}  // namespace candor
