#pragma once

#include <string_view>

#include "access/own_people.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/facts.h"
#include "store/store.h"

// Who may not act on a person, or agree to what somebody asked for, because of who they are among the people watched
// over. `own` empty: nobody of ours, who may.
namespace candor {

// What tells who leads whom. All must outlive the call.
struct TeamSources {
  Store& store;
  const Facts& facts;
  const Keys& keys;
  Day today = 0;
};

// Nobody handles what is about those they lead, by however many steps, or about whoever leads them: fails with
// `access.own_team`.
Result<void> refuse_own_team(const TeamSources& sources, const OwnPeople& own, const PersonId& person);
// Nobody agrees to what they asked for, under whatever user name: fails with `own_request` when `own` and those of
// `asker` are, or may be, one human being. `asker` is a user name, or "local/ACCOUNT".
Result<void> refuse_one_person(Store& store, const Keys& keys, const OwnPeople& own, std::string_view asker,
                               const char* own_request);

}  // namespace candor
