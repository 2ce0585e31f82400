#include <algorithm>
#include <limits>

#include "timeline/account_blocks.h"

// Erasure. As in retention first the raw records, then the rows: what is made again from the raw log never brings back
// what is gone. Unlike there only the blocks of the accounts named are read.
namespace candor {
namespace {

bool is_erased(const ActivityRow& row, std::span<const AccountDays> days) {
  const Day day = day_of(row.time);
  return std::ranges::any_of(days, [&](const AccountDays& one) { return one.from <= day && day <= one.to; });
}

}  // namespace

// One account of which something goes.
struct EmbeddedTimeline::ErasedAccount {
  const AccountState* account = nullptr;
  std::span<const AccountDays> days;  // all of them the account's
  RawRecords raw;
  std::uint64_t lost = 0;  // rows
  std::uint64_t left = 0;
  std::optional<Day> first;
  std::optional<Day> last;
};

// The account's blocks, month by month.
Result<void> EmbeddedTimeline::each_month(const AccountState& account,
                                          const std::function<Result<void>(const AccountBlocks&)>& visit) const {
  const std::set<Month> months = state_.months;
  for (const Month month : months) {
    AccountBlocks blocks;
    blocks.account = &account;
    blocks.month = month;
    CANDOR_TRY_VOID(
        store_->for_each(block_prefix(month, account.id), [&](std::string_view key, std::string_view value) {
          blocks.blocks.emplace_back(chunk_of(key), value);
          return true;
        }));
    if (!blocks.blocks.empty()) CANDOR_TRY_VOID(visit(blocks));
  }
  return {};
}

Result<EmbeddedTimeline::ErasedAccount> EmbeddedTimeline::find_erased(const AccountState& account,
                                                                      std::span<const AccountDays> days) const {
  ErasedAccount going{.account = &account, .days = days, .raw = {}, .first = {}, .last = {}};
  BlockCodec codec(keys_, *catalogue_, *numbers_);
  RowArena arena;
  std::vector<ActivityRow> rows;
  const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
    arena.clear();
    rows.clear();
    CANDOR_TRY_VOID(blocks.read(codec, std::numeric_limits<Day>::min(), std::numeric_limits<Day>::max(), Untold::leave,
                                arena, rows));
    for (const ActivityRow& row : rows) {
      if (!is_erased(row, days)) {
        ++going.left;
        continue;
      }
      ++going.lost;
      going.raw[row.raw.segment].insert({row.raw.frame, row.raw.content});
      const Day day = day_of(row.time);
      going.first = std::min(going.first.value_or(day), day);
      going.last = std::max(going.last.value_or(day), day);
    }
    return {};
  };
  CANDOR_TRY_VOID(each_month(account, visit));
  return going;
}

Result<void> EmbeddedTimeline::erase_rows(const ErasedAccount& going) {
  Rewrite rewrite(*this);
  RowArena arena;
  std::vector<ActivityRow> rows;
  constexpr Day kFirst = std::numeric_limits<Day>::min();
  constexpr Day kLast = std::numeric_limits<Day>::max();
  const auto visit = [&](const AccountBlocks& blocks) -> Result<void> {
    arena.clear();
    rows.clear();
    CANDOR_TRY_VOID(blocks.read(rewrite.codec(), kFirst, kLast, Untold::leave, arena, rows));
    absl::flat_hash_set<ActivityId> identities;
    const std::size_t gone = std::erase_if(rows, [&](const ActivityRow& row) {
      if (!is_erased(row, going.days)) return false;
      identities.insert(row.id);
      return true;
    });
    if (gone == 0) return {};
    {
      const std::lock_guard lock(mutex_);
      // What it remembers of what was stored would tell a delivery from another.
      accounts_.at(blocks.account->id)->forget();
      state_.activities -= identities.size();
      state_.superseded -= gone - identities.size();
    }
    return rewrite.replace(blocks, kFirst, kLast, rows);
  };
  CANDOR_TRY_VOID(each_month(*going.account, visit));
  return rewrite.finish();
}

// Months of which no account has anything any more are not looked at again.
Result<void> EmbeddedTimeline::forget_empty_months() {
  const std::set<Month> months = state_.months;
  for (const Month month : months) {
    bool left = false;
    CANDOR_TRY_VOID(store_->for_each(month_prefix(month), [&](std::string_view, std::string_view) {
      left = true;
      return false;
    }));
    if (left) continue;
    const std::lock_guard lock(mutex_);
    state_.months.erase(month);
  }
  return {};
}

// Those of which something goes, and those that lost their last row to an erasure that was killed before their names
// went. `days` in order of the account.
Result<std::vector<EmbeddedTimeline::ErasedAccount>> EmbeddedTimeline::find_erased(
    std::span<const AccountDays> days) const {
  std::vector<ErasedAccount> all;
  while (!days.empty()) {
    const AccountId id = days.front().account;
    const auto other = std::ranges::find_if(days, [&](const AccountDays& one) { return one.account != id; });
    const auto own = days.first(static_cast<std::size_t>(other - days.begin()));
    days = days.subspan(own.size());
    const AccountState* account = nullptr;
    {
      const std::lock_guard lock(mutex_);
      const auto found = accounts_.find(id);
      if (found == accounts_.end()) continue;
      account = found->second.get();
    }
    CANDOR_TRY(ErasedAccount going, find_erased(*account, own));
    if (going.lost > 0 || going.left == 0) all.push_back(std::move(going));
  }
  return all;
}

Result<ErasedActivities> EmbeddedTimeline::erase(std::span<const AccountDays> days, bool dry,
                                                 const std::function<void(std::string_view step)>& step) {
  const auto tell = [&](std::string_view what) {
    if (step) step(what);
  };
  tell("looking for activities");
  CANDOR_TRY_VOID(flush());
  std::vector<AccountDays> by_account(days.begin(), days.end());
  std::ranges::sort(by_account, {}, &AccountDays::account);
  CANDOR_TRY(const auto all, find_erased(by_account));
  ErasedActivities erased;
  RawRecords raw;
  std::vector<AccountId> emptied;
  for (const ErasedAccount& one : all) {
    if (one.left == 0) emptied.push_back(one.account->id);
    erased.activities += one.lost;
    if (one.first) erased.first = std::min(erased.first.value_or(*one.first), *one.first);
    if (one.last) erased.last = std::max(erased.last.value_or(*one.last), *one.last);
    for (const auto& [segment, records] : one.raw) raw[segment].insert(records.begin(), records.end());
  }
  erased.accounts = emptied.size();
  tell("rewriting the raw log");
  RemovalOrder removal;
  removal.raw_before = std::numeric_limits<Day>::min();
  removal.dry = dry;
  Removed removed;
  CANDOR_TRY_VOID(remove_raw(removal, raw, removed));
  erased.raw_records = removed.raw_records;
  erased.segments = removed.raw_records == 0 ? 0 : raw.size();
  if (dry || all.empty()) return erased;
  tell("taking out activities");
  for (const ErasedAccount& one : all) CANDOR_TRY_VOID(erase_rows(one));
  CANDOR_TRY_VOID(remove_accounts(emptied));
  CANDOR_TRY_VOID(forget_empty_months());
  CANDOR_TRY_VOID(find_first());
  Rewrite rewrite(*this);
  CANDOR_TRY_VOID(rewrite.finish());
  // What was erased still lies in files until they are written anew.
  tell("writing files anew");
  CANDOR_TRY_VOID(store_->compact());
  return erased;
}

}  // namespace candor
