#include <algorithm>
#include <limits>

#include "timeline/account_blocks.h"

// Retention. First the raw records, then the rows: what is made again from the raw log never brings back what is gone.
namespace candor {
namespace {

constexpr std::size_t kRowsAtATime = 64u << 10;  // of a batch

bool in_range(const ActivityRow& row, const RemovalOrder& removal) {
  const Day day = day_of(row.time);
  return removal.from <= day && day < removal.before;
}

bool overlaps(Month month, const RemovalOrder& removal) {
  return first_day(month) < removal.before && first_day(month + 1) > removal.from;
}

bool is_held(const RemovalOrder& removal, const AccountId& account) { return removal.held && removal.held(account); }

}  // namespace

// What a removal concerns.
struct EmbeddedTimeline::Going {
  Removed removed;
  RawRecords raw;                      // of the rows that go
  std::set<Month> months;              // that have some of the days
  std::map<AccountId, bool> accounts;  // of those months; true: they lose all of them there
};

EmbeddedTimeline::Rewrite::Rewrite(EmbeddedTimeline& timeline) : timeline_(timeline) {
  lane_.codec = std::make_unique<BlockCodec>(timeline.keys_, *timeline.catalogue_, *timeline.numbers_);
  // They speak of blocks that may go.
  for (Lane& other : timeline.lanes_) other.chunks.clear();
}

Result<void> EmbeddedTimeline::Rewrite::replace(const AccountBlocks& blocks, Day from, Day to,
                                                std::vector<ActivityRow>& rows) {
  for (const auto& [chunk, block] : blocks.blocks) {
    const auto head = BlockCodec::head(block);
    if (head && (head->last < from || head->first > to)) continue;
    erase(block_key(blocks.month, blocks.account->id, chunk));
    rows_ += head ? head->rows : 1;
  }
  std::ranges::sort(rows, stored_before);
  Chunks chunks{.month = blocks.month, .small = {}};
  CANDOR_TRY_VOID(timeline_.write_rows(*blocks.account, blocks.month, rows, chunks, lane_));
  return rows_ < kRowsAtATime ? Result<void>{} : write();
}

Result<void> EmbeddedTimeline::Rewrite::write() {
  BlockStore::Batch batch;
  move_changes(lane_, batch);
  timeline_.put_state(timeline_.state_, batch);
  rows_ = 0;
  return timeline_.store_->write(batch);
}

Result<void> EmbeddedTimeline::Rewrite::finish() {
  CANDOR_TRY_VOID(write());
  return timeline_.store_->settle(true);
}

Result<void> EmbeddedTimeline::each_account(Month month,
                                            const std::function<Result<void>(const AccountBlocks&)>& visit) const {
  AccountBlocks blocks;
  blocks.month = month;
  const std::string prefix = month_prefix(month);
  Result<void> outcome;
  const auto flush = [&] {
    if (!blocks.blocks.empty()) outcome = visit(blocks);
    blocks.blocks.clear();
    return outcome.has_value();
  };
  CANDOR_TRY_VOID(store_->for_each(prefix, [&](std::string_view key, std::string_view value) {
    const AccountId id = AccountId::from(key.substr(prefix.size()));
    if (blocks.account == nullptr || blocks.account->id != id) {
      if (!flush()) return false;
      const std::lock_guard lock(mutex_);
      const auto found = accounts_.find(id);
      if (found == accounts_.end()) {
        outcome = fail("timeline.corrupt", folder_ + ": a block is of an account that is not there");
        return false;
      }
      blocks.account = found->second.get();
    }
    blocks.blocks.emplace_back(chunk_of(key), value);
    return true;
  }));
  if (outcome) flush();
  return outcome;
}

Result<Removed> EmbeddedTimeline::remove(const RemovalOrder& removal) {
  CANDOR_CHECK(removal.from <= removal.before);
  CANDOR_TRY_VOID(flush());
  // As of a day to come, what is written to today is over, too.
  CANDOR_TRY_VOID(raw_->roll(options_.today && removal.raw_before > options_.today()));
  CANDOR_TRY(Going going, find_going(removal));
  CANDOR_TRY_VOID(remove_raw(removal, going.raw, going.removed));
  CANDOR_TRY(const auto gone, emptied(going));
  going.removed.accounts = gone.size();
  if (removal.dry) return going.removed;
  {
    const std::lock_guard lock(mutex_);
    state_.sealed = {.from = removal.from, .before = removal.before};
  }
  if (going.removed.activities > 0) {
    CANDOR_TRY_VOID(remove_rows(removal));
    CANDOR_TRY_VOID(remove_accounts(gone));
    CANDOR_TRY_VOID(find_first());
  }
  Rewrite rewrite(*this);
  CANDOR_TRY_VOID(rewrite.finish());
  // What was erased still lies in files until they are written anew.
  if (going.removed.activities > 0) CANDOR_TRY_VOID(store_->compact());
  return going.removed;
}

Result<EmbeddedTimeline::Going> EmbeddedTimeline::find_going(const RemovalOrder& removal) const {
  Going going;
  BlockCodec codec(keys_, *catalogue_, *numbers_);
  RowArena arena;
  std::vector<ActivityRow> rows;
  for (const Month month : state_.months) {
    if (!overlaps(month, removal)) continue;
    going.months.insert(month);
    const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
      arena.clear();
      rows.clear();
      CANDOR_TRY_VOID(blocks.read(codec, removal.from, removal.before - 1, Untold::leave, arena, rows));
      const bool held = is_held(removal, blocks.account->id);
      std::uint64_t lost = 0;
      for (const ActivityRow& row : rows) {
        if (!in_range(row, removal)) continue;
        ++lost;
        if (!held) going.raw[row.raw.segment].insert({row.raw.frame, row.raw.content});
      }
      (held ? going.removed.held_activities : going.removed.activities) += lost;
      if (held) return {};
      const auto [found, is_new] = going.accounts.try_emplace(blocks.account->id, true);
      found->second = found->second && lost == blocks.rows();
      return {};
    };
    CANDOR_TRY_VOID(each_account(month, visit));
  }
  return going;
}

