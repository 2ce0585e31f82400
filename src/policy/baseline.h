#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/points.h"
#include "policy/four_weeks.h"
#include "policy/peers.h"
#include "policy/policy.h"
#include "policy/running_sum.h"
#include "timeline/insight.h"

namespace candor {

// What is usual for one person: sums over any span of days, from all of the person's insights. Reads them once.
// The days that tell what is usual on a day are the `usual.days` before it. Where retention has taken some of those,
// the ones that follow stand in for them: what was usual does not become unknown because it is no longer kept.
// Thread safety: one thread at a time.
class Baselines {
 public:
  // What is usual on a day, in millionths of a count, and which of the days that tell it was taken from.
  struct Own {
    Micropoints count = 0;
    UsualDays days = UsualDays::active;
    int from = 0;  // so many days, 1 and more; 0: Usual::least_weekdays is 0, and all of them are
  };

  // `insights` ascending by (day, indicator). Only indicators of `policy` get sums; any insight makes a day active.
  // `kept_from`: Profile::kept_from.
  // `peers` may be null: then nothing is known of other people.
  Baselines(const Policy& policy, const Insights& insights, std::optional<Day> kept_from = std::nullopt,
            const Peers* peers = nullptr);

  // Mean daily count of an indicator in a dimension over the active ones of the days that tell, or over those that are
  // like `day`, where it is more (Usual::least_weekdays); nullopt when fewer than `usual.least_days` were active.
  std::optional<Own> usual(const PolicyIndicator& indicator, Dimension dimension, Day day) const;
  // What a cumulative rule's sum from `day` on would be usually, in millionths: the days that tell, from the person's
  // first insight on, scaled. nullopt as above. `rule` is a position in Policy::cumulative.
  std::optional<Micropoints> usual_sum(std::size_t rule, Day day) const;
  // What of it excuses: the usual itself, or as much of it as Usual::peers_percent allows by what peers do. Never more
  // than the usual.
  Micropoints excused(const PolicyIndicator& indicator, const Own& own, Day day) const;
  std::optional<Micropoints> excused_sum(std::size_t rule, Day day) const;
  // How far a sum of the days that end with `day` lies above the part of what is excused that the rule takes off;
  // nullopt when neither the person's own usual nor that of peers is known.
  std::optional<std::int64_t> above_usual(std::size_t rule, std::int64_t sum, Day day) const;
  // Where counts and sums stand among those of peers.
  std::optional<PeerStanding> standing(const PolicyIndicator& indicator, std::int64_t count, Day day) const;
  std::optional<PeerStanding> standing(std::size_t rule, std::int64_t sum, Day day) const;

 private:
  struct Counted {
    Day day = 0;
    std::int64_t counts[kDimensions] = {0, 0, 0, 0};
  };
  using Series = std::vector<Counted>;  // ascending; days on which the indicator matched

  // Days from..to without those from `day` up to the one before `after`.
  struct Telling {
    Day from = 0;
    Day to = 0;
    Day day = 0;
    Day after = 0;
    bool holds(Day one) const { return from <= one && one <= to && (one < day || one >= after); }
  };
  // Which of them were active, and are like one day.
  struct Like {
    Day day = std::numeric_limits<Day>::min();
    Telling telling{};
    UsualDays kind = UsualDays::active;
    std::uint8_t weekdays = 0;  // bit n: those of weekday n are like it
    int active = 0;             // 0: too few to know
    int alike = 0;              // of these; never 0 while they are enough
  };

  // Of what is judged on `days` days that begin with `day`.
  Telling telling(Day day, int days) const;
  const Like& like(Day day) const;
  Like made_like(Day day) const;
  int active_days(Day from, Day to) const;
  int active_days(const Telling& telling) const;

  // What peers allow, in millionths of a count.
  std::optional<Micropoints> allowed(PeerMeasure measure, Day day) const;

  const Policy& policy_;
  const std::optional<Day> kept_from_;
  const Peers* const peers_;
  std::vector<Day> active_;            // ascending
  std::vector<Series> series_;         // by position in Policy::indicators
  std::vector<PeerMeasure> measures_;  // by position in Policy::cumulative
  std::vector<RunningSum> sums_;       // by position in Policy::cumulative
  mutable Like like_;                  // of the day that was asked for last: insights are weighed day after day
};

}  // namespace candor
