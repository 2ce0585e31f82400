#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "app/installation.h"

namespace candor {
namespace {

std::string to_json(const std::vector<LedgerLine>& lines) {
  std::string text;
  for (const LedgerLine& line : lines) {
    const nlohmann::ordered_json json = {{"content", line.content}, {"day", format_day(line.day)},
                                         {"country", line.country}, {"indicator", line.indicator},
                                         {"offered", line.offered}, {"evaluated", line.evaluated},
                                         {"matched", line.matched}};
    text += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return text;
}

// People read sums over days; the days are in --json.
std::string to_text(const std::vector<LedgerLine>& lines) {
  std::map<std::tuple<std::string, std::string, std::string>, LedgerLine> sums;
  for (const LedgerLine& line : lines) {
    LedgerLine& sum = sums[{line.content, line.indicator, line.country}];
    sum.offered += line.offered;
    sum.evaluated += line.evaluated;
    sum.matched += line.matched;
  }
  std::string text = fmt::format("{:<24} {:<40} {:<8} {:>12} {:>12} {:>12}\n", "content", "indicator", "country",
                                 "offered", "evaluated", "matched");
  for (const auto& [key, sum] : sums) {
    const auto& [content, indicator, country] = key;
    text += fmt::format("{:<24} {:<40} {:<8} {:>12} {:>12} {:>12}\n", content, indicator,
                        country.empty() ? "unknown" : country, sum.offered, sum.evaluated, sum.matched);
  }
  return text;
}

int show_ledger(const Command& command, Installation& installation, bool json) {
  const std::lock_guard lock(installation.writing());
  const auto lines = installation.ledger();
  if (!lines) return report(command.io, lines.error());
  return print(command.io, json ? to_json(*lines) : to_text(*lines)) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_ledger(CLI::App& app, Command& command) {
  auto json = std::make_shared<bool>(false);
  CLI::App* sub =
      app.add_subcommand("ledger", "On how many activities each indicator was evaluated: off means on none");
  sub->add_flag("--json", *json, "One object a line, by day");
  sub->callback([&command, json] {
    command.installed = [&command, json](Installation& in) { return show_ledger(command, in, *json); };
  });
}

}  // namespace candor
