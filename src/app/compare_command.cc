#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "access/audit_log.h"
#include "access/present.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "app/read_input.h"
#include "base/fold.h"
#include "policy/receipt_json.h"
#include "profile/csv.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

// A foreign text as a terminal may be shown it: escapes of its own would move the cursor, or worse.
std::string shown(const std::string& text) {
  std::string out = text.substr(0, 200);
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return out;
}

struct CompareOptions {
  std::filesystem::path file;
  int days = 30;
  bool json = false;
};

// A row of the other product's export.
struct Theirs {
  int line = 0;
  std::string person;
  std::string policy;
  std::string severity;
  std::string status;
  TimePoint time = 0;
};

// Exports of different ages call a column by different names.
const std::map<std::string, std::vector<std::string>> kColumns = {
    {"person", {"person", "user", "users", "user principal name", "userprincipalname", "upn", "name"}},
    {"policy", {"policy", "policy name", "policyname", "alert policy"}},
    {"time", {"time", "time detected", "timedetected", "created", "created date", "createddatetime", "date"}},
    {"severity", {"severity", "alert severity", "alertseverity"}},
    {"status", {"status", "alert status", "alertstatus"}}};

Result<std::vector<Theirs>> read_theirs(std::string_view text, const std::string& file) {
  CsvReader reader(text, CsvReader::separator_of(text));
  const auto header = reader.next();
  std::map<std::string, std::size_t> columns;
  if (header) {
    for (std::size_t i = 0; i < header->fields.size(); ++i) {
      const std::string name = fold(header->fields[i]);
      for (const auto& [column, names] : kColumns) {
        if (std::ranges::find(names, name) != names.end()) columns.try_emplace(column, i);
      }
    }
  }
  for (const char* const needed : {"person", "time"}) {
    if (!columns.contains(needed)) {
      return fail("app.bad_alerts", file + ":1: no column for the " + needed +
                                        "; needed are person and time, of use are policy, severity, status");
    }
  }
  std::vector<Theirs> rows;
  while (const auto record = reader.next()) {
    const auto cell = [&](const char* column) {
      const auto at = columns.find(column);
      return at == columns.end() || at->second >= record->fields.size() ? std::string() : record->fields[at->second];
    };
    const auto time = parse_time(cell("time"));
    if (!record->fault.empty() || !time) {
      return fail("app.bad_alerts", fmt::format("{}:{}: {}", file, record->line,
                                                record->fault.empty() ? "the time is none, such as 2026-03-20T09:00:00Z"
                                                                      : std::string(record->fault)));
    }
    rows.push_back({.line = record->line,
                    .person = cell("person"),
                    .policy = shown(cell("policy")),
                    .severity = shown(cell("severity")),
                    .status = shown(cell("status")),
                    .time = *time});
  }
  return rows;
}

struct Pair {
  std::optional<Theirs> theirs;
  std::optional<AlertRow> ours;
};

ordered_json to_json(const Theirs& one) {
  return {{"policy", one.policy}, {"time", format_time(one.time)}, {"severity", one.severity}, {"status", one.status}};
}

Result<ordered_json> to_json(Installation& installation, const AlertRow& row) {
  CANDOR_TRY(const AlertDetail detail, installation.alerts().get(row.id));
  return ordered_json{{"alert", row.id},
                      {"policy", row.policy},
                      {"day", format_day(row.first_day)},
                      {"severity", to_text(row.severity)},
                      {"status", to_text(row.status)},
                      {"receipt", ordered_json::parse(candor::to_json(detail.assessment, false))}};
}

class Comparison {
 public:
  Comparison(Installation& installation, const CompareOptions& options)
      : installation_(installation), options_(options) {}

  Result<ordered_json> run(const std::vector<Theirs>& theirs) {
    std::map<PersonId, std::vector<Theirs>> by_person;
    out_ = {{"both", ordered_json::array()},
            {"only_ours", ordered_json::array()},
            {"only_theirs", ordered_json::array()},
            {"unknown_people", 0}};
    for (const Theirs& one : theirs) {
      const auto person = find_person(installation_, one.person, day_of(one.time));
      if (person) {
        by_person[*person].push_back(one);
      } else {
        out_["unknown_people"] = out_["unknown_people"].get<int>() + 1;
        out_["only_theirs"].push_back({{"person", nullptr}, {"line", one.line}, {"theirs", to_json(one)}});
      }
    }
    CANDOR_TRY(const auto alerted, installation_.alerts().people());
    for (const PersonId& person : alerted) by_person.try_emplace(person);
    for (auto& [person, rows] : by_person) CANDOR_TRY_VOID(compare(person, rows));
    return out_;
  }

