#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/normalise.h"
#include "indicators/indicator_set.h"
#include "ingest/erased.h"
#include "ingest/intake_counts.h"
#include "ingest/intake_filter.h"
#include "ingest/prepare.h"
#include "ingest/switches.h"
#include "sources/raw_record.h"
#include "timeline/timeline.h"

namespace candor {

class SourceRecorder;

// A row that could not be taken, and why.
struct Rejection {
  std::string origin;  // file or feed
  std::uint64_t row = 0;
  std::string reason;  // stable id: empty_record, invalid_json, no_time, too_late (its day is no longer kept), ...
};

// What became of everything read. Always: rows_read = records_read + rejected["empty_record"];
// records_read = stored + repeats + all other rejected + all filtered; corrections are part of stored; by_people +
// by_others = stored. Records that only lost fields are stored or repeats like any other.
struct IngestSummary {
  std::uint64_t rows_read = 0;
  std::uint64_t records_read = 0;
  std::uint64_t stored = 0;
  std::uint64_t repeats = 0;
  std::uint64_t corrections = 0;
  std::map<std::string, std::uint64_t> rejected;              // by reason
  std::map<std::string, std::uint64_t> filtered;              // dropped at intake, by rule or protected party
  std::map<std::string, std::uint64_t> changed;               // stored without some fields, by rule
  std::map<std::string, std::uint64_t> unknown_record_types;  // of what was stored
  std::map<std::string, std::uint64_t> unknown_operations;
  std::uint64_t by_people = 0;  // stored activities of people; guests and everybody else are others
  std::uint64_t by_others = 0;
  std::uint64_t people = 0;        // different accounts of people, in repeats too
  std::optional<TimePoint> first;  // instants of the records, repeats included
  std::optional<TimePoint> last;
  double seconds = 0;
  std::vector<Rejection> rejections;  // the first kMostRejections

  static constexpr std::size_t kMostRejections = 100;
  // Names from records are hostile: further ones are counted under "(others)", and each is cut to this many bytes.
  static constexpr std::size_t kMostUnknown = 1000;
  static constexpr std::size_t kLongestName = 200;
};

// Whether a data folder takes records of this organisation (its id as the record has it, "" when it names none): "" or
// why not, a stable id that outlives the Ingest. Asked when the id changes, and for each record that names none; an
// error ends the batch. Empty: it takes all.
using TenantCheck = std::function<Result<std::string_view>(std::string_view organization_id)>;

// Drives raw records into the timeline: normalise, filter, match (a Preparer), append, note the checkpoint.
// Thread safety: one thread, the one that appends to the timeline; a Preparer may have another.
class Ingest {
 public:
  // `allowed` are the indicators that may be evaluated. The timeline must outlive this. Nothing a filter drops or takes
  // out is handed to the timeline, or named anywhere; nor anything that `erased` says is of somebody who was erased.
  Ingest(const std::shared_ptr<const MappingSet>& mappings, std::shared_ptr<const IndicatorSet> indicators,
         AllowedIndicators allowed, Timeline& timeline, std::optional<IntakeFilter> filter = std::nullopt,
         TenantCheck tenant_check = {}, ErasedNow erased = {});

  // Takes a whole batch and notes its checkpoint for `feed`. On an error nothing of the batch is acknowledged; the same
  // batch may be handed in again.
  Result<void> take(std::string_view feed, const RawBatch& batch);
  // The same with a batch that a preparer of this has prepared.
  Result<void> take(std::string_view feed, const RawBatch& batch, const PreparedBatch& prepared);
  // One that works on another thread meanwhile. This must outlive it.
  Preparer make_preparer() const;
  // All that was taken is on disk when this returns.
  Result<void> acknowledge();

  // Of everything taken so far; `seconds` is the caller's to fill.
  const IngestSummary& summary() const { return summary_; }
  // The same, and starts a new one.
  IngestSummary take_summary();

  // Tells `recorder`, which must outlive this, of all that is taken and acknowledged from now on.
  void tell(SourceRecorder& recorder) { recorder_ = &recorder; }

 private:
  Result<std::string_view> refusal(std::string_view tenant);
  Result<void> find_refused(const PreparedBatch& prepared);
  void find_erased(const PreparedBatch& prepared);
  Result<void> append(const PreparedBatch& prepared);
  Result<void> take_prepared(const RawBatch& batch, const PreparedBatch& prepared);
  void count_dropped(const PreparedRecord& record);
  void count_changed(const PreparedRecord& record);
  void count_taken(const RawBatch& batch, const PreparedRecord& record, const PreparedActivity& activity,
                   Stored stored);
  void reject(const RawBatch& batch, std::uint64_t row, std::string_view reason);

  const std::shared_ptr<const MappingSet> mappings_;
  const std::shared_ptr<const IndicatorSet> indicators_;
  const AllowedIndicators allowed_;
  Timeline& timeline_;
  const TenantCheck tenant_check_;
  const ErasedNow erased_;
  std::optional<FieldId> tenant_field_;  // none: not checked
  std::string tenant_;                   // of the last record that named one
  std::string_view tenant_refusal_;
  const std::optional<IntakeFilter> filter_;  // none: all is kept
  std::optional<Preparer> preparer_;          // for batches that come as they are; made with the first
  // Of the batch under way.
  IntakeCounts intake_;
  std::vector<std::string_view> refused_;  // by record: why, "" when it is not
  std::vector<Stored> stored_;             // of what was handed to the timeline
  std::string feed_;                       // of the last batch, with its checkpoint
  std::string checkpoint_;
  // Hashes of the names of people, for they are only counted: a set that fits the processor's caches.
  absl::flat_hash_set<std::uint64_t> people_;
  IngestSummary summary_;
  SourceRecorder* recorder_ = nullptr;
};

}  // namespace candor
