#include "timeline/embedded_timeline.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "timeline/byte_stream.h"

namespace candor {
namespace {

constexpr std::uint8_t kStateVersion = 3;

void put_time(std::string& out, const std::optional<TimePoint>& time) {
  out.push_back(time ? 1 : 0);
  if (time) put_zigzag(out, *time);
}

std::optional<TimePoint> get_time(ByteReader& reader) {
  if (reader.byte() == 0) return std::nullopt;
  return reader.zigzag();
}

// Raw records of a frame as the batch a normaliser reads.
RawBatch batch_of(const FrameContent& content) {
  RawBatch batch;
  batch.kind = content.kind;
  batch.origin = "raw log";
  batch.text.reserve(content.text.size() + content.sizes.size() + RawBatch::kPadding);
  std::size_t at = 0;
  for (const std::uint32_t size : content.sizes) {
    batch.records.push_back({static_cast<std::uint32_t>(batch.text.size()), size, batch.records.size() + 1});
    batch.text.append(content.text, at, size);
    batch.text.push_back('\n');
    at += size;
  }
  batch.text.append(RawBatch::kPadding, '\0');
  return batch;
}

}  // namespace

std::string TimelineState::to_bytes() const {
  std::string out(1, static_cast<char>(kStateVersion));
  put_varint(out, flushed.segment);
  put_varint(out, flushed.frame);
  put_word(out, content);
  put_varint(out, activities);
  put_varint(out, superseded);
  put_time(out, first);
  put_time(out, last);
  put_varint(out, months.size());
  for (const Month month : months) put_varint(out, month);
  put_zigzag(out, sealed.from);
  put_zigzag(out, sealed.before);
  put_varint(out, next_chunk);
  put_varint(out, checkpoints.size());
  for (const auto& [feed, checkpoint] : checkpoints) {
    put_text(out, feed);
    put_text(out, checkpoint);
  }
  return out;
}

Result<TimelineState> TimelineState::from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.byte();
  TimelineState state;
  state.flushed.segment = static_cast<std::uint32_t>(reader.varint());
  state.flushed.frame = static_cast<std::uint32_t>(reader.varint());
  state.content = reader.word<std::uint64_t>();
  state.activities = reader.varint();
  state.superseded = reader.varint();
  state.first = get_time(reader);
  state.last = get_time(reader);
  const std::size_t months = reader.count();
  for (std::size_t i = 0; i < months; ++i) state.months.insert(static_cast<Month>(reader.varint()));
  state.sealed.from = static_cast<Day>(reader.zigzag());
  state.sealed.before = static_cast<Day>(reader.zigzag());
  state.next_chunk = static_cast<std::uint32_t>(reader.varint());
  const std::size_t feeds = reader.count(2);
  for (std::size_t i = 0; i < feeds && reader.ok(); ++i) {
    const std::string_view feed = reader.text();
    state.checkpoints.insert_or_assign(std::string(feed), std::string(reader.text()));
  }
  if (!reader.ok() || version != kStateVersion) return fail("timeline.corrupt", "the state row cannot be read");
  return state;
}

EmbeddedTimeline::EmbeddedTimeline(const Keys& keys, std::shared_ptr<const FieldCatalogue> catalogue,
                                   std::vector<IndicatorKey> indicators, const TimelineOptions& options)
    : keys_(keys),
      catalogue_(std::move(catalogue)),
      indicators_(std::move(indicators)),
      options_(options),
      derived_(*catalogue_),
      insight_fold_(*catalogue_),
      arenas_{make_arena(), make_arena()},
      pools_{make_pool(), make_pool()} {}

EmbeddedTimeline::~EmbeddedTimeline() {
  if (running_.valid()) running_.wait();  // its buffers are members
}

Result<std::unique_ptr<Timeline>> open_embedded_timeline(const std::filesystem::path& folder, const Keys& keys,
                                                         std::shared_ptr<const FieldCatalogue> catalogue,
                                                         const IndicatorSet& set, const Replay& replay,
                                                         const TimelineOptions& options) {
  return EmbeddedTimeline::open(folder, keys, std::move(catalogue), set.keys(), replay, options,
                                set.shared_correlations());
}

