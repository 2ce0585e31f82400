#include <algorithm>
#include <iterator>
#include <utility>

#include "timeline/byte_stream.h"
#include "timeline/embedded_timeline.h"

namespace candor {
namespace {

constexpr std::uint32_t kSmallRows = 256;     // a block of fewer rows may be taken up into a larger one
constexpr std::size_t kSmallBlocks = 3;       // so many of them are, when the next comes
constexpr std::size_t kFoldRows = 64u << 10;  // rewritten at a time
constexpr std::size_t kMostFiles = 8;         // a lane writes at once: months

// Texts of a row, roughly.
std::size_t text_bytes(const ActivityRow& row) {
  std::size_t bytes = row.record_id.size();
  for (const Cell& cell : row.cells) {
    bytes += cell.text().size() + 2;
    for (const std::string_view text : cell.list()) bytes += text.size() + 2;
  }
  return bytes;
}

}  // namespace

bool EmbeddedTimeline::buffer_full() const {
  return buffer_bytes_.load(std::memory_order_relaxed) >= options_.buffer_bytes;
}

Result<void> EmbeddedTimeline::flush() {
  CANDOR_TRY_VOID(finish_flush());
  if (nothing_to_flush()) return {};
  CANDOR_TRY_VOID(start_flush(raw_->cut(), true));
  CANDOR_TRY_VOID(finish_flush());
  return store_->settle(true);
}

bool EmbeddedTimeline::nothing_to_flush() const {
  const std::lock_guard lock(mutex_);
  return buffered_[filling_].empty() && dirty_rows_.empty() && dirty_touches_.empty() &&
         raw_->noted() == written_state_.checkpoints;
}

Result<void> EmbeddedTimeline::start_flush(const RawLog::Cut& cut, bool alone) {
  CANDOR_CHECK(!flushing_);
  flushing_ = freeze(cut);
  flushing_->alone = alone;
  if (options_.threads) {
    running_ = std::async(std::launch::async, [this] { return run_flush(*flushing_); });
    return {};
  }
  return finish_flush();
}

Result<void> EmbeddedTimeline::finish_flush() {
  if (!flushing_) return {};
  auto result = running_.valid() ? running_.get() : run_flush(*flushing_);
  if (!result) return result;
  flushing_.reset();
  return {};
}

// Swaps the buffers and notes what must be written with the rows of the full one.
EmbeddedTimeline::Flush EmbeddedTimeline::freeze(const RawLog::Cut& cut) {
  const std::lock_guard lock(mutex_);
  Flush flush;
  flush.buffer = filling_;
  flush.cut = cut;
  flush.accounts = buffered_[filling_];
  flush.bytes = buffer_bytes_;
  for (AccountState* account : dirty_rows_) {
    flush.rows.emplace_back(account_key(account->id), seal_account(*account, keys_));
    account->row_dirty = false;
  }
  dirty_rows_.clear();
  for (AccountState* account : dirty_touches_) {
    flush.touches.emplace_back(touched_key(account->id), account->touched);
    account->touch_dirty = false;
  }
  dirty_touches_.clear();
  state_.flushed = cut.position;
  state_.checkpoints = raw_->noted();
  flush.state = state_;
  filling_ = 1 - filling_;
  buffer_bytes_ = 0;
  return flush;
}

Result<void> EmbeddedTimeline::run_flush(Flush& flush) {
  // Blocks must not get ahead of the raw log: they say that it need not be replayed.
  CANDOR_TRY_VOID(raw_->wait_synced(flush.cut.serial));
  CANDOR_TRY_VOID(store_->make_room(flush.bytes));
  const auto written = write_files(flush);
  for (Lane& lane : lanes_) {
    lane.files.clear();
    lane.changes = {};
    if (!written) lane.chunks.clear();  // they speak of blocks that were not written: look again
  }
  if (!written) return written;
  release(flush);
  return {};
}

// Blocks go into files while they are made: held in memory they would be the buffer over again, several times. The rest
// comes to files of its own.
Result<void> EmbeddedTimeline::write_files(Flush& flush) {
  std::ranges::sort(flush.accounts, {}, [](const AccountState* account) { return account->id.view(); });
  CANDOR_TRY_VOID(write_lanes(flush));
  std::vector<std::unique_ptr<BlockStore::File>> files;
  Changes rest;
  for (Lane& lane : lanes_) {
    for (auto& [month, file] : lane.files) files.push_back(std::move(file));
    std::ranges::move(lane.changes, std::back_inserter(rest));
  }
  for (auto& [key, value] : flush.rows) rest.emplace_back(key, value);
  for (const auto& [key, epoch] : flush.touches) {
    std::string value;
    put_varint(value, epoch);
    rest.emplace_back(key, epoch == 0 ? std::nullopt : std::optional(std::move(value)));
  }
  for (auto& [key, value] : state_values(flush.state)) rest.emplace_back(std::move(key), std::move(value));
  std::ranges::sort(rest, {}, &Changes::value_type::first);
  // What comes before all blocks and what comes behind them: no file reaches over those of blocks.
  std::unique_ptr<BlockStore::File> file;
  bool before_blocks = true;
  for (const auto& [key, value] : rest) {
    if (file && before_blocks && key >= kBlockPrefix) files.push_back(std::exchange(file, nullptr));
    before_blocks = key < kBlockPrefix;
    if (!file) {
      CANDOR_TRY(file, store_->make_file());
    }
    CANDOR_TRY_VOID(value ? file->put(key, *value) : file->erase(key));
  }
  files.push_back(std::move(file));  // the state is always in it
  return store_->take_in(files);
}

Result<void> EmbeddedTimeline::write_lanes(const Flush& flush) {
  std::future<Result<void>> other;
  const bool at_once = flush.alone && options_.threads;
  if (at_once) other = std::async(std::launch::async, [&] { return write_lane(flush, 1); });
  auto written = write_lane(flush, 0);
  auto written_there = at_once ? other.get() : write_lane(flush, 1);
  return written ? written_there : written;
}

Result<void> EmbeddedTimeline::write_lane(const Flush& flush, std::size_t number) {
  Lane& lane = lanes_[number];
  if (lane.codec == nullptr) lane.codec = std::make_unique<BlockCodec>(keys_, *catalogue_, *numbers_);
  lane.into_files = true;
  for (const AccountState* account : flush.accounts) {
    if (static_cast<std::uint8_t>(account->id.view().front()) >> 7 != number) continue;
    CANDOR_TRY_VOID(write_account(*account, flush.buffer, lane));
    lane.arena.clear();
  }
  return {};
}

void EmbeddedTimeline::move_changes(Lane& lane, BlockStore::Batch& batch) {
  for (const auto& [key, value] : lane.changes) value ? batch.put(key, *value) : batch.erase(key);
  lane.changes = {};
}

std::vector<std::pair<std::string, std::string>> EmbeddedTimeline::state_values(const TimelineState& state) {
  written_state_ = state;
  written_state_.next_chunk = next_chunk_;
  std::string names;
  for (const std::string& name : numbers_->names()) put_text(names, name);
  return {{std::string(kStateKey), seal(keys_.derive("timeline state"), written_state_.to_bytes(), kStateKey)},
          {std::string(kFieldsKey), std::move(names)}};
}

void EmbeddedTimeline::put_state(const TimelineState& state, BlockStore::Batch& batch) {
  for (const auto& [key, value] : state_values(state)) batch.put(key, value);
}

Result<void> EmbeddedTimeline::change(Lane& lane, Month month, std::string key, std::optional<std::string> value) {
  auto found = lane.files.find(month);
  if (found == lane.files.end() && lane.into_files && lane.files.size() < kMostFiles) {
    CANDOR_TRY(auto file, store_->make_file());
    found = lane.files.emplace(month, std::move(file)).first;
  }
  if (found != lane.files.end()) return value ? found->second->put(key, *value) : found->second->erase(key);
  lane.changes.emplace_back(std::move(key), std::move(value));
  return {};
}

Result<void> EmbeddedTimeline::write_account(const AccountState& account, int buffer, Lane& lane) {
  std::vector<ActivityRow> rows;
  const std::vector<std::string_view>& packed = account.rows[buffer];
  const TextPool& pool = *pools_[buffer];  // nobody adds to it: it is the frozen one
  rows.reserve(packed.size());
  for (std::size_t i = 0; i < packed.size(); ++i) {
    if (i + kAhead < packed.size()) prefetch_row(packed[i + kAhead]);
    rows.push_back(unpack_row(packed[i], derived_, account.name, pool, Untold::leave, lane.arena));
  }
  if (!std::ranges::is_sorted(rows, stored_before)) std::ranges::sort(rows, stored_before);
  std::vector<ActivityRow> of_month;
  for (std::size_t from = 0; from < rows.size();) {
    const Month month = month_of(day_of(rows[from].time));
    std::size_t to = from + 1;
    while (to < rows.size() && month_of(day_of(rows[to].time)) == month) ++to;
    of_month.assign(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to));
    CANDOR_TRY_VOID(write_month(account, month, of_month, lane));
    from = to;
  }
  return {};
}

