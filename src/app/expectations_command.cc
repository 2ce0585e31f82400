#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "alerts/expectation_book.h"
#include "app/command.h"
#include "app/content.h"
#include "app/installation.h"
#include "app/io.h"
#include "app/people_commands.h"
#include "app/second_person.h"

namespace candor {
namespace {

struct ExpectationOptions {
  std::string person;
  std::string group;
  std::string policy;
  std::vector<std::string> indicators;
  std::vector<std::string> domains;
  std::vector<std::string> sites;
  std::vector<std::string> media;
  std::string from;
  std::string until;
  std::string because;
  std::string owner;
  std::int64_t number = 0;
  std::string reason;
  std::string viewer;
};

std::string whom(const StoredExpectation& one, const Keys& keys) {
  std::string text = one.person              ? pseudonym(keys, *one.person)
                     : one.attribute.empty() ? "everyone"
                                             : one.attribute + " " + one.value;
  return one.policy.empty() ? text : text + " under " + one.policy;
}

std::string what(const StoredExpectation& one) {
  std::string indicators = one.indicators.empty() ? "anything" : joined(one.indicators);
  if (one.towards == Towards::anything) return indicators;
  return indicators + " to " + std::string(to_text(one.towards)) + " " + joined(one.destinations);
}

std::string end_of(const StoredExpectation& one, Day today) {
  std::string day = format_day(one.to);
  if (one.ends_soon(today)) return fmt::format("{} (in {} days)", day, one.to - today);
  if (one.state(today) == ExpectationState::ended) return fmt::format("{} ({} days ago)", day, today - one.to);
  return day;
}

// What somebody typed about a person, without the person's names; a group has none.
Result<std::string> masked(Installation& installation, const std::optional<PersonId>& person, const std::string& text) {
  if (!person) return text;
  return masked_for_audit(installation.store(), installation.keys(), *person, installation.clock().now(), text);
}

// Who acts, with the audit line of the act in its transaction; `said`: the reason, masked.
ExpectationActor actor_of(Installation& installation, const std::string& name, std::string action,
                          const std::string& reason, const std::string& said) {
  return {.name = name,
          .reason = reason,
          .also = [&installation, name, action = std::move(action), said](
                      Transaction& work, const StoredExpectation& row) -> Result<void> {
            const AuditLog audit(installation.store(), installation.keys(), installation.clock());
            CANDOR_TRY_VOID(audit.append(
                work,
                {.viewer = name,
                 .action = action,
                 .object_kind = "expectation",
                 .object_id = std::to_string(row.number),
                 .alert = row.alert_id,
                 .pseudonym = row.person ? pseudonym(installation.keys(), *row.person) : std::string(),
                 .reason = said,
                 .details = fmt::format(R"({{"from":"{}","until":"{}"}})", format_day(row.from), format_day(row.to))}));
            return {};
          }};
}

Result<NewExpectation> wanted_by(Installation& installation, const ExpectationOptions& options) {
  NewExpectation out;
  const auto from = parse_day(options.from);
  const auto until = parse_day(options.until);
  if (!from || !until) return fail("app.usage", "--from and --until take a day as YYYY-MM-DD");
  out.from = *from;
  out.to = *until;
  if (!options.person.empty()) {
    CANDOR_TRY(out.person, find_person(installation, options.person, day_of(installation.clock().now())));
  }
  if (!options.group.empty()) {
    const auto equals = options.group.find('=');
    if (equals == std::string::npos) return fail("app.usage", "--group takes ATTRIBUTE=VALUE, as department=Finance");
    out.attribute = options.group.substr(0, equals);
    out.value = options.group.substr(equals + 1);
  }
  out.policy = options.policy;
  out.indicators = options.indicators;
  for (const auto& [towards, places] :
       {std::pair{Towards::domain, &options.domains}, std::pair{Towards::site, &options.sites},
        std::pair{Towards::medium, &options.media}}) {
    if (places->empty()) continue;
    if (out.towards != Towards::anything) {
      return fail("app.usage", "one kind of destination: --domain, --site or --medium");
    }
    out.towards = towards;
    out.destinations = *places;
  }
  out.because = options.because;
  out.owner = options.owner;
  return out;
}

int add(const Command& command, Installation& installation, const ExpectationOptions& options) {
  const Io& io = command.io;
  if (const auto good = check_local_reason(options.because); !good) return report(io, good.error());
  const auto wanted = wanted_by(installation, options);
  if (!wanted) return report(io, wanted.error());
  const auto said = masked(installation, wanted->person, options.because);
  if (!said) return report(io, said.error());
  const std::lock_guard lock(installation.writing());
  const auto added = installation.expectations().add(
      *wanted, installation.content().indicators->indicators(),
      actor_of(installation, local_viewer(io), "expectation.added", options.because, *said));
  if (!added) return report(io, added.error());
  const bool waits = added->state(day_of(installation.clock().now())) == ExpectationState::waits;
  print(io, fmt::format(
                "expectation {}: {}, {} until {}{}\n", added->number, whom(*added, installation.keys()), what(*added),
                format_day(added->to),
                waits ? fmt::format(
                            "; waits for a second person: `candor expectations approve {} --viewer USER`, or the page",
                            added->number)
                      : ""));
  return waits ? 0 : assess_again(io, installation);
}

int list_expectations(const Command& command, Installation& installation) {
  const Io& io = command.io;
  const auto all = installation.expectations().all();
  if (!all) return report(io, all.error());
  if (all->empty()) {
    print(io, "nothing is expected of anybody\n");
    return 0;
  }
  const Day today = day_of(installation.clock().now());
  const auto in = [&](ExpectationState state) {
    return std::ranges::count_if(*all, [&](const StoredExpectation& one) { return one.state(today) == state; });
  };
  const auto soon = std::ranges::count_if(*all, [&](const StoredExpectation& one) { return one.ends_soon(today); });
  print(io,
        fmt::format("{} hold, {} of them or of those to come end within {} days; {} have ended; {} wait for a second "
                    "person\n",
                    in(ExpectationState::holds), soon, kExpectationWarningDays, in(ExpectationState::ended),
                    in(ExpectationState::waits)));
  for (const StoredExpectation& one : *all) {
    const auto because = masked(installation, one.person, one.because);
    if (!because) return report(io, because.error());
    const auto owner = masked(installation, one.person, one.owner);
    if (!owner) return report(io, owner.error());
    print(io, fmt::format("\n{:>4}  {:<10} {}\n      {}\n      from {} until {}\n      because {}; {} answers for it\n",
                          one.number, to_text(one.state(today)), whom(one, installation.keys()), what(one),
                          format_day(one.from), end_of(one, today), *because, *owner));
    print(io, fmt::format("      asked by {}{}{}\n", one.created_by,
                          one.decided_by.empty() ? "" : fmt::format(", {} by {}", one.decision, one.decided_by),
                          one.withdrawn_by.empty() ? "" : ", withdrawn by " + one.withdrawn_by));
  }
  return 0;
}

using ExpectationStep = Result<StoredExpectation> (ExpectationBook::*)(std::int64_t, const ExpectationActor&);

// Not whoever asked for it, under whatever name, nor whom it is about, nor who leads them.
Result<std::string> who_approves_expectation(const Command& command, Installation& installation,
                                             const ExpectationOptions& options, const StoredExpectation& row) {
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this takes points from scores of real people"));
  if (!second) return local_viewer(command.io);
  CANDOR_TRY_VOID(
      check_second(installation, *second,
                   {.asked_by = row.created_by, .about = row.person, .own_request = "expectations.own_request"}));
  return second->user();
}

int act_on_expectation(const Command& command, Installation& installation, const ExpectationOptions& options,
                       ExpectationStep act, const std::string& action) {
  const Io& io = command.io;
  const auto row = installation.expectations().get(options.number);
  if (!row) return report(io, row.error());
  const auto name = action == "approved" ? who_approves_expectation(command, installation, options, *row)
                                         : who_acts(command, installation, options.viewer);
  if (!name) return report(io, name.error());
  const auto said = masked(installation, row->person, options.reason);
  if (!said) return report(io, said.error());
  const std::lock_guard lock(installation.writing());
  const auto done = (installation.expectations().*act)(
      options.number, actor_of(installation, *name, "expectation." + action, options.reason, *said));
  if (!done) return report(io, done.error());
  print(io, fmt::format("expectation {}: {}\n", done->number, action));
  return assess_again(io, installation);
}

void add_add(CLI::App& app, Command& command, const std::shared_ptr<ExpectationOptions>& options) {
  CLI::App* sub = app.add_subcommand("add", "Say that something is expected, of whom, towards where and until when");
  sub->add_option("--person", options->person, "Pseudonym, account, or whole name");
  sub->add_option("--group", options->group, "Everybody of whom the directory says so on the day: department=Finance");
  sub->add_option("--policy", options->policy, "Only under this policy; alone: everyone it scores");
  sub->add_option("--indicator", options->indicators, "Only matches of these indicators");
  sub->add_option("--domain", options->domains, "Only what goes to these domains, and those below them, alone");
  sub->add_option("--site", options->sites, "Only what is on these sites, or below them");
  sub->add_option("--medium", options->media, "Only what goes to removable media with these serial numbers");
  sub->add_option("--from", options->from, "First day of the activities, YYYY-MM-DD, UTC")->required();
  sub->add_option("--until", options->until, "Last day, at most 365 days in all")->required();
  sub->add_option("--because", options->because, "Why; at least 10 letters, kept with it")->required();
  sub->add_option("--owner", options->owner, "Who answers for it")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return add(command, in, *options); };
  });
}

}  // namespace