Result<std::unique_ptr<Timeline>> EmbeddedTimeline::open(const std::filesystem::path& folder, const Keys& keys,
                                                         std::shared_ptr<const FieldCatalogue> catalogue,
                                                         std::vector<IndicatorKey> indicators, const Replay& replay,
                                                         const TimelineOptions& options,
                                                         std::shared_ptr<const Correlations> correlations) {
  std::unique_ptr<EmbeddedTimeline> timeline(
      new EmbeddedTimeline(keys, std::move(catalogue), std::move(indicators), options));
  if (correlations && !correlations->empty()) timeline->correlations_ = std::move(correlations);
  CANDOR_TRY_VOID(timeline->load(folder));
  CANDOR_TRY_VOID(timeline->replay(replay));
  return std::unique_ptr<Timeline>(std::move(timeline));
}

Result<void> EmbeddedTimeline::load(const std::filesystem::path& folder) {
  folder_ = folder.string();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return std::unexpected(file_error(folder_, "cannot be made", failed.value()));
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  space_ = std::make_unique<DiskSpace>(folder_);
  CANDOR_TRY(store_, BlockStore::open(folder / "blocks", folder / "coming", *space_));

  CANDOR_TRY(const auto state, store_->get(kStateKey));
  if (state) {
    auto plain = unseal(keys_.derive("timeline state"), *state, kStateKey);
    if (!plain) return fail("timeline.corrupt", folder_ + ": " + plain.error().message);
    CANDOR_TRY(state_, TimelineState::from_bytes(*plain));
  }
  written_state_ = state_;
  next_chunk_ = state_.next_chunk;
  CANDOR_TRY(const auto fields, store_->get(kFieldsKey));
  std::vector<std::string> names;
  ByteReader reader(fields ? std::string_view(*fields) : std::string_view());
  while (reader.left() > 0) names.emplace_back(reader.text());
  numbers_ = std::make_unique<FieldNumbers>(*catalogue_, std::move(names));

  Error broken;
  CANDOR_TRY_VOID(store_->for_each(kAccountPrefix, [&](std::string_view key, std::string_view value) {
    auto account = unseal_account(account_of(key), value, keys_);
    if (!account) {
      broken = {"timeline.corrupt", folder_ + ": the row of an account: " + account.error().message};
      return false;
    }
    accounts_.emplace(account_of(key), std::move(*account));
    return true;
  }));
  if (!broken.id.empty()) return std::unexpected(broken);
  CANDOR_TRY_VOID(store_->for_each(kTouchedPrefix, [&](std::string_view key, std::string_view value) {
    const auto found = accounts_.find(account_of(key));
    if (found == accounts_.end()) return true;
    found->second->touched = ByteReader(value).varint();
    epoch_ = std::max(epoch_, found->second->touched + 1);
    return true;
  }));

  RawLog::Options raw{.segment_bytes = options_.segment_bytes, .thread = options_.threads, .today = options_.today};
  CANDOR_TRY(raw_, RawLog::open(folder / "raw", keys_, *space_, state_.flushed, raw));
  raw_->set_durable(state_.checkpoints);
  const bool other_content = options_.content != 0 && state_.content != options_.content;
  if (state && (other_content || options_.rebuild)) return forget_blocks();
  if (!state) state_.content = options_.content;
  return {};
}

// Every account, whatever it is now, as if it had gained activities.
void EmbeddedTimeline::touch_all() {
  for (const auto& [id, account] : accounts_) {
    touch(*account);
    account->actor = ActorKind::unknown;
    if (!account->row_dirty) dirty_rows_.push_back(account.get());
    account->row_dirty = true;
  }
}

// Back to what was true before the first record, in one step, but for names, keys and checkpoints: the replay that
// follows makes everything again with today's content.
Result<void> EmbeddedTimeline::forget_blocks() {
  CANDOR_TRY(const auto past, raw_->past());
  if (std::ranges::any_of(past, &RawLog::Past::removed_from)) return keep_rows_without_raw();
  BlockStore::Batch batch;
  batch.erase_all(kBlockPrefix);
  touch_all();
  for (AccountState* account : dirty_touches_) {
    std::string epoch;
    put_varint(epoch, account->touched);
    batch.put(touched_key(account->id), epoch);
  }
  TimelineState fresh;
  fresh.content = options_.content;
  fresh.next_chunk = state_.next_chunk;
  fresh.checkpoints = state_.checkpoints;
  fresh.sealed = state_.sealed;
  state_ = fresh;
  put_state(state_, batch);
  CANDOR_TRY_VOID(store_->write(batch));
  // On disk before the first new block: RocksDB's own log is off.
  CANDOR_TRY_VOID(store_->settle(true));
  return store_->drop_files(kBlockPrefix);
}

