#include "app/viewer_changes_command.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/unit_members.h"
#include "access/viewer_changes.h"
#include "access/viewers.h"
#include "access/visible_people.h"
#include "app/installation.h"
#include "app/second_person.h"

// Which people a viewer may see at all: the units a viewer is limited to, and the priority groups reviewed.
namespace candor {
namespace {

constexpr std::int64_t kLeastToldPeople = 10;  // of fewer no number is told

struct LimitOptions {
  std::string user;
  std::string role;
  std::vector<std::string> units;
  std::vector<std::string> groups;
  std::string reason;
  std::string viewer;
  std::int64_t number = 0;
  bool reject = false;
  bool withdraw = false;
};

// "analyst, sees france, germany, reviews board"
std::string in_one_line(const Entitlements& entitled) {
  return fmt::format("{}, sees {}{}", entitled.role.empty() ? "no role" : entitled.role,
                     entitled.units.empty() ? "everybody" : fmt::format("{}", fmt::join(entitled.units, ", ")),
                     entitled.reviews.empty() ? "" : fmt::format(", reviews {}", fmt::join(entitled.reviews, ", ")));
}

// For one command.
struct ChangeBook {
  ChangeBook(Installation& installation, Roles of)
      : roles(std::move(of)),
        audit(installation.store(), installation.keys(), installation.clock()),
        changes(installation.store(), installation.keys(), installation.clock(), audit, roles) {}

