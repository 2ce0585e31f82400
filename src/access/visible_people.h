#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/own_people.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Whom a viewer may see at all, whatever the role: nobody of themselves (0019), where they are limited to units, nobody
// outside of these (docs/architecture/decisions/0031-units-limit-whom-a-viewer-sees.md), and nobody of a priority group
// they do not review (0043-priority-groups-have-reviewers.md).
namespace candor {

// Ids of the units a viewer is limited to, ascending; empty: to none, everybody may be seen.
Result<std::vector<std::string>> units_of_viewer(Reading& reading, std::string_view user);

// Ids of the priority groups a viewer reviews, ascending.
Result<std::vector<std::string>> groups_of_viewer(Reading& reading, std::string_view user);

// User names of a group's reviewers, ascending.
Result<std::vector<std::string>> reviewers_of_group(Reading& reading, std::string_view group);

// As the caller's reading sees it. Of a user name nobody has: no unit.
Result<HiddenPeople> hidden_from(Reading& reading, const OwnPeople& own, std::string_view user);
Result<HiddenPeople> hidden_from(Reading& reading, const Keys& keys, std::string_view user);

// Whether a person of that pseudonym is hidden, for who has nothing else of them; false for "".
Result<bool> hides_pseudonym(Reading& reading, const Keys& keys, const HiddenPeople& hidden,
                             std::string_view pseudonym);
// Whether anybody who owns the account on some day, or would if no fact spoke, is hidden.
Result<bool> hides_account(Reading& reading, const HiddenPeople& hidden, const AccountId& account);

}  // namespace candor
