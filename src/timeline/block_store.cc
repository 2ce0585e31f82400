#include "timeline/block_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>
#include <utility>
#include <vector>

#include "timeline/raw_log.h"

namespace candor {
namespace {

constexpr std::size_t kPrefixBytes = 1 + sizeof(Month) + 16;  // table, month, account

constexpr std::uint64_t kOpenBytes = 256u << 10;  // manifest, options, log
constexpr std::uint64_t kMostMerge = 256u << 20;  // beyond this, merging waits for no reserve
constexpr Day kFirstDay = -719'162;               // 0001-01-01
constexpr Day kLastDay = 2'932'896;               // 9999-12-31

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

Error store_error(const rocksdb::Status& status, const std::string& folder) {
  const std::string text = status.ToString();
  if (status.IsNoSpace() || text.find("No space left") != std::string::npos) {
    return {"timeline.disk_full",
            folder + " cannot be written: the disk is full. Nothing acknowledged is lost; make room and go on"};
  }
  if (text.find("lock") != std::string::npos && status.IsIOError()) {
    return {"timeline.locked", folder + " is open in another process"};
  }
  if (status.IsCorruption()) {
    return {"timeline.corrupt", folder + " is damaged: " + text + ". Restore it from the backup"};
  }
  return {"timeline.io", folder + ": " + text};
}

rocksdb::Options options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;  // blocks are compressed and sealed
  options.write_buffer_size = 32u << 20;
  options.max_write_buffer_number = 3;
  options.level0_file_num_compaction_trigger = 8;  // a flush brings a few files at once
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  options.avoid_flush_during_shutdown = true;
  options.level_compaction_dynamic_level_bytes = true;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1u << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.checksum = rocksdb::kXXH3;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = 16u << 10;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// The first key behind all that start with `prefix`.
std::string behind(std::string_view prefix) {
  std::string key(prefix);
  CANDOR_CHECK(!key.empty() && key.back() != '\xff');
  ++key.back();
  return key;
}

void put_big_endian(std::string& out, std::uint32_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

struct BlockStore::Batch::Body {
  rocksdb::WriteBatch batch;
};

BlockStore::Batch::Batch() : body_(std::make_unique<Body>()) {}
BlockStore::Batch::~Batch() = default;

void BlockStore::Batch::put(std::string_view key, std::string_view value) {
  CANDOR_CHECK(body_->batch.Put(slice(key), slice(value)).ok());
}

void BlockStore::Batch::erase(std::string_view key) { CANDOR_CHECK(body_->batch.Delete(slice(key)).ok()); }

void BlockStore::Batch::erase_all(std::string_view prefix) {
  CANDOR_CHECK(body_->batch.DeleteRange(slice(prefix), slice(behind(prefix))).ok());
}

struct BlockStore::File::Body {
  explicit Body(std::string where) : path(std::move(where)), writer(rocksdb::EnvOptions(), options()) {}
  std::string path;
  rocksdb::SstFileWriter writer;
  Result<void> outcome(const rocksdb::Status& status) const {
    if (!status.ok()) return std::unexpected(store_error(status, path));
    return {};
  }
};

BlockStore::File::File(std::unique_ptr<Body> body) : body_(std::move(body)) {}

BlockStore::File::~File() {
  std::error_code ignored;  // what was taken in is not there any more
  std::filesystem::remove(body_->path, ignored);
}

Result<void> BlockStore::File::put(std::string_view key, std::string_view value) {
  return body_->outcome(body_->writer.Put(slice(key), slice(value)));
}

Result<void> BlockStore::File::erase(std::string_view key) { return body_->outcome(body_->writer.Delete(slice(key))); }

struct BlockStore::Body {
  std::string folder;
  std::filesystem::path coming_folder;
  std::atomic<std::uint64_t> next_file = 0;
  DiskSpace* space = nullptr;
  std::unique_ptr<rocksdb::DB> db;

  std::uint64_t number(const std::string& property) const {
    std::uint64_t value = 0;
    return db->GetIntProperty(property, &value) ? value : 0;
  }
  // What flushing `coming` bytes more and merging files may need at most, files of old and new side by side.
  std::uint64_t may_write(std::uint64_t coming) const {
    const std::uint64_t memory = number(rocksdb::DB::Properties::kCurSizeAllMemTables);
    const std::uint64_t files = number(rocksdb::DB::Properties::kLiveSstFilesSize);
    return 2 * (memory + coming) + std::min(files, kMostMerge);
  }
};

BlockStore::BlockStore(std::unique_ptr<Body> body) : body_(std::move(body)) {}
BlockStore::~BlockStore() = default;

Result<std::unique_ptr<BlockStore>> BlockStore::open(const std::filesystem::path& folder,
                                                     const std::filesystem::path& coming, DiskSpace& space) {
  CANDOR_TRY_VOID(space.check(kOpenBytes));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options(), folder.string(), &db);
  if (!status.ok()) return std::unexpected(store_error(status, folder.string()));
  auto body = std::make_unique<Body>();
  // Only now: another process may have it open.
  std::error_code failed;
  std::filesystem::remove_all(coming, failed);
  if (!failed) std::filesystem::create_directory(coming, failed);
  if (failed) return std::unexpected(file_error(coming.string(), "cannot be made", failed.value()));
  body->coming_folder = coming;
  body->folder = folder.string();
  body->space = &space;
  body->db.reset(db);
  return std::unique_ptr<BlockStore>(new BlockStore(std::move(body)));
}

Result<void> BlockStore::make_room(std::uint64_t bytes) const {
  const std::uint64_t need = body_->may_write(bytes);
  if (const std::uint64_t held = body_->space->held(); need > held) {
    CANDOR_TRY_VOID(body_->space->check(need - held));
  }
  body_->space->hold(need);
  return {};
}

Result<std::unique_ptr<BlockStore::File>> BlockStore::make_file() {
  auto file =
      std::make_unique<File::Body>((body_->coming_folder / (std::to_string(body_->next_file++) + ".sst")).string());
  CANDOR_TRY_VOID(file->outcome(file->writer.Open(file->path)));
  return std::unique_ptr<File>(new File(std::move(file)));
}

Result<void> BlockStore::take_in(std::span<const std::unique_ptr<File>> files) {
  std::vector<std::string> paths;
  for (const auto& file : files) {
    CANDOR_TRY_VOID(file->body_->outcome(file->body_->writer.Finish()));
    paths.push_back(file->body_->path);
  }
  // They would be on disk before batches that were written earlier and are in memory still.
  CANDOR_TRY_VOID(settle(true));
  rocksdb::IngestExternalFileOptions take;
  take.move_files = true;
  take.write_global_seqno = false;
  const rocksdb::Status status = body_->db->IngestExternalFile(paths, take);
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  body_->space->hold(body_->may_write(0));
  return {};
}

Result<void> BlockStore::write(Batch& batch) {
  CANDOR_TRY_VOID(make_room(batch.body_->batch.GetDataSize()));
  rocksdb::WriteOptions write;
  write.disableWAL = true;
  const rocksdb::Status status = body_->db->Write(write, &batch.body_->batch);
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  return {};
}

Result<void> BlockStore::settle(bool wait) {
  rocksdb::FlushOptions flush;
  flush.wait = wait;
  flush.allow_write_stall = true;
  const rocksdb::Status status = body_->db->Flush(flush);
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  return {};
}

Result<void> BlockStore::drop_files(std::string_view prefix) {
  const std::string end = behind(prefix);
  const rocksdb::Slice first = slice(prefix);
  const rocksdb::Slice last = slice(end);
  const rocksdb::Status status =
      rocksdb::DeleteFilesInRange(body_->db.get(), body_->db->DefaultColumnFamily(), &first, &last, false);
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  return {};
}

Result<void> BlockStore::compact() {
  CANDOR_TRY_VOID(body_->space->check(body_->number(rocksdb::DB::Properties::kLiveSstFilesSize)));
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const rocksdb::Status status = body_->db->CompactRange(compact, nullptr, nullptr);
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  return {};
}

Result<void> BlockStore::checkpoint(const std::filesystem::path& folder) const {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(body_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // What is only in memory is written first: there is no log of it.
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder.string(), 0);
  if (!status.ok()) return std::unexpected(store_error(status, folder.string()));
  return {};
}

Result<std::optional<std::string>> BlockStore::get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = body_->db->Get(rocksdb::ReadOptions(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(store_error(status, body_->folder));
  return value;
}

Result<void> BlockStore::for_each(
    std::string_view prefix, const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> at(body_->db->NewIterator(rocksdb::ReadOptions()));
  for (at->Seek(slice(prefix)); at->Valid() && at->key().starts_with(slice(prefix)); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return std::unexpected(store_error(at->status(), body_->folder));
  return {};
}

std::uint64_t BlockStore::bytes() const { return body_->number(rocksdb::DB::Properties::kLiveSstFilesSize); }

Month month_of(Day day) {
  // Records are of years 1 to 9999; queries may ask from the beginning of time to its end.
  const Day bounded = std::clamp(day, kFirstDay, kLastDay);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{bounded}}};
  return static_cast<Month>(static_cast<int>(date.year()) * 12 + static_cast<int>(unsigned{date.month()}) - 1);
}

Day first_day(Month month) {
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(month / 12)},
                                         std::chrono::month{month % 12 + 1}, std::chrono::day{1}};
  return static_cast<Day>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::string month_prefix(Month month) {
  std::string key(kBlockPrefix);
  key.reserve(kPrefixBytes + 4);
  put_big_endian(key, month, sizeof month);
  return key;
}

std::string block_prefix(Month month, const AccountId& account) { return month_prefix(month).append(account.view()); }

std::string block_key(Month month, const AccountId& account, std::uint32_t chunk) {
  std::string key = block_prefix(month, account);
  put_big_endian(key, chunk, sizeof chunk);
  return key;
}

std::uint32_t chunk_of(std::string_view key) {
  std::uint32_t chunk = 0;
  for (const char byte : key.substr(std::min(key.size(), kPrefixBytes))) {
    chunk = chunk << 8 | static_cast<std::uint8_t>(byte);
  }
  return chunk;
}

std::string account_key(const AccountId& account) {
  std::string key(kAccountPrefix);
  return key.append(account.view());
}

std::string touched_key(const AccountId& account) {
  std::string key(kTouchedPrefix);
  return key.append(account.view());
}

AccountId account_of(std::string_view key) { return AccountId::from(key.substr(1)); }

}  // namespace candor
