#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"

namespace candor {
namespace {

Json seconds_of(const std::optional<TimePoint>& duration) {
  constexpr auto kSecond = static_cast<double>(kMicrosPerSecond);
  return duration ? Json(static_cast<double>(*duration) / kSecond) : Json(nullptr);
}

Json json_of(const SourceState& state) {
  Json rejected = Json::object();
  for (const auto& [reason, count] : state.rejected()) rejected[reason] = count;
  return {{"source", state.source},
          {"feed", to_text(state.feed)},
          {"state", to_text(state.silence.state)},
          {"why", state.silence.why},
          {"silent_seconds", seconds_of(state.silence.lasts)},
          {"limit_seconds", seconds_of(state.silence.limit)},
          {"first_received", format_time(state.first_received)},
          {"last_received", format_time(state.last_received)},
          {"last_created", time_or_null(state.last_created)},
          {"records_last_hour", state.records_last_hour},
          {"records_last_day", state.records_last_day},
          {"records", state.count("records")},
          {"stored", state.count("stored")},
          {"repeats", state.count("repeats")},
          {"corrections", state.count("corrections")},
          {"filtered", state.count("filtered")},
          {"rejected", rejected},
          {"unknown_types", state.count("unknown_types")},
          {"unknown_operations", state.count("unknown_operations")},
          {"created_p50_seconds", seconds_of(state.created_p50)},
          {"created_p95_seconds", seconds_of(state.created_p95)},
          {"delay_p50_seconds", seconds_of(state.delay_p50)},
          {"delay_p95_seconds", seconds_of(state.delay_p95)},
          {"gaps", state.gaps},
          {"longest_gap_seconds", seconds_of(state.longest_gap)}};
}

std::string duration(const std::optional<TimePoint>& time) { return time ? format_duration(*time) : "unknown"; }

std::string to_text(const SourceState& state) {
  std::uint64_t rejected = 0;
  std::string reasons;
  for (const auto& [reason, count] : state.rejected()) {
    rejected += count;
    reasons += fmt::format("{}{} ({})", reasons.empty() ? ": " : " ", reason, format_count(count));
  }
  std::string text = fmt::format("{}  {}, {}\n", state.source, to_text(state.feed), to_text(state.silence.state));
  text += fmt::format("  last record {}: {}\n", format_time(state.last_received), state.silence.why);
  text += fmt::format(
      "  {} records in the last hour, {} in 24 hours, {} in 28 days: {} stored ({} of them corrections), "
      "{} repeats, {} filtered, {} not usable{}\n",
      format_count(state.records_last_hour), format_count(state.records_last_day), format_count(state.count("records")),
      format_count(state.count("stored")), format_count(state.count("corrections")),
      format_count(state.count("repeats")), format_count(state.count("filtered")), format_count(rejected), reasons);
  text += fmt::format("  of types nobody knows: {}; operations nobody knows: {}\n",
                      format_count(state.count("unknown_types")), format_count(state.count("unknown_operations")));
  text += fmt::format(
      "  from its own time to here: half within {}, 95 of 100 within {}; from here to the disk: {}, {}\n",
      duration(state.created_p50), duration(state.created_p95), duration(state.delay_p50), duration(state.delay_p95));
  if (state.gaps > 0) {
    text += fmt::format("  gaps in 28 days: {}, the longest {}\n", state.gaps, format_duration(state.longest_gap));
  }
  return text;
}

int show_sources(const Command& command, Installation& installation, bool json) {
  const auto states = installation.sources().all();
  if (!states) return report(command.io, states.error());
  std::string text;
  if (json) {
    Json list = Json::array();
    for (const SourceState& state : *states) list.push_back(json_of(state));
    text = Json{{"sources", list}}.dump() + "\n";
  } else if (states->empty()) {
    text = "nothing has come yet: `candor ingest FILE`, `candor ingest --follow DIR` or `candor token create`\n";
  }
  for (const SourceState& state : *states) {
    if (!json) text += to_text(state);
  }
  return static_cast<int>(print(command.io, text) ? Exit::ok : Exit::failed);
}

}  // namespace

void add_sources(CLI::App& app, Command& command) {
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = app.add_subcommand("sources", "How each source is: last record, delays, counts, silence");
  sub->add_flag("--json", *json, "Print them as one object");
  sub->callback([&command, json] {
    command.installed = [&command, json](Installation& installation) {
      return show_sources(command, installation, *json);
    };
  });
}

}  // namespace candor
