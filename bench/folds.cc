#include "folds.h"

#include <algorithm>

namespace candor {

bool DailyBaseline::add(Day day, std::uint32_t count) {
  const bool above = day != day_ && day_ != kNone && finish();
  day_ = day;
  current_ += count;
  return above;
}

bool DailyBaseline::finish() {
  bool above = false;
  if (days_ >= 5) {
    // current > sum/n + 3 * sqrt((squares - sum^2/n) / (n - 1)), without a division: both sides times n, squared.
    __extension__ using Wide = __int128;
    const Wide excess = static_cast<Wide>(days_) * current_ - sum_;
    const Wide spread = static_cast<Wide>(days_) * squares_ - static_cast<Wide>(sum_) * sum_;
    above = excess > 0 && excess * excess * (days_ - 1) > Wide{9} * days_ * spread;
  }
  ++days_;
  sum_ += current_;
  squares_ += std::int64_t{current_} * current_;
  current_ = 0;
  return above;
}

void StageSequence::add(int stage, TimePoint time) {
  if (complete()) return;
  switch (stage) {
    case 1:
      start_[0] = time;
      break;
    case 2:
      start_[1] = std::max(start_[1], start_[0]);
      break;
    case 3:
      start_[2] = std::max(start_[2], start_[1]);
      break;
    default:
      if (start_[2] != kNever && time - start_[2] <= kMicrosPerDay) start_[2] = kComplete;
  }
}

std::size_t PersonTable::place_of(std::uint64_t key) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = key & mask;
  while (places_[place].key != 0 && places_[place].key != key) place = (place + 1) & mask;
  return place;
}

PersonFold& PersonTable::find_or_add(std::uint64_t key) {
  PersonFold& found = places_[place_of(key)];
  if (found.key != 0) return found;
  if (++used_ * 2 > places_.size()) grow();
  PersonFold& added = places_[place_of(key)];
  added.key = key;
  return added;
}

void PersonTable::grow() {
  std::vector<PersonFold> old(places_.size() * 2);
  old.swap(places_);
  for (const PersonFold& person : old) {
    if (person.key != 0) places_[place_of(person.key)] = person;
  }
}

}  // namespace candor
