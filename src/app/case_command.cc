#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "access/viewers.h"
#include "app/case_trace.h"
#include "app/command.h"
#include "app/installation.h"
#include "cases/cases.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct CaseOptions {
  std::int64_t number = 0;
  std::string state;
  std::size_t offset = 0;
  std::size_t limit = 50;
};

// Whoever holds the machine sees that there are cases and what was done, by pseudonym; what is inside a case is read by
// its members, in the pages.
class CaseLook {
 public:
  static Result<void> run(const Command& command, Installation& in, const CaseOptions& options,
                          Result<void> (CaseLook::*work)(const CaseOptions&)) {
    CANDOR_TRY(auto roles, Roles::load(in.content().folder / "roles.yml"));
    const AuditLog audit(in.store(), in.keys(), in.clock());
    const Viewers viewers(in.store(), in.keys(), in.clock(), audit, std::move(roles));
    const CaseBook cases(in.store(), in.keys(), in.clock(), viewers, in.alerts());
    CaseLook look(command.io, in, audit, cases);
    return (look.*work)(options);
  }

  Result<void> list(const CaseOptions& options) {
    CaseQuery query{.offset = options.offset, .limit = options.limit};
    if (!options.state.empty()) query.state = case_state(options.state);
    CANDOR_TRY(const CasePage page, cases_.find(query, actor_));
    AuditEntry entry{.viewer = actor_.user, .action = "cases.viewed", .object_kind = "cases"};
    entry.details = ordered_json{{"rows", page.cases.size()}, {"total", page.total}}.dump();
    CANDOR_TRY_VOID(audit_.append(entry));
    for (const CaseRow& row : page.cases) {
      CANDOR_TRY(const auto told, told_row(row));
      say(told);
    }
    return {};
  }

  Result<void> show(const CaseOptions& options) {
    CANDOR_TRY(const auto id, cases_.id_of(options.number));
    CANDOR_TRY(const CaseDetail detail, cases_.get(id, actor_));
    AuditEntry entry{.viewer = actor_.user, .action = "case.viewed", .object_kind = "case", .object_id = id};
    entry.pseudonym = pseudonym(in_.keys(), detail.row.person);
    CANDOR_TRY_VOID(audit_.append(entry));
    CANDOR_TRY(auto told, told_row(detail.row));
    CANDOR_TRY(told["reason"], masked(detail.row, detail.row.reason));
    told["closing"] = nullptr;
    if (detail.closing) {
      CANDOR_TRY(const std::string text, masked(detail.row, detail.closing->text));
      told["closing"] = {{"resolution", to_text(detail.closing->resolution)},
                         {"action", to_text(detail.closing->action)},
                         {"text", text},
                         {"by", detail.closing->by},
                         {"at", format_time(detail.closing->at)}};
    }
    told["contributors"] = ordered_json::array();
    for (const CaseContributor& one : detail.contributors) told["contributors"].push_back(one.user);
    told["alerts"] = ordered_json::array();
    for (const CaseAlert& one : detail.alerts) {
      told["alerts"].push_back({{"id", one.row.id}, {"status", to_text(one.row.status)}});
    }
    told["counts"] = {{"notes", detail.counts.notes},
                      {"tasks", detail.counts.tasks},
                      {"open_tasks", detail.counts.open_tasks},
                      {"evidence", detail.counts.evidence}};
    CANDOR_TRY(told["history"], history(detail.row));
    say(told);
    return {};
  }

 private:
  CaseLook(const Io& io, Installation& in, const AuditLog& audit, const CaseBook& cases)
      : io_(io), in_(in), audit_(audit), cases_(cases), actor_(local_viewer(io), Permissions()) {}

  // JSON lines: nothing in a text reaches the terminal as more than text.
  void say(const ordered_json& told) {
    print(io_, told.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n");
  }

  Result<std::string> masked(const CaseRow& row, std::string_view text) {
    return masked_for_audit(in_.store(), in_.keys(), row.person, in_.clock().now(), text);
  }

  Result<ordered_json> told_row(const CaseRow& row) {
    CANDOR_TRY(const std::string title, masked(row, row.title));
    return ordered_json{{"number", row.number},
                        {"person", pseudonym(in_.keys(), row.person)},
                        {"title", title},
                        {"state", to_text(row.state)},
                        {"owner", row.owner},
                        {"opened_at", format_time(row.opened_at)},
                        {"updated_at", format_time(row.updated_at)},
                        {"erased_on", row.erased_on ? ordered_json(format_day(*row.erased_on)) : ordered_json()},
                        {"links", row.links}};
  }

  Result<ordered_json> history(const CaseRow& row) {
    ordered_json told = ordered_json::array();
    constexpr std::size_t kPage = 200;
    for (std::size_t offset = 0;; offset += kPage) {
      CANDOR_TRY(const auto page, cases_.history(row.id, actor_, offset, kPage));
      for (const CaseHistoryLine& line : page.lines) {
        CANDOR_TRY(const std::string text, masked(row, line.text));
        told.push_back({{"at", format_time(line.at)},
                        {"viewer", line.viewer},
                        {"act", line.act},
                        {"about", line.about},
                        {"text", text}});
      }
      if (page.lines.size() < kPage) return told;
    }
  }

  const Io& io_;
  Installation& in_;
  const AuditLog& audit_;
  const CaseBook& cases_;
  const CaseActor actor_;
};

}  // namespace

void add_case(CLI::App& app, Command& command) {
  CLI::App* cases = app.add_subcommand("case", "Cases, by pseudonym; notes and evidence are in the pages");
  cases->require_subcommand(1);
  auto options = std::make_shared<CaseOptions>();
  CLI::App* list = cases->add_subcommand("list", "One JSON line a case, the last changed first");
  list->add_option("--state", options->state, "Only these")->check(CLI::IsMember({"open", "closed"}));
  list->add_option("--offset", options->offset, "How many to skip")->capture_default_str();
  list->add_option("--limit", options->limit, "How many, at most 200")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  CLI::App* show = cases->add_subcommand("show", "One case with its alerts and everything done, as JSON");
  show->add_option("NUMBER", options->number, "Its number")->required()->check(CLI::PositiveNumber);
  const auto run = [&command, options](Result<void> (CaseLook::*work)(const CaseOptions&)) {
    command.installed = [&command, options, work](Installation& in) {
      const auto done = CaseLook::run(command, in, *options, work);
      return done ? 0 : report(command.io, done.error());
    };
  };
  list->callback([run] { run(&CaseLook::list); });
  show->callback([run] { run(&CaseLook::show); });
  add_case_trace(*cases, command);
}

}  // namespace candor
