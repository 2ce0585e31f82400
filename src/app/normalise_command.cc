#include <absl/container/flat_hash_set.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "activity/ecs.h"
#include "activity/normalise.h"
#include "app/command.h"
#include "app/content.h"
#include "app/inputs.h"
#include "base/keys.h"

namespace candor {
namespace {

// Prints each distinct record once. What was seen is kept as 24 bytes a record, since there is no data folder to ask.
class Printer {
 public:
  Printer(const Io& io, std::shared_ptr<const MappingSet> mappings)
      : io_(io), keys_(Keys::from_master({})), normaliser_(std::move(mappings)) {}

  // False when the reader of the output is gone.
  bool take(const RawBatch& batch) {
    for (const RejectedRow& row : batch.rejected) complain_about(batch, row.row, row.reason);
    lines_.clear();
    normaliser_.normalise(batch, [&](const Normalised& record) {
      if (record.activity == nullptr) {
        complain_about(batch, batch.records[record.index].row, record.rejection);
      } else if (is_new(*record.activity)) {
        append_ecs_json(*record.activity, lines_);
        if (lines_.back() != '\n') lines_ += '\n';
      }
    });
    return print(io_, lines_);
  }
  std::uint64_t rejected() const { return rejected_; }

 private:
  bool is_new(const Activity& activity) {
    const ActivityId id = keys_.activity(static_cast<std::uint8_t>(activity.source), activity.record_id,
                                         activity.operation, activity.account, day_of(activity.time));
    return seen_.emplace(id, content_hash(activity.raw)).second;
  }
  void complain_about(const RawBatch& batch, std::uint64_t row, std::string_view reason) {
    ++rejected_;
    complain(io_, fmt::format("{}:{}  {}\n", batch.origin, row, reason));
  }

  const Io& io_;
  const Keys keys_;
  Normaliser normaliser_;
  absl::flat_hash_set<std::pair<ActivityId, std::uint64_t>> seen_;
  std::string lines_;
  std::uint64_t rejected_ = 0;
};

Result<void> print_all(const SourceInput& input, const std::optional<FeedForm>& feed, const Io& io, Printer& printer) {
  CANDOR_TRY(const auto source,
             FileSource::open(input, {.checkpoint = "", .cancelled = io.cancelled, .limits = {}, .feed = feed}));
  for (;;) {
    CANDOR_TRY(const auto batch, source->next());
    if (!batch) return {};
    if (!printer.take(*batch)) return fail("app.cannot_write", "nobody reads the output any more");
    if (io.cancelled()) return fail("sources.interrupted", input.name + ": interrupted");
  }
}

int run_normalise(const Command& command, const std::vector<std::string>& names, const std::string& feed) {
  const Io& io = command.io;
  const auto content = load_content(content_folder(command));
  if (!content) return report(io, content.error());
  std::optional<FeedForm> form;
  if (!feed.empty()) {
    auto known = content->mappings->feed_form(feed);
    if (!known) return report(io, known.error());
    form = std::move(*known);
  }
  const auto files = list_inputs(io, names);
  if (!files) return report(io, files.error());
  Printer printer(io, content->mappings);
  // As with ingest: a file that cannot be read is named and the others are printed all the same.
  bool failed = false;
  for (const SourceInput& input : *files) {
    const auto outcome = print_all(input, form, io, printer);
    if (outcome) continue;
    report(io, outcome.error());
    if (io.cancelled() || !outcome.error().id.starts_with("sources.")) return static_cast<int>(Exit::failed);
    failed = failed || is_failure(outcome.error(), input.from_folder);
  }
  if (failed) return static_cast<int>(Exit::failed);
  return static_cast<int>(printer.rejected() > 0 ? Exit::some_rejected : Exit::ok);
}

}  // namespace

void add_normalise(CLI::App& app, Command& command) {
  auto names = std::make_shared<std::vector<std::string>>();
  auto feed = std::make_shared<std::string>();
  CLI::App* sub = app.add_subcommand("normalise", "Print the activities of audit logs as ECS, one JSON object a line");
  sub->add_option("FILE", *names, "Files, folders, or - for standard input")->required();
  sub->add_option("--feed", *feed, "All records are of this feed (content/mappings/feeds)");
  sub->callback([&command, names, feed] {
    command.standalone = [&command, names, feed] { return run_normalise(command, *names, *feed); };
  });
}

}  // namespace candor
