#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/io.h"
#include "assessment/evaluation.h"
#include "base/result.h"
#include "policy/policy.h"

namespace candor {

// A data set and the policies it is judged by, compiled with the same content.
struct EvaluationInput {
  EvaluationSet set;
  std::vector<std::shared_ptr<const Policy>> policies;
  std::set<IndicatorKey> exfiltration;  // indicators of that category
};

struct EvaluationLoad {
  std::filesystem::path content;
  std::vector<std::filesystem::path> policies;  // files or folders; empty: the shipped ones
  unsigned threads = 0;
  std::function<void(const std::string& phase, std::size_t done, std::size_t total)> progress;
  std::function<bool()> cancelled;
};

// Reads a folder in the layout of `candor simulate` day after day as it would have come in: what the directory, human
// resources and the log said by the end of each day, and what every person's insights were then. Everything is made in
// a temporary data folder, which is gone afterwards. Needs audit/ and labels.csv; organisation*.yml, directory/,
// hr_history/ (else hr.csv and hr/) when there. Log files named by a day (2026-01-05.jsonl, also compressed) came on
// that day; others came when they say.
// Fails with `app.no_labels`, `app.bad_labels` (naming the line), `app.no_records`, or the parts' own errors.
Result<EvaluationInput> load_evaluation(const std::filesystem::path& folder, const EvaluationLoad& options);

}  // namespace candor
