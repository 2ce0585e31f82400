#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "indicators/indicator_set.h"
#include "ingest/account_place.h"

namespace candor {

// One decision that an indicator is on or off, for a country or group or for all, from a day on.
struct Switch {
  std::int64_t number = 0;  // of two that fit, the greater one holds
  std::string indicator;    // its name
  bool on = false;
  std::string country;  // "": all
  std::string group;    // lower case; "": all
  Day from = 0;         // the first UTC day it holds for
  std::string agreement;
  TimePoint set_at = 0;
  std::string set_by;

  // It speaks of activities that were stored already when it was taken: these are matched again when the folder is
  // opened next, so that what is stored is what the decisions say.
  bool is_retroactive() const { return from <= day_of(set_at); }
  // It speaks of days that were over.
  bool is_about_the_past() const { return from < day_of(set_at); }
};

// Up to this degree of intrusion an indicator is on unless somebody switches it off; above, off until switched on.
inline constexpr int kMostIntrusionByDefault = 2;

// Whether an indicator may be evaluated for somebody on a day, by decisions ascending by number. Where something is not
// known, an `off` for some holds and an `on` for some does not.
bool is_switched_on(const std::vector<Switch>& switches, std::string_view indicator, int intrusion,
                    const AccountPlace& place, Day day);

// All decisions, as a pure function from place and day to the indicators that may be evaluated. Immutable.
class SwitchSet {
 public:
  // Switches of indicators the set does not hold wait for them. `indicators` must not be null.
  SwitchSet(std::shared_ptr<const IndicatorSet> indicators, std::vector<Switch> switches);

  IndicatorMask mask(const AccountPlace& place, Day day) const;
  bool asks_place() const { return asks_place_; }
  // Days between two of these, ascending, have the same masks.
  const std::vector<Day>& edges() const { return edges_; }
  const std::vector<Switch>& switches() const { return switches_; }
  const IndicatorSet& indicators() const { return *indicators_; }
  // Changes when stored days are to be matched again: hash of the retroactive decisions; 0 without any.
  std::uint64_t retroactive_hash() const;

 private:
  const std::shared_ptr<const IndicatorSet> indicators_;
  const std::vector<Switch> switches_;  // ascending by number
  std::vector<Day> edges_;
  bool asks_place_ = false;
};

// The decisions in force, replaced while others match. Thread safety: any member from any thread.
class Switchboard {
 public:
  explicit Switchboard(std::shared_ptr<const SwitchSet> switches) : switches_(std::move(switches)) {}

  std::shared_ptr<const SwitchSet> get() const;
  void set(std::shared_ptr<const SwitchSet> switches);
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const SwitchSet> switches_;
  std::atomic<std::uint64_t> version_ = 1;
};

// The indicators that may be evaluated for an activity. What it gives is the one place off-switches act: live, in
// replay, in back-fill. Copy it for each thread. Thread safety: one thread at a time.
class AllowedIndicators {
 public:
  // The same for everybody, always.
  AllowedIndicators(IndicatorMask mask);  // NOLINT(google-explicit-constructor): tests read like what they say
  AllowedIndicators(std::shared_ptr<const Switchboard> board, PlaceOfAccount place);

  // `account` is the normalised name, `day` the activity's UTC day. Valid until the next call.
  const IndicatorMask& of(std::string_view account, Day day);

 private:
  const IndicatorMask& of_place(const AccountPlace& place, std::size_t span, Day day);

  std::optional<IndicatorMask> fixed_;
  std::shared_ptr<const Switchboard> board_;
  PlaceOfAccount place_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const SwitchSet> switches_;
  std::vector<std::optional<IndicatorMask>> by_span_;                      // when places do not matter
  std::map<std::pair<std::size_t, std::string>, IndicatorMask> by_place_;  // else
};

}  // namespace candor
