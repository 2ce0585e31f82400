#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/evaluation.h"
#include "base/result.h"

namespace candor {

// A row of labels.csv (docs/reference/simulator.md).
struct LabelRow {
  int line = 0;
  std::string person;  // address, as written
  std::string scenario;
  EvaluationLabel::Kind kind = EvaluationLabel::Kind::malicious;
  Day start = 0;
  Day end = 0;
  std::optional<Day> first_harmful;
  std::vector<EvaluationLabel::CarryOut> carry_outs;
  std::set<std::string> activities;  // record ids
};

// Fails with `app.bad_labels`, naming file, line and column.
Result<std::vector<LabelRow>> read_labels(std::string_view text, const std::string& file);

}  // namespace candor
