#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "alerts/policies.h"
#include "app/content.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "app/second_person.h"
#include "cases/scoring_starts.h"

// Scoring that a person asks for, where no trigger has fired: it brings somebody into a policy's scope, so over real
// people a second person must agree to it.
namespace candor {
namespace {

struct ScoringOptions {
  std::string person;
  std::string policy;
  int days = 30;
  std::string reason;
  std::string viewer;
};

Result<void> check_policy(Installation& installation, const std::string& policy) {
  const Content& content = installation.content();
  CANDOR_TRY(const auto compiled, installation.policies().compile(content.indicators->indicators(), *content.scoring));
  if (std::ranges::find(compiled.policies, policy, &PolicyHistory::id) != compiled.policies.end()) return {};
  return fail("app.no_policy", "no policy `" + policy + "` is in force: `candor policy list` names those that are");
}

// Who answers for it beside whoever runs the command: over real people somebody else, who is not the person either, nor
// leads them. "" over invented people, where nobody has to.
Result<std::string> agreed_by(const Command& command, Installation& installation, const ScoringOptions& options,
                              const PersonId& person) {
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this brings a real person into a policy's scope"));
  if (!second) return std::string();
  CANDOR_TRY_VOID(
      check_second(installation, *second,
                   {.asked_by = local_viewer(command.io), .about = person, .own_request = "scoring.own_request"}));
  return second->user();
}

AuditEntry entry_of(const Io& io, Installation& installation, const PersonId& person, const char* action,
                    const std::string& reason, const std::string& details) {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = action;
  entry.object_kind = "person";
  entry.pseudonym = pseudonym(installation.keys(), person);
  entry.object_id = entry.pseudonym;
  entry.reason = reason;
  entry.details = details;
  return entry;
}

Result<std::string> started(const Command& command, Installation& installation, const ScoringOptions& options) {
  CANDOR_TRY_VOID(check_local_reason(options.reason));
  const TimePoint now = installation.clock().now();
  const Day today = day_of(now);
  CANDOR_TRY(const PersonId person, find_person(installation, options.person, today));
  CANDOR_TRY_VOID(check_policy(installation, options.policy));
  CANDOR_TRY(const std::string second, agreed_by(command, installation, options, person));
  CANDOR_TRY(const std::string said,
             masked_for_audit(installation.store(), installation.keys(), person, now, options.reason));
  const Day last = today + options.days - 1;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  AuditEntry entry = entry_of(command.io, installation, person, "scoring.started", said,
                              fmt::format(R"({{"policy":"{}","until":"{}"}})", options.policy, format_day(last)));
  if (!second.empty()) entry.viewer += " and " + second;
  CANDOR_TRY_VOID(installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(start_scoring(work, installation.facts(), installation.keys(), person, options.policy, today,
                                  options.days, now));
    CANDOR_TRY_VOID(audit.append(work, entry));
    return {};
  }));
  return fmt::format("{} is scored under {} until {}\n", pseudonym(installation.keys(), person), options.policy,
                     format_day(last));
}

// Less is looked at: nobody else is needed.
Result<std::string> stopped(const Command& command, Installation& installation, const ScoringOptions& options) {
  CANDOR_TRY_VOID(check_local_reason(options.reason));
  const TimePoint now = installation.clock().now();
  CANDOR_TRY(const PersonId person, find_person(installation, options.person, day_of(now)));
  CANDOR_TRY(const std::string said,
             masked_for_audit(installation.store(), installation.keys(), person, now, options.reason));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const AuditEntry entry = entry_of(command.io, installation, person, "scoring.stopped", said,
                                    fmt::format(R"({{"policy":"{}"}})", options.policy));
  CANDOR_TRY_VOID(installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(stop_scoring(work, installation.facts(), person, options.policy, now));
    CANDOR_TRY_VOID(audit.append(work, entry));
    return {};
  }));
  return fmt::format("{} is scored under {} by its triggers only\n", pseudonym(installation.keys(), person),
                     options.policy);
}

using Act = Result<std::string> (*)(const Command&, Installation&, const ScoringOptions&);

int run(const Command& command, Installation& installation, const ScoringOptions& options, Act act) {
  const std::lock_guard lock(installation.writing());
  const auto done = act(command, installation, options);
  if (!done) return report(command.io, done.error());
  print(command.io, *done);
  if (const auto assessed = installation.assess(); !assessed) return report(command.io, assessed.error());
  return static_cast<int>(Exit::ok);
}

CLI::App* add(CLI::App& people, Command& command, const char* name, const char* description, Act act,
              const std::shared_ptr<ScoringOptions>& options) {
  CLI::App* sub = people.add_subcommand(name, description);
  sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--policy", options->policy, "Id of a policy in force")->required();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log, without the person's names")->required();
  sub->callback([&command, options, act] {
    command.installed = [&command, options, act](Installation& installation) {
      return run(command, installation, *options, act);
    };
  });
  return sub;
}

}  // namespace

void add_people_scoring(CLI::App& people, Command& command) {
  auto options = std::make_shared<ScoringOptions>();
  CLI::App* start = add(people, command, "start-scoring",
                        "Score somebody under a policy for some days though no trigger has fired", started, options);
  start->add_option("--days", options->days, "For so many days from today on, 1 to 90")
      ->check(CLI::Range(1, kMostScoringDays))
      ->capture_default_str();
  start->add_option("--viewer", options->viewer,
                    "Who agrees, a viewer that may approve policies; the password is read from standard input");
  add(people, command, "stop-scoring", "Take back what start-scoring asked for", stopped,
      std::make_shared<ScoringOptions>());
}

}  // namespace candor
