#include "ingest/source_health.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace candor {
namespace {

constexpr TimePoint kMicrosPerHour = 3600 * kMicrosPerSecond;
constexpr std::int64_t kHoursPerDay = 24;
constexpr std::int64_t kDelayHours = 7 * kHoursPerDay;
constexpr std::string_view kCreated = "created ";
constexpr std::string_view kDelay = "delay ";
constexpr std::int64_t kForEver = 0;  // as an hour: the sum of all of them
constexpr std::string_view kRejected = "rejected ";

std::int64_t hour_of(TimePoint time) { return time / kMicrosPerHour; }

SourceFeed feed_of_text(const std::string& text) {
  for (const SourceFeed feed : {SourceFeed::folder, SourceFeed::requests, SourceFeed::simulation}) {
    if (text == to_text(feed)) return feed;
  }
  return SourceFeed::files;
}

// The longest pause of each day that had arrivals, from the hours' rows.
Result<std::vector<TimePoint>> daily_pauses(Reading& reading, const std::string& source, std::int64_t hour) {
  CANDOR_TRY(const auto rows,
             reading.rows("select hour / 24, max(amount) from source_hours where source = ?1 and what = 'pause' and "
                          "hour > ?2 group by hour / 24",
                          {source, hour - SourceHealth::kHabitDays * kHoursPerDay}));
  std::vector<TimePoint> pauses;
  pauses.reserve(rows.size());
  for (const Row& row : rows) pauses.push_back(row.integer(1));
  return pauses;
}

Silence judge(SourceFeed feed, TimePoint lasts, const std::vector<TimePoint>& pauses) {
  Silence silence{.state = Silence::State::not_expected,
                  .lasts = std::max<TimePoint>(lasts, 0),
                  .limit = std::nullopt,
                  .days = static_cast<int>(pauses.size()),
                  .why = "its files are named by hand: no habit is expected of it"};
  if (feed == SourceFeed::files) return silence;
  if (feed == SourceFeed::simulation) {
    silence.why = "it is the simulated organisation's, read once: no more is expected of it";
    return silence;
  }
  silence.limit = silence_limit(pauses);
  if (!silence.limit) {
    silence.state = Silence::State::learning;
    silence.why = "it has sent on " + std::to_string(pauses.size()) + " days so far; its habit is known from " +
                  std::to_string(SourceHealth::kLeastDays) + " days on";
    return silence;
  }
  const bool silent = silence.lasts > *silence.limit;
  silence.state = silent ? Silence::State::silent : Silence::State::usual;
  silence.why = "nothing came for " + format_duration(silence.lasts) + ", " + (silent ? "longer than" : "within") +
                " the usual " + format_duration(*silence.limit) +
                ": half as much again as its longest pause on nine of ten of its last " +
                std::to_string(pauses.size()) + " days, and at least " + format_duration(SourceHealth::kLeastLimit);
  return silence;
}

Result<void> add_amount(Transaction& work, const std::string& source, std::int64_t hour, std::string_view what,
                        std::uint64_t amount) {
  CANDOR_TRY_VOID(
      work.execute("insert into source_hours (source, hour, what, amount) values (?1, ?2, ?3, ?4) on "
                   "conflict (source, hour, what) do update set amount = source_hours.amount + "
                   "excluded.amount",
                   {source, hour, what, static_cast<std::int64_t>(amount)}));
  return {};
}

Result<void> raise_pause(Transaction& work, const std::string& source, std::int64_t hour, TimePoint pause) {
  CANDOR_TRY_VOID(
      work.execute("insert into source_hours (source, hour, what, amount) values (?1, ?2, 'pause', ?3) on "
                   "conflict (source, hour, what) do update set amount = case when excluded.amount > "
                   "source_hours.amount then excluded.amount else source_hours.amount end",
                   {source, hour, pause}));
  return {};
}

// A silence that has ended is judged by what was usual before it.
Result<void> note_gap(Transaction& work, const std::string& source, TimePoint began, TimePoint ended) {
  if (ended - began <= SourceHealth::kLeastLimit) return {};
  CANDOR_TRY(auto pauses, daily_pauses(work, source, hour_of(ended)));
  const auto limit = silence_limit(std::move(pauses));
  if (!limit || ended - began <= *limit) return {};
  CANDOR_TRY_VOID(
      work.execute("insert into source_gaps (source, began, ended, usual) values (?1, ?2, ?3, ?4) on "
                   "conflict (source, began) do nothing",
                   {source, began, ended, *limit}));
  return {};
}

std::optional<int> bucket_in(std::string_view what, std::string_view kind) {
  if (!what.starts_with(kind)) return std::nullopt;
  int bucket = 0;
  const auto [end, error] = std::from_chars(what.data() + kind.size(), what.data() + what.size(), bucket);
  if (error != std::errc() || end != what.data() + what.size()) return std::nullopt;
  return bucket;
}

// Sums of the last 28 days, and what of them is from the last day and week.
Result<void> read_counts(Reading& reading, std::int64_t now_hour, SourceState& state) {
  DelayHistogram created;
  DelayHistogram delay;
  CANDOR_TRY(
      const auto rows,
      reading.rows("select what, sum(amount), sum(case when hour > ?3 then amount else 0 end), sum(case when hour > ?4 "
                   "then amount else 0 end), sum(case when hour >= ?5 then amount else 0 end) from source_hours where "
                   "source = ?1 and hour > ?2 and what <> 'pause' group by what",
                   {state.source, now_hour - SourceHealth::kHabitDays * kHoursPerDay, now_hour - kDelayHours,
                    now_hour - kHoursPerDay, now_hour - 1}));
  for (const Row& row : rows) {
    const std::string& what = row.text(0);
    const auto week = static_cast<std::uint64_t>(row.integer(2));
    if (const auto bucket = bucket_in(what, kCreated)) {
      created.add_bucket(*bucket, week);
    } else if (const auto stored = bucket_in(what, kDelay)) {
      delay.add_bucket(*stored, week);
    } else {
      state.counts[what] = static_cast<std::uint64_t>(row.integer(1));
      if (what != "records") continue;
      state.records_last_day = static_cast<std::uint64_t>(row.integer(3));
      state.records_last_hour = static_cast<std::uint64_t>(row.integer(4));
    }
  }
  CANDOR_TRY(const auto totals, reading.rows("select what, amount from source_hours where source = ?1 and hour = ?2",
                                             {state.source, kForEver}));
  for (const Row& row : totals) state.totals[row.text(0)] = static_cast<std::uint64_t>(row.integer(1));
  constexpr int kHalf = 500;
  constexpr int kMost = 950;
  state.created_p50 = created.quantile(kHalf);
  state.created_p95 = created.quantile(kMost);
  state.delay_p50 = delay.quantile(kHalf);
  state.delay_p95 = delay.quantile(kMost);
  return {};
}

}  // namespace

