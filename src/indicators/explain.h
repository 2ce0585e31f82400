#pragma once

#include "activity/activity.h"
#include "indicators/indicator_set.h"
#include "sigma/explain.h"

namespace candor {

// Every part of one indicator's rule and whether it held for the activity, and the exclusions that hold. The caller
// asks only for an indicator that may be evaluated: off means off here too.
sigma::Explained explain(const IndicatorSet& set, IndicatorIndex index, const Activity& activity);

}  // namespace candor
