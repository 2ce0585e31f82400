#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/people_commands.h"
#include "profile/directory_import.h"
#include "profile/ownership.h"
#include "profile/unresolved.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct PeopleLookOptions {
  std::string person;
  std::string at;
  std::string known;
  std::string reason;
  std::int64_t offset = 0;
  std::int64_t limit = 100;
  bool json = false;
};

// Attributes that name nobody; names and managers are shown as access allows.
constexpr std::array<const char*, 12> kPlain = {"employee_type", "title",      "department", "company",
                                                "office",        "country",    "time_zone",  "working_hours",
                                                "hire_date",     "leave_date", "groups",     "enabled"};

std::string days_owned(Day from, Day to) {
  return (from == kFirstOwnedDay ? std::string("always") : format_day(from)) + " to " +
         (to == kLastOwnedDay ? std::string("further notice") : format_day(to));
}

ordered_json owned_day_or_null(Day day) {
  return day == kFirstOwnedDay || day == kLastOwnedDay ? ordered_json(nullptr) : ordered_json(format_day(day));
}

// One look at one person: what was known at a time of a day.
class Look {
 public:
  Look(const Io& io, Installation& installation, Day day, TimePoint known_at, std::string reason)
      : io_(io), installation_(installation), day_(day), known_at_(known_at), reason_(std::move(reason)) {}

  Result<ordered_json> run(const PersonId& person) {
    ordered_json out = {{"pseudonym", pseudonym(installation_.keys(), person)}, {"name", nullptr}};
    if (!reason_.empty()) {
      CANDOR_TRY(out["name"], local_name(installation_.store(), installation_.keys(), installation_.clock(),
                                         io_.account, person, reason_));
    }
    CANDOR_TRY(auto reading, installation_.store().read());
    CANDOR_TRY(const Profile profile, installation_.facts().profile(reading, person, known_at_));
    out["at"] = format_day(day_);
    out["known"] = known_at_ == kKnownNow ? ordered_json(nullptr) : ordered_json(format_time(known_at_));
    const Fact* directory = profile.directory_on(day_);
    out["directory"] = nullptr;
    if (directory != nullptr) {
      CANDOR_TRY(out["directory"], attributes(reading, *directory));
      out["has_left"] = directory->valid_to && *directory->valid_to < day_;
    }
    out["facts"] = ordered_json::array();
    for (const Fact& fact : profile.facts) {
      CANDOR_TRY(auto told, told_fact(reading, fact));
      out["facts"].push_back(std::move(told));
    }
    CANDOR_TRY(out["accounts"], accounts(reading, person));
    return out;
  }

 private:
  Result<ordered_json> attributes(Reading& reading, const Fact& fact) {
    ordered_json out = ordered_json::object();
    for (const char* name : kPlain) {
      const auto value = attribute_of(&fact, name);
      if (!value.empty()) out[name] = value;
    }
    const auto manager = attribute_of(&fact, "manager");
    if (manager.empty()) return out;
    const AccountId account = installation_.keys().account(manager);
    CANDOR_TRY(const auto owners, owners_of(reading, account, known_at_));
    for (const Ownership& one : owners) {
      if (one.from <= day_ && day_ <= one.to) out["manager"] = pseudonym(installation_.keys(), one.person);
    }
    return out;
  }

  Result<ordered_json> told_fact(Reading& reading, const Fact& fact) {
    ordered_json out = {
        {"kind", to_text(fact.kind)},
        {"valid_from", fact.valid_from <= 0 ? ordered_json(nullptr) : ordered_json(format_day(fact.valid_from))},
        {"valid_to", fact.valid_to ? ordered_json(format_day(*fact.valid_to)) : ordered_json(nullptr)},
        {"known_since", format_time(fact.known_since)},
        {"source", fact.source}};
    const bool holds = fact.valid_from <= day_ && (!fact.valid_to || day_ <= *fact.valid_to);
    out["holds"] = holds;
    if (fact.kind == FactKind::directory) {
      CANDOR_TRY(out["attributes"], attributes(reading, fact));
    } else if (fact.kind == FactKind::resignation) {
      out["attributes"] = fact.attributes;  // a day
    }
    return out;
  }

  Result<ordered_json> accounts(Reading& reading, const PersonId& person) {
    CANDOR_TRY(const auto owned, owned_accounts(reading, person, known_at_));
    ordered_json list = ordered_json::array();
    for (const OwnedAccount& one : owned) {
      CANDOR_TRY(const auto told, installation_.facts().of_account(reading, one.account, known_at_));
      std::string use = "seen";
      std::string source;
      for (const Fact& fact : told) {
        if (fact.person != person || fact.valid_from > one.to || (fact.valid_to && *fact.valid_to < one.from)) continue;
        use = attribute_of(&fact, "use");
        source = fact.source;
      }
      list.push_back({{"use", use},
                      {"source", source},
                      {"from", owned_day_or_null(one.from)},
                      {"to", owned_day_or_null(one.to)},
                      {"holds", one.from <= day_ && day_ <= one.to},
                      {"days", days_owned(one.from, one.to)}});
    }
    return list;
  }

