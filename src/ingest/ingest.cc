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
               TenantCheck tenant_check)
    : normaliser_(mappings),
      matcher_(std::move(indicators)),
      allowed_(std::move(allowed)),
      timeline_(timeline),
      tenant_check_(std::move(tenant_check)),
      filter_(std::move(filter)) {
  if (tenant_check_) tenant_field_ = mappings->catalogue()->find("organization.id");
  if (filter_ && !filter_->is_active()) filter_.reset();
}

Result<void> Ingest::take(std::string_view feed, const RawBatch& batch) {
  const IngestSummary before = summary_;
  if (recorder_ != nullptr) recorder_->begin_batch();
  for (const RejectedRow& row : batch.rejected) {
    ++summary_.rows_read;
    summary_.records_read += row.reason == kEmpty ? 0 : 1;
    reject(batch, row.row, row.reason);
  }
  Result<void> outcome;
  intake_.clear();
  normaliser_.normalise(batch, [&](const Normalised& normalised) {
    if (outcome) outcome = judge_one(normalised, batch);
  });
  if (outcome && !changed_.records.empty()) outcome = take_changed(batch);
  changed_ = {};
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

// Records of another organisation than the folder's kind allows go before everything else.
Result<std::string_view> Ingest::refusal(const Activity& activity) {
  const std::string_view tenant = activity.text(*tenant_field_);
  if (tenant.empty()) return tenant_check_(tenant);
  if (tenant == tenant_) return tenant_refusal_;
  tenant_.clear();  // asked again, should this fail
  CANDOR_TRY(tenant_refusal_, tenant_check_(tenant));
  tenant_ = tenant;
  return tenant_refusal_;
}

Result<void> Ingest::judge_one(const Normalised& normalised, const RawBatch& batch) {
  if (tenant_field_ && normalised.activity != nullptr) {
    CANDOR_TRY(const std::string_view reason, refusal(*normalised.activity));
    if (!reason.empty()) {
      ++summary_.rows_read;
      ++summary_.records_read;
      reject(batch, batch.records[normalised.index].row, reason);
      return {};
    }
  }
  return filter_ && normalised.activity != nullptr ? filter_one(normalised, batch) : take_one(normalised, batch);
}

Result<void> Ingest::filter_one(const Normalised& normalised, const RawBatch& batch) {
  const std::uint64_t row = batch.records[normalised.index].row;
  switch (filter_->judge(*normalised.activity)) {
    case IntakeFilter::Verdict::keep:
      return take_one(normalised, batch);
    case IntakeFilter::Verdict::drop:
      drop(*normalised.activity);
      break;
    case IntakeFilter::Verdict::change:
      change(*normalised.activity, row);
      break;
    case IntakeFilter::Verdict::unreadable:
      ++summary_.rows_read;
      ++summary_.records_read;
      reject(batch, row, "invalid_json");
      break;
  }
  return {};
}

void Ingest::drop(const Activity& activity) {
  ++summary_.rows_read;
  ++summary_.records_read;
  for (const std::string_view rule : filter_->by()) {
    ++summary_.filtered[std::string(rule)];
    ++intake_[day_of(activity.time)][std::string(rule)].dropped;
  }
}

void Ingest::change(const Activity& activity, std::uint64_t row) {
  for (const std::string_view rule : filter_->by()) {
    ++summary_.changed[std::string(rule)];
    ++intake_[day_of(activity.time)][std::string(rule)].changed;
  }
  const std::string& text = filter_->changed();
  changed_.records.push_back(
      {static_cast<std::uint32_t>(changed_.text.size()), static_cast<std::uint32_t>(text.size()), row});
  changed_.text.append(text).push_back('\n');
}

// What is left of them is normalised again, so that nothing that was taken out is known any more.
Result<void> Ingest::take_changed(const RawBatch& batch) {
  changed_.kind = batch.kind;
  changed_.origin = batch.origin;
  changed_.text.append(RawBatch::kPadding, '\0');
  Result<void> outcome;
  normaliser_.normalise(changed_, [&](const Normalised& normalised) {
    if (outcome) outcome = take_one(normalised, changed_);
  });
  return outcome;
}

Result<void> Ingest::take_one(const Normalised& normalised, const RawBatch& batch) {
  ++summary_.rows_read;
  ++summary_.records_read;
  if (normalised.activity == nullptr) {
    reject(batch, batch.records[normalised.index].row, normalised.rejection);
    return {};
  }
  const Activity& activity = *normalised.activity;
  matcher_.match(activity, allowed_.of(activity.account, day_of(activity.time)), matched_);
  CANDOR_TRY(const Stored stored, timeline_.append(activity, matched_));
  if (stored == Stored::too_late) {
    reject(batch, batch.records[normalised.index].row, "too_late");
  } else {
    count(normalised, stored);
  }
  return {};
}

void Ingest::count(const Normalised& normalised, Stored stored) {
  const Activity& activity = *normalised.activity;
  const bool person = activity.actor == ActorKind::person;
  if (person) people_.insert(absl::HashOf(std::string_view(activity.account)));
  if (recorder_ != nullptr) recorder_->created(activity.time);
  summary_.first = std::min(summary_.first.value_or(activity.time), activity.time);
  summary_.last = std::max(summary_.last.value_or(activity.time), activity.time);
  if (stored == Stored::repeat) {
    ++summary_.repeats;
    return;
  }
  ++summary_.stored;
  if (stored == Stored::correction) ++summary_.corrections;
  ++(person ? summary_.by_people : summary_.by_others);
  count_name(summary_.unknown_record_types, normalised.unknown_record_type);
  count_name(summary_.unknown_operations, normalised.unknown_operation);
}

void Ingest::reject(const RawBatch& batch, std::uint64_t row, std::string_view reason) {
  ++summary_.rejected[std::string(reason)];
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
