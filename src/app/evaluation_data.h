#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/evaluation_past.h"
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
  std::set<IndicatorKey> private_life;  // indicators that touch content or private life (intrusion 3 and 4)
  // Rows that could not be used: by source and reason. They are left out.
  std::map<std::string, std::map<std::string, std::int64_t>> rejected;
  std::int64_t labelled = 0;        // activities that labels name, of people whom some record names
  std::int64_t labelled_found = 0;  // of these, how many are there
};

struct EvaluationLoad {
  std::filesystem::path content;
  std::vector<std::filesystem::path> policies;  // files or folders; empty: the shipped ones
  unsigned threads = 0;
  bool everything_on = false;  // also indicators that are off until somebody switches them on
  std::function<void(const std::string& phase, std::size_t done, std::size_t total)> progress;
  std::function<bool()> cancelled;
};

// Lives a past again, day after day: what the directory, human resources and the log said by the end of each day, and
// what every person's insights were then. Everything is made in a temporary data folder, which is gone afterwards.
// Errors are the parts' own.
Result<EvaluationInput> load_evaluation(const EvaluationPast& past, const EvaluationLoad& options);

}  // namespace candor
