#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>

#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/retention.h"
#include "organisation/retention_kinds.h"

namespace candor {
namespace {

constexpr std::int64_t kShown = 30;  // runs

struct RetentionCommandOptions {
  bool dry = false;
  bool json = false;
  std::string as_of;
};

// A kind in words, with what its time counts from.
struct KindInWords {
  std::string_view kind;
  const char* name;
  const char* since;
};
constexpr std::array kInWords = {
    KindInWords{"undecided_alerts", "alerts nobody decided about", "from when they came to wait"},
    KindInWords{"decided_alerts", "decided alerts that are in no case", "from their last change"},
    KindInWords{"cases", "closed cases", "from when they were closed"},
    KindInWords{"case_alerts", "alerts of cases", "as long as their case"},
    KindInWords{"case_evidence", "evidence of cases", "as long as its case"},
    KindInWords{"requests", "requests", "from when they were last of use"},
    KindInWords{"messages", "messages that were sent or given up", "from then on"},
};

const KindInWords& in_words(std::string_view kind) {
  const auto* const found = std::ranges::find(kInWords, kind, &KindInWords::kind);
  return found == kInWords.end() ? kInWords.back() : *found;
}

std::string days_text(std::int64_t days) { return days == 0 ? "without end" : fmt::format("{} days", days); }

Json to_json(const RetentionRun& run) {
  const Removed& removed = run.removed;
  Json kinds = Json::array();
  for (const RetentionKindCount& one : run.kinds) {
    kinds.push_back({{"kind", one.kind},
                     {"before", one.before ? Json(format_day(*one.before)) : Json()},
                     {"removed", one.removed},
                     {"held", one.held}});
  }
  return {{"day", format_day(run.day)},
          {"activities_before", format_day(run.before)},
          {"raw_records_before", format_day(run.raw_before)},
          {"activities", removed.activities},
          {"accounts", removed.accounts},
          {"raw_records", removed.raw_records},
          {"held",
           {{"people", run.held_people},
            {"activities", removed.held_activities},
            {"raw_records", removed.held_raw_records}}},
          {"kinds", kinds}};
}

std::string in_words(const RetentionRun& run) {
  const Removed& removed = run.removed;
  std::string text = fmt::format(
      "  activities of before {}: {}; accounts of which nothing is left: {}\n"
      "  raw records that came before {}, or whose activity goes: {}\n"
      "  held by open alerts, open cases and legal holds of {} people: {} activities and {} raw records stay\n",
      format_day(run.before), format_count(removed.activities), format_count(removed.accounts),
      format_day(run.raw_before), format_count(removed.raw_records), run.held_people,
      format_count(removed.held_activities), format_count(removed.held_raw_records));
  for (const RetentionKindCount& one : run.kinds) {
    if (one.removed == 0 && one.held == 0) continue;
    text += fmt::format("  {}: {}; held by open cases and legal holds: {}\n", in_words(one.kind).name,
                        format_count(static_cast<std::uint64_t>(one.removed)),
                        format_count(static_cast<std::uint64_t>(one.held)));
  }
  return text;
}

// The settings besides those of activities and raw records, with what went.
std::string kinds_text(const Settings::Retention& kept, const RetentionBook::Totals& totals) {
  std::string text;
  for (const RetentionKind& kind : kRetentionKinds) {
    const auto removed = totals.kinds.find(std::string(kind.name));
    text += fmt::format("  {} {}, {}; removed so far: {}\n", in_words(kind.name).name, days_text(kept.*kind.days),
                        in_words(kind.name).since,
                        format_count(removed == totals.kinds.end() ? 0 : static_cast<std::uint64_t>(removed->second)));
  }
  return text;
}

Json kinds_json(const Settings::Retention& kept, const RetentionBook::Totals& totals) {
  Json kinds = Json::array();
  for (const RetentionKind& kind : kRetentionKinds) {
    const auto removed = totals.kinds.find(std::string(kind.name));
    kinds.push_back({{"kind", kind.name},
                     {"setting", kind.setting},
                     {"days", kept.*kind.days},
                     {"removed", removed == totals.kinds.end() ? 0 : removed->second}});
  }
  return kinds;
}

int run(const Command& command, Installation& installation, const RetentionCommandOptions& options) {
  const Io& io = command.io;
  Day today = day_of(installation.clock().now());
  if (!options.as_of.empty()) {
    const auto day = parse_day(options.as_of);
    if (!day) return report(io, {"app.usage", "--as-of takes a day as YYYY-MM-DD"});
    // Of a day that is over more was kept: what is sealed since would be open again.
    if (*day < today && !options.dry) {
      return report(io, {"app.usage", "--as-of takes today or a later day; an earlier one only with --dry-run"});
    }
    today = *day;
  }
  const std::lock_guard lock(installation.writing());
  const auto done = run_retention(installation, today, options.dry, local_viewer(io));
  if (!done) return report(io, done.error());
  Json json = to_json(*done);
  json["dry_run"] = options.dry;
  const std::string text = options.json ? json.dump() + "\n"
                                        : fmt::format("{} on {}\n{}", options.dry ? "would be removed" : "removed",
                                                      format_day(done->day), in_words(*done));
  return print(io, text) ? 0 : static_cast<int>(Exit::failed);
}

int show_retention(const Command& command, Installation& installation, const RetentionCommandOptions& options) {
  const Settings::Retention kept = installation.settings()->retention;
  RetentionBook book(installation.store());
  const auto began = book.began(day_of(installation.clock().now()));
  if (!began) return report(command.io, began.error());
  const auto runs = book.runs(kShown);
  if (!runs) return report(command.io, runs.error());
  const auto totals = book.totals();
  if (!totals) return report(command.io, totals.error());
  if (options.json) {
    Json json = {
        {"raw_days", kept.raw_days},
        {"activity_days", kept.activity_days},
        {"folder_began", format_day(*began)},
        {"removed",
         {{"activities", totals->activities}, {"accounts", totals->accounts}, {"raw_records", totals->raw_records}}},
        {"kinds", kinds_json(kept, *totals)},
        {"runs", Json::array()}};
    for (const RetentionRun& one : *runs) json["runs"].push_back(to_json(one));
    return print(command.io, json.dump() + "\n") ? 0 : static_cast<int>(Exit::failed);
  }
  std::string text = fmt::format(
      "raw records are kept {} days, activities {} days (`candor settings list` tells why); what happened before {} "
      "until {}\n"
      "removed so far: {} activities, {} accounts, {} raw records\n",
      kept.raw_days, kept.activity_days, format_day(*began - static_cast<Day>(kept.activity_days)),
      format_day(*began + static_cast<Day>(kept.activity_days)),
      format_count(static_cast<std::uint64_t>(totals->activities)),
      format_count(static_cast<std::uint64_t>(totals->accounts)),
      format_count(static_cast<std::uint64_t>(totals->raw_records)));
  text += kinds_text(kept, *totals);
  for (const RetentionRun& one : *runs) text += fmt::format("{}\n{}", format_day(one.day), in_words(one));
  return print(command.io, text) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_retention(CLI::App& app, Command& command) {
  CLI::App* retention = app.add_subcommand("retention", "How long things are kept, and what was removed");
  retention->require_subcommand(1);
  auto options = std::make_shared<RetentionCommandOptions>();
  CLI::App* shown = retention->add_subcommand("show", "The settings, and what every run removed");
  shown->add_flag("--json", options->json, "As one object");
  shown->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return show_retention(command, in, *options); };
  });
  CLI::App* sub = retention->add_subcommand(
      "run", "Remove what is over; a served folder does it every day, any other when it is opened on another day");
  sub->add_flag("--dry-run", options->dry, "Only count");
  sub->add_option("--as-of", options->as_of, "As if it were this UTC day, YYYY-MM-DD (default: today)");
  sub->add_flag("--json", options->json, "Print what was removed as one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return run(command, in, *options); };
  });
}

}  // namespace candor
