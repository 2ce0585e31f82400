#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "timeline/embedded_timeline.h"
#include "timeline/random_key.h"

namespace candor {
namespace {

// So many activities are taken together: what memory each of them asks for is fetched for all at once, because
// activities come in order of time, each of another account, and nearly nothing of it is in the processor's caches.
// More than this push each other out of the first of them again.
constexpr std::size_t kGroup = 16;

Cell cell_of(const Activity& activity, FieldId field, PreparedActivities& to) {
  switch (activity.catalogue()[field].type) {
    case FieldType::integer:
    case FieldType::boolean:
      return Cell::of_number(field, activity.number(field));
    case FieldType::keywords: {
      const std::span<const std::string_view> texts = activity.list(field);
      const auto kept = to.arena().array<std::string_view>(texts.size());
      std::ranges::transform(texts, kept.begin(), [&](std::string_view text) { return to.keep(text); });
      return Cell::of_list(field, kept);
    }
    case FieldType::keyword:
    case FieldType::ip:
      break;
  }
  return Cell::of_text(field, to.keep(activity.text(field)));
}

// The present ones, in order of field.
std::span<Cell> cells_of(const Activity& activity, PreparedActivities& to) {
  std::size_t count = 0;
  activity.for_each_present([&](FieldId) { ++count; });
  const std::span<Cell> cells = to.arena().array<Cell>(count);
  Cell* cell = cells.data();
  activity.for_each_present([&](FieldId field) { std::construct_at(cell++, cell_of(activity, field, to)); });
  return cells;
}

}  // namespace

Result<Stored> Timeline::append_one(const Activity& activity, std::span<const IndicatorIndex> matches) {
  PreparedActivities prepared;
  prepare(activity, matches, prepared);
  std::vector<Stored> stored;
  CANDOR_TRY_VOID(append(prepared.all(), stored));
  return stored.front();
}

void EmbeddedTimeline::prepare(const Activity& activity, std::span<const IndicatorIndex> matches,
                               PreparedActivities& to) const {
  PreparedActivity prepared;
  prepared.account = keys_.account(activity.account);
  prepared.name = to.keep(activity.account);
  prepared.bytes = to.keep(activity.raw);
  ActivityRow& row = prepared.row;
  row.id = keys_.activity(static_cast<std::uint8_t>(activity.source), activity.record_id, activity.operation,
                          activity.account, day_of(activity.time));
  row.content = content_hash(activity.raw);
  row.version = activity.source_version;
  row.time = activity.time;
  row.source = activity.source;
  row.actor = activity.actor;
  row.record_id = to.keep(activity.record_id);
  row.operation = to.keep(activity.operation);
  const auto keys = to.arena().array<IndicatorKey>(matches.size());
  std::ranges::transform(matches, keys.begin(), [&](IndicatorIndex index) { return indicators_[index]; });
  std::ranges::sort(keys);
  row.matches = keys;
  const std::span<Cell> cells = cells_of(activity, to);
  row.cells = cells;
  untell(cells, row, derived_, prepared.name);
  to.add(prepared);
}

Result<void> EmbeddedTimeline::append(std::span<const PreparedActivity> activities, std::vector<Stored>& stored) {
  while (!activities.empty()) {
    CANDOR_TRY_VOID(raw_->ready());
    if (buffer_full()) {
      CANDOR_TRY_VOID(finish_flush());
      CANDOR_TRY_VOID(start_flush(raw_->cut(), false));
    }
    const std::size_t before = stored.size();
    CANDOR_TRY_VOID(append_group(activities.first(std::min(activities.size(), kGroup)), stored));
    activities = activities.subspan(stored.size() - before);
  }
  return {};
}

// Takes at least the first, and no more than there is room for.
Result<void> EmbeddedTimeline::append_group(std::span<const PreparedActivity> group, std::vector<Stored>& stored) {
  const std::lock_guard lock(mutex_);
  fetch(group);
  std::span<const std::uint64_t> hashes = hashes_;
  for (const PreparedActivity& activity : group) {
    if (&activity != group.data() && (buffer_full() || !raw_->is_ready())) break;
    // What is replayed was in time when it came; only what comes now can be too late. Not even the name is kept of it.
    if (state_.sealed.holds(day_of(activity.row.time))) {
      stored.push_back(Stored::too_late);
    } else {
      CANDOR_TRY(const Stored one, take(activity, hashes.first(activity.row.cells.size()), std::nullopt));
      stored.push_back(one);
    }
    hashes = hashes.subspan(activity.row.cells.size());
  }
  return {};
}

// With the mutex held: has the memory fetched that taking them will ask for, step by step, for where each step leads
// stands in what the one before has fetched.
void EmbeddedTimeline::fetch(std::span<const PreparedActivity> group) {
  std::array<AccountState*, kGroup> accounts{};
  const TextPool& pool = *pools_[filling_];
  for (const PreparedActivity& activity : group) accounts_.prefetch(activity.account);
  hashes_.clear();
  for (const PreparedActivity& activity : group) hash_texts(activity, hashes_);
  for (const std::uint64_t hash : hashes_) pool.prefetch(hash);
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto found = accounts_.find(group[i].account);
    if (found == accounts_.end()) continue;
    accounts[i] = found->second.get();
    __builtin_prefetch(accounts[i], 1);
    __builtin_prefetch(reinterpret_cast<const char*>(accounts[i]) + 64, 1);
  }
  for (const std::uint64_t hash : hashes_) pool.prefetch_view(hash);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (accounts[i] == nullptr) continue;
    accounts[i]->stored.prefetch(group[i].row.id);
    if (const auto& rows = accounts[i]->rows[filling_]; !rows.empty()) __builtin_prefetch(&rows.back() + 1, 1);
  }
  for (const std::uint64_t hash : hashes_) pool.prefetch_text(hash);
}

