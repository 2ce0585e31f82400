#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/place.h"
#include "sigma/document.h"

// An indicator as its file writes it: a Sigma rule and Candor's own block, nothing understood yet. What read.h hands to
// collect.h.
namespace candor {

using sigma::Scalar;

struct ThresholdLine {
  std::string dimension;
  Place place;
  std::optional<Scalar> low;
  std::optional<Scalar> medium;
  std::optional<Scalar> high;
  std::optional<Scalar> reason;
};

// One way the rule is fed.
struct FeedLine {
  Place place;
  std::optional<Scalar> source;
  std::vector<Scalar> record_types;
  std::optional<Scalar> setting;
  std::optional<Scalar> licence;
};

// The `candor:` block.
struct CandorBlock {
  Place place;
  std::optional<Scalar> name;
  std::optional<Scalar> category;
  std::optional<Scalar> workload;
  std::optional<Scalar> stage;
  std::optional<Scalar> intrusion;
  std::optional<Scalar> legal;
  std::optional<Scalar> exfiltration_trigger;
  std::vector<Scalar> needs;  // facts about the organisation without which the rule cannot judge
  std::vector<FeedLine> feeds;
  std::vector<ThresholdLine> thresholds;
};

struct RuleFile {
  sigma::Document document;             // a rule or a correlation
  std::vector<sigma::Document> others;  // of a correlation: the rules and correlations that its file holds besides
  CandorBlock candor;
  std::string detection;  // as it is written, with its key
};

}  // namespace candor
