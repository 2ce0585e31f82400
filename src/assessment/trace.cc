#include "assessment/trace.h"

#include <algorithm>

#include "assessment/trace_telling.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

StartKeys keys_of(const TraceStart& start) {
  StartKeys keys;
  switch (start.kind) {
    case TraceStartKind::file:
      if (start.text.find("://") != std::string::npos) {
        keys.contents.push_back(document_key(start.text));
      } else if (!is_path(start.text)) {
        keys.names.push_back(name_key(start.text));
      }
      break;
    case TraceStartKind::hash:
      keys.contents.push_back(hash_key(start.text));
      break;
    case TraceStartKind::document:
      keys.contents.push_back(document_key(start.text));
      break;
    default:
      break;
  }
  return keys;
}

// Everything that anybody did with a content on these days.
class UseReader {
 public:
  UseReader(const TraceSources& sources, const TracePeople& people, const TraceStart& start,
            const TraceOptions& options)
      : sources_(sources), people_(people), start_(start), options_(options), fields_(sources.catalogue) {
    if (start.kind == TraceStartKind::file && is_path(start.text)) path_ = bare_path_key(start.text);
  }

  Result<ContentUses> read(Trace& trace) {
    const auto total = static_cast<std::int64_t>(people_.accounts().size());
    for (std::size_t i = 0; i < people_.accounts().size() && trace.read_all; ++i) {
      if (options_.progress) options_.progress(static_cast<std::int64_t>(i), total);
      const TracePeople::Account& account = people_.accounts()[i];
      CANDOR_TRY_VOID(
          sources_.timeline.each_activity(account.id, options_.from, options_.to, [&](const ActivityRow& row) {
            if (static_cast<std::size_t>(trace.activities_read) >= options_.most_read) trace.read_all = false;
            if (!trace.read_all || options_.stop.stop_requested()) return false;
            ++trace.activities_read;
            take(row, account, static_cast<std::uint32_t>(i));
            return true;
          }));
      if (options_.stop.stop_requested()) return fail("trace.cancelled", "the trace was cancelled");
    }
    if (options_.progress) options_.progress(total, total);
    uses_.sort();
    return std::move(uses_);
  }

 private:
  void take(const ActivityRow& row, const TracePeople::Account& account, std::uint32_t number) {
    const Day day = day_of(row.time);
    const auto person = people_.owner(account, day);
    if (!person || people_.is_own(*person)) return;
    fields_.read(row, account.id, use_);
    if (use_.says_nothing()) return;
    StoredUse stored{.time = row.time, .content = row.content, .account = number, .person = *person};
    stored.hidden = people_.is_hidden(*person);
    stored.starts =
        path_ ? std::ranges::find(use_.bare_paths, *path_) != use_.bare_paths.end() : fields_.starts(row, start_);
    given_to_.clear();
    for (const std::string_view address : use_.recipients) {
      if (const auto given = people_.at_address(address, day)) given_to_.push_back(*given);
    }
    std::ranges::sort(given_to_);
    given_to_.erase(std::ranges::unique(given_to_).begin(), given_to_.end());
    uses_.add(stored, use_, given_to_);
  }

  const TraceSources& sources_;
  const TracePeople& people_;
  const TraceStart& start_;
  const TraceOptions& options_;
  const ContentFields fields_;
  std::optional<std::uint64_t> path_;
  ContentUse use_;
  std::vector<std::uint32_t> given_to_;
  ContentUses uses_;
};

void count_hidden(const TracePeople& people, const ContentUses& uses, const Followed& followed, const StartKeys& start,
                  Trace& trace) {
  std::vector<bool> seen(people.size(), false);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (!uses[i].hidden || !touches(uses, uses[i], followed, start)) continue;
    ++trace.hidden_activities;
    if (!seen[uses[i].person]) ++trace.hidden_people;
    seen[uses[i].person] = true;
  }
}

}  // namespace

Result<Trace> trace_content(const TraceSources& sources, const TraceStart& start, const TraceOptions& options) {
  if (options.to < options.from || options.to - options.from >= kMostTraceDays) {
    return fail("trace.bad_days", "a trace is about 1 to 366 days");
  }
  Trace trace;
  CANDOR_TRY(const TracePeople people, TracePeople::load(sources, options.without));
  trace.accounts_of_nobody = people.of_nobody();
  CANDOR_TRY(const ContentUses uses, UseReader(sources, people, start, options).read(trace));
  const StartKeys keys = keys_of(start);
  CANDOR_TRY(const Followed followed, follow(uses, keys, options.stop));
  trace.read_all = trace.read_all && followed.ended;
  count_hidden(people, uses, followed, keys, trace);
  CANDOR_TRY_VOID(TraceTelling(sources, people, uses, followed, keys, options).tell(trace));
  return trace;
}

}  // namespace candor
