#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "activity/mapping.h"
#include "indicators/indicator_set.h"
#include "ingest/switches.h"
#include "timeline/timeline.h"

namespace candor {

// Normalises and matches raw records again, as Ingest did, for open_embedded_timeline().
Replay make_replay(std::shared_ptr<const MappingSet> mappings, std::shared_ptr<const IndicatorSet> indicators,
                   const AllowedIndicators& allowed);

// Matches activities again whose raw records are gone, for TimelineOptions::rematch.
std::function<void(const Activity& activity, std::vector<IndicatorIndex>& matched)> make_rematch(
    std::shared_ptr<const IndicatorSet> indicators, const AllowedIndicators& allowed);

}  // namespace candor
