#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/own_people.h"
#include "access/permission.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "policy/unit.h"
#include "store/store.h"

namespace candor {

enum class ViewerDecision : std::uint8_t { waits, agreed, not_needed, rejected, withdrawn, replaced };
std::string_view to_text(ViewerDecision decision);  // "waits", "agreed", ...

// What a viewer may do, and with whom; ids ascending.
struct Entitlements {
  std::string role = {};                  // "": none, nothing may be done
  std::vector<std::string> units = {};    // limited to these; empty: to none, everybody may be seen
  std::vector<std::string> reviews = {};  // the priority groups reviewed: of others nobody is seen
  bool operator==(const Entitlements&) const = default;
};

// A change of what a viewer may do, or with whom, as somebody asked for it.
struct ViewerChange {
  std::int64_t number = 0;  // from 1, in the order asked for
  std::string user;
  Entitlements after;
  Entitlements before;  // when it was asked
  std::string asked_by;
  std::string reason;
  TimePoint asked_at = 0;
  ViewerDecision decision = ViewerDecision::waits;
  std::string decided_by;  // "" when nobody had to
  std::string decided_reason;
  TimePoint decided_at = 0;  // 0: not decided
};

// Who asks or decides.
struct ViewerActor {
  std::string name;    // a viewer's user name, or "local/ACCOUNT"
  OwnPeople own = {};  // whom they are among the people watched over
  std::string token;   // Viewer::token(); "" where no program asks
  bool local = false;  // works on the machine itself: no viewer, limited by nothing
};

// The role of a viewer, the units a viewer is limited to, and the priority groups reviewed. What only takes away holds
// at once; what may give somebody more waits for a second person, where the people are real. A role is given alone as
// long as nobody is there who could agree: no other viewer with `viewers.write` and without units. Nobody changes their
// own, and whoever is limited changes nobody's. Every act leaves a line in the audit log, in its transaction. Sessions
// follow from the next request on. Errors besides the store's: `access.unknown_user`, `access.unknown_role`,
// `access.provider_account` (of a role: it follows the groups there), `access.unknown_unit`, `access.own_rights`,
// `access.unknown_group`, `access.limited_viewer`, `access.same_viewer`, `access.too_many_units`, `access.bad_reason`,
// and of decisions `access.no_viewer_change` (none of that number waits), `access.own_change` (whoever asked does not
// agree) and `access.viewer_changed_meanwhile`. Thread safety: any member from any thread.
class ViewerChanges {
 public:
  static constexpr std::size_t kMostUnits = 50;        // of one viewer; and as many groups
  static constexpr std::size_t kLongestReason = 1000;  // bytes

  // All must outlive this object.
  ViewerChanges(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, const Roles& roles)
      : store_(store), keys_(keys), clock_(clock), audit_(audit), roles_(roles) {}

  // The newest first.
  Result<std::vector<ViewerChange>> changes() const;
  // Replaces the role, the units the viewer is limited to, or the groups reviewed, the last two by ids of `units`;
  // empty: none; nullopt: it stays. `needs_second`: the people are real. One that waited for the same viewer is
  // replaced.
  struct Wanted {
    std::optional<std::string> role = {};
    std::optional<std::vector<std::string>> units = {};
    std::optional<std::vector<std::string>> reviews = {};
  };
  Result<ViewerChange> ask(const ViewerActor& actor, std::string_view user, Wanted wanted, const Units& units,
                           std::string_view reason, bool needs_second) const;
  // `decision`: agreed, rejected or withdrawn.
  Result<ViewerChange> decide(const ViewerActor& actor, std::int64_t number, ViewerDecision decision,
                              std::string_view reason) const;

  // Whether somebody with `after` can do nothing, and see nobody, that `before` would not let.
  bool only_narrows(const Entitlements& before, const Entitlements& after) const;

 private:
  // Whether somebody other than these could agree to a change.
  Result<bool> anybody_could_agree(Reading& reading, const ViewerActor& actor, std::string_view user) const;
  Result<void> check_actor(Reading& reading, const ViewerActor& actor, std::string_view user) const;
  Result<void> put(Transaction& work, const ViewerChange& change) const;
  Result<void> note(Transaction& work, const ViewerActor& actor, const char* action, const ViewerChange& change,
                    std::string_view reason) const;

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
  const AuditLog& audit_;
  const Roles& roles_;
};

}  // namespace candor
