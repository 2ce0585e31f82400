#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/expectation_book.h"
#include "base/points.h"
#include "base/result.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Days on which far more people than ever before have alerts about the same: a migration, a new backup agent, a wrong
// rule. Their alerts are held as one, so that the queue stays workable; none is dropped, and one that other evidence
// alone would raise is not held. A person releases them or explains what happened. One is of the smallest group that
// explains it: of one department when those outside of it are no mass event by themselves, else of everybody.
namespace candor {

inline constexpr std::int64_t kLeastMassPeople = 10;
inline constexpr std::int64_t kMassRatio = 3;  // times the most people on one of the days before
inline constexpr Day kMassHistoryDays = 90;

enum class MassEventState : std::uint8_t {
  held,       // its alerts wait as one
  released,   // they are in the queue as any others
  explained,  // expectations say what it was; held until these are agreed to, and again when they are refused
  over,       // nothing is held any more: decided on one by one, or there are no such alerts any longer
};
std::string_view to_text(MassEventState state);

struct MassEvent {
  std::int64_t number = 0;
  std::string cause;  // name of an indicator or sequence
  Day day = 0;
  std::string department = {};  // whose people it is about, as the directory names it; "": everybody
  TimePoint raised_at = 0;
  std::int64_t most_before = 0;
  MassEventState state = MassEventState::held;
  std::string decided_by;  // "": nobody has
  TimePoint decided_at = 0;
  std::string reason;
  std::vector<std::int64_t> expectations;  // numbers
  // Of the alerts that are held now.
  std::int64_t people = 0;
  std::int64_t alerts = 0;
  std::int64_t high = 0;  // of high severity
  Micropoints highest_score = 0;
  std::vector<std::string> policies;  // ids, ascending
};

// Thread safety: any member from any thread. Errors besides the store's: `mass_events.not_found`,
// `mass_events.not_held` (it was decided already), `mass_events.not_an_indicator` (no expectation can name a sequence),
// and those of ExpectationBook.
class MassEvents {
 public:
  MassEvents(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // After alerts were recorded: raises what there is to raise and holds what belongs to it. `cuts` by policy id.
  // Returns how many were raised. Killed before its end, the next call does the rest.
  Result<std::int64_t> look(const std::map<std::string, Micropoints>& cuts) const;

  // The newest first; alerts about `not_about` are not counted, and where it limits to units, a mass event without an
  // alert about somebody in them is not there.
  Result<std::vector<MassEvent>> all(const HiddenPeople& not_about = {}) const;
  Result<MassEvent> get(std::int64_t number, const HiddenPeople& not_about = {}) const;

  // Its alerts join the queue now.
  Result<void> release(Transaction& transaction, std::int64_t number, std::string_view reason,
                       std::string_view viewer) const;
  // Asks for an expectation of that indicator on that day, of everybody in the group, under each policy that holds
  // alerts.
  Result<void> explain(Transaction& transaction, std::int64_t number, ExpectationBook& expectations,
                       std::span<const IndicatorInfo> indicators, std::string_view because, std::string_view owner,
                       std::string_view viewer) const;

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace candor
