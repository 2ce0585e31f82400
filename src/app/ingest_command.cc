#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "app/command.h"
#include "app/follow.h"
#include "app/ingest_run.h"
#include "app/inputs.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/own_domains_seen.h"
#include "sources/source_name.h"

namespace candor {
namespace {

struct IngestOptions {
  std::vector<std::string> names;
  int threads = 2;
  bool json = false;
  bool status = false;
  std::string source;  // "" = the usual one
  FollowOptions follow;
};

// What a run came to, with the assessments after it.
struct IngestOutcome {
  IngestRun run;
  RecordCounts alerts;
  std::vector<Diagnostic> diagnostics;  // of the last assessment
  SeenDomains own_domains;              // nullopt: known, or the run did not get to its end

  Result<void> assess(Installation& installation) {
    CANDOR_TRY(AssessmentRun assessed, installation.assess());
    alerts.raised += assessed.alerts.raised;
    alerts.revised += assessed.alerts.revised;
    diagnostics = std::move(assessed.diagnostics);
    return {};
  }
  std::vector<Error> errors() const {
    std::vector<Error> all;
    all.reserve(run.failures.size() + 2);
    for (const IngestRun::Failure& failure : run.failures) all.push_back(failure.error);
    if (run.interrupted) all.push_back({"app.interrupted", "interrupted: what was read until then is stored"});
    if (run.stopped) all.push_back(*run.stopped);
    return all;
  }
  bool is_failure() const {
    return run.interrupted || run.stopped || std::ranges::any_of(run.failures, [](const IngestRun::Failure& failure) {
             return candor::is_failure(failure.error, failure.from_folder);
           });
  }
};

Json json_of(const std::map<std::string, std::uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) json[name] = count;
  return json;
}

std::string to_json(const IngestOutcome& outcome) {
  const IngestSummary& summary = outcome.run.summary;
  Json failures = Json::array();
  for (const Error& error : outcome.errors()) failures.push_back({{"id", error.id}, {"message", error.message}});
  return json_line({{"rows_read", summary.rows_read},
                    {"records_read", summary.records_read},
                    {"stored", summary.stored},
                    {"repeats", summary.repeats},
                    {"corrections", summary.corrections},
                    {"rejected", json_of(summary.rejected)},
                    {"filtered", json_of(summary.filtered)},
                    {"changed", json_of(summary.changed)},
                    {"unknown_record_types", json_of(summary.unknown_record_types)},
                    {"unknown_operations", json_of(summary.unknown_operations)},
                    {"by_people", summary.by_people},
                    {"by_others", summary.by_others},
                    {"people", summary.people},
                    {"first", time_or_null(summary.first)},
                    {"last", time_or_null(summary.last)},
                    {"seconds", summary.seconds},
                    {"alerts_raised", outcome.alerts.raised},
                    {"alerts_revised", outcome.alerts.revised},
                    {"own_domains_seen", to_json(outcome.own_domains)},
                    {"interrupted", outcome.run.interrupted},
                    {"failures", failures}});
}

// What came from records or file names is shown with its control characters made visible: a terminal obeys them.
std::string visible(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out;
}

std::string list_counts(const char* title, const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty()) return "";
  std::string text = fmt::format("  {}:", title);
  for (const auto& [name, count] : counts) text += fmt::format(" {} ({})", visible(name), format_count(count));
  return text + "\n";
}

std::string to_text(const IngestOutcome& outcome) {
  const IngestSummary& summary = outcome.run.summary;
  std::string text = outcome.run.interrupted ? "interrupted: " : "";
  text += fmt::format("{} rows, {} records: {} stored ({} of them corrections), {} repeats, in {:.1f} s\n",
                      format_count(summary.rows_read), format_count(summary.records_read), format_count(summary.stored),
                      format_count(summary.corrections), format_count(summary.repeats), summary.seconds);
  text += fmt::format("  by {} people: {}; by others: {}\n", format_count(summary.people),
                      format_count(summary.by_people), format_count(summary.by_others));
  if (summary.first) text += fmt::format("  from {} to {}\n", format_time(*summary.first), format_time(*summary.last));
  text += list_counts("not usable", summary.rejected);
  text += list_counts("not stored, by rule", summary.filtered);
  text += list_counts("stored without some fields, by rule", summary.changed);
  text += list_counts("record types nobody knows, kept", summary.unknown_record_types);
  text += list_counts("operations nobody knows, kept", summary.unknown_operations);
  return text + fmt::format("  alerts: {} raised, {} revised\n", outcome.alerts.raised, outcome.alerts.revised);
}

