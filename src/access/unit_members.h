#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "access/audit_log.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "policy/unit.h"
#include "profile/facts.h"
#include "store/store.h"

namespace candor {

// Who is in which unit today, as rows that queues and counts join. Made of the units' rules and the directory's facts;
// what has not changed costs three small statements.
// Thread safety: any member from any thread; two refreshes at a time give what one does.
class UnitMembers {
 public:
  // All must outlive this object.
  UnitMembers(Store& store, const Keys& keys, const Facts& facts, const AuditLog& audit)
      : store_(store), keys_(keys), facts_(facts), audit_(audit) {}

  struct Refreshed {
    std::int64_t looked_at = 0;  // people whose facts were read
    std::int64_t joined = 0;     // rows that came, one for each unit and person
    std::int64_t left = 0;       // rows that went
    bool operator==(const Refreshed&) const = default;
  };
  // Takes up what changed since: of some people their facts; with another rule or another day everybody is read again.
  // A unit that is no longer there loses its members. So does a priority group, unless something in the file was not
  // understood: then those in it stay, whoever the file meant. Priority groups that come, change or go are a line of
  // the audit log (`priority_groups.changed`). Until it has ended the members are those of before. Errors are those of
  // the store, and `base.seal_broken`.
  Result<Refreshed> refresh(const Units& units, Day today) const;

  // How many people are in each unit that was there at the last refresh; reads one row for each member.
  Result<std::map<std::string, std::int64_t>> counts() const;

 private:
  Store& store_;
  const Keys& keys_;
  const Facts& facts_;
  const AuditLog& audit_;
};

// Erasure: nobody is left to be in a unit. How many rows.
Result<std::int64_t> erase_unit_memberships(Transaction& work, const PersonId& person);

}  // namespace candor