// `rows` are sorted; those of small blocks join them.
Result<void> EmbeddedTimeline::write_month(const AccountState& account, Month month, std::vector<ActivityRow>& rows,
                                           Lane& lane) {
  CANDOR_TRY(Chunks * chunks, chunks_of(account.id, month, lane));
  if (chunks->small.size() >= kSmallBlocks) {
    CANDOR_TRY_VOID(take_up(account, *chunks, rows, lane));
    std::ranges::sort(rows, stored_before);
  }
  return write_rows(account, month, rows, *chunks, lane);
}

Result<void> EmbeddedTimeline::write_rows(const AccountState& account, Month month, std::span<const ActivityRow> rows,
                                          Chunks& chunks, Lane& lane) {
  while (!rows.empty()) {
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < rows.size() && count < kBlockRows && bytes < kBlockBytes; ++count) {
      bytes += text_bytes(rows[count]);
    }
    const std::uint32_t number = next_chunk_++;
    CANDOR_TRY_VOID(change(lane, month, block_key(month, account.id, number),
                           lane.codec->encode(rows.first(count), {account.id, account.name}, account.key)));
    if (count < kSmallRows) chunks.small.push_back({number, static_cast<std::uint32_t>(count)});
    rows = rows.subspan(count);
  }
  return {};
}