int show_status(const Command& command, Installation& installation, const IngestOptions& options) {
  const auto status = ingest_status(installation.timeline());
  if (!status) return report(command.io, status.error());
  const Timeline::Stats& stored = status->stored;
  if (options.json) {
    Json checkpoints = Json::object();
    for (const auto& [feed, checkpoint] : status->checkpoints) checkpoints[feed] = checkpoint;
    const bool printed = print(command.io, json_line({{"activities", stored.activities},
                                                      {"superseded", stored.superseded},
                                                      {"accounts", stored.accounts},
                                                      {"bytes_blocks", stored.bytes_blocks},
                                                      {"bytes_raw", stored.bytes_raw},
                                                      {"first", time_or_null(stored.first)},
                                                      {"last", time_or_null(stored.last)},
                                                      {"checkpoints", checkpoints}}));
    return static_cast<int>(printed ? Exit::ok : Exit::failed);
  }
  print(command.io,
        fmt::format("{} activities of {} accounts ({} superseded): {} without raw records, {} with them\n",
                    format_count(stored.activities), format_count(stored.accounts), format_count(stored.superseded),
                    format_bytes(stored.bytes_blocks), format_bytes(stored.bytes_blocks + stored.bytes_raw)));
  for (const auto& [feed, checkpoint] : status->checkpoints) {
    print(command.io, fmt::format("  {}  acknowledged up to {}\n", visible(feed), visible(checkpoint)));
  }
  return 0;
}

std::uint64_t total_size(const std::vector<SourceInput>& inputs) {
  std::uint64_t total = 0;
  for (const SourceInput& input : inputs) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(input.path, error);
    if (!error) total += size;
  }
  return total;
}

void complain_about_rows(const Io& io, const IngestSummary& summary) {
  std::uint64_t rejected = 0;
  for (const auto& [reason, count] : summary.rejected) rejected += reason == kErasedRecord ? 0 : count;
  std::string text;
  for (const Rejection& row : summary.rejections) {
    text += fmt::format("{}:{}  {}\n", visible(row.origin), row.row, row.reason);
  }
  if (rejected > summary.rejections.size()) {
    text += fmt::format("... and {} more rows\n", rejected - summary.rejections.size());
  }
  complain(io, text);
}

// What to do about rows of the other kind than the folder.
void complain_about_kind(const Io& io, const IngestSummary& summary) {
  constexpr std::array kOther = {
      std::pair{kRealRecord, "rows are real, and the folder holds invented people (demo)"},
      std::pair{kSimulatedRecord, "rows are of an invented organisation, and the folder holds real data"}};
  for (const auto& [reason, what] : kOther) {
    const auto found = summary.rejected.find(std::string(reason));
    if (found == summary.rejected.end()) continue;
    complain(io, fmt::format("candor: {} {}: name another folder with --data [app.other_kind]\n",
                             format_count(found->second), what));
  }
}

// Everything that went wrong, the summary, and what they come to. What was stored before something failed is stored, so
// the summary is printed in any case.
int conclude(const Command& command, const IngestOutcome& outcome, bool json) {
  const Io& io = command.io;
  complain_about_rows(io, outcome.run.summary);
  complain_about_kind(io, outcome.run.summary);
  for (const Error& error : outcome.errors())
    complain(io, "candor: " + visible(error.message) + " [" + error.id + "]\n");
  complain_about(io, outcome.diagnostics);
  if (!print(io, json ? to_json(outcome) : to_text(outcome) + to_text(outcome.own_domains, command))) {
    return report(io, {"app.cannot_write", "the summary could not be written: is the disk of the output full?"});
  }
  if (outcome.is_failure()) return static_cast<int>(Exit::failed);
  // What is left out because somebody was erased is as it should be.
  const bool all_usable =
      std::ranges::all_of(outcome.run.summary.rejected, [](const auto& one) { return one.first == kErasedRecord; });
  return static_cast<int>(all_usable ? Exit::ok : Exit::some_rejected);
}

