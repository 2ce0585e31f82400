#include "ingest/silence_watch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace candor {
namespace {

// What is to be written after a look. Most looks change nothing, and then nobody waits for the writing connection.
struct Change {
  std::string source;
  std::optional<TimePoint> ended;  // a silence that began then is over
  std::optional<TimePoint> began;  // or: a silence began then
  TimePoint last_record = 0;
  TimePoint limit = 0;
};

// The silences that last, as known so far; a source has at most one.
Result<std::map<std::string, TimePoint>> open_silences(Reading& reading) {
  CANDOR_TRY(const auto rows,
             reading.rows("select source, began from source_silences where ended is null order by source"));
  std::map<std::string, TimePoint> open;
  for (const Row& row : rows) open[row.text(0)] = row.integer(1);
  return open;
}

std::vector<Change> changes_of(const std::vector<SourceSilence>& sources,
                               const std::map<std::string, TimePoint>& open) {
  std::vector<Change> changes;
  for (const SourceSilence& one : sources) {
    auto known = open.find(one.source);
    // A record ends a silence, and nothing else does: its habit may well be forgotten while it lasts.
    if (known != open.end() && one.last_received > known->second) {
      changes.push_back({.source = one.source, .ended = known->second, .began = {}, .last_record = one.last_received});
      known = open.end();
    }
    if (known != open.end() || one.silence.state != Silence::State::silent) continue;
    changes.push_back({.source = one.source,
                       .ended = {},
                       .began = one.last_received,
                       .last_record = one.last_received,
                       .limit = one.silence.limit.value_or(0)});
  }
  return changes;
}

Result<void> write(Transaction& work, const Change& change, TimePoint now) {
  if (change.ended) {
    CANDOR_TRY_VOID(work.execute(
        "update source_silences set ended = ?3, end_noticed = ?4 where source = ?1 and began = ?2 and ended is null",
        {change.source, *change.ended, change.last_record, now}));
  }
  if (change.began) {
    CANDOR_TRY_VOID(
        work.execute("insert into source_silences (source, began, usual, noticed) values (?1, ?2, ?3, ?4) on conflict "
                     "(source, began) do nothing",
                     {change.source, *change.began, change.limit, now}));
  }
  return {};
}

struct Noticed {
  SilenceNews news;
  bool told = false;
};

// Silences and their ends, oldest first.
Result<std::vector<Noticed>> read_noticed(Reading& reading, TimePoint since) {
  CANDOR_TRY(const auto rows,
             reading.rows("select source, began, usual, noticed, silence_told, ended, end_noticed, end_told from "
                          "source_silences where noticed > ?1 or end_noticed > ?1",
                          {since}));
  std::vector<Noticed> noticed;
  for (const Row& row : rows) {
    const SilenceNews silent{.kind = SilenceNews::Kind::silent,
                             .source = row.text(0),
                             .silent_since = row.integer(1),
                             .last_record = row.integer(1),
                             .limit = row.integer(2),
                             .at = row.integer(3)};
    if (silent.at > since) noticed.push_back({.news = silent, .told = !row.is_null(4)});
    if (row.is_null(5) || row.integer(6) <= since) continue;
    SilenceNews speaks = silent;
    speaks.kind = SilenceNews::Kind::speaks;
    speaks.last_record = row.integer(5);
    speaks.at = row.integer(6);
    noticed.push_back({.news = std::move(speaks), .told = !row.is_null(7)});
  }
  const auto order = [](const Noticed& one) {
    return std::tie(one.news.at, one.news.source, one.news.silent_since, one.news.kind);
  };
  std::ranges::sort(noticed, [&](const Noticed& a, const Noticed& b) { return order(a) < order(b); });
  return noticed;
}

}  // namespace

std::string_view to_text(SilenceNews::Kind kind) {
  return kind == SilenceNews::Kind::silent ? "source.silent" : "source.speaks";
}

Result<void> notice_silences(SourceHealth& health, Store& store, TimePoint now) {
  CANDOR_TRY(const auto sources, health.silences());
  std::vector<Change> changes;
  {
    CANDOR_TRY(Reading reading, store.read());
    CANDOR_TRY(const auto open, open_silences(reading));
    changes = changes_of(sources, open);
  }
  if (changes.empty()) return {};
  return store.transact([&](Transaction& work) -> Result<void> {
    for (const Change& change : changes) CANDOR_TRY_VOID(write(work, change, now));
    CANDOR_TRY_VOID(work.execute("delete from source_silences where ended is not null and end_noticed < ?1",
                                 {now - SilenceWatch::kKept}));
    return {};
  });
}

Result<std::vector<SilenceNews>> silences_noticed(Reading& reading, TimePoint since) {
  CANDOR_TRY(auto noticed, read_noticed(reading, since));
  std::vector<SilenceNews> out;
  for (Noticed& one : noticed) out.push_back(std::move(one.news));
  return out;
}

SilenceWatch::SilenceWatch(SourceHealth& health, Store& store, const Clock& clock, Tell tell)
    : health_(health), store_(store), clock_(clock), tell_(std::move(tell)) {}

Result<std::size_t> SilenceWatch::step() {
  CANDOR_TRY_VOID(mark_told());
  CANDOR_TRY_VOID(notice_silences(health_, store_, clock_.now()));
  std::size_t told = 0;
  if (is_paused(clock_.now())) return told;
  CANDOR_TRY(const auto waiting, untold());
  for (const SilenceNews& news : waiting) {
    if (auto outcome = tell_(news); !outcome) {
      pause(clock_.now());
      return std::unexpected(std::move(outcome).error());
    }
    pause_ = 0;
    unmarked_ = news;
    CANDOR_TRY_VOID(mark_told());
    ++told;
  }
  return told;
}

Result<std::vector<SilenceNews>> SilenceWatch::untold() {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto noticed, read_noticed(reading, clock_.now() - kGivenUpAfter));
  std::vector<SilenceNews> waiting;
  for (const Noticed& one : noticed) {
    if (!one.told) waiting.push_back(one.news);
  }
  return waiting;
}

Result<void> SilenceWatch::mark_told() {
  if (!unmarked_) return {};
  const SilenceNews& news = *unmarked_;
  const bool silent = news.kind == SilenceNews::Kind::silent;
  auto marked = store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute(silent ? Sql("update source_silences set silence_told = ?3 where source = ?1 and began = ?2")
                            : Sql("update source_silences set end_told = ?3 where source = ?1 and began = ?2"),
                     {news.source, news.silent_since, clock_.now()}));
    return {};
  });
  if (marked) unmarked_.reset();
  return marked;
}

bool SilenceWatch::is_paused(TimePoint now) const {
  // A clock that was set back must not make it wait longer.
  return pause_ > 0 && now >= failed_at_ && now < failed_at_ + pause_;
}

void SilenceWatch::pause(TimePoint now) {
  failed_at_ = now;
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
}

}  // namespace candor