Result<EmbeddedTimeline::Chunks*> EmbeddedTimeline::chunks_of(const AccountId& account, Month month, Lane& lane) {
  const auto [found, is_new] = lane.chunks.try_emplace(account);
  Chunks& chunks = found->second;
  if (!is_new && chunks.month == month) return &chunks;
  chunks.month = month;
  chunks.small.clear();
  CANDOR_TRY_VOID(store_->for_each(block_prefix(month, account), [&](std::string_view key, std::string_view value) {
    const auto head = BlockCodec::head(value);  // a damaged one is left for the reader to name
    if (head && head->rows < kSmallRows) chunks.small.push_back({chunk_of(key), head->rows});
    return true;
  }));
  return &chunks;
}

// Rows of the small blocks, which go.
Result<void> EmbeddedTimeline::take_up(const AccountState& account, Chunks& chunks, std::vector<ActivityRow>& rows,
                                       Lane& lane) {
  for (const Chunk& chunk : chunks.small) {
    const std::string key = block_key(chunks.month, account.id, chunk.number);
    CANDOR_TRY(const auto block, store_->get(key));
    if (!block) return fail("timeline.corrupt", folder_ + ": a block that was written is not there");
    CANDOR_TRY_VOID(
        lane.codec->decode(*block, {account.id, account.name}, account.key, Untold::leave, lane.arena, rows));
    CANDOR_TRY_VOID(change(lane, chunks.month, key, std::nullopt));
  }
  chunks.small.clear();
  return {};
}

void EmbeddedTimeline::release(const Flush& flush) {
  const std::lock_guard lock(mutex_);
  for (AccountState* account : flush.accounts) account->rows[flush.buffer] = {};
  buffered_[flush.buffer].clear();
  arenas_[flush.buffer] = make_arena();
  pools_[flush.buffer] = make_pool();
  bound_identities();
}

// With the mutex held: forgets identities when more are known than the buffer's size allows.
void EmbeddedTimeline::bound_identities() {
  constexpr std::size_t kIdentityBytes = 48;
  if (known_identities_ * kIdentityBytes <= options_.buffer_bytes) return;
  known_identities_ = 0;
  for (const auto& [id, account] : accounts_) {
    account->forget();
    known_identities_ += account->known();
  }
}

Result<void> EmbeddedTimeline::fold() {
  CANDOR_TRY_VOID(flush());
  Lane lane;
  lane.codec = std::make_unique<BlockCodec>(keys_, *catalogue_, *numbers_, BlockCodec::kSmall);
  for (Lane& other : lanes_) other.chunks.clear();
  Result<void> folded;
  for (const Month month : written_state_.months) {
    if (folded) folded = fold_month(month, lane);
  }
  if (!folded) return folded;
  CANDOR_TRY_VOID(store_->settle(true));
  return store_->compact();
}

Result<void> EmbeddedTimeline::fold_month(Month month, Lane& lane) {
  std::map<AccountId, Chunks> wanted;
  const std::string prefix = month_prefix(month);
  CANDOR_TRY_VOID(store_->for_each(prefix, [&](std::string_view key, std::string_view value) {
    const auto head = BlockCodec::head(value);
    if (!head || head->rows >= kSmallRows) return true;
    Chunks& chunks = wanted[AccountId::from(key.substr(prefix.size()))];
    chunks.month = month;
    chunks.small.push_back({chunk_of(key), head->rows});
    return true;
  }));
  auto batch = std::make_unique<BlockStore::Batch>();
  std::size_t rewritten = 0;
  for (auto& [id, chunks] : wanted) {
    if (chunks.small.size() < 2) continue;
    const AccountState* account = nullptr;
    {
      const std::lock_guard lock(mutex_);
      account = accounts_.at(id).get();  // its name and key never change
    }
    std::vector<ActivityRow> rows;
    CANDOR_TRY_VOID(take_up(*account, chunks, rows, lane));
    std::ranges::sort(rows, stored_before);
    CANDOR_TRY_VOID(write_rows(*account, month, rows, chunks, lane));
    move_changes(lane, *batch);
    lane.arena.clear();
    rewritten += rows.size();
    if (rewritten < kFoldRows) continue;
    put_state(written_state_, *batch);
    CANDOR_TRY_VOID(store_->write(*batch));
    batch = std::make_unique<BlockStore::Batch>();
    rewritten = 0;
  }
  put_state(written_state_, *batch);
  return store_->write(*batch);
}

}  // namespace candor
