#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alerts/policies.h"
#include "ingest/switch_book.h"
#include "organisation/running_settings.h"
#include "packs/applied_packs.h"
#include "packs/pack_shelf.h"

// What applying packs would change, found out before anything is done, and the doing of it: all of it or nothing. The
// command line and the HTTP interface are two ways in.
namespace candor {

// What somebody asks for.
struct PackAsk {
  std::vector<std::string> ids;
  std::string lawful_start;                  // the section `lawful_start:` for policies without one; "" none
  std::string lawful_start_name = "lawful";  // how faults of it call it
  std::string agreement;                     // reference to what allows to switch on; "" none
  bool retention = false;                    // ask for the shorter times, too
  std::string name;                          // who asks: a user name, or "local/ACCOUNT"
};

// What packs are compared with and become part of. All must outlive the call.
struct PackSurround {
  const PackShelf& shelf;
  PolicyBook& policies;
  PolicyContentNow content;
  const Switchboard& switches;
  RunningSettings* settings = nullptr;  // null: nothing is known of how long things are kept
  Store& store;
  const Clock& clock;
};

// The longest that should hold, where now things are kept longer.
struct ShorterRetention {
  std::int64_t raw_days = 0;
  std::int64_t activity_days = 0;
};

struct PackPlan {
  PackAsk ask;
  std::vector<Pack> packs;
  PackWishes wishes;
  std::vector<Policy> policies;
  std::vector<PolicyChange> changes;  // beside `policies`
  std::vector<SwitchStep> steps;
  std::vector<std::string> notes;
  ShorterRetention kept;                      // as it is now
  std::optional<ShorterRetention> retention;  // that should hold
  bool retention_asked = false;               // exactly that waits for a second person already
  bool retention_waits = false;               // it would wait for one, once asked for
  bool retention_changed = false;             // while Candor ran, so that the file would not make it hold
  bool recorded = false;                      // the same packs, with the same beside them, were applied last

  static bool is_to_do(const SwitchStep& step);
  std::vector<Switch> decisions() const;  // to be taken, in this order
  std::int64_t policies_changed() const;
  bool asks_retention() const;  // a part of it
  // Anything but that it was asked for.
  bool changes_anything() const;
  std::string ids() const;  // "de, finance"
  // Other for every other thing that would be done; 16 hexadecimal digits.
  std::string digest() const;
};

// Changes nothing. Fails with `pack.unknown`, and `pack.not_applied` when `faults` tell why.
Result<PackPlan> plan_packs(const PackSurround& around, const PackAsk& ask, std::vector<Diagnostic>& faults);

// How far what holds is from what was applied last. nullopt: nothing was, or a pack of it is gone.
struct PackDrift {
  std::int64_t policies = 0;
  std::int64_t switches = 0;
  bool retention = false;  // things are kept longer than the packs say
};
Result<std::optional<PackDrift>> pack_drift(const PackSurround& around, const PackApplication& last);

// Who acts, with the audit lines of each part in the one transaction.
struct PackActor {
  std::string reason;
  PolicyActor policies;
  SwitchBook::Also switches;
  SettingActor settings;
  std::function<Result<void>(Transaction&, const PackPlan&)> also;  // may be empty
};
// Takes decisions about indicators in one transaction, with whatever `rest` does; in force when it returns.
using DecideTogether = std::function<Result<void>(std::vector<Switch> decisions, const SwitchBook::Also& also,
                                                  const std::function<Result<void>(Transaction&)>& rest)>;
// Decisions about indicators first, so that no policy sees what is to be off, then policies, then the settings. Where a
// part fails nothing is done. Errors are those of the parts.
Result<void> apply_packs(const PackSurround& around, const PackPlan& plan, const PackActor& actor,
                         const DecideTogether& decide);

}  // namespace candor
