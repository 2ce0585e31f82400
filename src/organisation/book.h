#pragma once

#include <memory>
#include <vector>

#include "activity/organisation.h"
#include "organisation/facts.h"

namespace candor {

// All that the organisation says: what the content file says, and what was imported since.
// Thread safety: any member from any thread. Errors are those of store/store.h, and `base.seal_broken`.
class OrganisationBook {
 public:
  // `facts` must outlive this. `read_by`: what records are read by until the folder is opened again.
  OrganisationBook(const OrganisationFacts& facts, std::vector<OrganisationFact> content, ShippedLists lists,
                   std::shared_ptr<const Organisation> read_by)
      : facts_(&facts), content_(std::move(content)), lists_(std::move(lists)), read_by_(std::move(read_by)) {}

  // A fact with the time since which it is known; none for those of the content file.
  struct Known {
    OrganisationFact fact;
    std::optional<TimePoint> since;
  };
  struct World {
    std::vector<Known> facts;  // by kind, key, first day; not the withdrawn ones
    std::shared_ptr<const Organisation> organisation;

    std::vector<OrganisationFact> all() const;
  };
  // As known at that time, inclusive.
  Result<World> world(TimePoint known_at) const;
  // As known for ever: also what is stated to be known only later.
  Result<World> world() const;
  // Imported facts that records will be read by from the next opening on.
  Result<bool> is_pending() const;

 private:
  const OrganisationFacts* facts_;
  std::vector<OrganisationFact> content_;
  ShippedLists lists_;
  std::shared_ptr<const Organisation> read_by_;
};

}  // namespace candor
