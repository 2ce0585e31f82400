#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "timeline/disk_space.h"

namespace candor {

// Sorted keys and values on disk (RocksDB), written in batches, or in files where they are many. Batches are not
// durable by themselves: after a crash it holds what it held after some earlier one - whole batches, none out of order
// - and the raw log replays the rest from the position that travels in each. Thread safety: any thread.
class BlockStore {
 public:
  class Batch {
   public:
    Batch();
    ~Batch();
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    void put(std::string_view key, std::string_view value);
    void erase(std::string_view key);
    void erase_all(std::string_view prefix);

   private:
    friend class BlockStore;
    struct Body;
    std::unique_ptr<Body> body_;
  };

  // Changes in ascending order of their keys, each key once, in a file of their own: what is much is on disk at once
  // instead of in memory. Until take_in() nobody sees it; destroyed before, the file goes. Thread safety: one thread.
  class File {
   public:
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    Result<void> put(std::string_view key, std::string_view value);
    Result<void> erase(std::string_view key);

   private:
    friend class BlockStore;
    struct Body;
    explicit File(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
  };

  // Fails with `timeline.locked` when another process has it open. `space` must outlive the store. Files go to
  // `coming`, a folder of the same file system that is this store's alone; what lies there is removed.
  static Result<std::unique_ptr<BlockStore>> open(const std::filesystem::path& folder,
                                                  const std::filesystem::path& coming, DiskSpace& space);
  ~BlockStore();
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  // All of the batch or nothing. After `timeline.disk_full` call again when there is room.
  Result<void> write(Batch& batch);
  // To be called before files of about so many bytes are made; fails with `timeline.disk_full`.
  Result<void> make_room(std::uint64_t bytes) const;
  Result<std::unique_ptr<File>> make_file();
  // All of the files, or nothing; on disk when this returns, and all that was written before. Each needs a change in
  // it.
  Result<void> take_in(std::span<const std::unique_ptr<File>> files);
  // What was written is in files when this returns (`wait`), or soon.
  Result<void> settle(bool wait);
  // Gives back the disk space of what was erased under `prefix`, as far as whole files hold nothing else.
  Result<void> drop_files(std::string_view prefix);
  // Rewrites what deleted and replaced values still occupy.
  Result<void> compact();
  // What is written so far, in a folder that is not there yet, on the same file system; its files are links.
  Result<void> checkpoint(const std::filesystem::path& folder) const;
  Result<std::optional<std::string>> get(std::string_view key) const;
  // Every key that starts with `prefix`, ascending; stop by returning false.
  Result<void> for_each(std::string_view prefix,
                        const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
  std::uint64_t bytes() const;  // in files

 private:
  struct Body;
  explicit BlockStore(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

// Months count from year 0: 12 * year + month - 1.
using Month = std::uint32_t;
Month month_of(Day day);
Day first_day(Month month);

// Keys. Blocks: month, account, chunk, big-endian, so that a month is one range, within it an account.
std::string block_key(Month month, const AccountId& account, std::uint32_t chunk);
std::string block_prefix(Month month, const AccountId& account);
std::string month_prefix(Month month);
std::uint32_t chunk_of(std::string_view key);
std::string account_key(const AccountId& account);
std::string touched_key(const AccountId& account);
AccountId account_of(std::string_view key);  // of the two above
inline constexpr std::string_view kBlockPrefix = "b";
inline constexpr std::string_view kAccountPrefix = "a";
inline constexpr std::string_view kTouchedPrefix = "t";
inline constexpr std::string_view kStateKey = "mstate";
inline constexpr std::string_view kFieldsKey = "mfields";

}  // namespace candor
