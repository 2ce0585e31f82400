#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/own_people.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "policy/unit.h"
#include "store/store.h"

namespace candor {

enum class UnitDecision : std::uint8_t { waits, agreed, not_needed, rejected, withdrawn, replaced };
std::string_view to_text(UnitDecision decision);  // "waits", "agreed", ...

// Whom a viewer may see beyond the role: both ascending.
struct Sight {
  std::vector<std::string> units = {};    // limited to these; empty: to none, everybody may be seen
  std::vector<std::string> reviews = {};  // the priority groups reviewed: of others nobody is seen
  bool operator==(const Sight&) const = default;
};

// A change of whom a viewer may see, as somebody asked for it.
struct UnitChange {
  std::int64_t number = 0;  // from 1, in the order asked for
  std::string user;
  Sight after;
  Sight before;  // when it was asked
  std::string asked_by;
  std::string reason;
  TimePoint asked_at = 0;
  UnitDecision decision = UnitDecision::waits;
  std::string decided_by;  // "" when nobody had to
  std::string decided_reason;
  TimePoint decided_at = 0;  // 0: not decided
};

// Who asks or decides.
struct UnitActor {
  std::string name;    // a viewer's user name, or "local/ACCOUNT"
  OwnPeople own = {};  // whom they are among the people watched over
  std::string token;   // Viewer::token(); "" where no program asks
  bool local = false;  // works on the machine itself: no viewer, limited by nothing
};

// The units viewers are limited to, and the priority groups they review. What only takes people away holds at once;
// what may show somebody more waits for a second person, where the people are real. Nobody changes their own, and
// whoever is limited changes nobody's. Every act leaves a line in the audit log, in its transaction. Sessions follow
// from the next request on. Errors besides the store's: `access.unknown_user`, `access.unknown_unit`,
// `access.own_units`, `access.unknown_group`, `access.limited_viewer`, `access.same_units`, `access.too_many_units`,
// `access.bad_reason`, and of decisions `access.no_unit_change` (none of that number waits), `access.own_unit_change`
// (whoever asked does not agree) and `access.units_changed_meanwhile`. Thread safety: any member from any thread.
class ViewerUnits {
 public:
  static constexpr std::size_t kMostUnits = 50;        // of one viewer; and as many groups
  static constexpr std::size_t kLongestReason = 1000;  // bytes

  // All must outlive this object.
  ViewerUnits(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit)
      : store_(store), keys_(keys), clock_(clock), audit_(audit) {}

  // The newest first.
  Result<std::vector<UnitChange>> changes() const;
  // Replaces the units the viewer is limited to, or the groups reviewed, by ids of `units`, or both; empty: none;
  // nullopt: they stay. `needs_second`: the people are real. One that waited for the same viewer is replaced.
  struct Wanted {
    std::optional<std::vector<std::string>> units = {};
    std::optional<std::vector<std::string>> reviews = {};
  };
  Result<UnitChange> ask(const UnitActor& actor, std::string_view user, Wanted wanted, const Units& units,
                         std::string_view reason, bool needs_second) const;
  // `decision`: agreed, rejected or withdrawn.
  Result<UnitChange> decide(const UnitActor& actor, std::int64_t number, UnitDecision decision,
                            std::string_view reason) const;

  // Whether somebody with `after` can see nobody whom `before` would not show.
  static bool only_narrows(const Sight& before, const Sight& after);

 private:
  Result<void> check_actor(Reading& reading, const UnitActor& actor, std::string_view user) const;
  Result<void> put(Transaction& work, const UnitChange& change) const;
  Result<void> note(Transaction& work, const UnitActor& actor, const char* action, const UnitChange& change,
                    std::string_view reason) const;

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
  const AuditLog& audit_;
};

}  // namespace candor
