#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"

namespace candor {

// Where a message to a person goes, and what it calls them: in the clear, for the outbox and for nobody to look at.
// What a viewer is shown of it passes the Presenter.
struct Recipient {
  std::string address;
  std::string name;  // "Jack Qualtz"; the pseudonym while nobody has told the name: never the address
};

// The address is that of the account that is theirs on the day of `now`: what a directory calls their mail, else what
// they sign in with, else the first by the alphabet of what records call them that is an address. nullopt: there is
// none.
Result<std::optional<Recipient>> recipient_of(Store& store, const Keys& keys, const People& people, const Facts& facts,
                                              const PersonId& person, TimePoint now);

}  // namespace candor
