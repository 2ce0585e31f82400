#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <array>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indicators/correlations.h"
#include "timeline/account.h"
#include "timeline/block.h"
#include "timeline/block_store.h"
#include "timeline/effective.h"
#include "timeline/prepared.h"
#include "timeline/raw_log.h"
#include "timeline/text_pool.h"
#include "timeline/timeline.h"

namespace candor {

// Counters and positions that travel with the blocks they describe.
struct TimelineState {
  RawLog::Position flushed;   // the raw log from here on is not in blocks
  std::uint64_t content = 0;  // TimelineOptions::content of what is in blocks
  std::uint64_t activities = 0;
  std::uint64_t superseded = 0;
  std::optional<TimePoint> first;
  std::optional<TimePoint> last;
  std::set<Month> months;  // that have activities: hostile records may name any year
  SealedDays sealed;
  std::uint32_t next_chunk = 0;
  Checkpoints checkpoints;

  std::string to_bytes() const;
  static Result<TimelineState> from_bytes(std::string_view bytes);
};

// The timeline in one folder of one machine:
//   raw/       the raw log (raw_log.h): every record lands here first
//   blocks/    RocksDB: blocks, accounts, the touched set, the state (block_store.h)
//   coming/    what a flush is writing, until blocks/ takes it in
// append() packs a row into the buffer and hands the raw bytes to the raw log; a full buffer is frozen and turned into
// blocks by another thread, while the next one fills. A batch of blocks carries the raw position it reaches.
class EmbeddedTimeline final : public Timeline {
 public:
  // As open_embedded_timeline(); `indicators` are the keys of all, by index; nullptr: nothing correlates.
  static Result<std::unique_ptr<Timeline>> open(const std::filesystem::path& folder, const Keys& keys,
                                                std::shared_ptr<const FieldCatalogue> catalogue,
                                                std::vector<IndicatorKey> indicators, const Replay& replay,
                                                const TimelineOptions& options,
                                                std::shared_ptr<const Correlations> correlations = nullptr);
  ~EmbeddedTimeline() override;

  void prepare(const Activity& activity, std::span<const IndicatorIndex> matches,
               PreparedActivities& to) const override;
  Result<void> append(std::span<const PreparedActivity> activities, std::vector<Stored>& stored) override;
  Result<void> note(std::string_view feed, std::string_view checkpoint) override;
  Result<void> acknowledge(std::string_view feed, std::string_view checkpoint) override;
  Result<std::string> checkpoint(std::string_view feed) const override;
  Result<std::string> noted(std::string_view feed) const override;
  Result<std::map<std::string, std::string>> checkpoints() const override;
  Result<void> flush() override;
  Result<void> snapshot(const std::filesystem::path& into) override;
  Result<void> fold() override;
  Result<Removed> remove(const RemovalOrder& removal) override;
  Result<ErasedActivities> erase(std::span<const AccountDays> days, bool dry,
                                 const std::function<void(std::string_view step)>& step) override;
  Result<std::optional<Day>> kept_from(const AccountId& account) const override;
  SealedDays sealed() const override;

  Result<Insights> insights(const AccountId& account, Day from, Day to,
                            std::span<const Expected> expected) const override;
  Result<Insights> insights_within(const AccountId& account, Day day, TimePoint after, std::optional<TimePoint> until,
                                   std::span<const Expected> expected) const override;
  Result<std::vector<Step>> steps(const AccountId& account, Day from, Day to, std::span<const IndicatorKey> wanted,
                                  std::span<const Expected> expected) const override;
  Result<std::vector<StoredActivity>> activities(const AccountId& account, const ActivityQuery& query) const override;
  Result<void> each_activity(const AccountId& account, Day from, Day to,
                             const std::function<bool(const ActivityRow&)>& visit) const override;
  Result<std::string> raw(const RawPosition& position) const override;
  Result<std::optional<AccountInfo>> account(const AccountId& account) const override;
  Result<void> for_each_account(const std::function<bool(const AccountInfo&)>& visit) const override;
  Result<Touched> touched() const override;
  Result<void> settle(std::uint64_t upto) override;
  Result<Stats> stats() const override;

