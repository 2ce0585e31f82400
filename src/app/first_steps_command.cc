#include <fmt/format.h>

#include <memory>

#include "access/audit_log.h"
#include "access/viewers.h"
#include "api/first_steps.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"
#include "base/master_key.h"

namespace candor {
namespace {

Result<std::vector<FirstStep>> steps_of(Installation& installation) {
  CANDOR_TRY(auto roles, Roles::load(installation.content().folder / "roles.yml"));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const Viewers viewers(installation.store(), installation.keys(), installation.clock(), audit, std::move(roles));
  const auto settings = installation.settings();
  return first_steps({.clock = installation.clock(),
                      .store = installation.store(),
                      .keys = installation.keys(),
                      .people = installation.people(),
                      .facts = installation.facts(),
                      .organisation = installation.organisation(),
                      .policies = installation.policies(),
                      .viewers = viewers,
                      .audit = audit,
                      .sources = &installation.sources(),
                      .settings = *settings,
                      .key_is_sealed = master_key_state(installation.folder()) == MasterKeyState::sealed});
}

std::string line_of(const FirstStep& step) {
  std::string line = fmt::format("{:<5} {:<17}", to_text(step.state), step.id);
  if (step.count > 0) line += fmt::format(" {}", format_count(static_cast<std::uint64_t>(step.count)));
  if (step.wanting > 0) {
    line += fmt::format(", {} to look at", format_count(static_cast<std::uint64_t>(step.wanting)));
  }
  if (step.last) line += fmt::format("{} last {}", step.count > 0 ? "," : "", format_time(*step.last));
  return line + "\n";
}

int show_first_steps(const Command& command, Installation& installation, bool json) {
  const auto steps = steps_of(installation);
  if (!steps) return report(command.io, steps.error());
  std::string text;
  Json list = Json::array();
  for (const FirstStep& step : *steps) {
    text += line_of(step);
    list.push_back({{"id", step.id},
                    {"state", to_text(step.state)},
                    {"count", step.count},
                    {"wanting", step.wanting},
                    {"last", time_or_null(step.last)}});
  }
  return print(command.io, json ? json_line({{"steps", list}}) : text) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_first_steps(CLI::App& app, Command& command) {
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = app.add_subcommand(
      "first-steps",
      "What has to be in place before Candor can be relied on, told from what is there: done, to look at, open");
  sub->add_flag("--json", *json, "Print one object");
  sub->callback([&command, json] {
    command.installed = [&command, json](Installation& in) { return show_first_steps(command, in, *json); };
  });
}

}  // namespace candor
