#include "sources/kind_batches.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "sources/feed.h"

namespace candor {
namespace {

// Whether `word`, of at least two letters, stands anywhere. Every byte of every record is looked at, so the look is at
// many places at once (the inner loop becomes vector code), and closer only where three of the letters fit.
bool holds(std::string_view text, std::string_view word) {
  constexpr std::size_t kAtOnce = 64;
  const char* at = text.data();
  std::size_t left = text.size();
  const std::size_t last = word.size() - 1;
  for (; left >= kAtOnce + last; at += kAtOnce, left -= kAtOnce) {
    // 0 where all of them fit: comparing this way has no branches.
    unsigned char least = 0xFF;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      const int differs = (at[i] ^ word[0]) | (at[i + 1] ^ word[1]) | (at[i + last] ^ word[last]);
      least = std::min(least, static_cast<unsigned char>(differs));
    }
    if (least == 0 && memmem(at, kAtOnce + last, word.data(), word.size()) != nullptr) return true;
  }
  return memmem(at, left, word.data(), word.size()) != nullptr;
}

constexpr std::string_view kBadgeKey = "\"AssetId\"";
constexpr std::array kSourceKinds = {SourceKind::m365_audit, SourceKind::badge, SourceKind::feed};

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

// One look at the whole spares looking into each record of the usual feed.
bool is_plainly_audit(const RawBatch& batch) {
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    if (is_marked(batch.record(i))) return false;
  }
  return !holds(batch.documents(), kBadgeKey);
}

}  // namespace

SourceKind kind_of_record(std::string_view record) {
  if (is_marked(record)) return SourceKind::feed;
  const bool badge = holds(record, kBadgeKey) && holds(record, "\"EventTime\"") && !holds(record, "\"CreationTime\"");
  return badge ? SourceKind::badge : SourceKind::m365_audit;
}

RawBatch KindBatches::split(RawBatch batch, const std::string& covered) {
  if (is_plainly_audit(batch)) return batch;
  std::vector<SourceKind> kinds;
  kinds.reserve(batch.records.size());
  for (std::size_t i = 0; i < batch.records.size(); ++i) kinds.push_back(kind_of_record(batch.record(i)));
  std::vector<SourceKind> present;
  for (const SourceKind kind : kSourceKinds) {
    if (std::ranges::find(kinds, kind) != kinds.end()) present.push_back(kind);
  }
  if (present.size() == 1) {
    batch.kind = present.front();
    return batch;
  }
  for (const SourceKind kind : present) {
    others_.push_back(part_of(batch, kind, kinds));
    others_.back().checkpoint = covered;
  }
  others_.front().rejected = std::move(batch.rejected);
  others_.front().bytes_consumed = batch.bytes_consumed;
  others_.back().checkpoint = std::move(batch.checkpoint);
  others_.back().is_last_for_now = batch.is_last_for_now;
  RawBatch first = std::move(others_.front());
  others_.pop_front();
  return first;
}

bool KindBatches::take_next(RawBatch& out) {
  if (others_.empty()) return false;
  out = std::move(others_.front());
  others_.pop_front();
  return true;
}

}  // namespace candor
