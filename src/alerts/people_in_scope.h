#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alerts/alerts.h"
#include "assessment/assess.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Whom policies look at: who is in the scope of one, as the last assessment found, or has an alert that waits or was
// confirmed. Says why and since when, and nothing of what anybody did.
namespace candor {

// Why somebody is in scope, of one policy.
struct ScopeNow {
  std::string policy;
  Day since = 0;         // day of the first thing that brought the person in
  Day until = 0;         // the last day, as things are
  bool by_hand = false;  // somebody asked for it
};

struct PersonInScope {
  PersonId person;
  AlertSeverity severity = AlertSeverity::none;  // the highest of the alerts that wait or were confirmed
  std::int64_t open_alerts = 0;                  // that wait for review
  std::int64_t confirmed = 0;
  std::vector<ScopeNow> scopes;  // by policy, then by day; of today
};

// There is no other order: nobody is ranked by what they do.
enum class PeopleInScopeSort : std::uint8_t { severity, open_alerts };

struct PeopleInScopeQuery {
  static constexpr std::size_t kMostOnly = 100;

  Day today = 0;
  std::vector<AlertSeverity> severities = {};  // empty: whatever; `none`: without an alert that counts
  std::vector<std::string> policies = {};      // in scope of one of these today; empty: whatever
  bool by_hand = false;                        // only of whom somebody asked it
  bool only_these = false;                     // only those of `only`, at most kMostOnly of them
  std::vector<PersonId> only = {};
  HiddenPeople without = {};                             // not there, nor counted
  PeopleInScopeSort sort = PeopleInScopeSort::severity;  // highest, most first; what is equal in an order of its own
  std::size_t offset = 0;
  std::size_t limit = 50;
};

struct PeopleInScopePage {
  std::vector<PersonInScope> people;
  std::int64_t total = 0;  // that match
};

// `alerts.bad_query` when the text matched too many.
Result<PeopleInScopePage> people_in_scope(Reading& reading, const PeopleInScopeQuery& query);
// Everybody of them, in no order.
Result<std::vector<PersonId>> everybody_in_scope(Reading& reading, Day today);

// What an assessment found, in the place of what was there. Of policies in `unusable` what was there stays.
Result<void> record_scopes(Transaction& work, const PersonOutcome& outcome, std::span<const std::string> unusable);

}  // namespace candor
