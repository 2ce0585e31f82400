#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "access/audit_log.h"
#include "access/viewers.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/provider_setup.h"
#include "app/viewer_changes_command.h"

namespace candor {
namespace {

struct ViewerOptions {
  std::string user;
  std::string account;
};

// Viewers of an open folder, with the roles of its content, for as long as one command takes.
int with_viewers(const Command& command, Installation& installation, const std::function<int(Viewers&)>& work) {
  const auto roles = Roles::load(installation.content().folder / "roles.yml");
  if (!roles) return report(command.io, roles.error());
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  Viewers viewers(installation.store(), installation.keys(), installation.clock(), audit, *roles);
  return work(viewers);
}

int tell_password(const Command& command, const std::string& user, const Result<std::string>& password) {
  if (!password) return report(command.io, password.error());
  print(command.io,
        fmt::format("one-time password of {}: {}\nit has to be changed at the first sign-in\n", user, *password));
  return 0;
}

int list_viewers(const Command& command, const Viewers& viewers) {
  const auto found = viewers.list();
  if (!found) return report(command.io, found.error());
  const auto sessions = viewers.sessions();
  if (!sessions) return report(command.io, sessions.error());
  for (const ViewerInfo& viewer : *found) {
    const auto open = std::ranges::count(*sessions, viewer.user, &SessionInfo::user);
    print(
        command.io,
        fmt::format(
            "{:<20} {:<14} {} {}{}{}{}{}{}\n", viewer.user, viewer.role.empty() ? "no role" : viewer.role,
            viewer.last_sign_in ? "last sign-in " + format_time(*viewer.last_sign_in) : std::string("never signed in"),
            fmt::format("open sessions {}", open), viewer.must_change_password ? " one-time password" : "",
            viewer.is_of_provider ? " of the identity provider" : (viewer.has_second_factor ? " second factor" : ""),
            viewer.is_known_person ? "" : " no account of theirs is known",
            viewer.units.empty() ? "" : fmt::format(" limited to {}", fmt::join(viewer.units, ", ")),
            viewer.reviews.empty() ? "" : fmt::format(" reviewing {}", fmt::join(viewer.reviews, ", "))));
  }
  return 0;
}

int print_roles(const Command& command, const Viewers& viewers) {
  for (const std::string& role : viewers.roles().names()) {
    std::string permissions;
    for (const Permission permission : all_permissions()) {
      if (allows(viewers.roles().permissions(role), permission)) {
        permissions += (permissions.empty() ? "" : " ") + std::string(to_text(permission));
      }
    }
    const bool required = viewers.roles().second_factor_required(role);
    print(command.io, fmt::format("{:<14} {}{}\n", role, permissions, required ? " (second factor required)" : ""));
  }
  return 0;
}

int link_account(const Command& command, Viewers& viewers, const ViewerOptions& options) {
  const auto done = viewers.link(local_viewer(command.io), options.user, options.account);
  if (!done) return report(command.io, done.error());
  print(command.io,
        fmt::format("nothing about the owners of that account is there for {} from now on\n", options.user));
  return 0;
}

int unlink_account(const Command& command, Viewers& viewers, const ViewerOptions& options) {
  const auto done = viewers.unlink(local_viewer(command.io), options.user, options.account);
  if (!done) return report(command.io, done.error());
  print(command.io, fmt::format("that account is no longer linked to {}\n", options.user));
  return 0;
}

int end_sessions(const Command& command, Viewers& viewers, const ViewerOptions& options) {
  const auto ended = viewers.end_sessions(local_viewer(command.io), options.user);
  if (!ended) return report(command.io, ended.error());
  print(command.io, fmt::format("{} sessions of {} ended\n", *ended, options.user));
  return 0;
}

int reset_second_factor(const Command& command, Viewers& viewers, const ViewerOptions& options) {
  const auto done = viewers.reset_second_factor(local_viewer(command.io), options.user);
  if (!done) return report(command.io, done.error());
  print(command.io,
        fmt::format("{} has no second factor now; their sessions are ended, their tokens revoked\n", options.user));
  return 0;
}

int revoke_tokens(const Command& command, Viewers& viewers, const ViewerOptions& options) {
  const auto revoked = viewers.revoke_tokens(local_viewer(command.io), options.user);
  if (!revoked) return report(command.io, revoked.error());
  print(command.io, fmt::format("{} tokens of {} revoked\n", *revoked, options.user));
  return 0;
}

using ViewerWork = std::function<int(Viewers&, const ViewerOptions&)>;

CLI::App* add_sub(CLI::App& viewer, Command& command, const std::shared_ptr<ViewerOptions>& options, const char* name,
                  const char* description, ViewerWork run) {
  CLI::App* sub = viewer.add_subcommand(name, description);
  sub->callback([&command, options, run = std::move(run)] {
    command.installed = [&command, options, run](Installation& installation) {
      return with_viewers(command, installation, [&](Viewers& viewers) { return run(viewers, *options); });
    };
  });
  return sub;
}

}  // namespace

void add_viewer(CLI::App& app, Command& command) {
  CLI::App* viewer = app.add_subcommand("viewer", "Who of ours may sign in, and as what");
  viewer->require_subcommand(1);
  auto options = std::make_shared<ViewerOptions>();
  const auto takes_user = [&](CLI::App* sub) { sub->add_option("USER", options->user, "User name")->required(); };

  add_sub(*viewer, command, options, "list", "Everybody, with role, last sign-in and open sessions",
          [&command](Viewers& viewers, const ViewerOptions&) { return list_viewers(command, viewers); });
  takes_user(add_sub(*viewer, command, options, "reset-password",
                     "Print a new one-time password; ends the viewer's sessions, revokes their tokens",
                     [&command](Viewers& viewers, const ViewerOptions& given) {
                       return tell_password(command, given.user,
                                            viewers.reset_password(local_viewer(command.io), given.user));
                     }));
  add_sub(*viewer, command, options, "roles", "Every role and what it may do",
          [&command](Viewers& viewers, const ViewerOptions&) { return print_roles(command, viewers); });

  const auto takes_account = [&](CLI::App* on) {
    on->add_option("--account", options->account, "An address or user name as records have it")->required();
  };
  CLI::App* sub = add_sub(
      *viewer, command, options, "link",
      "Say that an account is a viewer's own: nothing about its owners is there for them, whatever the role",
      [&command](Viewers& viewers, const ViewerOptions& given) { return link_account(command, viewers, given); });
  takes_user(sub);
  takes_account(sub);
  sub = add_sub(
      *viewer, command, options, "unlink", "Take a link back; what the user name itself names stays",
      [&command](Viewers& viewers, const ViewerOptions& given) { return unlink_account(command, viewers, given); });
  takes_user(sub);
  takes_account(sub);

  add_viewer_changes(*viewer, command);
  takes_user(add_sub(
      *viewer, command, options, "end-sessions", "Sign a viewer out everywhere; what was lifted there ends too",
      [&command](Viewers& viewers, const ViewerOptions& given) { return end_sessions(command, viewers, given); }));
  takes_user(add_sub(*viewer, command, options, "reset-second-factor",
                     "Take a viewer's second factor away; ends the viewer's sessions, revokes their tokens",
                     [&command](Viewers& viewers, const ViewerOptions& given) {
                       return reset_second_factor(command, viewers, given);
                     }));
  CLI::App* check = viewer->add_subcommand(
      "oidc-check", "Ask the identity provider of the settings, and say what is wrong for sign-in with it");
  check->callback([&command] { command.standalone = [&command] { return check_provider(command); }; });
  takes_user(add_sub(
      *viewer, command, options, "revoke-tokens", "Revoke all tokens that a viewer made for programs",
      [&command](Viewers& viewers, const ViewerOptions& given) { return revoke_tokens(command, viewers, given); }));
}

}  // namespace candor
