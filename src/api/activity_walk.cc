#include "api/activity_walk.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace candor::api {

namespace {

// A stretch with more activities of one account is cut in two: the timeline hands out newest first only, and ties have
// no order there. The cut leaves a full chunk above it, so that every activity is read twice at most, both ways.
constexpr std::size_t kChunk = 2'000;
constexpr std::size_t kMostAtOnce = 50'000;

std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

class Walk {
 public:
  Walk(const Timeline& timeline, std::span<const OwnedAccount> accounts, bool newest_first,
       const std::function<bool(const StoredActivity&)>& visit)
      : timeline_(timeline), accounts_(accounts), newest_first_(newest_first), visit_(visit) {}

  Result<void> run(TimePoint from, TimePoint to) {
    std::vector<std::pair<TimePoint, TimePoint>> pending = {{from, to}};
    while (!pending.empty()) {
      const auto [start, end] = pending.back();
      pending.pop_back();
      if (start >= end) continue;
      const bool smallest = end - start == 1;
      CANDOR_TRY(Chunk chunk, read(start, end, smallest ? kMostAtOnce : kChunk));
      if (!chunk.whole_from) {
        if (!hand_over(chunk.activities)) return {};
        continue;
      }
      if (smallest) return fail("api.too_many_at_once", "too many activities at one instant to show them in order");
      const TimePoint cut = std::min(*chunk.whole_from, end - 1);
      pending.emplace_back(newest_first_ ? start : cut, newest_first_ ? cut : end);
      pending.emplace_back(newest_first_ ? cut : start, newest_first_ ? end : cut);
    }
    return {};
  }

 private:
  struct Chunk {
    std::vector<StoredActivity> activities;
    // Set when some account has more than asked for: of that time and later all are there.
    std::optional<TimePoint> whole_from;
  };

  Result<Chunk> read(TimePoint from, TimePoint to, std::size_t most) const {
    Chunk chunk;
    for (const OwnedAccount& owned : accounts_) {
      const TimePoint first = std::max(from, begin_of(owned));
      const TimePoint end = std::min(to, end_of(owned));
      if (first >= end) continue;
      CANDOR_TRY(auto some, timeline_.activities(owned.account, {.from = first, .to = end, .limit = most + 1}));
      if (some.size() > most) {
        const TimePoint oldest = std::ranges::min(some, {}, &StoredActivity::time).time;
        chunk.whole_from = std::max(chunk.whole_from.value_or(oldest + 1), oldest + 1);
      }
      if (!chunk.whole_from) std::ranges::move(some, std::back_inserter(chunk.activities));
    }
    return chunk;
  }

  // False: the visitor has had enough.
  bool hand_over(std::vector<StoredActivity>& activities) const {
    std::ranges::sort(activities, {}, &ActivityRef::of);
    if (newest_first_) std::ranges::reverse(activities);
    return std::ranges::all_of(activities, visit_);
  }

  const Timeline& timeline_;
  std::span<const OwnedAccount> accounts_;
  bool newest_first_;
  const std::function<bool(const StoredActivity&)>& visit_;
};

}  // namespace

std::string ActivityRef::text() const {
  return to_hex(big_endian(static_cast<std::uint64_t>(time)) + std::string(id.view()) + big_endian(content));
}

std::optional<ActivityRef> ActivityRef::parse(std::string_view text) {
  const auto bytes = text.size() == 64 ? from_hex(std::string(text)) : std::nullopt;
  if (!bytes) return std::nullopt;
  const std::string_view view(*bytes);
  ActivityRef ref;
  ref.time = static_cast<TimePoint>(from_big_endian(view.substr(0, 8)));
  ref.id = ActivityId::from(view.substr(8, 16));
  ref.content = from_big_endian(view.substr(24));
  // Upper-case digits would name the same activity a second time.
  return ref.text() == text ? std::optional(ref) : std::nullopt;
}

Result<void> walk_activities(const Timeline& timeline, std::span<const OwnedAccount> accounts, const Stretch& stretch,
                             const std::function<bool(const StoredActivity&)>& visit) {
  return Walk(timeline, accounts, stretch.newest_first, visit).run(stretch.from, stretch.to);
}

Result<std::optional<StoredActivity>> find_activity(const Timeline& timeline, std::span<const OwnedAccount> accounts,
                                                    const ActivityRef& ref) {
  constexpr TimePoint kLatest = start_of(3'000'000);  // beyond year 9999: no activity is there, and + 1 cannot overflow
  if (ref.time < -kLatest || ref.time > kLatest) return std::nullopt;
  std::optional<StoredActivity> found;
  CANDOR_TRY_VOID(walk_activities(timeline, accounts, {ref.time, ref.time + 1, true}, [&](const StoredActivity& one) {
    if (ActivityRef::of(one) == ref) found = one;
    return !found;
  }));
  return found;
}

}  // namespace candor::api
