#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/erasure.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "app/second_person.h"
#include "profile/people.h"

// Erasing one person (GDPR Article 17): what would go is shown first, a second person agrees, nothing comes back.
namespace candor {
namespace {

using nlohmann::ordered_json;

struct EraseOptions {
  std::string person;
  std::string reason;
  std::string viewer;
  bool dry_run = false;
  bool json = false;
};

ordered_json erasure_plan_json(const ErasurePlan& plan, bool dry_run) {
  return {{"pseudonym", plan.pseudonym},
          {"dry_run", dry_run},
          {"found", plan.found},
          {"first_activity", plan.first_activity ? ordered_json(format_day(*plan.first_activity)) : ordered_json()},
          {"last_activity", plan.last_activity ? ordered_json(format_day(*plan.last_activity)) : ordered_json()},
          {"accounts", plan.accounts.size()},
          {"kept_away_up_to", format_day(plan.last_day)}};
}

std::string erasure_plan_words(const ErasurePlan& plan, bool dry_run) {
  std::string text = fmt::format("{}: {}\n", plan.pseudonym, dry_run ? "would be removed" : "is removed");
  for (const auto& [kind, count] : plan.found) {
    std::string days;
    if (kind == "activities" && plan.first_activity) {
      days = fmt::format(", {} to {}", format_day(*plan.first_activity), format_day(*plan.last_activity));
    }
    text += fmt::format("  {:>12}  {}{}\n", format_count(static_cast<std::uint64_t>(count)), kind, days);
  }
  return text + fmt::format("records of {} accounts up to {} are left out from then on\n", plan.accounts.size(),
                            format_day(plan.last_day));
}

// How much there is of somebody is a look as well.
Result<void> note_count(const Io& io, Installation& installation, const std::string& who, const std::string& reason) {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = "person.erasure_counted";
  entry.object_kind = "person";
  entry.object_id = who;
  entry.pseudonym = who;
  entry.reason = reason;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(entry));
  return {};
}

struct Agreed {
  PersonId person;
  ErasureActors actors;
};

Result<Agreed> agreed(const Command& command, Installation& installation, const EraseOptions& options) {
  CANDOR_TRY_VOID(check_local_reason(options.reason));
  const TimePoint now = installation.clock().now();
  Agreed out;
  CANDOR_TRY(out.person, find_person(installation, options.person, day_of(now)));
  CANDOR_TRY_VOID(check_erasable(installation, out.person));
  out.actors.asked_by = local_viewer(command.io);
  CANDOR_TRY(out.actors.reason,
             masked_for_audit(installation.store(), installation.keys(), out.person, now, options.reason));
  if (options.dry_run) return out;
  CANDOR_TRY(const auto second, who_agrees(command, installation, options.viewer,
                                           "this removes all that is held on a real person, for good"));
  if (!second) return out;
  CANDOR_TRY_VOID(
      check_second(installation, *second,
                   {.asked_by = out.actors.asked_by, .about = out.person, .own_request = "erasure.own_request"}));
  out.actors.agreed_by = second->user();
  return out;
}

Result<std::string> erased_now(const Command& command, Installation& installation, const EraseOptions& options) {
  const Io& io = command.io;
  CANDOR_TRY(const Agreed act, agreed(command, installation, options));
  const ErasureStep step = [&](std::string_view what) {
    if (!options.dry_run) complain(io, fmt::format("erasing: {}\n", what));
  };
  CANDOR_TRY(const ErasurePlan plan, plan_erasure(installation, act.person, {}));
  if (options.dry_run) {
    CANDOR_TRY_VOID(note_count(io, installation, plan.pseudonym, act.actors.reason));
    return options.json ? erasure_plan_json(plan, true).dump() + "\n" : erasure_plan_words(plan, true);
  }
  if (!options.json) print(io, erasure_plan_words(plan, false));
  CANDOR_TRY(const Erasure done, erase_person(installation, plan, act.actors, step));
  CANDOR_TRY_VOID(installation.assess());
  if (options.json) {
    ordered_json json = erasure_plan_json(plan, false);
    json["erasure"] = done.number;
    json["left"] = ordered_json::parse(done.left_over);
    return json.dump() + "\n";
  }
  return fmt::format(
      "done: erasure {}, {} left\nits proof: `candor people erasures --proof {}`\nkeep the list of erasures with your "
      "backups: `candor people erasures --export FILE`\n",
      done.number, done.left_over == "null" || done.left_over == "{}" ? "nothing is" : "SOMETHING IS", done.number);
}

// Asked for again, or after a crash that the last start made good.
Result<std::string> erased_before(Installation& installation, const EraseOptions& options, const Error& unknown) {
  CANDOR_TRY(const auto before, erasures_of(installation, options.person));
  if (before.empty() || unknown.id != "app.unknown_person") return std::unexpected(unknown);
  const Erasure& last = before.front();
  if (options.json) {
    return ordered_json{{"pseudonym", last.pseudonym}, {"erasure", last.number}, {"erased_before", true}}.dump() + "\n";
  }
  return fmt::format("{} was erased already, up to {}: erasure {}\n", last.pseudonym, format_day(last.last_day),
                     last.number);
}

int run_erase(const Command& command, Installation& installation, const EraseOptions& options) {
  const std::lock_guard lock(installation.writing());
  auto done = erased_now(command, installation, options);
  if (!done) done = erased_before(installation, options, done.error());
  if (!done) return report(command.io, done.error());
  return print(command.io, *done) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

Result<std::vector<Erasure>> erasures_of(Installation& installation, const std::string& text) {
  CANDOR_TRY(auto reading, installation.store().read());
  const AccountId account = installation.keys().account(normalise_account_name(text));
  return ErasureBook(installation.keys()).of(reading, text, account);
}

void add_people_erase(CLI::App& people, Command& command) {
  auto options = std::make_shared<EraseOptions>();
  CLI::App* sub =
      people.add_subcommand("erase", "Remove everything that is held on one person, for good, and keep it away");
  sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log, without the person's names")->required();
  sub->add_flag("--dry-run", options->dry_run, "Only count what would go");
  sub->add_option("--viewer", options->viewer,
                  "Who agrees, a viewer that may approve policies; the password is read from standard input");
  sub->add_flag("--json", options->json, "Print what went as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return run_erase(command, in, *options); };
  });
}

}  // namespace candor
