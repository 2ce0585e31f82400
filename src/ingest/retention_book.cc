#include "ingest/retention_book.h"

#include <algorithm>
#include <limits>

namespace candor {
namespace {

// Of runs that follow one another, the newest first; kinds in the order of their names.
Result<void> read_kinds(Reading& reading, std::vector<RetentionRun>& runs) {
  return reading.each(
      "select run, kind, before_day, removed, held from retention_removed where run >= ?1 and run <= ?2 order by run, "
      "kind",
      {runs.back().number, runs.front().number}, [&](const Row& row) {
        const auto run = std::ranges::find(runs, row.integer(0), &RetentionRun::number);
        if (run == runs.end()) return true;
        run->kinds.push_back({.kind = row.text(1),
                              .before = row.is_null(2) ? std::nullopt : std::optional(static_cast<Day>(row.integer(2))),
                              .removed = row.integer(3),
                              .held = row.integer(4)});
        return true;
      });
}

}  // namespace

RemovalOrder due(const RetentionDays& kept, Day began, Day today) {
  RemovalOrder removal;
  removal.before = today - kept.activities;
  const bool back_file_over = today - kept.activities >= began;
  removal.from = back_file_over ? std::numeric_limits<Day>::min() : began - kept.activities;
  removal.from = std::min(removal.from, removal.before);  // a clock that was put back
  removal.raw_before = today - kept.raw;
  return removal;
}

Result<Day> RetentionBook::began(Day today) {
  Day began = today;
  const auto work_on = [&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("insert into retention_folder (id, began) values (1, ?1) on conflict do nothing",
                                 {static_cast<std::int64_t>(today)}));
    CANDOR_TRY(const auto row, work.row("select began from retention_folder where id = 1"));
    if (row) began = static_cast<Day>(row->integer(0));
    return {};
  };
  CANDOR_TRY_VOID(store_.transact(work_on));
  return began;
}

Result<Day> RetentionBook::records_began(Day today) {
  CANDOR_TRY_VOID(this->began(today));
  Day began = today;
  CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(
        work.execute("update retention_folder set records_began = ?1 where id = 1 and records_began is null",
                     {static_cast<std::int64_t>(today)}));
    CANDOR_TRY(const auto row, work.row("select records_began from retention_folder where id = 1"));
    if (row) began = static_cast<Day>(row->integer(0));
    return {};
  }));
  return began;
}

Result<std::int64_t> RetentionBook::next() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select coalesce(max(number), 0) + 1 from retention_runs"));
  return row ? row->integer(0) : 1;
}

Result<void> RetentionBook::count(Transaction& work, std::int64_t run, std::string_view kind, std::int64_t removed) {
  CANDOR_TRY_VOID(
      work.execute("insert into retention_removed (run, kind, removed, held) values (?1, ?2, ?3, 0) on conflict (run, "
                   "kind) do update set removed = retention_removed.removed + ?3",
                   {run, kind, removed}));
  return {};
}

Result<void> RetentionBook::add(const RetentionRun& run) {
  return store_.transact([&](Transaction& work) -> Result<void> {
    const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    const Removed& removed = run.removed;
    CANDOR_TRY_VOID(work.execute(
        "insert into retention_runs (number, at, day, from_day, before_day, raw_before, activities, accounts, "
        "raw_records, held_people, held_activities, held_raw_records) values ((select coalesce(max(number), 0) + 1 "
        "from retention_runs), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        {run.at, run.day, run.from, run.before, run.raw_before, count(removed.activities), count(removed.accounts),
         count(removed.raw_records), run.held_people, count(removed.held_activities),
         count(removed.held_raw_records)}));
    for (const RetentionKindCount& one : run.kinds) {
      CANDOR_TRY_VOID(work.execute(
          "insert into retention_removed (run, kind, before_day, removed, held) values ((select max(number) from "
          "retention_runs), ?1, ?2, 0, ?3) on conflict (run, kind) do update set before_day = ?2, held = ?3",
          {one.kind, one.before, one.held}));
    }
    return {};
  });
}

Result<std::vector<RetentionRun>> RetentionBook::runs(std::int64_t limit) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(
      const auto rows,
      reading.rows("select number, at, day, from_day, before_day, raw_before, activities, accounts, raw_records, "
                   "held_people, held_activities, held_raw_records from retention_runs order by number desc "
                   "limit ?1",
                   {limit}));
  std::vector<RetentionRun> out;
  out.reserve(rows.size());
  for (const Row& row : rows) {
    const auto count = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    out.push_back({.number = row.integer(0),
                   .at = row.integer(1),
                   .day = static_cast<Day>(row.integer(2)),
                   .from = static_cast<Day>(row.integer(3)),
                   .before = static_cast<Day>(row.integer(4)),
                   .raw_before = static_cast<Day>(row.integer(5)),
                   .removed = {.activities = count(6),
                               .held_activities = count(10),
                               .accounts = count(7),
                               .raw_records = count(8),
                               .held_raw_records = count(11)},
                   .held_people = row.integer(9)});
  }
  if (!out.empty()) CANDOR_TRY_VOID(read_kinds(reading, out));
  return out;
}

Result<std::optional<Day>> RetentionBook::whole_from() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select max(before_day) from retention_removed where kind in "
                                         "('undecided_alerts', 'decided_alerts', 'cases')"));
  if (!row || row->is_null(0)) return std::nullopt;
  return static_cast<Day>(row->integer(0));
}

Result<RetentionBook::Totals> RetentionBook::totals() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select coalesce(sum(activities), 0), coalesce(sum(accounts), 0), "
                                         "coalesce(sum(raw_records), 0) from retention_runs"));
  Totals totals;
  if (row) totals = {.activities = row->integer(0), .accounts = row->integer(1), .raw_records = row->integer(2)};
  CANDOR_TRY_VOID(
      reading.each("select kind, sum(removed) from retention_removed group by kind", {}, [&](const Row& one) {
        totals.kinds.emplace(one.text(0), one.integer(1));
        return true;
      }));
  return totals;
}

}  // namespace candor
