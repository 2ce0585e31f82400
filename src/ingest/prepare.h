#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/normalise.h"
#include "indicators/indicator_set.h"
#include "ingest/intake_filter.h"
#include "ingest/switches.h"
#include "sources/raw_record.h"
#include "timeline/prepared.h"
#include "timeline/timeline.h"

namespace candor {

// What is to become of one record of a batch, as far as that can be said without the timeline.
struct PreparedRecord {
  enum class Fate : std::uint8_t {
    take,    // PreparedBatch::activity()
    reject,  // for `reason`
    drop,    // by `rules`
    change,  // by `rules`: what is left of it comes behind all others, as a record of its own
  };
  Fate fate = Fate::reject;
  bool has_activity = false;  // it could be normalised: `time` and `tenant` say something
  std::uint64_t row = 0;
  TimePoint time = 0;
  std::string_view reason;  // a stable id that outlives everything
  std::string_view tenant;  // the organisation's id, "" when it names none or nobody asks
  // What it is a record of, for the health of its source: "25" (a record type of the Microsoft 365 audit log that
  // content knows), "badge", the name of a feed; "" of a record type nobody knows.
  std::string_view stream;
  std::string_view unknown_record_type;
  std::string_view unknown_operation;
  std::vector<std::string> rules;
  std::optional<std::size_t> rest_of;  // position of the changed record this is left of
  std::size_t activity = 0;            // position among those of its kind
};

// What a batch is before the timeline knows of it. Views are into the batch and into this; movable, never copied.
struct PreparedBatch {
  std::vector<PreparedRecord> records;  // those of the batch in their order, then what is left of changed ones
  RawBatch changed;                     // what is left of them
  PreparedActivities whole;             // of records that are as they came, in order
  PreparedActivities rests;             // of those in `changed`

  // Of a record that is to be taken.
  const PreparedActivity& activity(const PreparedRecord& record) const {
    return (record.rest_of ? rests : whole).all()[record.activity];
  }
};

// Normalises, filters and matches batches for Ingest::take(), maybe on another thread than that: nothing here depends
// on what is stored.
// Thread safety: one thread at a time; each thread has its own.
class Preparer {
 public:
  // As Ingest. `tenant_field`: where records name whose they are; none: nobody asks.
  Preparer(const std::shared_ptr<const MappingSet>& mappings, std::shared_ptr<const IndicatorSet> indicators,
           AllowedIndicators allowed, const Timeline& timeline, std::optional<IntakeFilter> filter,
           std::optional<FieldId> tenant_field);

  // The batch must outlive the result, and may be moved meanwhile.
  PreparedBatch prepare(const RawBatch& batch);

 private:
  std::string_view stream_of(const Normalised& normalised) const;
  void filter(const Normalised& normalised, PreparedRecord& record, PreparedBatch& out);
  void prepare_changed(const RawBatch& batch, PreparedBatch& out);
  void take(const Normalised& normalised, PreparedRecord& record, PreparedActivities& activities);

  Normaliser normaliser_;
  Matcher matcher_;
  AllowedIndicators allowed_;
  const Timeline& timeline_;
  std::optional<IntakeFilter> filter_;  // none: all is kept
  const std::optional<FieldId> tenant_field_;
  const std::optional<FieldId> code_field_;  // the record type
  std::vector<IndicatorIndex> matched_;
  std::string_view stream_;  // of the record before in the same batch: nearly always the same
};

}  // namespace candor
