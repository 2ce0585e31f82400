#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "activity/organisation_fact.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// Versions of one fact have the same.
using OrganisationFactIdentity = std::tuple<OrganisationFactKind, std::string, std::optional<Day>>;
OrganisationFactIdentity identity_of(const OrganisationFact& fact);

// One version of a stored fact.
struct StoredOrganisationFact {
  OrganisationFact fact;
  std::string fact_id;
  std::int64_t version = 0;
  TimePoint known_since = 0;
  bool withdrawn = false;
};

// When Candor learnt of it: its clock, or an instant the caller states, which is kept exactly.
struct LearntAt {
  TimePoint time = 0;
  bool stated = false;  // else moved behind the newest version of the same fact
};

// The dated facts about the organisation that were imported, with all their versions: what the content file says is not
// here. Of several versions the one with the greatest (known_since, version) not after the asked instant counts.
// Thread safety: any member from any thread. Errors are those of store/store.h, and `base.seal_broken`.
class OrganisationFacts {
 public:
  // Both must outlive this object.
  OrganisationFacts(Store& store, const Keys& keys) : store_(&store), keys_(&keys) {}

  enum class Recorded : std::uint8_t { first, repeat, correction, withdrawn };

  // What record() would do, without doing it. `withdrawn`: it was withdrawn and stays so unless `reinstate`.
  Result<Recorded> compare(Reading& reading, const OrganisationFact& fact, LearntAt learnt, bool reinstate) const;
  // Stores a version, unless the one that counts says the same or was withdrawn.
  Result<Recorded> record(Transaction& work, const OrganisationFact& fact, LearntAt learnt, bool reinstate) const;
  // What is_version_of() the fact is no longer true, and never was. False when there is none or it is withdrawn
  // already.
  Result<bool> can_withdraw(Reading& reading, const OrganisationFact& fact, LearntAt learnt) const;
  Result<bool> withdraw(Transaction& work, const OrganisationFact& fact, LearntAt learnt) const;

  // The version that counts of each fact, as known at `known_at` (inclusive), withdrawn ones too; by kind, key, first
  // day.
  Result<std::vector<StoredOrganisationFact>> all(TimePoint known_at) const;
  // All versions of what is_version_of() the fact, oldest first.
  Result<std::vector<StoredOrganisationFact>> history(Reading& reading, const OrganisationFact& fact) const;

 private:
  std::string id_of(const OrganisationFact& fact) const;
  Result<void> append(Transaction& work, const StoredOrganisationFact& version) const;
  Result<StoredOrganisationFact> read(const Row& row) const;

  Store* store_;
  const Keys* keys_;
};

// The facts that count together: what content says, but where an import says otherwise about the same one, the import
// is its correction - also when it was withdrawn.
std::vector<OrganisationFact> combine(const std::vector<OrganisationFact>& content,
                                      const std::vector<StoredOrganisationFact>& stored);

}  // namespace candor