 private:
  // A frozen buffer on its way into blocks, with what was true when it was frozen.
  struct Flush {
    int buffer = 0;
    RawLog::Cut cut;
    std::vector<AccountState*> accounts;                         // with rows in the buffer
    std::vector<std::pair<std::string, std::string>> rows;       // of accounts: key, value
    std::vector<std::pair<std::string, std::uint64_t>> touches;  // key, epoch; 0 erases
    TimelineState state;
    std::size_t bytes = 0;  // of the buffer
    bool alone = false;     // nobody appends meanwhile: both lanes at once
  };
  // Small blocks of one account and month, which the next flush may take up.
  struct Chunk {
    std::uint32_t number = 0;
    std::uint32_t rows = 0;
  };
  struct Chunks {
    Month month = 0;
    std::vector<Chunk> small;
  };
  using Changes = std::vector<std::pair<std::string, std::optional<std::string>>>;  // key, value; none: erased
  // What one thread of a flush works with. An account always goes the same lane.
  struct Lane {
    std::unique_ptr<BlockCodec> codec;
    absl::flat_hash_map<AccountId, Chunks> chunks;
    RowArena arena;
    // Of a flush: by month, each of ascending accounts. Of how many months it has any is for who writes records to say,
    // so only a few get one.
    std::map<Month, std::unique_ptr<BlockStore::File>> files;
    bool into_files = false;
    Changes changes;  // the rest
  };
  // What a reader needs of an account, copied under the mutex.
  struct Window {
    bool known = false;
    std::string name;
    std::array<std::uint8_t, 32> key{};
    std::vector<ActivityRow> rows;  // from the buffers
    std::vector<Month> months;      // of the days asked for that have activities of anybody
  };

  EmbeddedTimeline(const Keys& keys, std::shared_ptr<const FieldCatalogue> catalogue,
                   std::vector<IndicatorKey> indicators, const TimelineOptions& options);

  // embedded_timeline.cc
  Result<void> load(const std::filesystem::path& folder);
  Result<void> forget_blocks();
  void touch_all();
  Result<void> replay(const Replay& replay);
  Result<void> replay_frame(RawLog::Position position, const FrameContent& content, const Replay& replay,
                            Checkpoints& checkpoints);
  static std::shared_ptr<RowArena> make_arena() { return std::make_shared<RowArena>(true); }
  std::shared_ptr<TextPool> make_pool() const { return std::make_shared<TextPool>(options_.buffer_bytes / 8); }

  // append.cc
  Result<void> append_group(std::span<const PreparedActivity> group, std::vector<Stored>& stored);
  void fetch(std::span<const PreparedActivity> group);
  AccountState* account_for(const PreparedActivity& activity);
  Result<void> learn_month(AccountState& account, Day day);
  Result<Stored> take(const PreparedActivity& activity, std::span<const std::uint64_t> hashes,
                      const std::optional<RawLog::Position>& replayed);
  void hash_texts(const PreparedActivity& activity, std::vector<std::uint64_t>& hashes) const;
  void put_in_buffer(AccountState& account, const ActivityRow& row, std::span<const std::uint64_t> hashes);
  void touch(AccountState& account);

  // flush.cc
  bool buffer_full() const;
  bool nothing_to_flush() const;
  Result<void> start_flush(const RawLog::Cut& cut, bool alone);  // none may be running
  Result<void> finish_flush();                                   // waits for a running one; tries a failed one again
  Flush freeze(const RawLog::Cut& cut);
  Result<void> run_flush(Flush& flush);
  Result<void> write_lanes(const Flush& flush);
  Result<void> write_lane(const Flush& flush, std::size_t lane);
  Result<void> write_account(const AccountState& account, int buffer, Lane& lane);
  Result<void> write_month(const AccountState& account, Month month, std::vector<ActivityRow>& rows, Lane& lane);
  Result<void> write_rows(const AccountState& account, Month month, std::span<const ActivityRow> rows, Chunks& chunks,
                          Lane& lane);
  Result<void> change(Lane& lane, Month month, std::string key, std::optional<std::string> value);
  Result<void> write_files(Flush& flush);
  Result<Chunks*> chunks_of(const AccountId& account, Month month, Lane& lane);
  Result<void> take_up(const AccountState& account, Chunks& chunks, std::vector<ActivityRow>& rows, Lane& lane);
  static void move_changes(Lane& lane, BlockStore::Batch& batch);
  // As what is written from now on says; key, value.
  std::vector<std::pair<std::string, std::string>> state_values(const TimelineState& state);
  void put_state(const TimelineState& state, BlockStore::Batch& batch);
  void release(const Flush& flush);
  void bound_identities();
  Result<void> fold_month(Month month, Lane& lane);