void add_expectations(CLI::App& app, Command& command) {
  CLI::App* expectations = app.add_subcommand(
      "expectations", "What is expected of somebody until a day: it adds no points and stands in receipts");
  expectations->require_subcommand(1);
  auto options = std::make_shared<ExpectationOptions>();
  add_add(*expectations, command, options);
  CLI::App* sub = expectations->add_subcommand("list", "All of them, with those that end soon or have ended");
  sub->callback(
      [&command] { command.installed = [&command](Installation& in) { return list_expectations(command, in); }; });
  struct ActRow {
    const char* name;
    const char* description;
    ExpectationStep act;
    const char* action;
    bool takes_viewer;
  };
  for (const ActRow& row : {ActRow{"approve", "Let what waits hold; not by who asked for it or owns it",
                                   &ExpectationBook::approve, "approved", true},
                            ActRow{"reject", "Drop what waits", &ExpectationBook::reject, "rejected", true},
                            ActRow{"withdraw", "As if it had never been, but for alerts that were decided meanwhile",
                                   &ExpectationBook::withdraw, "withdrawn", false}}) {
    sub = expectations->add_subcommand(row.name, row.description);
    sub->add_option("NUMBER", options->number, "Its number, as in the list and in receipts")->required();
    sub->add_option("--reason", options->reason, "Why; kept with it and in the audit log")->required();
    if (row.takes_viewer) {
      sub->add_option("--viewer", options->viewer,
                      "Who decides: a viewer whose role has policies.approve; the password is read from standard "
                      "input. Without it whoever runs the command, who over real people does not approve");
    }
    sub->callback([&command, options, row] {
      command.installed = [&command, options, row](Installation& in) {
        return act_on_expectation(command, in, *options, row.act, row.action);
      };
    });
  }
}

}  // namespace candor
