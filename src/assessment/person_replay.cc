#include "assessment/person_replay.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "assessment/assess.h"
#include "assessment/scored_days.h"
#include "policy/score.h"

namespace candor {
namespace {

// What is known at the end of one day, and since which day's end results may be others than on the day before.
struct KnownOnDay {
  Day day = 0;
  Day changed_from = std::numeric_limits<Day>::max();  // max: nothing has changed
  Insights insights;                                   // ascending by (day, indicator)
  const Profile* profile = nullptr;

  bool changed() const { return changed_from != std::numeric_limits<Day>::max(); }
};

// Goes through the days, handing over what is known at the end of each.
template <typename Visit>
void walk(const ObservedPerson& person, const ReplayDays& days, const Visit& visit) {
  const Profile nobody{.person = person.person, .facts = {}};
  KnownOnDay known;
  known.profile = &nobody;
  auto change = person.changes.begin();
  auto knowledge = person.knowledge.begin();
  for (known.day = days.first; known.day <= days.last; ++known.day) {
    known.changed_from = std::numeric_limits<Day>::max();
    for (; change != person.changes.end() && change->known <= known.day; ++change) {
      apply(*change, known.insights);
      known.changed_from = std::min(known.changed_from, change->insight.day);
    }
    for (; knowledge != person.knowledge.end() && knowledge->known <= known.day; ++knowledge) {
      known.profile = &knowledge->profile;
      known.changed_from = std::numeric_limits<Day>::min();  // a fact may be about any day
    }
    visit(known);
  }
}

// One policy's state while the days go by.
struct Course {
  std::optional<Day> next_edge;  // the first day after the last one computed on which the score may rise by itself
  Micropoints last = 0;          // score of the last day computed
  bool begun = false;

  bool may_be_left_out(const KnownOnDay& known) const {
    return begun && !known.changed() && last == 0 && !(next_edge && *next_edge <= known.day);
  }
};

// Computes one policy at the end of one day, on the days on which it scores this person.
template <typename Use>
void score(const Policy& policy, const ObservedPerson& person, const KnownOnDay& known, const Decided& decided,
           Course& course, const PeerBook* peers, const Use& use) {
  const auto scored = scored_days(policy, *known.profile, person.is_guest);
  Scoring scoring(policy, *known.profile, known.insights, decided, known.day, peers);
  for (const Days& days : scored) {
    if (days.from > kFirstDay) scoring.add_edge(days.from);
  }
  course.begun = true;
  course.next_edge = scoring.next_edge();
  const bool today =
      std::ranges::any_of(scored, [&](const Days& days) { return days.from <= known.day && known.day <= days.to; });
  course.last = today ? scoring.score(known.day) : 0;
  // A score that yesterday's knowledge gave an earlier day stands.
  const Day from = std::min(known.changed_from, known.day);
  for (const Days& days : scored) use(scoring, std::max(from, days.from), std::min(known.day, days.to));
}

}  // namespace

PersonReplay::Course PersonReplay::course() const {
  Course out;
  out.daily.assign(static_cast<std::size_t>(std::max(0, days_.last - days_.first + 1)), 0);
  out.highest.assign(policies_.size(), 0);
  std::vector<candor::Course> courses(policies_.size());
  const Decided undecided;
  walk(person_, days_, [&](const KnownOnDay& known) {
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      if (courses[i].may_be_left_out(known)) continue;
      score(*policies_[i], person_, known, undecided, courses[i], peers_,
            [&](const Scoring& scoring, Day from, Day to) {
              const auto begin = scoring.first_evidence(days_.start);
              const auto peak = begin ? scoring.peak(std::max(from, *begin), to) : std::nullopt;
              if (peak) out.highest[i] = std::max(out.highest[i], peak->score);
            });
      Micropoints& daily = out.daily[static_cast<std::size_t>(known.day - days_.first)];
      daily = std::max(daily, courses[i].last);
    }
  });
  return out;
}

std::vector<QueueRow> PersonReplay::rows(std::span<const Micropoints> cuts, std::span<const Micropoints> highest,
                                         const Judge& judge) const {
  struct State {
    candor::Course course;
    Decided decided;
    Micropoints dismissed = 0;  // the highest score that was dismissed ...
    Day dismissed_on = 0;       // ... and when
    bool decided_now = false;
  };
  std::vector<State> states(policies_.size());
  std::vector<QueueRow> rows;
  walk(person_, days_, [&](const KnownOnDay& known) {
    struct Shown {
      std::size_t policy = 0;
      Assessment assessment;
      TimePoint until = 0;
    };
    std::vector<Shown> shown;
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      State& state = states[i];
      if (highest[i] < cuts[i] || (state.course.may_be_left_out(known) && !state.decided_now)) continue;
      state.decided_now = false;
      if (known.day - state.dismissed_on > kMemoryDays) state.dismissed = 0;
      const Day decided_on = state.decided.after ? day_of(*state.decided.after) : kFirstDay;
      std::optional<Assessment> best;
      std::optional<Scoring::Latest> latest;
      const auto use = [&](const Scoring& scoring, Day from, Day to) {
        const auto begin = scoring.first_evidence(days_.start);
        if (!begin) return;
        auto one = scoring.highest(std::max({from, decided_on, *begin}), to);
        if (!one || one->score < cuts[i] || one->score <= state.dismissed) return;
        if (best && one->score <= best->score) return;
        best = std::move(one);
        latest = scoring.latest(to);
      };
      score(*policies_[i], person_, known, state.decided, state.course, peers_, use);
      if (best && latest) {
        shown.push_back({.policy = i, .assessment = std::move(*best), .until = latest->time});
      }
    }
    if (shown.empty()) return;
    std::ranges::sort(shown, [](const Shown& a, const Shown& b) {
      return std::tuple(-a.assessment.score, a.policy) < std::tuple(-b.assessment.score, b.policy);
    });
    QueueRow row{.day = known.day, .person = person_.person, .alerts = {}};
    row.confirmed = std::ranges::any_of(shown, [&](const Shown& one) { return judge(one.assessment); });
    for (Shown& one : shown) {
      State& state = states[one.policy];
      state.decided.after = one.until;
      state.decided_now = true;
      if (!row.confirmed) {
        state.dismissed = std::max(state.dismissed, one.assessment.score);
        state.dismissed_on = known.day;
      }
      row.alerts.push_back(std::move(one.assessment));
    }
    if (row.confirmed) {
      for (State& state : states) state.decided.confirmed.push_back(shown.front().until);
    }
    rows.push_back(std::move(row));
  });
  return rows;
}

}  // namespace candor
