#pragma once

#include <memory>
#include <span>
#include <string>

#include "assessment/evaluation.h"

namespace candor {

// Tables for people. `without_private_life`: the same sets under the policies that are left where content and private
// life must not be looked at.
std::string to_table(const Evaluation& evaluation, const Evaluation& without_private_life,
                     const EvaluationOptions& options);
// The rows without harm with their receipts, in words.
std::string false_rows(const Evaluation& evaluation, std::span<const std::shared_ptr<const Policy>> policies);
// One JSON object: cr_400, cr_1000, recall_at, days_to_detect, false_alerts_per_person_month, precision_at, by_scenario
// and more (docs/architecture/evaluation.md).
std::string to_json(const Evaluation& evaluation, const Evaluation& without_private_life,
                    const EvaluationOptions& options);

}  // namespace candor
