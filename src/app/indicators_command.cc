#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "app/content.h"

namespace candor {
namespace {

int list(const Command& command, bool json) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const IndicatorInfo& indicator : content->indicators->indicators()) {
    if (json) {
      rows.push_back({{"name", indicator.name},
                      {"id", indicator.id},
                      {"title", indicator.title},
                      {"workload", indicator.workload},
                      {"category", to_text(indicator.category)},
                      {"intrusion", indicator.intrusion},
                      {"description", indicator.description}});
    } else {
      print(command.io, fmt::format("{:<44} {:<10} {:<13} {}\n", indicator.name, indicator.workload,
                                    to_text(indicator.category), indicator.title));
    }
  }
  if (json) print(command.io, rows.dump() + "\n");
  return 0;
}

}  // namespace

void add_indicators(CLI::App& app, Command& command) {
  CLI::App* indicators = app.add_subcommand("indicators", "What Candor can see");
  indicators->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = indicators->add_subcommand("list", "Every indicator, one a line");
  sub->add_flag("--json", *json, "As a JSON array");
  sub->callback([&command, json] { command.standalone = [&command, json] { return list(command, *json); }; });
}

}  // namespace candor