// Of each cell; 0 where the pool is not asked.
void EmbeddedTimeline::hash_texts(const PreparedActivity& activity, std::vector<std::uint64_t>& hashes) const {
  const TextPool& pool = *pools_[filling_];
  for (const Cell& cell : activity.row.cells) hashes.push_back(pool.hash_of(pooled_field(cell.field()), cell.text()));
}

// With the mutex held: the account, made when it is new, of the kind all its records say.
AccountState* EmbeddedTimeline::account_for(const PreparedActivity& activity) {
  const auto [found, is_new] = accounts_.try_emplace(activity.account);
  if (is_new) {
    found->second = std::make_unique<AccountState>();
    found->second->id = activity.account;
    found->second->name = activity.name;
    found->second->actor = activity.row.actor;
    found->second->key = random_key();
    found->second->known_from = std::numeric_limits<Day>::min();
  }
  AccountState& account = *found->second;
  const ActorKind merged = merge_actor(account.actor, activity.row.actor);
  if (is_new || merged != account.actor) {
    account.actor = merged;
    if (!account.row_dirty) dirty_rows_.push_back(&account);
    account.row_dirty = true;
  }
  return &account;
}

// With the mutex held: reads the identities of the blocks of the day's month.
Result<void> EmbeddedTimeline::learn_month(AccountState& account, Day day) {
  bound_identities();
  const Month month = month_of(day);
  RowArena arena;
  std::vector<ActivityRow> rows;
  Window window;
  window.name = account.name;
  window.key = account.key;
  CANDOR_TRY_VOID(rows_in_blocks(account.id, window, month, std::numeric_limits<Day>::min(),
                                 std::numeric_limits<Day>::max(), Untold::leave, arena, rows));
  for (const ActivityRow& row : rows) {
    const auto [found, is_new] = account.stored.try_emplace(row.id, row.content);
    if (!is_new && found->second != row.content) account.corrections.emplace(row.id, row.content);
  }
  known_identities_ += rows.size();
  account.known_months.push_back(month);
  return {};
}

// With the mutex held. `hashes` as for pack_row().
Result<Stored> EmbeddedTimeline::take(const PreparedActivity& activity, std::span<const std::uint64_t> hashes,
                                      const std::optional<RawLog::Position>& replayed) {
  AccountState& account = *account_for(activity);
  ActivityRow row = activity.row;
  const Day day = day_of(row.time);
  if (!account.knows(day)) CANDOR_TRY_VOID(learn_month(account, day));
  const auto [known, is_new] = account.stored.try_emplace(row.id, row.content);
  if (!is_new && (known->second == row.content || account.corrections.contains({row.id, row.content}))) {
    return Stored::repeat;
  }
  if (!is_new) account.corrections.emplace(row.id, row.content);
  ++known_identities_;
  account.last_day = std::max(account.last_day, day);

  const RawLog::Position frame = replayed ? *replayed : raw_->add(row.source, activity.bytes);
  row.raw = {frame.segment, frame.frame, row.content};
  put_in_buffer(account, row, hashes);

  ++(is_new ? state_.activities : state_.superseded);
  state_.first = std::min(state_.first.value_or(row.time), row.time);
  state_.last = std::max(state_.last.value_or(row.time), row.time);
  state_.months.insert(month_of(day));
  touch(account);
  return is_new ? Stored::first : Stored::correction;
}

void EmbeddedTimeline::put_in_buffer(AccountState& account, const ActivityRow& row,
                                     std::span<const std::uint64_t> hashes) {
  TextPool& pool = *pools_[filling_];
  const std::size_t pool_bytes = pool.bytes();
  pack_row(row, hashes, pool, packed_);
  std::vector<std::string_view>& rows = account.rows[filling_];
  if (rows.empty()) buffered_[filling_].push_back(&account);
  rows.push_back(arenas_[filling_]->copy(packed_));
  // Only the appending thread writes it.
  const std::size_t bytes = packed_.size() + sizeof(std::string_view) + pool.bytes() - pool_bytes;
  buffer_bytes_.store(buffer_bytes_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
}

void EmbeddedTimeline::touch(AccountState& account) {
  if (account.touched == epoch_) return;
  account.touched = epoch_;
  if (!account.touch_dirty) dirty_touches_.push_back(&account);
  account.touch_dirty = true;
}

}  // namespace candor
