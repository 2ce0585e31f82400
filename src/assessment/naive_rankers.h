#pragma once

#include <map>
#include <set>
#include <string>

#include "assessment/evaluation.h"

namespace candor {

// How many insiders rankers find that need no thought, with as many rows: files carried out that day, leaver flag, sum
// of matches, first-ever channel. Where one of them comes near a policy, the set is too easy to tell anything. They are
// given every advantage: the cut that fits this very set, and a row counts on any day of planted acts.
std::map<std::string, Rate> naive_recall(const EvaluationSet& set, const ReplayDays& days,
                                         const std::set<IndicatorKey>& exfiltration, double most_rows);

}  // namespace candor
