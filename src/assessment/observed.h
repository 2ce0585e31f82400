#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "profile/profile.h"
#include "timeline/insight.h"

// What Candor knew on each day of a past, so that policies can be judged by what they would have shown then: records
// arrive late and facts are told late.
namespace candor {

// One person's insights and facts with the day from whose end on each was known.
struct ObservedPerson {
  PersonId person{};
  bool is_guest = false;  // by the log alone
  struct Change {
    Day known = 0;
    Insight insight{};  // in place of the one of the same (day, indicator); counts of 0: there is none any more
  };
  std::vector<Change> changes;  // ascending by `known`
  struct Knowledge {
    Day known = 0;
    Profile profile{};
  };
  std::vector<Knowledge> knowledge;  // ascending by `known`; before the first one nothing is known of the person
};

// Puts a change into insights; these stay ascending by (day, indicator).
void apply(const ObservedPerson::Change& change, Insights& insights);

// Makes observations of what a timeline says day after day. One thread at a time.
class Observer {
 public:
  // All insights of days from..to of one person, as they are at the end of `known`; `known` never falls.
  void see(const PersonId& person, Day known, Day from, Day to, const Insights& insights);
  // From the end of that day on.
  void learn(const PersonId& person, Day known, Profile profile);
  void mark_guest(const PersonId& person);

  // Everybody seen, ascending by person; empties the observer.
  std::vector<ObservedPerson> take();

 private:
  struct Seen {
    ObservedPerson observed;
    std::map<std::pair<Day, IndicatorKey>, Insight> current;
  };
  Seen& of(const PersonId& person);
  std::map<PersonId, Seen> people_;
};

}  // namespace candor