Result<void> EmbeddedTimeline::replay(const Replay& replay) {
  Checkpoints checkpoints = state_.checkpoints;
  const auto visit = [&](RawLog::Position position, const FrameContent& content, std::uint64_t done) {
    if (options_.progress) options_.progress(done, raw_->bytes());
    return replay_frame(position, content, replay, checkpoints);
  };
  auto replayed = raw_->replay(state_.flushed, visit);
  // Recovery synced what was read here.
  raw_->set_durable(std::move(checkpoints));
  return replayed;
}

Result<void> EmbeddedTimeline::replay_frame(RawLog::Position position, const FrameContent& content,
                                            const Replay& replay, Checkpoints& checkpoints) {
  const RawBatch batch = batch_of(content);
  PreparedActivities prepared(batch.documents());
  replay(batch, [&](const Activity& activity, std::span<const IndicatorIndex> matches) {
    prepare(activity, matches, prepared);
  });
  {
    const std::lock_guard lock(mutex_);
    for (const PreparedActivity& activity : prepared.all()) {
      hashes_.clear();
      hash_texts(activity, hashes_);
      CANDOR_TRY_VOID(take(activity, hashes_, position));
    }
  }
  for (const auto& [feed, checkpoint] : content.notes) checkpoints.insert_or_assign(feed, checkpoint);
  if (!buffer_full()) return {};
  raw_->set_durable(checkpoints);
  CANDOR_TRY_VOID(start_flush(RawLog::Cut{{position.segment, position.frame + 1}, 0}, false));
  return finish_flush();
}

Result<void> EmbeddedTimeline::note(std::string_view feed, std::string_view checkpoint) {
  raw_->note(feed, checkpoint);
  return {};
}

Result<void> EmbeddedTimeline::acknowledge(std::string_view feed, std::string_view checkpoint) {
  raw_->note(feed, checkpoint);
  return raw_->sync();
}

Result<std::string> EmbeddedTimeline::checkpoint(std::string_view feed) const {
  const Checkpoints durable = raw_->durable();
  const auto found = durable.find(std::string(feed));
  return found == durable.end() ? std::string() : found->second;
}

Result<std::string> EmbeddedTimeline::noted(std::string_view feed) const {
  const Checkpoints noted = raw_->noted();
  const auto found = noted.find(std::string(feed));
  return found == noted.end() ? std::string() : found->second;
}

Result<std::map<std::string, std::string>> EmbeddedTimeline::checkpoints() const { return raw_->durable(); }

Result<Timeline::Touched> EmbeddedTimeline::touched() const {
  const std::lock_guard lock(mutex_);
  Touched touched;
  for (const auto& [id, account] : accounts_) {
    if (account->touched != 0) touched.accounts.push_back(id);
  }
  std::ranges::sort(touched.accounts);
  touched.upto = epoch_++;
  return touched;
}

Result<void> EmbeddedTimeline::settle(std::uint64_t upto) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, account] : accounts_) {
    if (account->touched == 0 || account->touched > upto) continue;
    account->touched = 0;
    if (!account->touch_dirty) dirty_touches_.push_back(account.get());
    account->touch_dirty = true;
  }
  return {};
}

Result<Timeline::Stats> EmbeddedTimeline::stats() const {
  Stats stats;
  stats.bytes_raw = raw_->bytes();
  stats.bytes_blocks = store_->bytes();
  const std::lock_guard lock(mutex_);
  stats.activities = state_.activities;
  stats.superseded = state_.superseded;
  stats.accounts = accounts_.size();
  stats.first = state_.first;
  stats.last = state_.last;
  return stats;
}

}  // namespace candor
