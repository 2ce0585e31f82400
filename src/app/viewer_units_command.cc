#include "app/viewer_units_command.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/unit_members.h"
#include "access/viewer_units.h"
#include "access/visible_people.h"
#include "app/installation.h"
#include "app/second_person.h"

// Which people a viewer may see at all: the units a viewer is limited to, and the priority groups reviewed.
namespace candor {
namespace {

constexpr std::int64_t kLeastToldPeople = 10;  // of fewer no number is told

struct LimitOptions {
  std::string user;
  std::vector<std::string> units;
  std::vector<std::string> groups;
  std::string reason;
  std::string viewer;
  std::int64_t number = 0;
  bool reject = false;
  bool withdraw = false;
};

std::string in_one_line(const Sight& sight) {
  return (sight.units.empty() ? "everybody" : fmt::format("{}", fmt::join(sight.units, ", "))) +
         (sight.reviews.empty() ? "" : fmt::format(", reviewing {}", fmt::join(sight.reviews, ", ")));
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
Result<UnitActor> unit_actor(const Command& command, Installation& installation, const std::string& viewer) {
  if (viewer.empty()) return UnitActor{.name = local_viewer(command.io), .own = {}, .token = {}, .local = true};
  CANDOR_TRY(const Viewer acts, signed_in_viewer(command, installation, viewer, Permission::viewers_write));
  return UnitActor{.name = acts.user(), .own = acts.own_people(), .token = {}, .local = false};
}

ViewerUnits unit_book(Installation& installation, const AuditLog& audit) {
  return {installation.store(), installation.keys(), installation.clock(), audit};
}

Result<void> change_sight(const Command& command, Installation& installation, const LimitOptions& options,
                          ViewerUnits::Wanted wanted) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY(const UnitActor actor, unit_actor(command, installation, options.viewer));
  CANDOR_TRY(const UnitChange change, unit_book(installation, audit)
                                          .ask(actor, options.user, std::move(wanted), *installation.content().units,
                                               options.reason, installation.kind().get() != DataKind::demo));
  if (change.decision == UnitDecision::waits) {
    print(command.io, fmt::format("change {} waits for a second person: candor viewer decide-limit {} --viewer USER\n",
                                  change.number, change.number));
  } else {
    print(command.io, fmt::format("{} sees {} from now on\n", change.user, in_one_line(change.after)));
  }
  return {};
}

Result<void> change_units(const Command& command, Installation& installation, const LimitOptions& options) {
  return change_sight(command, installation, options, {.units = options.units});
}

Result<void> change_reviews(const Command& command, Installation& installation, const LimitOptions& options) {
  return change_sight(command, installation, options, {.reviews = options.groups});
}

Result<void> decide_change(const Command& command, Installation& installation, const LimitOptions& options) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  if (options.viewer.empty() && !options.withdraw) {
    return fail("app.second_person",
                "a second person decides on it: `--viewer USER` names a viewer who may change "
                "viewers, and the password is read from standard input");
  }
  CANDOR_TRY(const UnitActor actor, unit_actor(command, installation, options.viewer));
  const UnitDecision decision = options.withdraw ? UnitDecision::withdrawn
                                : options.reject ? UnitDecision::rejected
                                                 : UnitDecision::agreed;
  CANDOR_TRY(const UnitChange change,
             unit_book(installation, audit).decide(actor, options.number, decision, options.reason));
  print(command.io, fmt::format("change {}: {}\n", change.number, to_text(change.decision)));
  if (decision == UnitDecision::agreed) {
    print(command.io, fmt::format("{} sees {} from now on\n", change.user, in_one_line(change.after)));
  }
  return {};
}

Result<void> print_changes(const Command& command, Installation& installation, const LimitOptions&) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY(const auto changes, unit_book(installation, audit).changes());
  for (const UnitChange& one : changes) {
    print(command.io,
          fmt::format("{:>4} {} {}: from {} to {}; asked by {}: {}; {}{}\n", one.number, format_time(one.asked_at),
                      one.user, in_one_line(one.before), in_one_line(one.after), one.asked_by, one.reason,
                      to_text(one.decision), one.decided_by.empty() ? "" : " by " + one.decided_by));
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

void takes_reason(CLI::App* sub, LimitOptions& options) {
  sub->add_option("--reason", options.reason, "Why; kept in the audit log")->required();
  sub->add_option("--viewer", options.viewer,
                  "Who acts, a viewer that may change viewers; the password is read from standard input. Without it "
                  "whoever runs the command, who does not decide on a change");
}

}  // namespace

void add_viewer_units(CLI::App& viewer, Command& command) {
  auto options = std::make_shared<LimitOptions>();
  add_limit_sub(viewer, command, options, "units",
                "The units and priority groups of units.yml, with how many people are in each today", print_units);
  CLI::App* sub = add_limit_sub(
      viewer, command, options, "limit",
      "Let a viewer see only people in some units, in place of those the viewer is limited to now", change_units);
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
  add_limit_sub(viewer, command, options, "limits", "Changes of whom viewers see, the newest first", print_changes);
  sub = add_limit_sub(viewer, command, options, "decide-limit",
                      "Agree, as a second person, to a change that shows a viewer more people", decide_change);
  sub->add_option("NUMBER", options->number, "Of the change, as `candor viewer limits` has it")->required();
  sub->add_flag("--reject", options->reject, "Reject it");
  sub->add_flag("--withdraw", options->withdraw, "Take one's own request back")->excludes("--reject");
  takes_reason(sub, *options);
}

}  // namespace candor
