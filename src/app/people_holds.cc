#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "cases/legal_holds.h"

// Legal holds: of whom nothing may go for the time being. Less goes by one, and nothing more is seen: nobody else is
// needed to place or release it, and the audit log has both.
namespace candor {
namespace {

struct HoldOptions {
  std::string person;
  std::string reason;
};

struct HoldAct {
  const char* action;
  Result<std::int64_t> (*run)(Transaction& work, const PersonId& person, std::string_view reason,
                              std::string_view viewer, TimePoint now);
  const char* said;
};

Result<std::string> held_or_released(const Command& command, Installation& installation, const HoldOptions& options,
                                     const HoldAct& act) {
  CANDOR_TRY_VOID(check_local_reason(options.reason));
  const TimePoint now = installation.clock().now();
  CANDOR_TRY(const PersonId person, find_person(installation, options.person, day_of(now)));
  CANDOR_TRY(const std::string said,
             masked_for_audit(installation.store(), installation.keys(), person, now, options.reason));
  AuditEntry entry;
  entry.viewer = local_viewer(command.io);
  entry.action = act.action;
  entry.object_kind = "person";
  entry.pseudonym = pseudonym(installation.keys(), person);
  entry.object_id = entry.pseudonym;
  entry.reason = said;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(act.run(work, person, said, entry.viewer, now));
    CANDOR_TRY_VOID(audit.append(work, entry));
    return {};
  }));
  return fmt::format("{} {}\n", entry.pseudonym, act.said);
}

int run_hold(const Command& command, Installation& installation, const HoldOptions& options, const HoldAct& act) {
  const std::lock_guard lock(installation.writing());
  const auto done = held_or_released(command, installation, options, act);
  if (!done) return report(command.io, done.error());
  return print(command.io, *done) ? 0 : static_cast<int>(Exit::failed);
}

int list_holds(const Command& command, Installation& installation) {
  std::vector<LegalHold> found;
  {
    auto reading = installation.store().read();
    if (!reading) return report(command.io, reading.error());
    auto all = holds(*reading);
    if (!all) return report(command.io, all.error());
    found = *std::move(all);
  }
  std::string text;
  for (const LegalHold& one : found) {
    text += fmt::format("{:>4}  {}  since {}  by {}  {}\n", one.number, pseudonym(installation.keys(), one.person),
                        format_time(one.placed_at), one.placed_by, one.reason);
  }
  return print(command.io, text.empty() ? "nobody is on legal hold\n" : text) ? 0 : static_cast<int>(Exit::failed);
}

void add_hold(CLI::App& people, Command& command, const char* name, const char* description, HoldAct act) {
  auto options = std::make_shared<HoldOptions>();
  CLI::App* sub = people.add_subcommand(name, description);
  sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log, without the person's names")->required();
  sub->callback([&command, options, act] {
    command.installed = [&command, options, act](Installation& in) { return run_hold(command, in, *options, act); };
  });
}

}  // namespace

void add_people_holds(CLI::App& people, Command& command) {
  add_hold(people, command, "hold", "Legal hold: nothing of this person goes, by retention or erasure, until released",
           {.action = "person.held", .run = &place_hold, .said = "is on legal hold"});
  add_hold(people, command, "release", "End the legal holds of a person",
           {.action = "person.released", .run = &release_holds, .said = "is on legal hold no more"});
  CLI::App* sub = people.add_subcommand("holds", "Who is on legal hold");
  sub->callback([&command] { command.installed = [&command](Installation& in) { return list_holds(command, in); }; });
}

}  // namespace candor