  const Roles roles;
  const AuditLog audit;
  const ViewerChanges changes;
};

Result<std::unique_ptr<ChangeBook>> change_book(Installation& installation) {
  CANDOR_TRY(auto roles, Roles::load(installation.content().folder / "roles.yml"));
  return std::make_unique<ChangeBook>(installation, std::move(roles));
}

std::string unit_line(const Unit& unit, const std::map<std::string, std::int64_t>& counts) {
  const auto found = counts.find(unit.id);
  const std::int64_t people = found == counts.end() ? 0 : found->second;
  return fmt::format("{:<20} {:<24} {:<22} {}\n", unit.id, unit.name,
                     people < kLeastToldPeople ? std::string("fewer than 10 people") : fmt::format("{} people", people),
                     rule_in_words(unit));
}

Result<void> print_units(const Command& command, Installation& installation, const LimitOptions&) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const UnitMembers members(installation.store(), installation.keys(), installation.facts(), audit);
  CANDOR_TRY(const auto counts, members.counts());
  const Units& units = *installation.content().units;
  for (const Unit& unit : units.units) print(command.io, unit_line(unit, counts));
  if (units.faulty) {
    print(command.io,
          "units.yml was not understood (`candor content check`): priority groups of before that are not "
          "listed here hide their people still\n");
  }
  if (units.groups.empty()) return {};
  CANDOR_TRY(auto reading, installation.store().read());
  print(command.io, "priority groups, seen by their reviewers only:\n");
  for (const Unit& group : units.groups) {
    CANDOR_TRY(const auto reviewers, reviewers_of_group(reading, group.id));
    print(command.io, unit_line(group, counts) +
                          fmt::format("{:<20} {}\n", "",
                                      reviewers.empty() ? std::string("nobody reviews it: nobody sees these people")
                                                        : fmt::format("reviewed by {}", fmt::join(reviewers, ", "))));
  }
  return {};
}

// Whoever works on the machine itself, or the viewer named, who proves it.
Result<ViewerActor> viewer_actor(const Command& command, Installation& installation, const std::string& viewer) {
  if (viewer.empty()) return ViewerActor{.name = local_viewer(command.io), .own = {}, .token = {}, .local = true};
  CANDOR_TRY(const Viewer acts, signed_in_viewer(command, installation, viewer, Permission::viewers_write));
  return ViewerActor{.name = acts.user(), .own = acts.own_people(), .token = {}, .local = false};
}

Result<void> ask_for_change(const Command& command, Installation& installation, const LimitOptions& options,
                            ViewerChanges::Wanted wanted) {
  CANDOR_TRY(const auto book, change_book(installation));
  CANDOR_TRY(const ViewerActor actor, viewer_actor(command, installation, options.viewer));
  CANDOR_TRY(const ViewerChange change,
             book->changes.ask(actor, options.user, std::move(wanted), *installation.content().units, options.reason,
                               installation.kind().get() != DataKind::demo));
  if (change.decision == ViewerDecision::waits) {
    print(command.io, fmt::format("change {} waits for a second person: candor viewer decide {} --viewer USER\n",
                                  change.number, change.number));
  } else {
    print(command.io, fmt::format("{}: {} from now on\n", change.user, in_one_line(change.after)));
  }
  return {};
}

Result<void> change_role(const Command& command, Installation& installation, const LimitOptions& options) {
  return ask_for_change(command, installation, options, {.role = options.role == "none" ? "" : options.role});
}

// Nothing but the account and its password is made here: what the viewer may do is a change like any other.
Result<void> add_account(const Command& command, Installation& installation, const LimitOptions& options) {
  CANDOR_TRY(const auto book, change_book(installation));
  CANDOR_TRY(const ViewerActor actor, viewer_actor(command, installation, options.viewer));
  if (!book->roles.has(options.role)) {
    return fail("access.unknown_role", "there is no role of that name; `candor viewer roles` lists them");
  }
  Viewers viewers(installation.store(), installation.keys(), installation.clock(), book->audit, book->roles);
  CANDOR_TRY(const std::string password, viewers.add(actor.name, options.user, ""));
  print(command.io, fmt::format("one-time password of {}: {}\nit has to be changed at the first sign-in\n",
                                options.user, password));
  return ask_for_change(command, installation, options, {.role = options.role});
}

Result<void> change_units(const Command& command, Installation& installation, const LimitOptions& options) {
  return ask_for_change(command, installation, options, {.units = options.units});
}

Result<void> change_reviews(const Command& command, Installation& installation, const LimitOptions& options) {
  return ask_for_change(command, installation, options, {.reviews = options.groups});
}

Result<void> decide_change(const Command& command, Installation& installation, const LimitOptions& options) {
  CANDOR_TRY(const auto book, change_book(installation));
  if (options.viewer.empty() && !options.withdraw) {
    return fail("app.second_person",
                "a second person decides on it: `--viewer USER` names a viewer who may change "
                "viewers, and the password is read from standard input");
  }
  CANDOR_TRY(const ViewerActor actor, viewer_actor(command, installation, options.viewer));
  const ViewerDecision decision = options.withdraw ? ViewerDecision::withdrawn
                                  : options.reject ? ViewerDecision::rejected
                                                   : ViewerDecision::agreed;
  CANDOR_TRY(const ViewerChange change, book->changes.decide(actor, options.number, decision, options.reason));
  print(command.io, fmt::format("change {}: {}\n", change.number, to_text(change.decision)));
  if (decision == ViewerDecision::agreed) {
    print(command.io, fmt::format("{}: {} from now on\n", change.user, in_one_line(change.after)));
  }
  return {};
}

Result<void> print_changes(const Command& command, Installation& installation, const LimitOptions&) {
  CANDOR_TRY(const auto book, change_book(installation));
  CANDOR_TRY(const auto changes, book->changes.changes());
  for (const ViewerChange& one : changes) {
    print(command.io, fmt::format("{:>4} {} {}: from {} to {}; asked by {}: {}; {}{}\n", one.number,
                                  format_time(one.asked_at), one.user, in_one_line(one.before), in_one_line(one.after),
                                  one.asked_by, one.reason, to_text(one.decision),
                                  one.decided_by.empty() ? (one.decided_reason.empty() ? "" : ", " + one.decided_reason)
                                                         : " by " + one.decided_by));
  }
  return {};
}

using LimitWork = Result<void> (*)(const Command&, Installation&, const LimitOptions&);

CLI::App* add_limit_sub(CLI::App& viewer, Command& command, const std::shared_ptr<LimitOptions>& options,
                        const char* name, const char* description, LimitWork run) {
  CLI::App* sub = viewer.add_subcommand(name, description);
  sub->callback([&command, options, run] {
    command.installed = [&command, options, run](Installation& installation) {
      const auto done = run(command, installation, *options);
      return done ? 0 : report(command.io, done.error());
    };
  });
  return sub;
}

// `usual`: the reason when none is given; nullptr: one must be.
void takes_reason(CLI::App* sub, LimitOptions& options, const char* usual = nullptr) {
  CLI::Option* reason = sub->add_option("--reason", options.reason, "Why; kept in the audit log");
  if (usual == nullptr) {
    reason->required();
  } else {
    reason->default_val(usual);
  }
  sub->add_option("--viewer", options.viewer,
                  "Who acts, a viewer that may change viewers; the password is read from standard input. Without it "
                  "whoever runs the command, who does not decide on a change");
}

}  // namespace

