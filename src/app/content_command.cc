#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "app/content_check.h"

namespace candor {
namespace {

std::string to_json(const ContentReport& report) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Diagnostic& fault : report.diagnostics) {
    rows.push_back({{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"severity", fault.severity == Severity::error ? "error" : "warning"},
                    {"id", fault.id},
                    {"message", fault.message},
                    {"hint", fault.hint}});
  }
  return nlohmann::ordered_json{{"indicators", report.indicators},
                                {"policies", report.policies},
                                {"packs", report.packs},
                                {"examples_passed", report.examples_passed},
                                {"diagnostics", rows}}
             .dump() +
         "\n";
}

int run_content_check(const Command& command, bool json) {
  const Io& io = command.io;
  const auto checked = check_content(content_folder(command));
  if (!checked) return report(io, checked.error());
  if (json) {
    print(io, to_json(*checked));
  } else {
    complain_about(io, checked->diagnostics);
    print(io, fmt::format("{} indicators, {} examples as they should be, {} policies, {} packs, {} faults\n",
                          checked->indicators, checked->examples_passed, checked->policies, checked->packs,
                          checked->diagnostics.size()));
  }
  return static_cast<int>(has_errors(checked->diagnostics) ? Exit::failed : Exit::ok);
}

}  // namespace

void add_content(CLI::App& app, Command& command) {
  CLI::App* content = app.add_subcommand("content", "Indicators, policies, mappings: the data Candor runs on");
  content->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = content->add_subcommand("check", "Load everything, run every example, name every fault");
  sub->add_flag("--json", *json, "Print the report as one object");
  sub->callback(
      [&command, json] { command.standalone = [&command, json] { return run_content_check(command, *json); }; });
}

}  // namespace candor