int run_ingest(const Command& command, Installation& installation, const IngestOptions& options) {
  const Io& io = command.io;
  if (options.status) return show_status(command, installation, options);
  const std::string& feed = options.follow.feed;
  std::optional<FeedForm> form;
  if (!feed.empty()) {
    auto known = installation.content().mappings->feed_form(feed);
    if (!known) return report(io, known.error());
    form = std::move(*known);
  }
  const auto source = source_name(!options.source.empty() ? options.source : feed.empty() ? "files" : feed);
  if (!source) return report(io, source.error());
  std::vector<std::string> names = options.names;
  if (names.empty() && ::isatty(io.in) == 0) names.emplace_back("-");
  if (names.empty()) return report(io, {"app.usage", "name files or folders, or - for standard input"});
  const auto inputs = list_inputs(io, names);
  if (!inputs) return report(io, inputs.error());
  Progress progress(io, "reading", options.json);
  const std::uint64_t total = total_size(*inputs);
  IngestOutcome outcome;
  // Not held while a pipe gives nothing: others may write then, and what came is assessed already.
  std::unique_lock lock(installation.writing(), std::defer_lock);
  const auto hold = [&] {
    if (!lock.owns_lock()) lock.lock();
  };
  const auto paused = [&]() -> Result<void> {
    CANDOR_TRY_VOID(outcome.assess(installation));
    lock.unlock();
    return {};
  };
  outcome.run = ingest_inputs(
      installation, {.name = *source, .simulated = false}, *inputs,
      [&](const IngestProgress& at) { progress.update(at.bytes, total, at.records); },
      {.threads = options.threads > 1, .cancelled = io.cancelled, .paused = paused, .going_on = hold, .feed = form});
  // An interrupted run ends at once; whom it touched is assessed with the next one, or by the process that serves.
  if (!outcome.run.stopped && !outcome.run.interrupted) {
    hold();
    if (auto assessed = outcome.assess(installation); !assessed) outcome.run.stopped = std::move(assessed).error();
    if (auto seen = own_domains_seen(installation)) {
      outcome.own_domains = *std::move(seen);
    } else if (!outcome.run.stopped) {
      outcome.run.stopped = std::move(seen).error();
    }
  }
  if (lock.owns_lock()) lock.unlock();
  progress.finish();
  outcome.run.summary.seconds = progress.seconds();
  return conclude(command, outcome, options.json);
}

int run_follow(const Command& command, Installation& installation, const IngestOptions& options) {
  const Io& io = command.io;
  if (!options.names.empty()) {
    return report(io, {"app.usage", "name either files to read once, or with --follow one folder"});
  }
  FollowOptions follow = options.follow;
  follow.folder = io.resolve(follow.folder);
  if (!options.source.empty()) {
    follow.source = options.source;
  } else if (!follow.feed.empty()) {
    follow.source = follow.feed;
  }
  follow.json = options.json;
  const auto outcome = follow_folder(installation, follow, io);
  return outcome ? static_cast<int>(Exit::ok) : report(io, outcome.error());
}

}  // namespace

void add_ingest(CLI::App& app, Command& command) {
  auto options = std::make_shared<IngestOptions>();
  CLI::App* sub = app.add_subcommand("ingest", "Read audit logs into the data folder and assess whom they touch");
  sub->add_option("FILE", options->names,
                  "JSON, NDJSON or CSV, plain, gzip or zstd; folders of them; - for standard input");
  sub->add_flag("--json", options->json, "Print the summary as one object");
  sub->add_flag("--status", options->status, "Show what is stored and how far each feed is on disk");
  sub->add_option("--threads", options->threads, "1 or 2")->capture_default_str()->check(CLI::Range(1, 2));
  sub->add_option("--source", options->source, "What the source is called in `candor sources` (files; folder)");
  add_follow_options(*sub, options->follow);
  sub->callback([&command, options] {
    command.threads = static_cast<unsigned>(options->threads);
    command.installed = [&command, options](Installation& in) {
      return options->follow.folder.empty() || options->status ? run_ingest(command, in, *options)
                                                               : run_follow(command, in, *options);
    };
  });
}

}  // namespace candor