void add_viewer_changes(CLI::App& viewer, Command& command) {
  auto options = std::make_shared<LimitOptions>();
  CLI::App* sub =
      add_limit_sub(viewer, command, options, "add",
                    "Make a viewer and print a one-time password; the role is given as by set-role", add_account);
  sub->add_option("USER", options->user, "User name")->required();
  sub->add_option("--role", options->role, "One of `candor viewer roles`")->required();
  takes_reason(sub, *options, "a new viewer");
  sub = add_limit_sub(viewer, command, options, "set-role",
                      "Give a viewer another role, from the next request on; more than the present one allows waits "
                      "for a second person",
                      change_role);
  sub->add_option("USER", options->user, "User name")->required();
  sub->add_option("ROLE", options->role, "One of `candor viewer roles`, or `none`")->required();
  takes_reason(sub, *options);
  add_limit_sub(viewer, command, options, "units",
                "The units and priority groups of units.yml, with how many people are in each today", print_units);
  sub = add_limit_sub(viewer, command, options, "limit",
                      "Let a viewer see only people in some units, in place of those the viewer is limited to now",
                      change_units);
  sub->add_option("USER", options->user, "User name")->required();
  sub->add_option("--unit", options->units, "One of `candor viewer units`; may be repeated")->required();
  takes_reason(sub, *options);
  sub = add_limit_sub(viewer, command, options, "unlimit", "Let a viewer see everybody again, as the role allows",
                      change_units);
  sub->add_option("USER", options->user, "User name")->required();
  takes_reason(sub, *options);
  sub = add_limit_sub(viewer, command, options, "review",
                      "Let a viewer see the people of priority groups, in place of those reviewed now", change_reviews);
  sub->add_option("USER", options->user, "User name")->required();
  sub->add_option("--group", options->groups, "One of the priority groups of `candor viewer units`; may be repeated")
      ->required();
  takes_reason(sub, *options);
  sub = add_limit_sub(viewer, command, options, "unreview", "Let a viewer see the people of no priority group any more",
                      change_reviews);
  sub->add_option("USER", options->user, "User name")->required();
  takes_reason(sub, *options);
  add_limit_sub(viewer, command, options, "changes", "Changes of what viewers may do and see, the newest first",
                print_changes);
  sub = add_limit_sub(viewer, command, options, "decide",
                      "Agree, as a second person, to a change that gives a viewer more", decide_change);
  sub->add_option("NUMBER", options->number, "Of the change, as `candor viewer changes` has it")->required();
  sub->add_flag("--reject", options->reject, "Reject it");
  sub->add_flag("--withdraw", options->withdraw, "Take one's own request back")->excludes("--reject");
  takes_reason(sub, *options);
}

}  // namespace candor
