#include "app/second_person.h"

#include "access/audit_log.h"
#include "access/viewers.h"
#include "app/content.h"
#include "app/io.h"

namespace candor {

Result<std::string> who_acts(const Command& command, Installation& installation, const std::string& viewer) {
  if (viewer.empty()) return local_viewer(command.io);
  return second_person(command, installation, viewer);
}

Result<std::string> second_person(const Command& command, Installation& installation, const std::string& user) {
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
  const Viewer viewer = session->viewer;
  CANDOR_TRY_VOID(viewers.sign_out(session->token));
  CANDOR_TRY_VOID(viewer.require(Permission::policies_approve));
  return viewer.user();
}

}  // namespace candor