 private:
  // Each of ours to the nearest of theirs that is free.
  Result<void> compare(const PersonId& person, std::vector<Theirs>& theirs) {
    const std::string name = pseudonym(installation_.keys(), person);
    CANDOR_TRY(auto alerts, installation_.alerts().of_person(person));
    std::erase_if(alerts, [](const AlertRow& row) { return row.screen_evidence_days != 0; });
    std::ranges::sort(alerts, [](const AlertRow& a, const AlertRow& b) {
      return a.first_day != b.first_day ? a.first_day < b.first_day : a.id < b.id;
    });
    std::vector<bool> taken(theirs.size(), false);
    for (const AlertRow& row : alerts) {
      std::optional<std::size_t> nearest;
      const auto apart = [&](std::size_t i) { return std::abs(day_of(theirs[i].time) - row.first_day); };
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        if (taken[i] || apart(i) > options_.days) continue;
        if (!nearest || apart(i) < apart(*nearest)) nearest = i;
      }
      CANDOR_TRY(auto ours, to_json(installation_, row));
      if (!nearest) {
        out_["only_ours"].push_back({{"person", name}, {"ours", std::move(ours)}});
        continue;
      }
      taken[*nearest] = true;
      out_["both"].push_back({{"person", name},
                              {"days_earlier", day_of(theirs[*nearest].time) - row.first_day},
                              {"ours", std::move(ours)},
                              {"theirs", to_json(theirs[*nearest])}});
    }
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (!taken[i]) {
        out_["only_theirs"].push_back({{"person", name}, {"line", theirs[i].line}, {"theirs", to_json(theirs[i])}});
      }
    }
    return {};
  }

  Installation& installation_;
  const CompareOptions& options_;
  ordered_json out_;
};

std::string to_table(const ordered_json& found) {
  std::string out = fmt::format("{} in both, {} only ours, {} only theirs", found["both"].size(),
                                found["only_ours"].size(), found["only_theirs"].size());
  const int unknown = found["unknown_people"].get<int>();
  out += unknown > 0 ? fmt::format(" ({} of people not known here)\n", unknown) : "\n";
  const auto ours = [](const ordered_json& one) {
    return fmt::format("{} {} {}", one["day"].get<std::string>(), one["severity"].get<std::string>(),
                       one["policy"].get<std::string>());
  };
  const auto theirs = [](const ordered_json& one) {
    return fmt::format("{} {} {} {}", one["time"].get<std::string>(), one["severity"].get<std::string>(),
                       one["policy"].get<std::string>(), one["status"].get<std::string>());
  };
  for (const auto& one : found["both"]) {
    const int days = one["days_earlier"].get<int>();
    out += fmt::format("both         {}  ours {}  theirs {}  {} days {}\n", one["person"].get<std::string>(),
                       ours(one["ours"]), theirs(one["theirs"]), std::abs(days), days >= 0 ? "earlier" : "later");
  }
  for (const auto& one : found["only_ours"]) {
    out += fmt::format("only ours    {}  {}\n", one["person"].get<std::string>(), ours(one["ours"]));
  }
  for (const auto& one : found["only_theirs"]) {
    out += fmt::format("only theirs  {}  {}\n",
                       one["person"].is_string() ? one["person"].get<std::string>()
                                                 : fmt::format("line {}, unknown person", one["line"].get<int>()),
                       theirs(one["theirs"]));
  }
  return out;
}

int run_compare(const Command& command, Installation& installation, const CompareOptions& options) {
  const Io& io = command.io;
  const auto text = read_input(io, options.file.string());
  if (!text) return report(io, text.error());
  const auto theirs = read_theirs(*text, options.file.string());
  if (!theirs) return report(io, theirs.error());
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(io),
                                 .action = "alerts.compared",
                                 .object_kind = "alerts",
                                 .object_id = {},
                                 .alert = {},
                                 .pseudonym = {},
                                 .reason = {},
                                 .details = fmt::format(R"({{"rows":{}}})", theirs->size())});
  if (!line) return report(io, line.error());
  const auto found = Comparison(installation, options).run(*theirs);
  if (!found) return report(io, found.error());
  print(io,
        options.json ? found->dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n" : to_table(*found));
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Command& command) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* sub = app.add_subcommand(
      "compare",
      "Beside another product's alerts (CSV: person, policy, time, severity, status): both, only ours, only theirs");
  sub->add_option("FILE", options->file, "The other product's export of alerts")->required();
  sub->add_option("--days", options->days, "Most days between two alerts that are taken for the same")
      ->check(CLI::Range(0, 365))
      ->capture_default_str();
  sub->add_flag("--json", options->json, "Print one object, with our receipts");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return run_compare(command, in, *options); };
  });
}

}  // namespace candor
