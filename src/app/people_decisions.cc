#include <fmt/format.h>

#include <memory>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "profile/account_links.h"
#include "profile/directory_import.h"
#include "profile/ownership.h"

namespace candor {
namespace {

struct LinkOptions {
  std::string account;
  std::string person;
  std::string from;
  std::string to;
  std::string reason;
};

Result<std::optional<Day>> parsed_day(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto day = parse_day(text);
  if (!day) return fail("app.usage", std::string(option) + " takes a day as YYYY-MM-DD");
  return day;
}

Result<std::string> decided(const Io& io, Installation& installation, const LinkOptions& options, bool linking) {
  const Keys& keys = installation.keys();
  const TimePoint now = installation.clock().now();
  const std::string name = normalise_account_name(options.account);
  if (name.empty()) return fail("app.usage", "ACCOUNT is empty");
  CANDOR_TRY(const auto from, parsed_day("--from", options.from));
  CANDOR_TRY(const auto to, parsed_day("--to", options.to));
  std::optional<PersonId> person;
  if (linking) {
    CANDOR_TRY(person, find_person(installation, options.person, from.value_or(day_of(now))));
  }
  const AuditLog audit(installation.store(), keys, installation.clock());
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = linking ? "account.linked" : "account.unlinked";
  entry.object_kind = "account";
  entry.object_id = to_hex(keys.account(name));
  if (person) {
    entry.pseudonym = pseudonym(keys, *person);
    CANDOR_TRY(entry.reason, masked_for_audit(installation.store(), keys, *person, now, options.reason));
  }
  int withdrawn = 0;
  const auto store = [&](Transaction& work) -> Result<void> {
    const Facts& facts = installation.facts();
    const KnownSince known{.time = now, .stated = false};
    if (person) {
      const People::Account account{.id = keys.account(name), .name = name};
      CANDOR_TRY_VOID(decide_owner(work, facts, keys, account, *person, from, to, known));
    } else {
      CANDOR_TRY(withdrawn, take_back_owners(work, facts, keys, name, from, known));
    }
    if (!person && withdrawn == 0) return fail("app.not_linked", "no fact gives this account to anybody then");
    CANDOR_TRY_VOID(audit.append(work, entry));
    return {};
  };
  CANDOR_TRY_VOID(installation.store().transact(store));
  if (person) return "the account is " + pseudonym(keys, *person) + "'s\n";
  return fmt::format("{} facts about the account were taken back\n", withdrawn);
}

int run(const Command& command, Installation& installation, const LinkOptions& options, bool linking) {
  const Io& io = command.io;
  const std::lock_guard lock(installation.writing());
  const auto done = decided(io, installation, options, linking);
  if (!done) return report(io, done.error());
  print(io, *done);
  if (const auto assessed = installation.assess(); !assessed) return report(io, assessed.error());
  return static_cast<int>(Exit::ok);
}

void run_with(CLI::App* sub, Command& command, const std::shared_ptr<LinkOptions>& options, bool linking) {
  sub->add_option("ACCOUNT", options->account, "Address, user name or object id, as records name it")->required();
  if (linking) sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option(
      "--from", options->from,
      linking ? "First day it is theirs (default: always was)" : "Only what begins on this day (default: everything)");
  if (linking) {
    sub->add_option("--to", options->to, "Last day it is theirs (default: until further notice)");
    sub->add_option("--reason", options->reason, "Why, for the audit log");
  }
  sub->callback([&command, options, linking] {
    command.installed = [&command, options, linking](Installation& installation) {
      return run(command, installation, *options, linking);
    };
  });
}

// By the pseudonym: there is no way back from one but to look at everybody.
Result<std::optional<PersonId>> by_pseudonym(Installation& installation, const std::string& text) {
  std::optional<PersonId> found;
  CANDOR_TRY_VOID(installation.people().each([&](const PersonId& person) {
    if (pseudonym(installation.keys(), person) != text) return true;
    found = person;
    return false;
  }));
  return found;
}

}  // namespace

Result<PersonId> find_person(Installation& installation, const std::string& text, Day day) {
  CANDOR_TRY(const auto by_name, by_pseudonym(installation, text));
  if (by_name) return *by_name;
  CANDOR_TRY(auto reading, installation.store().read());
  const std::string name = normalise_account_name(text);
  CANDOR_TRY(const auto owners, owners_of(reading, installation.keys().account(name)));
  for (const Ownership& one : owners) {
    if (one.from <= day && day <= one.to) return one.person;
  }
  CANDOR_TRY(const auto named, people_named(reading, installation.keys(), text));
  if (named.size() == 1) return named.front();
  if (named.empty()) {
    return fail("app.unknown_person",
                "nobody has that pseudonym, account or whole name: `candor people list` shows who is known");
  }
  std::string all;
  for (const PersonId& person : named) all += (all.empty() ? "" : ", ") + pseudonym(installation.keys(), person);
  return fail("app.several_people", "several people have that name: " + all);
}

void add_people_decisions(CLI::App& people, Command& command) {
  run_with(people.add_subcommand("link", "Decide whose an account is"), command, std::make_shared<LinkOptions>(), true);
  run_with(people.add_subcommand("unlink", "Take back whose an account is, by decision or directory"), command,
           std::make_shared<LinkOptions>(), false);
}

}  // namespace candor
