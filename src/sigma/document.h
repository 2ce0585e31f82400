#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/place.h"
#include "base/yaml_tree.h"

// A Sigma document as its file writes it: text with places, nothing understood yet. What read.h hands to collect.h.
namespace candor::sigma {

struct Scalar {
  std::string text;
  bool null = false;    // ~, null or nothing
  bool quoted = false;  // then never a number, a truth value or null
  Place place;
};

// `field|modifier|modifier: value` or `...: [value, value]`. The field is "" for keywords, which search all values.
struct FieldLine {
  std::string key;
  Place place;
  bool is_list = false;
  std::vector<Scalar> values;
};

// A map of fields, all of which must hold.
using FieldMap = std::vector<FieldLine>;

// A named part of the detection: one map, or a list of maps and keywords of which one must hold.
struct Selection {
  std::string name;
  Place place;
  std::vector<FieldMap> maps;
};

struct LogSourceText {
  Place place;
  std::optional<Scalar> product;
  std::optional<Scalar> service;
  std::optional<Scalar> category;
};

struct AliasLine {
  Scalar alias;
  std::vector<std::pair<Scalar, Scalar>> fields;  // rule, field
};

struct CorrelationText {
  Place place;
  std::optional<Scalar> type;
  std::vector<Scalar> rules;
  std::vector<Scalar> group_by;
  std::optional<Scalar> timespan;
  std::vector<std::pair<Scalar, Scalar>> criteria;  // gt, gte, lt, lte, eq, neq, percentile
  std::vector<Scalar> fields;                       // of the condition
  Place condition_place;                            // line 0 when there is none
  std::vector<AliasLine> aliases;
  std::optional<Scalar> generate;
};

struct Document {
  enum class Kind : unsigned char { rule, correlation, filter };
  Kind kind = Kind::rule;
  std::string file;
  Place place;
  std::optional<Scalar> title;
  std::optional<Scalar> id;
  std::optional<Scalar> name;
  std::optional<Scalar> status;
  std::optional<Scalar> description;
  std::optional<Scalar> level;
  std::vector<Scalar> false_positives;
  std::vector<Scalar> tags;
  LogSourceText log_source;
  std::vector<Selection> selections;  // of a rule's detection or of a filter
  std::vector<Scalar> conditions;     // several: one of them must hold
  CorrelationText correlation;
  std::vector<Scalar> filtered_rules;  // of a filter: ids, names, or `any`
  std::vector<YamlEntry> custom;       // what Sigma does not define, kept as written
};

}  // namespace candor::sigma
