#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/mapping.h"
#include "base/result.h"
#include "base/time.h"
#include "indicators/indicator_info.h"
#include "ingest/indicator_reach.h"
#include "ingest/source_health.h"

// Whether each indicator can see anything here: what feeds it, whether that comes, since when it does not, and whether
// the indicator ever matched. Computed from what is stored. Pure.
namespace candor {

// From the best to the worst.
enum class Fed : std::uint8_t {
  alive,     // its records came, and their source is not silent: FeedHealth::last_received tells when
  silent,    // they came, and every source that delivered them is silent
  never,     // none ever came
  unmapped,  // no mapping reads it, whatever came of it before
};
std::string_view to_text(Fed fed);
inline bool is_blind(Fed fed) { return fed == Fed::never || fed == Fed::unmapped; }

struct FeedHealth {
  const Feed* feed = nullptr;
  Fed state = Fed::never;
  std::vector<std::string> sources;       // that delivered it, ascending
  std::optional<Day> last_received;       // UTC day on which a record of it last arrived
  std::optional<TimePoint> silent_since;  // of the source that fell silent last; with Fed::silent
  std::optional<TimePoint> created_p50;   // from a record's own time to its arrival, of the last kStreamDays days
  std::optional<TimePoint> created_p95;
};

struct IndicatorHealth {
  const IndicatorInfo* indicator = nullptr;
  Fed state = Fed::never;         // of its best feed; alive when it matched something nonetheless
  std::vector<FeedHealth> feeds;  // as the indicator names them
  IndicatorReach reach;
};

// What it is computed from, as stored.
struct StoredHealth {
  std::vector<StreamState> streams;
  std::vector<SourceSilence> silences;
  ReachBook::Count reach;

  // When the first record was counted by what it is of; nullopt: never yet, so that nothing can be said.
  std::optional<TimePoint> counted_since() const;
};
// `sources` may be null: none is known.
Result<StoredHealth> stored_health(Store& store, SourceHealth* sources);

struct HealthInputs {
  const std::vector<IndicatorInfo>& indicators;
  const StoredHealth& stored;
  std::function<bool(const std::string& source)> is_mapped;  // m365_audit, badge or a feed; empty: all are
};

// Whether a mapping reads a source, for HealthInputs; all are where there are no mappings.
std::function<bool(const std::string& source)> mapped_by(std::shared_ptr<const MappingSet> mappings);

// In the order of the indicators, which must outlive it. What matched came before streams were counted when no stream
// tells of it: such an indicator is not called blind.
std::vector<IndicatorHealth> indicator_health(const HealthInputs& inputs);

}  // namespace candor
