#include "app/second_person.h"

#include "access/audit_log.h"
#include "access/own_team.h"
#include "access/viewers.h"
#include "app/content.h"
#include "app/data_kind.h"
#include "app/io.h"

namespace candor {

Result<Viewer> signed_in_viewer(const Command& command, Installation& installation, const std::string& user,
                                Permission permission) {
  CANDOR_TRY(auto roles, Roles::load(installation.content().folder / "roles.yml"));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  Viewers viewers(installation.store(), installation.keys(), installation.clock(), audit, std::move(roles));
  CANDOR_TRY(const std::string password, read_secret(command.io, "password of " + user + ": "));
  auto session = viewers.sign_in(user, password);
  if (!session && session.error().error.id == "access.code_needed") {
    CANDOR_TRY(const std::string code, read_secret(command.io, "code of " + user + "'s second factor: "));
    session = viewers.sign_in(user, password, {}, code);
  }
  if (!session) return std::unexpected(session.error().error);
  Viewer viewer = session->viewer;
  CANDOR_TRY_VOID(viewers.sign_out(session->token));
  CANDOR_TRY_VOID(viewer.require(permission));
  return viewer;
}

Result<std::string> who_acts(const Command& command, Installation& installation, const std::string& viewer) {
  if (viewer.empty()) return local_viewer(command.io);
  CANDOR_TRY(const Viewer acts, signed_in_viewer(command, installation, viewer, Permission::policies_approve));
  return acts.user();
}

Result<std::optional<Viewer>> who_agrees(const Command& command, Installation& installation, const std::string& user,
                                         const std::string& why) {
  if (!user.empty()) {
    CANDOR_TRY(Viewer viewer, signed_in_viewer(command, installation, user, Permission::policies_approve));
    return viewer;
  }
  if (installation.kind().get() == DataKind::demo) return std::nullopt;
  return fail("app.second_person",
              why +
                  ", so a second person must agree: `--viewer USER` names a viewer who may approve policies, and the "
                  "password is read from standard input");
}

Result<void> check_units(Installation& installation, const Viewer& viewer, const PersonId& person) {
  CANDOR_TRY(auto reading, installation.store().read());
  CANDOR_TRY(const bool outside, hides(reading, viewer.hidden_people().outside_only(), person));
  if (!outside) return {};
  return fail("access.outside_units", "that viewer may not see this person: units or priority groups say so");
}

Result<void> check_second(Installation& installation, const Viewer& viewer, const AgreedTo& what) {
  const OwnPeople& own = viewer.own_people();
  CANDOR_TRY_VOID(refuse_one_person(installation.store(), installation.keys(), own, what.asked_by, what.own_request));
  if (!what.about) return {};
  if (own.contains(*what.about)) {
    return fail("access.own_person", "by the accounts this is about that viewer: somebody else must agree");
  }
  CANDOR_TRY_VOID(check_units(installation, viewer, *what.about));
  const TeamSources team{.store = installation.store(),
                         .facts = installation.facts(),
                         .keys = installation.keys(),
                         .today = day_of(installation.clock().now())};
  return refuse_own_team(team, own, *what.about);
}

}  // namespace candor
