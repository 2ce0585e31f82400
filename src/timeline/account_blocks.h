#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "timeline/embedded_timeline.h"

namespace candor {

// All blocks of one account and month, with what reads them; for who rewrites what is stored.
struct EmbeddedTimeline::AccountBlocks {
  const AccountState* account = nullptr;  // its id, name and key never change
  Month month = 0;
  std::vector<std::pair<std::uint32_t, std::string>> blocks;  // chunk, bytes

  std::uint64_t rows() const {
    std::uint64_t count = 0;
    for (const auto& [chunk, block] : blocks) {
      if (const auto head = BlockCodec::head(block)) count += head->rows;
    }
    return count;
  }
  // Appends the rows of the blocks that hold days from..to. Fails with `timeline.corrupt`.
  Result<void> read(BlockCodec& codec, Day from, Day to, Untold untold, RowArena& arena,
                    std::vector<ActivityRow>& rows) const {
    for (const auto& [chunk, block] : blocks) {
      const auto head = BlockCodec::head(block);
      if (head && (head->last < from || head->first > to)) continue;
      CANDOR_TRY_VOID(codec.decode(block, {account->id, account->name}, account->key, untold, arena, rows));
    }
    return {};
  }
};

// Replaces blocks, in batches that each carry the state.
class EmbeddedTimeline::Rewrite {
 public:
  // By the thread that appends; nothing may be in the buffers.
  explicit Rewrite(EmbeddedTimeline& timeline);
  // The account's blocks of days from..to go; `rows`, in any order, come instead.
  Result<void> replace(const AccountBlocks& blocks, Day from, Day to, std::vector<ActivityRow>& rows);
  void put(std::string key, std::string value) { lane_.changes.emplace_back(std::move(key), std::move(value)); }
  void erase(std::string key) { lane_.changes.emplace_back(std::move(key), std::nullopt); }
  // Writes what is left over, with the state as it is now; on disk when this returns.
  Result<void> finish();

  BlockCodec& codec() { return *lane_.codec; }

 private:
  Result<void> write();

  EmbeddedTimeline& timeline_;
  Lane lane_;
  std::size_t rows_ = 0;  // handled since the last write
};

}  // namespace candor