std::string_view to_text(SourceFeed feed) {
  constexpr std::array<std::string_view, 4> kTexts = {"files", "folder", "requests", "simulation"};
  return kTexts.at(static_cast<std::size_t>(feed));
}

std::string_view to_text(Silence::State state) {
  constexpr std::array<std::string_view, 4> kTexts = {"not_expected", "learning", "usual", "silent"};
  return kTexts.at(static_cast<std::size_t>(state));
}

std::string format_duration(TimePoint microseconds) {
  struct Unit {
    TimePoint length;
    const char* name;
  };
  constexpr std::array kUnits = {Unit{kMicrosPerDay, "d"}, Unit{kMicrosPerHour, "h"},
                                 Unit{60 * kMicrosPerSecond, "min"}, Unit{kMicrosPerSecond, "s"}, Unit{1'000, "ms"}};
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const Unit& unit = kUnits[i];
    if (microseconds < unit.length) continue;
    std::string text = std::to_string(microseconds / unit.length) + " " + unit.name;
    const TimePoint rest = i + 1 < kUnits.size() ? microseconds % unit.length / kUnits[i + 1].length : 0;
    if (rest > 0 && unit.length > kMicrosPerSecond) text += " " + std::to_string(rest) + " " + kUnits[i + 1].name;
    return text;
  }
  return "0 s";
}

std::optional<TimePoint> silence_limit(std::vector<TimePoint> pauses) {
  if (pauses.size() < static_cast<std::size_t>(SourceHealth::kLeastDays)) return std::nullopt;
  std::ranges::sort(pauses);
  // Nearest rank: one bad day in ten does not make a habit.
  const std::size_t rank = (pauses.size() * 9 + 9) / 10;
  const TimePoint longest = pauses[rank - 1];
  return std::max(SourceHealth::kLeastLimit, longest + longest / 2);
}

void Arrivals::add(const Arrivals& later) {
  longest_pause = std::max({longest_pause, later.longest_pause, later.first_received - last_received});
  feed = later.feed;
  first_received = std::min(first_received, later.first_received);
  last_received = std::max(last_received, later.last_received);
  if (later.last_created) last_created = std::max(last_created.value_or(*later.last_created), *later.last_created);
  for (const auto& [name, count] : later.counts) counts[name] += count;
  created.add(later.created);
  delay.add(later.delay);
  add_to(streams, later.streams);
}

std::uint64_t SourceState::count(std::string_view name) const {
  const auto found = counts.find(std::string(name));
  return found == counts.end() ? 0 : found->second;
}

std::map<std::string, std::uint64_t> SourceState::rejected() const {
  std::map<std::string, std::uint64_t> reasons;
  for (const auto& [name, count] : counts) {
    if (name.starts_with(kRejected)) reasons[name.substr(kRejected.size())] = count;
  }
  return reasons;
}

SourceHealth::SourceHealth(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

SourceHealth::~SourceHealth() {
  // Counters: what cannot be written now is lost, and nothing else with it.
  static_cast<void>(write_pending(true));
}

Result<void> SourceHealth::record(const std::string& source, const Arrivals& arrivals) {
  {
    const std::lock_guard lock(mutex_);
    Arrivals counted = arrivals;
    add_to(pending_streams_[source], std::exchange(counted.streams, {}));
    const auto [found, is_new] = pending_.try_emplace(source, counted);
    if (!is_new) found->second.add(counted);
    if (clock_.now() - written_ < kMicrosPerSecond) return {};
  }
  return flush();
}

Result<void> SourceHealth::flush() { return write_pending(false); }

Result<void> SourceHealth::write_pending(bool streams_too) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  const bool streams = !pending_streams_.empty() && (streams_too || now - streams_written_ >= 60 * kMicrosPerSecond);
  if (pending_.empty() && !streams) return {};
  auto written = store_.transact([&](Transaction& work) -> Result<void> {
    for (const auto& [source, arrivals] : pending_) CANDOR_TRY_VOID(write(work, source, arrivals));
    const std::int64_t oldest = hour_of(now) - kKeptDays * kHoursPerDay;
    CANDOR_TRY_VOID(work.execute("delete from source_hours where hour > 0 and hour < ?1", {oldest}));
    CANDOR_TRY_VOID(work.execute("delete from source_gaps where ended < ?1", {oldest * kMicrosPerHour}));
    if (!streams) return {};
    for (const auto& [source, arrived] : pending_streams_) CANDOR_TRY_VOID(add_streams(work, source, arrived));
    return forget_streams(work, day_of(now));
  });
  if (!written) return written;
  pending_.clear();
  written_ = now;
  if (!streams) return {};
  pending_streams_.clear();
  streams_written_ = now;
  return {};
}

Result<void> SourceHealth::write(Transaction& work, const std::string& source, const Arrivals& arrivals) const {
  const std::int64_t hour = hour_of(arrivals.last_received);
  CANDOR_TRY(const auto before, work.row("select last_received from sources where source = ?1", {source}));
  TimePoint pause = arrivals.longest_pause;
  if (before) {
    pause = std::max(pause, arrivals.first_received - before->integer(0));
    CANDOR_TRY_VOID(note_gap(work, source, before->integer(0), arrivals.first_received));
  }
  CANDOR_TRY_VOID(work.execute(
      "insert into sources (source, feed, first_received, last_received, last_created) values (?1, ?2, ?3, "
      "?4, ?5) on conflict (source) do update set feed = excluded.feed, last_received = case when "
      "excluded.last_received > sources.last_received then excluded.last_received else "
      "sources.last_received end, last_created = case when sources.last_created is null or "
      "excluded.last_created > sources.last_created then excluded.last_created else sources.last_created "
      "end",
      {source, to_text(arrivals.feed), arrivals.first_received, arrivals.last_received, arrivals.last_created}));
  CANDOR_TRY_VOID(raise_pause(work, source, hour, pause));
  for (const auto& [what, count] : arrivals.counts) {
    if (count == 0) continue;
    CANDOR_TRY_VOID(add_amount(work, source, hour, what, count));
    CANDOR_TRY_VOID(add_amount(work, source, kForEver, what, count));
  }
  for (const auto& [bucket, count] : arrivals.created.buckets()) {
    CANDOR_TRY_VOID(add_amount(work, source, hour, std::string(kCreated) + std::to_string(bucket), count));
  }
  for (const auto& [bucket, count] : arrivals.delay.buckets()) {
    CANDOR_TRY_VOID(add_amount(work, source, hour, std::string(kDelay) + std::to_string(bucket), count));
  }
  return {};
}

Result<std::vector<SourceState>> SourceHealth::all() {
  CANDOR_TRY_VOID(flush());
  const TimePoint now = clock_.now();
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select source, feed, first_received, last_received, last_created from "
                                           "sources order by source"));
  std::vector<SourceState> states;
  states.reserve(rows.size());
  for (const Row& row : rows) {
    SourceState state;
    state.source = row.text(0);
    state.feed = feed_of_text(row.text(1));
    state.first_received = row.integer(2);
    state.last_received = row.integer(3);
    state.last_created = row.optional_integer(4);
    CANDOR_TRY_VOID(read_counts(reading, hour_of(now), state));
    CANDOR_TRY(const auto pauses, daily_pauses(reading, state.source, hour_of(now)));
    state.silence = judge(state.feed, now - state.last_received, pauses);
    CANDOR_TRY(const auto gaps, reading.row("select count(*), coalesce(max(ended - began), 0) from source_gaps where "
                                            "source = ?1 and ended > ?2",
                                            {state.source, now - kHabitDays * kMicrosPerDay}));
    if (gaps) {
      state.gaps = static_cast<std::uint64_t>(gaps->integer(0));
      state.longest_gap = gaps->integer(1);
    }
    states.push_back(std::move(state));
  }
  return states;
}

Result<std::vector<SourceSilence>> SourceHealth::silences() {
  CANDOR_TRY_VOID(flush());
  const TimePoint now = clock_.now();
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select source, feed, last_received from sources order by source"));
  std::vector<SourceSilence> silences;
  silences.reserve(rows.size());
  for (const Row& row : rows) {
    SourceSilence one{.source = row.text(0), .last_received = row.integer(2), .silence = {}};
    const SourceFeed feed = feed_of_text(row.text(1));
    CANDOR_TRY(const auto pauses, daily_pauses(reading, one.source, hour_of(now)));
    one.silence = judge(feed, now - one.last_received, pauses);
    silences.push_back(std::move(one));
  }
  return silences;
}

Result<std::vector<StreamState>> SourceHealth::streams() {
  CANDOR_TRY_VOID(write_pending(true));
  CANDOR_TRY(Reading reading, store_.read());
  return read_streams(reading, day_of(clock_.now()));
}

}  // namespace candor
