#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A rule as its file writes it: text with places, nothing understood yet. What read.h hands to collect.h.
namespace candor {

// Where in the file; both count from 1, 0 when unknown.
struct Place {
  int line = 0;
  int column = 0;
};

struct Scalar {
  std::string text;
  bool null = false;    // ~, null or nothing
  bool quoted = false;  // then never a number, a truth value or null
  Place place;
};

// `field|modifier|modifier: value` or `...: [value, value]`.
struct FieldLine {
  std::string key;
  Place place;
  bool is_list = false;
  std::vector<Scalar> values;
};

// A map of fields, all of which must hold.
using FieldMap = std::vector<FieldLine>;

// A named part of the detection: one map, or a list of maps of which one must hold.
struct Selection {
  std::string name;
  Place place;
  std::vector<FieldMap> maps;
};

struct ThresholdLine {
  std::string dimension;
  Place place;
  std::optional<Scalar> low;
  std::optional<Scalar> medium;
  std::optional<Scalar> high;
  std::optional<Scalar> reason;
};

// The `candor:` block.
struct CandorBlock {
  Place place;
  std::optional<Scalar> name;
  std::optional<Scalar> category;
  std::optional<Scalar> workload;
  std::optional<Scalar> intrusion;
  std::optional<Scalar> exfiltration_trigger;
  std::vector<Scalar> needs;  // facts about the organisation without which the rule cannot judge
  std::vector<ThresholdLine> thresholds;
};

struct RuleFile {
  std::string file;
  Place place;
  std::optional<Scalar> title;
  std::optional<Scalar> id;
  std::optional<Scalar> status;
  std::optional<Scalar> description;
  std::optional<Scalar> level;
  std::vector<Scalar> false_positives;
  std::vector<Scalar> tags;
  std::optional<Scalar> product;
  std::optional<Scalar> service;
  std::optional<Scalar> category;  // of the log source
  std::vector<Selection> selections;
  std::vector<Scalar> conditions;  // several: one of them must hold
  CandorBlock candor;
};

}  // namespace candor
