#pragma once

#include <optional>
#include <string>

#include "access/viewer.h"
#include "app/command.h"
#include "app/installation.h"
#include "base/ids.h"
#include "base/result.h"

namespace candor {

// Who acts on the command line, where nobody has to agree: `viewer` as a second person, who proves it, or "" for
// whoever runs the command.
Result<std::string> who_acts(const Command& command, Installation& installation, const std::string& viewer);
// The viewer of that name, who has the permission and proves it with the password, read from standard input.
Result<Viewer> signed_in_viewer(const Command& command, Installation& installation, const std::string& user,
                                Permission permission);

// Who agrees to what needs a second person over real people: the viewer that `user` names, who may agree
// (policies.approve) and proves it with the password, read from standard input so that it stands in no list of
// processes. nullopt: over invented people, where nobody has to. Fails with `app.second_person` where somebody has to
// and nobody is named; `why` begins its message, "this brings ...". Errors besides are those of access.
Result<std::optional<Viewer>> who_agrees(const Command& command, Installation& installation, const std::string& user,
                                         const std::string& why);

// `access.outside_units` when that viewer is limited to units that the person is not in.
Result<void> check_units(Installation& installation, const Viewer& viewer, const PersonId& person);

// What is agreed to.
struct AgreedTo {
  std::string asked_by;                // a user name, or "local/ACCOUNT"
  std::optional<PersonId> about = {};  // nullopt: about nobody in particular
  const char* own_request = "";        // how it is called when both are one person
};
// Whether that viewer is a second person to it, as the HTTP interface judges it: not whoever asked, under whatever
// name, nor whom it is about, nor their managers or team, nor somebody limited to units that the person
// is not in. Fails with `own_request`, `access.own_person`, `access.outside_units` and `access.own_team`.
Result<void> check_second(Installation& installation, const Viewer& viewer, const AgreedTo& what);

}  // namespace candor
