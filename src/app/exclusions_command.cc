#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "app/command.h"
#include "app/content.h"
#include "app/installation.h"
#include "app/json.h"
#include "ingest/exclusion_counts.h"

namespace candor {
namespace {

Json items_json(const ItemLists& lists) {
  Json items = Json::object();
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    if (lists.size(kind) != 0) items[std::string(to_text(kind))] = lists.size(kind);
  }
  return items;
}

std::string items_text(const ItemLists& lists) {
  std::string text;
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    if (lists.size(kind) == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", lists.size(kind), to_text(kind));
  }
  return text.empty() ? "nothing" : text;
}

// --- groups

// Who narrows by a group: variants and exclusions.
std::vector<std::string> users_of(const IndicatorSet& set, const std::string& group) {
  std::vector<std::string> users;
  const auto names = [&](const std::vector<std::string>& groups) {
    return std::ranges::find(groups, group) != groups.end();
  };
  for (const IndicatorInfo& info : set.indicators()) {
    if (names(info.only) || names(info.except)) users.push_back(info.name);
  }
  for (const Exclusion& one : set.exclusions()) {
    const auto is_it = [&](const auto& used) { return used->name == group; };
    if (std::ranges::any_of(one.groups, is_it)) users.push_back("exclusion " + one.name);
  }
  return users;
}

int list_groups(const Command& command, bool json) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  const IndicatorSet& set = *content->indicators;
  std::string text;
  Json rows = Json::array();
  for (const auto& [name, group] : set.groups()) {
    const std::vector<std::string> users = users_of(set, name);
    rows.push_back({{"name", name}, {"title", group->title}, {"items", items_json(group->lists)}, {"used_by", users}});
    text += fmt::format("{:<32} {:<32} {}; {}\n", name, group->title, items_text(group->lists),
                        users.empty() ? "used by nothing" : fmt::format("used by {}", fmt::join(users, ", ")));
  }
  return print(command.io, json ? json_line(rows) : text) ? 0 : static_cast<int>(Exit::failed);
}

// --- exclusions

using Counts = std::map<std::string, std::vector<ExclusionCount>>;  // by exclusion

std::string group_names(const Exclusion& one) {
  std::string names;
  for (const auto& group : one.groups) names += ", group " + group->name;
  return names;
}

std::string exclusions_text(const IndicatorSet& set, const Counts& counts) {
  std::string text;
  for (const Exclusion& one : set.exclusions()) {
    text += fmt::format("{}: {}\n  about     {}\n  lists     {}{}\n", one.name, one.reason,
                        one.indicators.empty() ? "all indicators" : fmt::format("{}", fmt::join(one.indicators, ", ")),
                        items_text(one.lists), group_names(one));
    if (one.unless.size() != 0) text += fmt::format("  unless    one of {} keywords\n", one.unless.size());
    const auto left_out = counts.find(one.name);
    if (left_out == counts.end()) text += "  left out  nothing of what is stored\n";
    if (left_out == counts.end()) continue;
    for (const ExclusionCount& count : left_out->second) {
      text += fmt::format("  left out  {} of {}, last on {}\n", count.activities, count.indicator,
                          count.last ? format_day(*count.last) : "no day");
    }
  }
  return text;
}

std::string exclusions_json(const IndicatorSet& set, const Counts& counts) {
  Json rows = Json::array();
  for (const Exclusion& one : set.exclusions()) {
    Json left_out = Json::array();
    if (const auto found = counts.find(one.name); found != counts.end()) {
      for (const ExclusionCount& count : found->second) {
        left_out.push_back({{"indicator", count.indicator},
                            {"activities", count.activities},
                            {"last_day", count.last ? Json(format_day(*count.last)) : Json()}});
      }
    }
    Json groups = Json::array();
    for (const auto& group : one.groups) groups.push_back(group->name);
    rows.push_back({{"name", one.name},
                    {"reason", one.reason},
                    {"indicators", one.indicators.empty() ? Json() : Json(one.indicators)},
                    {"items", items_json(one.lists)},
                    {"groups", groups},
                    {"unless_keywords", one.unless.size()},
                    {"left_out", left_out}});
  }
  return json_line(rows);
}

int show_exclusions(const Command& command, Installation& installation, bool json) {
  const std::lock_guard lock(installation.writing());
  const IndicatorSet& set = *installation.content().indicators;
  const auto counted = count_left_out(installation.timeline(), installation.content().fields,
                                      installation.content().indicators, installation.allowed());
  if (!counted) return report(command.io, counted.error());
  Counts counts;
  for (const ExclusionCount& one : *counted) counts[one.exclusion].push_back(one);
  const std::string text = json ? exclusions_json(set, counts) : exclusions_text(set, counts);
  return print(command.io, text) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_exclusions(CLI::App& app, Command& command) {
  auto json = std::make_shared<bool>(false);
  CLI::App* groups = app.add_subcommand("groups", "Detection groups: what they list, and who narrows by them");
  groups->add_flag("--json", *json, "As a JSON array");
  groups->callback([&command, json] { command.standalone = [&command, json] { return list_groups(command, *json); }; });
  CLI::App* exclusions = app.add_subcommand(
      "exclusions", "Global exclusions, and how many stored activities each left out of what matched");
  exclusions->add_flag("--json", *json, "As a JSON array");
  exclusions->callback([&command, json] {
    command.installed = [&command, json](Installation& in) { return show_exclusions(command, in, *json); };
  });
}

}  // namespace candor