  const Io& io_;
  Installation& installation_;
  const Day day_;
  const TimePoint known_at_;
  const std::string reason_;
};

void print_attributes(const Io& io, const ordered_json& attributes) {
  for (const auto& [name, value] : attributes.items()) {
    std::string text = value.get<std::string>();
    std::ranges::replace(text, '\n', ';');
    print(io, fmt::format("    {:<14} {}\n", name, text));
  }
}

std::string text_or(const ordered_json& value, const char* otherwise) {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

void print_look(const Io& io, const ordered_json& look) {
  print(io, look["pseudonym"].get<std::string>() +
                (look["name"].is_string() ? "  " + look["name"].get<std::string>() : "") + "\n");
  const bool left = look.value("has_left", false);
  print(io, fmt::format("  on {}{}\n", look["at"].get<std::string>(), left ? ", has left; as it was last:" : ":"));
  if (look["directory"].is_object()) {
    print_attributes(io, look["directory"]);
  } else {
    print(io, "    no directory tells of this person\n");
  }
  print(io, "  facts\n");
  for (const auto& fact : look["facts"]) {
    print(io, fmt::format("    {} {:<18} {} to {}  known since {}  {}\n", fact["holds"].get<bool>() ? "*" : " ",
                          fact["kind"].get<std::string>(), text_or(fact["valid_from"], "always"),
                          text_or(fact["valid_to"], "further notice"), fact["known_since"].get<std::string>(),
                          fact["source"].get<std::string>()));
  }
  print(io, "  accounts\n");
  for (const auto& one : look["accounts"]) {
    print(io, fmt::format("    {} {:<10} {}  {}\n", one["holds"].get<bool>() ? "*" : " ", one["use"].get<std::string>(),
                          one["days"].get<std::string>(), one["source"].get<std::string>()));
  }
}

Result<void> write_audit_line(const Io& io, Installation& installation, const char* action, const std::string& person) {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = action;
  entry.object_kind = "person";
  entry.pseudonym = person;
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock()).append(entry);
  if (!line) return std::unexpected(line.error());
  return {};
}

Result<ordered_json> show_person(const Io& io, Installation& installation, const PeopleLookOptions& options) {
  Day day = day_of(installation.clock().now());
  TimePoint known_at = kKnownNow;
  if (!options.at.empty()) {
    const auto parsed = parse_day(options.at);
    if (!parsed) return fail("app.usage", "--at takes a day as YYYY-MM-DD");
    day = *parsed;
  }
  if (!options.known.empty()) {
    const auto parsed = parse_time(options.known);
    if (!parsed) return fail("app.usage", "--known takes a day or a time such as 2026-03-20T09:00:00Z");
    // A day alone means all that was known when it ended.
    known_at = options.known.size() == 10 ? *parsed + kMicrosPerDay - 1 : *parsed;
  }
  CANDOR_TRY(const PersonId person, find_person(installation, options.person, day));
  CANDOR_TRY_VOID(write_audit_line(io, installation, "person.viewed", pseudonym(installation.keys(), person)));
  return Look(io, installation, day, known_at, options.reason).run(person);
}

int run_show(const Command& command, Installation& installation, const PeopleLookOptions& options) {
  const auto look = show_person(command.io, installation, options);
  if (!look) return report(command.io, look.error());
  if (options.json) {
    print(command.io, json_line(*look));
  } else {
    print_look(command.io, *look);
  }
  return static_cast<int>(Exit::ok);
}

// Everybody that a directory tells of, in pages.
Result<ordered_json> list_people(Installation& installation, const PeopleLookOptions& options) {
  CANDOR_TRY(auto reading, installation.store().read());
  CANDOR_TRY(const auto page, known_people(reading, {.offset = options.offset, .limit = options.limit}));
  const Day today = day_of(installation.clock().now());
  ordered_json out = {{"total", page.total}, {"people", ordered_json::array()}};
  for (const PersonId& person : page.people) {
    CANDOR_TRY(const Profile profile, installation.facts().profile(reading, person, kKnownNow));
    const Fact* told = profile.directory_on(today);
    out["people"].push_back({{"pseudonym", pseudonym(installation.keys(), person)},
                             {"employee_type", attribute_of(told, "employee_type")},
                             {"department", attribute_of(told, "department")},
                             {"country", attribute_of(told, "country")},
                             {"has_left", told != nullptr && told->valid_to && *told->valid_to < today}});
  }
  return out;
}

