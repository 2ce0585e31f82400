#include "ingest/ingest.h"

#include <algorithm>
#include <utility>

#include "ingest/source_recorder.h"

namespace candor {
namespace {

constexpr std::string_view kEmpty = "empty_record";

// Not in the middle of a UTF-8 character.
std::string_view cut(std::string_view name) {
  if (name.size() <= IngestSummary::kLongestName) return name;
  std::size_t size = IngestSummary::kLongestName;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  return name.substr(0, size);
}

void count_name(std::map<std::string, std::uint64_t>& counts, std::string_view whole_name) {
  if (whole_name.empty()) return;
  const std::string_view name = cut(whole_name);
  const auto found = counts.find(std::string(name));
  if (found != counts.end()) {
    ++found->second;
  } else {
    ++counts[counts.size() < IngestSummary::kMostUnknown ? std::string(name) : std::string("(others)")];
  }
}

}  // namespace

Ingest::Ingest(const std::shared_ptr<const MappingSet>& mappings, std::shared_ptr<const IndicatorSet> indicators,
               AllowedIndicators allowed, Timeline& timeline, std::optional<IntakeFilter> filter,
               TenantCheck tenant_check, ErasedNow erased)
    : mappings_(mappings),
      indicators_(std::move(indicators)),
      allowed_(std::move(allowed)),
      timeline_(timeline),
      tenant_check_(std::move(tenant_check)),
      erased_(std::move(erased)),
      filter_(filter && filter->is_active() ? std::move(filter) : std::nullopt) {
  if (tenant_check_) tenant_field_ = mappings->catalogue()->find("organization.id");
}

Preparer Ingest::make_preparer() const { return {mappings_, indicators_, allowed_, timeline_, filter_, tenant_field_}; }

Result<void> Ingest::take(std::string_view feed, const RawBatch& batch) {
  if (!preparer_) preparer_.emplace(make_preparer());
  return take(feed, batch, preparer_->prepare(batch));
}

Result<void> Ingest::take(std::string_view feed, const RawBatch& batch, const PreparedBatch& prepared) {
  const IngestSummary before = summary_;
  if (recorder_ != nullptr) recorder_->begin_batch();
  for (const RejectedRow& row : batch.rejected) {
    ++summary_.rows_read;
    summary_.records_read += row.reason == kEmpty ? 0 : 1;
    reject(batch, row.row, row.reason);
  }
  intake_.clear();
  Result<void> outcome = take_prepared(batch, prepared);
  if (outcome && !intake_.empty()) outcome = note_intake_counts(timeline_, intake_);
  if (outcome) outcome = timeline_.note(feed, batch.checkpoint);
  if (!outcome) {
    summary_ = before;  // what was stored of it comes back as repeats
    return outcome;
  }
  feed_ = feed;
  checkpoint_ = batch.checkpoint;
  summary_.people = people_.size();
  if (recorder_ != nullptr) recorder_->end_batch(before, summary_);
  return {};
}

Result<std::string_view> Ingest::refusal(std::string_view tenant) {
  if (tenant.empty()) return tenant_check_(tenant);
  if (tenant == tenant_) return tenant_refusal_;
  tenant_.clear();  // asked again, should this fail
  CANDOR_TRY(tenant_refusal_, tenant_check_(tenant));
  tenant_ = tenant;
  return tenant_refusal_;
}

// Records of another organisation than the folder's kind allows go, whatever else would become of them. By record of
// the batch: why, "" for one that stays.
Result<void> Ingest::find_refused(const PreparedBatch& prepared) {
  refused_.assign(prepared.records.size(), std::string_view());
  if (!tenant_field_) return {};
  for (std::size_t i = 0; i < prepared.records.size(); ++i) {
    const PreparedRecord& record = prepared.records[i];
    if (record.rest_of) {
      refused_[i] = refused_[*record.rest_of];
    } else if (record.has_activity) {
      CANDOR_TRY(refused_[i], refusal(record.tenant));
    }
  }
  return {};
}

// By the thread that stores, not by the one that prepares: a batch may have been prepared before somebody was erased.
void Ingest::find_erased(const PreparedBatch& prepared) {
  const ErasedCheck check = erased_ ? erased_() : ErasedCheck();
  if (!check) return;
  for (std::size_t i = 0; i < prepared.records.size(); ++i) {
    const PreparedRecord& record = prepared.records[i];
    if (record.fate != PreparedRecord::Fate::take || !refused_[i].empty()) continue;
    const PreparedActivity& activity = prepared.activity(record);
    if (!check(activity.account, day_of(activity.row.time))) continue;
    refused_[i] = kErasedRecord;
    // The whole is what is counted of a record of which something was taken out.
    if (record.rest_of) refused_[*record.rest_of] = kErasedRecord;
  }
}

Result<void> Ingest::append(const PreparedBatch& prepared) {
  stored_.clear();
  // What lies together is handed over together: nearly always all of it.
  std::span<const PreparedActivity> run;
  bool of_rests = false;
  for (std::size_t i = 0; i < prepared.records.size(); ++i) {
    const PreparedRecord& record = prepared.records[i];
    if (record.fate != PreparedRecord::Fate::take || !refused_[i].empty()) continue;
    const PreparedActivity* const activity = &prepared.activity(record);
    if (record.rest_of.has_value() == of_rests && run.data() + run.size() == activity) {
      run = {run.data(), run.size() + 1};
      continue;
    }
    CANDOR_TRY_VOID(timeline_.append(run, stored_));
    run = {activity, 1};
    of_rests = record.rest_of.has_value();
  }
  return timeline_.append(run, stored_);
}

Result<void> Ingest::take_prepared(const RawBatch& batch, const PreparedBatch& prepared) {
  CANDOR_TRY_VOID(find_refused(prepared));
  find_erased(prepared);
  CANDOR_TRY_VOID(append(prepared));
  auto stored = stored_.begin();
  for (std::size_t i = 0; i < prepared.records.size(); ++i) {
    const PreparedRecord& record = prepared.records[i];
    const bool is_refused = !refused_[i].empty();
    if (is_refused && record.rest_of) continue;  // it went with the whole
    if (record.fate == PreparedRecord::Fate::change && !is_refused) {
      count_changed(record);
      continue;  // what is left of it comes by itself
    }
    ++summary_.rows_read;
    ++summary_.records_read;
    if (is_refused || record.fate == PreparedRecord::Fate::reject) {
      reject(batch, record.row, is_refused ? refused_[i] : record.reason);
    } else if (record.fate == PreparedRecord::Fate::drop) {
      count_dropped(record);
    } else {
      count_taken(batch, record, prepared.activity(record), *stored++);
    }
  }
  return {};
}

void Ingest::count_dropped(const PreparedRecord& record) {
  for (const std::string& rule : record.rules) {
    ++summary_.filtered[rule];
    ++intake_[day_of(record.time)][rule].dropped;
  }
}

void Ingest::count_changed(const PreparedRecord& record) {
  for (const std::string& rule : record.rules) {
    ++summary_.changed[rule];
    ++intake_[day_of(record.time)][rule].changed;
  }
}

void Ingest::count_taken(const RawBatch& batch, const PreparedRecord& record, const PreparedActivity& activity,
                         Stored stored) {
  if (stored == Stored::too_late) return reject(batch, record.row, "too_late");
  const bool person = activity.row.actor == ActorKind::person;
  if (person) people_.insert(absl::HashOf(activity.account));
  if (recorder_ != nullptr) recorder_->created(record.time, record.stream);
  summary_.first = std::min(summary_.first.value_or(record.time), record.time);
  summary_.last = std::max(summary_.last.value_or(record.time), record.time);
  if (stored == Stored::repeat) {
    ++summary_.repeats;
    return;
  }
  ++summary_.stored;
  if (stored == Stored::correction) ++summary_.corrections;
  ++(person ? summary_.by_people : summary_.by_others);
  count_name(summary_.unknown_record_types, record.unknown_record_type);
  count_name(summary_.unknown_operations, record.unknown_operation);
}

void Ingest::reject(const RawBatch& batch, std::uint64_t row, std::string_view reason) {
  ++summary_.rejected[std::string(reason)];
  if (reason == kErasedRecord) return;
  if (summary_.rejections.size() < IngestSummary::kMostRejections) {
    summary_.rejections.push_back({batch.origin, row, std::string(reason)});
  }
}

Result<void> Ingest::acknowledge() {
  if (feed_.empty()) return {};
  CANDOR_TRY_VOID(timeline_.acknowledge(feed_, checkpoint_));
  if (recorder_ != nullptr) recorder_->acknowledged();
  return {};
}

IngestSummary Ingest::take_summary() {
  people_.clear();
  return std::exchange(summary_, {});
}

}  // namespace candor
