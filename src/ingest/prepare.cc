#include "ingest/prepare.h"

#include <algorithm>
#include <utility>

#include "sources/feed.h"

namespace candor {

Preparer::Preparer(const std::shared_ptr<const MappingSet>& mappings, std::shared_ptr<const IndicatorSet> indicators,
                   AllowedIndicators allowed, const Timeline& timeline, std::optional<IntakeFilter> filter,
                   std::optional<FieldId> tenant_field)
    : normaliser_(mappings),
      matcher_(std::move(indicators)),
      allowed_(std::move(allowed)),
      timeline_(timeline),
      filter_(std::move(filter)),
      tenant_field_(tenant_field),
      code_field_(mappings->catalogue()->find("event.code")) {}

std::string_view Preparer::stream_of(const Normalised& normalised) const {
  const Activity& activity = *normalised.activity;
  if (activity.source == SourceKind::feed) return activity.feed();
  if (activity.source != SourceKind::m365_audit) return to_text(activity.source);
  // What a record writes is hostile: only types that content names are told of.
  if (!code_field_ || !normalised.unknown_record_type.empty()) return {};
  const std::string_view code = activity.text(*code_field_);
  return std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; }) ? code : std::string_view();
}

PreparedBatch Preparer::prepare(const RawBatch& batch) {
  PreparedBatch out;
  stream_ = {};
  out.records.reserve(batch.records.size());
  out.whole = PreparedActivities(batch.documents());
  out.whole.reserve(batch.records.size());
  std::string_view tenant;  // of the record before: nearly always the same
  normaliser_.normalise(batch, [&](const Normalised& normalised) {
    PreparedRecord& record = out.records.emplace_back();
    record.row = batch.records[normalised.index].row;
    record.reason = normalised.rejection;
    if (normalised.activity == nullptr) return;
    const Activity& activity = *normalised.activity;
    record.has_activity = true;
    record.time = activity.time;
    if (tenant_field_) {
      if (const std::string_view own = activity.text(*tenant_field_); own != tenant) tenant = out.whole.keep(own);
      record.tenant = tenant;
    }
    filter(normalised, record, out);
  });
  if (!out.changed.records.empty()) prepare_changed(batch, out);
  return out;
}

void Preparer::filter(const Normalised& normalised, PreparedRecord& record, PreparedBatch& out) {
  const auto verdict = filter_ ? filter_->judge(*normalised.activity) : IntakeFilter::Verdict::keep;
  switch (verdict) {
    case IntakeFilter::Verdict::keep:
      return take(normalised, record, out.whole);
    case IntakeFilter::Verdict::unreadable:
      record.fate = PreparedRecord::Fate::reject;
      record.reason = "invalid_json";
      return;
    case IntakeFilter::Verdict::drop:
      record.fate = PreparedRecord::Fate::drop;
      break;
    case IntakeFilter::Verdict::change: {
      record.fate = PreparedRecord::Fate::change;
      const std::string& text = filter_->changed();
      RawBatch& changed = out.changed;
      changed.records.push_back(
          {static_cast<std::uint32_t>(changed.text.size()), static_cast<std::uint32_t>(text.size()), record.row});
      changed.text.append(text).push_back('\n');
      break;
    }
  }
  record.rules.assign(filter_->by().begin(), filter_->by().end());
}

// What is left of them is normalised again, so that nothing that was taken out is known any more.
void Preparer::prepare_changed(const RawBatch& batch, PreparedBatch& out) {
  out.changed.kind = batch.kind;
  out.changed.origin = batch.origin;
  out.changed.text.append(RawBatch::kPadding, '\0');
  out.rests = PreparedActivities(out.changed.documents());
  std::size_t whole = 0;
  normaliser_.normalise(out.changed, [&](const Normalised& normalised) {
    while (out.records[whole].fate != PreparedRecord::Fate::change) ++whole;
    PreparedRecord rest;
    rest.row = out.changed.records[normalised.index].row;
    rest.reason = normalised.rejection;
    rest.rest_of = whole++;
    if (normalised.activity != nullptr) {
      rest.has_activity = true;
      rest.time = normalised.activity->time;
      take(normalised, rest, out.rests);
    }
    out.records.push_back(std::move(rest));
  });
}

void Preparer::take(const Normalised& normalised, PreparedRecord& record, PreparedActivities& activities) {
  const Activity& activity = *normalised.activity;
  matcher_.match(activity, allowed_.of(activity.account, day_of(activity.time)), matched_);
  record.fate = PreparedRecord::Fate::take;
  record.activity = activities.size();
  if (const std::string_view own = stream_of(normalised); own != stream_) stream_ = activities.keep(own);
  record.stream = stream_;
  record.unknown_record_type = activities.keep(normalised.unknown_record_type);
  record.unknown_operation = activities.keep(normalised.unknown_operation);
  timeline_.prepare(activity, matched_, activities);
}

}  // namespace candor
