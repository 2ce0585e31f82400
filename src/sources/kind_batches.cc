#include "sources/kind_batches.h"

#include <cstring>
#include <utility>
#include <vector>

namespace candor {
namespace {

bool holds(std::string_view text, std::string_view word) {
  return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

constexpr std::string_view kBadgeKey = "\"AssetId\"";

RawBatch part_of(const RawBatch& batch, SourceKind kind, const std::vector<SourceKind>& kinds) {
  RawBatch part;
  part.kind = kind;
  part.origin = batch.origin;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] != kind) continue;
    RawSlice slice = batch.records[i];
    slice.offset = static_cast<std::uint32_t>(part.text.size());
    part.text += batch.record(i);
    part.text += '\n';
    part.records.push_back(slice);
  }
  part.text.append(RawBatch::kPadding, '\0');
  return part;
}

}  // namespace

SourceKind kind_of_record(std::string_view record) {
  const bool badge = holds(record, kBadgeKey) && holds(record, "\"EventTime\"") && !holds(record, "\"CreationTime\"");
  return badge ? SourceKind::badge : SourceKind::m365_audit;
}

RawBatch KindBatches::split(RawBatch batch, const std::string& covered) {
  // One look at the whole spares looking at each record of the usual feed.
  if (!holds(batch.documents(), kBadgeKey)) return batch;
  std::vector<SourceKind> kinds;
  kinds.reserve(batch.records.size());
  std::size_t badges = 0;
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    kinds.push_back(kind_of_record(batch.record(i)));
    badges += kinds.back() == SourceKind::badge ? 1 : 0;
  }
  if (badges == 0 || badges == kinds.size()) {
    batch.kind = badges == 0 ? SourceKind::m365_audit : SourceKind::badge;
    return batch;
  }
  RawBatch first = part_of(batch, SourceKind::m365_audit, kinds);
  RawBatch second = part_of(batch, SourceKind::badge, kinds);
  first.rejected = std::move(batch.rejected);
  first.bytes_consumed = batch.bytes_consumed;
  first.checkpoint = covered;
  second.checkpoint = std::move(batch.checkpoint);
  second.is_last_for_now = batch.is_last_for_now;
  second_ = std::move(second);
  return first;
}

bool KindBatches::take_second(RawBatch& out) {
  if (!second_) return false;
  out = std::move(*second_);
  second_.reset();
  return true;
}

}  // namespace candor
