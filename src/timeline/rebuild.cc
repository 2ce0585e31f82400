#include <algorithm>
#include <limits>

#include "timeline/account_blocks.h"
#include "timeline/byte_stream.h"

// Making everything again with another content, where retention has taken raw records that rows were made of.
namespace candor {
namespace {

constexpr Day kFirst = std::numeric_limits<Day>::min();
constexpr Day kLast = std::numeric_limits<Day>::max();

// The content of blocks of which some are of one content and some of another: no timeline is opened with it, so an
// attempt that was cut short begins anew.
constexpr std::uint64_t kUnderWay = std::numeric_limits<std::uint64_t>::max();

// Fills in what the row says of the activity it was made of. Views into the row.
void fill(Activity& activity, const ActivityRow& row, std::string_view account) {
  activity.clear();
  activity.source = row.source;
  activity.actor = row.actor;
  activity.time = row.time;
  activity.source_version = row.version;
  activity.record_id = row.record_id;
  activity.operation = row.operation;
  activity.account = account;
  activity.raw = {};
  for (const Cell& cell : row.cells) {
    switch (cell.kind()) {
      case Cell::Kind::number:
        activity.set_number(cell.field(), cell.number());
        break;
      case Cell::Kind::text:
        activity.set_text(cell.field(), cell.text());
        break;
      case Cell::Kind::list:
        activity.set_list(cell.field(), cell.list());
        break;
    }
  }
}

}  // namespace

// What matches the rows of some blocks now, of those that are kept.
Result<EmbeddedTimeline::Matches> EmbeddedTimeline::match_again(const AccountBlocks& blocks, BlockCodec& codec,
                                                                std::span<const ActivityRow> kept) const {
  Matches matches;
  if (!options_.rematch) return matches;
  for (const ActivityRow& row : kept) matches.try_emplace({row.id, row.content});
  if (matches.empty()) return matches;
  RowArena arena;
  std::vector<ActivityRow> rows;
  CANDOR_TRY_VOID(blocks.read(codec, kFirst, kLast, Untold::tell, arena, rows));
  Activity activity(catalogue_);
  std::vector<IndicatorIndex> matched;
  for (const ActivityRow& row : rows) {
    const auto found = matches.find({row.id, row.content});
    if (found == matches.end()) continue;
    fill(activity, row, blocks.account->name);
    options_.rematch(activity, matched);
    found->second.clear();
    for (const IndicatorIndex index : matched) found->second.push_back(indicators_[index]);
    std::ranges::sort(found->second);
  }
  return matches;
}

// Rows whose raw record is gone stay, matched again by what the row still says; all others come back from the raw log,
// which is read from its beginning.
Result<void> EmbeddedTimeline::keep_rows_without_raw() {
  RawRecords left;  // of the segments from which records are gone
  CANDOR_TRY(const auto past, raw_->past());
  for (const RawLog::Past& one : past) {
    if (!one.removed_from) continue;
    auto& records = left[one.number];
    CANDOR_TRY_VOID(raw_->for_each_record(one.number, [&](const RawLog::Record& record) {
      records.insert(record);
      return true;
    }));
  }
  const auto has_raw = [&](const ActivityRow& row) {
    const auto segment = left.find(row.raw.segment);
    return segment == left.end() || segment->second.contains({row.raw.frame, row.raw.content});
  };

  touch_all();
  state_.content = kUnderWay;
  state_.flushed = {};
  TimelineState after = state_;
  after.content = options_.content;
  after.activities = 0;
  after.superseded = 0;
  after.first.reset();
  after.last.reset();
  after.months.clear();
  Rewrite rewrite(*this);
  for (AccountState* account : dirty_touches_) {
    std::string epoch;
    put_varint(epoch, account->touched);
    rewrite.put(touched_key(account->id), epoch);
  }
  CANDOR_TRY_VOID(rewrite.finish());

  RowArena arena;
  std::vector<ActivityRow> rows;
  for (const Month month : state_.months) {
    const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
      arena.clear();
      rows.clear();
      CANDOR_TRY_VOID(blocks.read(rewrite.codec(), kFirst, kLast, Untold::leave, arena, rows));
      std::erase_if(rows, has_raw);
      CANDOR_TRY(const Matches matches, match_again(blocks, rewrite.codec(), rows));
      absl::flat_hash_set<ActivityId> identities;
      AccountState& account = *accounts_.at(blocks.account->id);
      for (ActivityRow& row : rows) {
        if (const auto found = matches.find({row.id, row.content}); found != matches.end()) row.matches = found->second;
        identities.insert(row.id);
        account.actor = merge_actor(account.actor, row.actor);
        after.first = std::min(after.first.value_or(row.time), row.time);
        after.last = std::max(after.last.value_or(row.time), row.time);
      }
      after.activities += identities.size();
      after.superseded += rows.size() - identities.size();
      if (!rows.empty()) after.months.insert(month);
      return rewrite.replace(blocks, kFirst, kLast, rows);
    };
    CANDOR_TRY_VOID(each_account(month, visit));
  }
  // All that came before is on disk before it is said to be whole.
  CANDOR_TRY_VOID(rewrite.finish());
  state_ = after;
  return rewrite.finish();
}

}  // namespace candor