// Where the raw records of accounts that keep everything lie.
Result<EmbeddedTimeline::RawRecords> EmbeddedTimeline::raw_of_held(const RemovalOrder& removal) const {
  RawRecords raw;
  std::vector<const AccountState*> held;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, account] : accounts_) {
      if (is_held(removal, id)) held.push_back(account.get());
    }
  }
  RowArena arena;
  std::vector<ActivityRow> rows;
  for (const AccountState* account : held) {
    Window window;
    window.name = account->name;
    window.key = account->key;
    for (const Month month : state_.months) {
      arena.clear();
      rows.clear();
      CANDOR_TRY_VOID(rows_in_blocks(account->id, window, month, std::numeric_limits<Day>::min(),
                                     std::numeric_limits<Day>::max(), Untold::leave, arena, rows));
      for (const ActivityRow& row : rows) raw[row.raw.segment].insert({row.raw.frame, row.raw.content});
    }
  }
  return raw;
}

Result<void> EmbeddedTimeline::remove_raw(const RemovalOrder& removal, RawRecords& of_rows, Removed& removed) {
  CANDOR_TRY(auto past, raw_->past());
  const std::uint32_t last = past.empty() ? 0 : past.back().number;
  const bool in_current = std::ranges::any_of(of_rows, [&](const auto& one) { return one.first > last; });
  if (in_current) {
    CANDOR_TRY_VOID(raw_->roll(true));
    CANDOR_TRY(past, raw_->past());
  }
  std::erase_if(past, [](const RawLog::Past& one) { return one.empty; });
  const auto is_old = [&](const RawLog::Past& one) { return one.ended < removal.raw_before; };
  RawRecords held;
  if (std::ranges::any_of(past, is_old)) {
    CANDOR_TRY(held, raw_of_held(removal));
  }
  for (const RawLog::Past& one : past) {
    const bool old = is_old(one);
    const auto& named = old ? held[one.number] : of_rows[one.number];
    if (!old && named.empty()) continue;
    const auto keep = [&](const RawLog::Record& record) { return named.contains(record) == old; };
    CANDOR_TRY(const auto gone, raw_->remove(one.number, keep, removal.dry));
    removed.raw_records += gone.records;
    if (old) removed.held_raw_records += gone.kept;
  }
  return {};
}