  // remove.cc
  struct AccountBlocks;
  struct Going;
  class Rewrite;
  using RawRecords = std::map<std::uint32_t, absl::flat_hash_set<RawLog::Record>>;  // by segment
  Result<void> each_account(Month month, const std::function<Result<void>(const AccountBlocks&)>& visit) const;
  Result<Going> find_going(const RemovalOrder& removal) const;
  Result<RawRecords> raw_of_held(const RemovalOrder& removal) const;
  Result<void> remove_raw(const RemovalOrder& removal, RawRecords& of_rows, Removed& removed);
  Result<void> remove_rows(const RemovalOrder& removal);
  Result<std::vector<AccountId>> emptied(const Going& going) const;
  Result<void> remove_accounts(std::span<const AccountId> emptied);
  Result<void> find_first();

  // erase.cc
  struct ErasedAccount;
  Result<void> each_month(const AccountState& account,
                          const std::function<Result<void>(const AccountBlocks&)>& visit) const;
  Result<ErasedAccount> find_erased(const AccountState& account, std::span<const AccountDays> days) const;
  Result<std::vector<ErasedAccount>> find_erased(std::span<const AccountDays> days) const;
  Result<void> erase_rows(const ErasedAccount& going);
  Result<void> forget_empty_months();

  // rebuild.cc
  Result<void> keep_rows_without_raw();
  using Matches = absl::flat_hash_map<std::pair<ActivityId, std::uint64_t>, std::vector<IndicatorKey>>;
  Result<Matches> match_again(const AccountBlocks& blocks, BlockCodec& codec, std::span<const ActivityRow> kept) const;

  // read.cc
  static constexpr std::size_t kAhead = 3;  // rows prefetched before their turn
  Window window_of(const AccountId& account, Day from, Day to, Untold untold, RowArena& arena) const;
  Result<std::vector<ReadRow>> rows_of(const AccountId& account, Day from, Day to, Untold untold,
                                       RowArena& arena) const;
  Result<void> rows_in_blocks(const AccountId& id, const Window& window, Month month, Day from, Day to, Untold untold,
                              RowArena& arena, std::vector<ActivityRow>& rows) const;
  void correlate(std::vector<ReadRow>& rows, RowArena& arena) const;
  StoredActivity stored(const ReadRow& read) const;
  std::unique_ptr<BlockCodec> take_codec() const;
  void return_codec(std::unique_ptr<BlockCodec> codec) const;

  const Keys keys_;
  const std::shared_ptr<const FieldCatalogue> catalogue_;
  const std::vector<IndicatorKey> indicators_;  // by index
  const TimelineOptions options_;
  std::shared_ptr<const Correlations> correlations_;  // nullptr when there are none
  const DerivedFields derived_;
  const InsightFold insight_fold_;
  std::string folder_;
  std::unique_ptr<FieldNumbers> numbers_;
  std::unique_ptr<DiskSpace> space_;
  std::unique_ptr<BlockStore> store_;
  std::unique_ptr<RawLog> raw_;

  // The appending thread's.
  std::vector<std::uint64_t> hashes_;  // of the texts of the activities at hand, for the pool
  std::string packed_;
  std::optional<Flush> flushing_;
  std::future<Result<void>> running_;

  // The flush's: one at a time, on whatever threads.
  std::array<Lane, 2> lanes_;
  std::atomic<std::uint32_t> next_chunk_ = 0;
  TimelineState written_state_;

  mutable std::mutex mutex_;  // guards all below
  Accounts accounts_;
  std::shared_ptr<RowArena> arenas_[2];        // of the rows of a buffer; readers keep them for as long as they read
  std::shared_ptr<TextPool> pools_[2];         // the same
  std::vector<AccountState*> buffered_[2];     // accounts with rows in the buffer
  std::atomic<std::size_t> buffer_bytes_ = 0;  // of the one being filled; asked for without the mutex, too
  int filling_ = 0;
  std::size_t known_identities_ = 0;
  std::vector<AccountState*> dirty_rows_;
  std::vector<AccountState*> dirty_touches_;
  mutable std::uint64_t epoch_ = 1;
  TimelineState state_;

  mutable std::mutex codecs_mutex_;
  mutable std::vector<std::unique_ptr<BlockCodec>> codecs_;
};

}  // namespace candor
