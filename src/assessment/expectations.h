#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "policy/policy.h"
#include "policy/score.h"
#include "profile/profile.h"
#include "timeline/expected.h"

// "Expected for this person or group, towards this destination, until a day": input to assessments like a decision, and
// what it comes to for one person. Which activities it means depends on their own days and fields only, so the order in
// which activities and expectations arrive changes nothing.
namespace candor {

struct PersonDecisions;

struct Expectation {
  std::int64_t number = 0;
  // Whom: one person, or everybody of whom the directory says all of this on the day of the activity. Neither: everyone
  // the policy scores.
  std::optional<PersonId> person;
  Scope::Condition group;
  std::string policy;  // only under this one; "": under all of them
  // What: matches of these indicators (empty: of every one) towards these destinations.
  std::vector<IndicatorKey> indicators;  // ascending
  Towards towards = Towards::anything;
  std::vector<std::string> destinations;  // ascending, as destination_form() makes them
  Day from = 0;                           // UTC days of the activities, both inclusive
  Day to = 0;
  TimePoint agreed_at = 0;  // it holds from this instant on, for activities of before too
  std::optional<TimePoint> withdrawn_at = std::nullopt;

  bool held_at(TimePoint time) const { return agreed_at <= time && !(withdrawn_at && *withdrawn_at <= time); }
};
// In the order in which they take matches, which does not depend on when they were entered: sort_expectations().
using Expectations = std::vector<Expectation>;
void sort_expectations(Expectations& expectations);

// What of the expectations applies to one alert: rule i is of the expectation at the place ranks[i].
struct ExpectedRules {
  std::vector<Expected> rules;
  std::vector<std::size_t> ranks;
  bool operator==(const ExpectedRules&) const = default;
};

// One person's insights with and without what was expected. One thread at a time.
class ExpectedInsights {
 public:
  // Reads insights with these left out.
  using Read = std::function<Result<Insights>(std::span<const Expected>)>;
  // Finds those that concern the person. `expectations` and `decisions` must outlive this object.
  ExpectedInsights(const Expectations& expectations, const PersonId& person, const Profile& profile,
                   const PersonDecisions& decisions);

  // For the k-th alert of a policy: what held when it was decided for the days it was decided on, what holds now for
  // the others. k < 0: what holds now, whatever was decided.
  ExpectedRules rules(std::string_view policy, int k) const;

  struct Left {
    Insights counting;                // what is left
    std::vector<ExpectedPart> parts;  // what was taken, ascending by (rank, day, indicator)
  };
  // `all` is what `read` gives without any. Reads nothing when no rule's days have an insight.
  Result<Left> leave_out(const ExpectedRules& rules, const Insights& all, const Read& read) const;
  // The same for all days, kept for the next alert with the same rules; lives as long as this object.
  Result<const Left*> leave_out_of_all(const ExpectedRules& rules, const Insights& all, const Read& read);

 private:
  struct Concerning {
    std::size_t rank = 0;
    const Expectation* expectation = nullptr;
    std::vector<std::pair<Day, Day>> days;
  };
  const Expectations& expectations_;
  const PersonDecisions& decisions_;
  std::vector<Concerning> concerning_;
  std::list<std::pair<ExpectedRules, Left>> kept_;
};

}  // namespace candor