int run_list(const Command& command, Installation& installation, const PeopleLookOptions& options) {
  const Io& io = command.io;
  if (const auto line = write_audit_line(io, installation, "people.listed", ""); !line) return report(io, line.error());
  const auto found = list_people(installation, options);
  if (!found) return report(io, found.error());
  if (options.json) {
    print(io, json_line(*found));
    return static_cast<int>(Exit::ok);
  }
  for (const auto& one : (*found)["people"]) {
    print(io, fmt::format("{}  {:<10}  {:<24}  {:<2}  {}\n", one["pseudonym"].get<std::string>(),
                          one["employee_type"].get<std::string>(), one["department"].get<std::string>(),
                          one["country"].get<std::string>(), one["has_left"].get<bool>() ? "has left" : ""));
  }
  print(io, fmt::format("{} of {} people\n", (*found)["people"].size(), (*found)["total"].get<std::int64_t>()));
  return static_cast<int>(Exit::ok);
}

Result<ordered_json> unresolved(const Io& io, Installation& installation, const PeopleLookOptions& options) {
  if (!options.reason.empty()) CANDOR_TRY_VOID(check_local_reason(options.reason));
  UnresolvedPage page;
  {
    CANDOR_TRY(auto reading, installation.store().read());
    CANDOR_TRY(page, unresolved_accounts(reading, {.offset = options.offset, .limit = options.limit}));
  }
  ordered_json out = {{"total", page.total}, {"accounts", ordered_json::array()}};
  for (const UnresolvedAccount& one : page.accounts) {
    ordered_json row = {
        {"account", to_hex(one.account)}, {"pseudonym", pseudonym(installation.keys(), one.person)}, {"name", nullptr}};
    if (!options.reason.empty()) {
      CANDOR_TRY(row["name"], local_name(installation.store(), installation.keys(), installation.clock(), io.account,
                                         one.person, options.reason));
    }
    out["accounts"].push_back(std::move(row));
  }
  return out;
}

int run_unresolved(const Command& command, Installation& installation, const PeopleLookOptions& options) {
  const Io& io = command.io;
  const auto found = unresolved(io, installation, options);
  if (!found) return report(io, found.error());
  if (options.json) {
    print(io, json_line(*found));
    return static_cast<int>(Exit::ok);
  }
  for (const auto& one : (*found)["accounts"]) {
    print(io, one["pseudonym"].get<std::string>() + "  " + text_or(one["name"], "") + "\n");
  }
  print(io, fmt::format("{} of {} accounts that nobody is known to own; `candor people link` decides\n",
                        (*found)["accounts"].size(), (*found)["total"].get<std::int64_t>()));
  return static_cast<int>(Exit::ok);
}

using PeopleLook = int (*)(const Command&, Installation&, const PeopleLookOptions&);

void run_with(CLI::App* sub, Command& command, const std::shared_ptr<PeopleLookOptions>& options, PeopleLook run) {
  sub->add_flag("--json", options->json, "Print one object");
  sub->callback([&command, options, run] {
    command.installed = [&command, options, run](Installation& installation) {
      return run(command, installation, *options);
    };
  });
}

void add_paging(CLI::App* sub, const std::shared_ptr<PeopleLookOptions>& options) {
  sub->add_option("--offset", options->offset, "How many to pass over")->check(CLI::NonNegativeNumber);
  sub->add_option("--limit", options->limit, "How many to print")->check(CLI::Range(1, 10'000))->capture_default_str();
}

}  // namespace

void add_people_looks(CLI::App& people, Command& command) {
  constexpr const char* kReason = "Why names are needed: then they are shown, and the audit log says so";
  auto shown = std::make_shared<PeopleLookOptions>();
  CLI::App* sub = people.add_subcommand("show", "One person's facts and accounts, with their days");
  sub->add_option("PERSON", shown->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--at", shown->at, "The day that is asked about, YYYY-MM-DD (default: today, UTC)");
  sub->add_option("--known", shown->known, "Only what was known by then (default: all that is known now)");
  sub->add_option("--reason", shown->reason, kReason);
  run_with(sub, command, shown, run_show);
  auto listed = std::make_shared<PeopleLookOptions>();
  sub = people.add_subcommand("list", "Everybody that a directory tells of, by pseudonym");
  add_paging(sub, listed);
  run_with(sub, command, listed, run_list);
  auto waiting = std::make_shared<PeopleLookOptions>();
  sub = people.add_subcommand("unresolved", "Accounts of own domains, and GUIDs, that nobody is known to own");
  add_paging(sub, waiting);
  sub->add_option("--reason", waiting->reason, kReason);
  run_with(sub, command, waiting, run_unresolved);
}

}  // namespace candor