Result<void> EmbeddedTimeline::remove_rows(const RemovalOrder& removal) {
  Rewrite rewrite(*this);
  RowArena arena;
  std::vector<ActivityRow> rows;
  const std::set<Month> months = state_.months;
  for (const Month month : months) {
    if (!overlaps(month, removal)) continue;
    bool left = false;
    const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
      if (is_held(removal, blocks.account->id)) {
        left = true;
        return {};
      }
      arena.clear();
      rows.clear();
      CANDOR_TRY_VOID(blocks.read(rewrite.codec(), removal.from, removal.before - 1, Untold::leave, arena, rows));
      absl::flat_hash_set<ActivityId> identities;
      const std::size_t gone = std::erase_if(rows, [&](const ActivityRow& row) {
        if (!in_range(row, removal)) return false;
        identities.insert(row.id);
        return true;
      });
      left = left || blocks.rows() > gone;
      if (gone == 0) return {};
      {
        const std::lock_guard lock(mutex_);
        AccountState& account = *accounts_.at(blocks.account->id);
        account.kept_from = std::max(account.kept_from, removal.before);
        account.forget();
        state_.activities -= identities.size();
        state_.superseded -= gone - identities.size();
        rewrite.put(account_key(account.id), seal_account(account, keys_));
      }
      return rewrite.replace(blocks, removal.from, removal.before - 1, rows);
    };
    CANDOR_TRY_VOID(each_account(month, visit));
    if (left) continue;
    const std::lock_guard lock(mutex_);
    state_.months.erase(month);
  }
  return rewrite.finish();
}

// Accounts that lose rows and have none left in any month.
Result<std::vector<AccountId>> EmbeddedTimeline::emptied(const Going& going) const {
  std::vector<AccountId> out;
  for (const auto& [id, all] : going.accounts) {
    bool left = !all;
    for (const Month month : state_.months) {
      if (left) break;
      if (going.months.contains(month)) continue;
      CANDOR_TRY_VOID(store_->for_each(block_prefix(month, id), [&](std::string_view, std::string_view) {
        left = true;
        return false;
      }));
    }
    if (!left) out.push_back(id);
  }
  return out;
}

// Their names and keys go, too. Nothing points to them any more: the buffers are empty.
Result<void> EmbeddedTimeline::remove_accounts(std::span<const AccountId> emptied) {
  Rewrite rewrite(*this);
  for (const AccountId& id : emptied) {
    rewrite.erase(account_key(id));
    rewrite.erase(touched_key(id));
  }
  CANDOR_TRY_VOID(rewrite.finish());
  const std::lock_guard lock(mutex_);
  for (const AccountId& id : emptied) {
    const auto found = accounts_.find(id);
    std::erase(dirty_rows_, found->second.get());
    std::erase(dirty_touches_, found->second.get());
    accounts_.erase(found);
  }
  return {};
}

// The instants of the first and last activity that are left.
Result<void> EmbeddedTimeline::find_first() {
  std::optional<TimePoint> first;
  BlockCodec codec(keys_, *catalogue_, *numbers_);
  RowArena arena;
  std::vector<ActivityRow> rows;
  for (const Month month : state_.months) {
    const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
      arena.clear();
      rows.clear();
      // Only blocks that may hold an earlier one are read.
      CANDOR_TRY_VOID(blocks.read(codec, std::numeric_limits<Day>::min(),
                                  first ? day_of(*first) : std::numeric_limits<Day>::max(), Untold::leave, arena,
                                  rows));
      for (const ActivityRow& row : rows) first = std::min(first.value_or(row.time), row.time);
      return {};
    };
    CANDOR_TRY_VOID(each_account(month, visit));
    if (first) break;  // months come in order
  }
  const std::lock_guard lock(mutex_);
  state_.first = first;
  if (!first) state_.last.reset();
  return {};
}

SealedDays EmbeddedTimeline::sealed() const {
  const std::lock_guard lock(mutex_);
  return state_.sealed;
}

Result<std::optional<Day>> EmbeddedTimeline::kept_from(const AccountId& account) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(account);
  if (found == accounts_.end() || found->second->kept_from == std::numeric_limits<Day>::min()) return std::nullopt;
  return found->second->kept_from;
}

}  // namespace candor
