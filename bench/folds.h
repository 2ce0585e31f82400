#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

// What the benchmark keeps per person: integers only, so that the outcome is the same on every machine.
namespace candor {

// How often a person's days lie above mean + 3 sample standard deviations of the person's earlier days (at least 5).
// Days are given in ascending order.
class DailyBaseline {
 public:
  // Adds `count` to `day`; true when a day before it was thereby completed and lay above.
  bool add(Day day, std::uint32_t count);
  // Completes the last day; the same.
  bool finish();

 private:
  static constexpr Day kNone = INT32_MIN;

  Day day_ = kNone;
  std::uint32_t current_ = 0;
  std::int64_t days_ = 0;
  std::int64_t sum_ = 0;
  std::int64_t squares_ = 0;
};

// Whether a person went through stages 1 to 4 in order, the first of them within a day of the last.
class StageSequence {
 public:
  void add(int stage, TimePoint time);
  bool complete() const { return start_[2] == kComplete; }

 private:
  static constexpr TimePoint kNever = INT64_MIN;
  static constexpr TimePoint kComplete = INT64_MAX;
  TimePoint start_[3] = {kNever, kNever, kNever};  // latest beginning of a chain that has reached stage 1, 2, 3
};

// What is kept of one person: one line of the cache, for at 20,000 people the time goes into fetching it.
struct alignas(64) PersonFold {
  std::uint64_t key = 0;  // 0: a free place
  DailyBaseline baseline;
  StageSequence sequence;
};
static_assert(sizeof(PersonFold) == 64);

// People by a 64-bit hash of their account. Open addressing, at most half full; the hash must not be 0.
class PersonTable {
 public:
  PersonTable() : places_(1024) {}
  PersonFold& find_or_add(std::uint64_t key);
  // Begins to fetch a person's place, so that other work can go on meanwhile.
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&places_[key & (places_.size() - 1)], 1); }
  // All places, free ones too.
  std::vector<PersonFold>& places() { return places_; }

 private:
  std::size_t place_of(std::uint64_t key) const;
  void grow();

  std::vector<PersonFold> places_;
  std::size_t used_ = 0;
};

}  // namespace candor
