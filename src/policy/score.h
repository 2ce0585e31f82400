#pragma once

#include <optional>
#include <vector>

#include "policy/assessment.h"
#include "policy/baseline.h"
#include "policy/policy.h"
#include "policy/strength.h"
#include "profile/profile.h"
#include "timeline/insight.h"

// From insights to a score, purely: no clock, no storage, no float. docs/architecture/scoring.md has the formula.
namespace candor {

// Matches of one indicator and day that somebody expected.
struct ExpectedPart {
  IndicatorKey indicator = 0;
  Day day = 0;
  std::int64_t count = 0;        // in Dimension::all
  Day until = 0;                 // last day of the expectation that took them ...
  std::size_t rank = 0;          // ... its place among those of the person, the same on every machine ...
  std::int64_t expectation = 0;  // ... and its number, which is not
};

// Which part of a person's insights one alert may count: those after the decision that closed the alert before it, up
// to the decision that closed this one (SEMANTICS 9). Baselines see everything, triggers by activities what came before
// the decision that closed the alert: what comes later belongs to the next one. Facts always count.
struct Decided {
  std::optional<TimePoint> after;  // activities at or before it are not evidence
  std::optional<TimePoint> until;  // activities after it are not evidence
  // The insights of the days of `after` and `until`, counting only activities within; used in place of the whole days'.
  Insights split;
  // The insights of the day of `until`, from its start: triggers see what lies before `after` too, and both cutoffs may
  // fall on one day.
  Insights until_day{};
  // Cutoffs of the confirmations of this person's other alerts, whatever the policy.
  std::vector<TimePoint> confirmed;
  // All of the person's insights without what was expected, as `split` and `until_day` are too; nullptr: nothing was.
  // What was expected is no evidence and triggers nothing. Baselines see it: that it is expected does not make other
  // things less usual.
  const Insights* counting = nullptr;
  std::vector<ExpectedPart> expected{};  // what that leaves out of this alert, for the receipt
};

// One policy looking at one person: prepared once, then asked for any number of days. Keeps references to all it is
// given. Thread safety: const members from any thread.
class Scoring {
 public:
  // `insights` are all of the person's, ascending by (day, indicator), of all accounts together. `last` is the last day
  // assessed (H): later insights and later triggers do not exist for it.
  // `peers`: what is published of other people; null: nothing.
  Scoring(const Policy& policy, const Profile& profile, const Insights& insights, const Decided& decided, Day last,
          const PeerBook* peers = nullptr);
  // A temporary would be gone before the first question.
  Scoring(const Policy& policy, const Profile& profile, const Insights& insights, Decided&& decided, Day last,
          const PeerBook* peers = nullptr) = delete;

  // Another day on which the score may rise: the first day of a policy version. (A day out of scope is none.)
  void add_edge(Day day);

  // The assessment at the end of `day`; score 0 without parts when the person is not in scope.
  Assessment on(Day day) const;

  // Its score alone.
  Micropoints score(Day day) const { return in_scope(day) ? score_on(day) : 0; }

  // The highest score of days from..to (of equals the earliest day), computed for every day on which a score can rise.
  // nullopt when no day of them has a score above 0.
  struct Peak {
    Day day = 0;
    Micropoints score = 0;
  };
  std::optional<Peak> peak(Day from, Day to) const;
  std::optional<Assessment> highest(Day from, Day to) const;
  // The first day of from..to whose score reaches `least`.
  std::optional<Day> first_reaching(Micropoints least, Day from, Day to) const;

  // The first day of evidence on or after a day.
  std::optional<Day> first_evidence(Day from) const;
  // Day and instant of the latest evidence in scope up to a day.
  struct Latest {
    Day day = 0;
    TimePoint time = 0;
  };
  std::optional<Latest> latest(Day to) const;

  bool in_scope(Day day) const;
  // Windows of all triggers, ascending by (at, trigger, from, to).
  const std::vector<InScope>& windows() const { return windows_; }
  // Days up to `last` on which a score can rise, ascending.
  const std::vector<Day>& edges() const { return edges_; }
  // The first day after `last` on which it can without new input: an insight, fact or decision dated later, or the
  // next day while a cumulative sum lasts.
  std::optional<Day> next_edge() const;

 private:
  // One insight that counts, before decay.
  struct Weighed {
    std::size_t insight = 0;  // index into evidence_
    const PolicyIndicator* indicator = nullptr;
    Strength strength;
  };
  struct Span {
    Day from = 0;
    Day to = 0;
  };

  void find_windows();
  void collect_evidence();
  void weigh();
  void find_edges();
  std::int64_t cumulative_sum(std::size_t rule, Day day) const;
  void add_cumulative_edges(std::size_t rule);
  std::int64_t decayed(std::int64_t logarithm, Day age) const;
  std::int64_t bound(Day day) const;
  Share user_history(Day day) const;
  // What counts of who the person is on that day; nullptr: nothing.
  const GroupBooster* booster(Day day) const;
  // Beside other evidence only.
  std::int64_t beside(Day day) const;
  std::vector<const Exculpatory*> excuses(Day day) const;
  std::optional<ReceiptPart> cumulative_part(std::size_t rule, Day day, std::vector<LeftOut>* left_out) const;
  std::int64_t logarithm_on(Day day) const;
  Micropoints score_on(Day day) const;
  std::vector<ReceiptPart> parts_on(Day day, std::vector<LeftOut>& left_out) const;
  void leave_out(Day day, std::vector<LeftOut>& left_out) const;
  void leave_out_expected(Day day, std::vector<LeftOut>& left_out) const;
  Day oldest(Day day) const { return day - policy_.evidence_days; }

  const Policy& policy_;
  const Profile& profile_;
  const Insights& counting_;  // all but what was expected
  const Decided& decided_;
  const Day last_;
  const std::optional<Peers> peers_;
  Baselines baselines_;
  std::vector<InScope> windows_;
  std::vector<Span> spans_;                           // their union: disjoint, ascending
  Insights evidence_;                                 // of the policy's indicators, split at the cutoffs, ascending
  std::vector<Weighed> weighed_;                      // those in scope that reach a level, ascending by day
  std::vector<std::int64_t> decay_;                   // by age in days, in 10^-9
  std::vector<std::pair<Day, std::int64_t>> totals_;  // sums of logarithms of a day, ascending
  std::vector<RunningSum> sums_;                      // of the evidence, by position in Policy::cumulative
  std::vector<Day> edges_;
};

// Scoring(...).on(day) with `day` as the last one: the definition.
Assessment assess(const Policy& policy, const Profile& profile, const Insights& insights, Day day,
                  const Decided& decided = {}, const PeerBook* peers = nullptr);

// How strong one insight is by itself under a policy, 0..100 points, without decay, usual and boosters: the height of a
// bubble in the activity chart. 0 when the policy does not know the indicator or the count is below every level.
Micropoints strength_alone(const Policy& policy, const Insight& insight);

}  // namespace candor
