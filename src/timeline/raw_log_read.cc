#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include "timeline/byte_stream.h"
#include "timeline/raw_log.h"

namespace candor {
namespace {

constexpr std::uint32_t kSegmentMagic = 0x314c5243;  // "CRL1"

Error raw_removed() {
  return {"timeline.raw_removed", "the raw record is no longer kept: its time is over (retention)"};
}

std::string segment_context(std::uint32_t number) { return "raw segment " + std::to_string(number); }

// The numbers of the segment files of a folder, ascending; 0 for a file of another name is left out.
std::vector<std::uint32_t> segment_numbers(const std::filesystem::path& folder) {
  std::vector<std::uint32_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".draft") {
      std::error_code ignored;  // of a write that did not come to its end; written over, at the latest
      std::filesystem::remove(entry.path(), ignored);
    }
    if (entry.path().extension() != ".log") continue;
    const std::string stem = entry.path().stem().string();
    std::uint32_t number = 0;
    const auto [end, failed] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if (failed == std::errc() && end == stem.data() + stem.size() && number > 0) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

// True when a frame at or behind `from` proves that bytes behind `from` were once on disk for certain: then what is
// there now is damage, not a write that was cut short.
bool was_synced(std::string_view bytes, std::uint64_t from) {
  for (std::uint64_t at = from; at + FrameHead::kSize <= bytes.size(); ++at) {
    FrameHead head;
    if (bytes[at] == 'C' && read_frame_head(bytes.substr(at), head) && head.offset == at && head.synced > from) {
      return true;
    }
  }
  return false;
}

}  // namespace

Error damaged_segment(const std::string& path, const std::string& why) {
  return {"timeline.corrupt", path + " is damaged: " + why + ". Restore it from the backup"};
}

ReadFile::ReadFile(const std::string& path) : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

ReadFile::~ReadFile() {
  if (file_ >= 0) ::close(file_);
}

Result<std::string> ReadFile::read(std::uint64_t offset, std::size_t size) const {
  if (file_ < 0) return std::unexpected(damaged_segment(path_, "it is not there"));
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::pread(file_, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(file_error(path_, "cannot be read", errno));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

std::string write_segment_head(std::uint32_t number, const SegmentHead& head, const Keys& keys) {
  std::string out;
  put_word(out, kSegmentMagic);
  put_word(out, number);
  out.append(seal(keys.derive("raw segments"), {reinterpret_cast<const char*>(head.key.data()), head.key.size()},
                  segment_context(number)));
  put_word(out, static_cast<std::uint32_t>(head.begun));
  put_word(out, static_cast<std::uint8_t>(head.removed_from ? 1 : 0));
  out.resize(kSegmentHead - sizeof(std::uint64_t), '\0');
  put_word(out, static_cast<std::uint64_t>(XXH3_64bits(out.data(), out.size())));
  return out;
}

Result<SegmentHead> read_segment_head(std::string_view bytes, std::uint32_t number, const Keys& keys,
                                      const std::string& path) {
  constexpr std::size_t kSealed = 24 + 32 + 16;
  ByteReader reader(bytes);
  const auto magic = reader.word<std::uint32_t>();
  const auto own_number = reader.word<std::uint32_t>();
  const std::string_view sealed = reader.bytes(kSealed);
  SegmentHead head;
  head.begun = static_cast<Day>(reader.word<std::uint32_t>());
  head.removed_from = reader.word<std::uint8_t>() != 0;
  if (!reader.ok() || magic != kSegmentMagic || own_number != number) {
    return std::unexpected(damaged_segment(path, "its head is not that of a segment"));
  }
  auto plain = unseal(keys.derive("raw segments"), sealed, segment_context(number));
  if (!plain) return std::unexpected(damaged_segment(path, plain.error().message));
  std::memcpy(head.key.data(), plain->data(), head.key.size());
  return head;
}

RawLog::RawLog(std::filesystem::path folder, const Keys& keys, const DiskSpace& space, const Options& options)
    : folder_(std::move(folder)), keys_(&keys), space_(&space), options_(options) {}

RawLog::~RawLog() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (file_ >= 0) ::close(file_);
}

Result<std::unique_ptr<RawLog>> RawLog::open(const std::filesystem::path& folder, const Keys& keys,
                                             const DiskSpace& space, Position flushed, const Options& options) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return std::unexpected(file_error(folder.string(), "cannot be made", failed.value()));
  std::unique_ptr<RawLog> log(new RawLog(folder, keys, space, options));
  CANDOR_TRY_VOID(log->recover(flushed));
  if (options.thread) log->thread_ = std::thread([raw = log.get()] { raw->run(); });
  return log;
}

std::string RawLog::path_of(std::uint32_t segment) const {
  std::string name = std::to_string(segment);
  name.insert(0, name.size() < 8 ? 8 - name.size() : 0, '0');
  return (folder_ / (name + ".log")).string();
}

Result<void> RawLog::recover(Position flushed) {
  const std::vector<std::uint32_t> numbers = segment_numbers(folder_);
  if (numbers.empty()) {
    if (flushed > Position{}) return std::unexpected(damaged_segment(path_of(flushed.segment), "it is not there"));
    return {};
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && numbers[i] != numbers[i - 1] + 1) {
      return std::unexpected(damaged_segment(path_of(numbers[i - 1] + 1), "it is not there"));
    }
    std::error_code failed;
    bytes_ += std::filesystem::file_size(path_of(numbers[i]), failed);
  }
  if (flushed.segment > numbers.back() + 1 || (flushed.segment > numbers.back() && flushed.frame > 0)) {
    return std::unexpected(damaged_segment(path_of(flushed.segment), "it is not there"));
  }
  return recover_last(numbers.back(), flushed);
}

Result<void> RawLog::recover_last(std::uint32_t number, Position flushed) {
  const std::string path = path_of(number);
  const ReadFile file(path);
  std::error_code failed;
  const std::uint64_t size = std::filesystem::file_size(path, failed);
  CANDOR_TRY(const std::string bytes, file.read(0, static_cast<std::size_t>(size)));
  CANDOR_TRY(const auto segment_head, read_segment_head(bytes, number, *keys_, path));
  RawSegment segment{.head = segment_head, .offsets = {}, .end = kSegmentHead};
  std::uint64_t synced = 0;
  while (segment.end < bytes.size()) {
    FrameHead head;
    const std::string_view rest = std::string_view(bytes).substr(segment.end);
    const bool whole = read_frame_head(rest, head) && head.offset == segment.end && head.segment == number &&
                       head.frame == segment.offsets.size() && head.sealed_size <= rest.size() - FrameHead::kSize &&
                       frame_hash(rest.substr(FrameHead::kSize, head.sealed_size)) == head.hash;
    if (!whole) break;
    segment.offsets.push_back(segment.end);
    segment.end += FrameHead::kSize + head.sealed_size;
    segment_plain_ += head.plain_size;
    synced = std::max(synced, head.synced);
  }
  const auto frames = static_cast<std::uint32_t>(segment.offsets.size());
  if (segment.end < bytes.size()) CANDOR_TRY_VOID(cut_torn_end(path, bytes, segment.end));
  if (flushed.segment == number && flushed.frame > frames) {
    return std::unexpected(damaged_segment(path, "frames that were on disk are gone from its end"));
  }
  CANDOR_TRY_VOID(make_durable(path, std::string_view(bytes).substr(0, segment.end), synced));
  const bool full = segment_plain_ >= options_.segment_bytes;
  current_position_ = full ? Position{number + 1, 0} : Position{number, frames};
  if (full) segment_plain_ = 0;
  if (flushed.segment > current_position_.segment) current_position_ = flushed;
  segments_.insert_or_assign(number, std::move(segment));
  return {};
}

// What is read here counts as acknowledged from now on, so it must outlive the machine as well as the process. Bytes
// behind `from`, the last place known to be on disk, are written again: what the last run could not sync, the system
// may only remember, and takes for clean.
Result<void> RawLog::make_durable(const std::string& path, std::string_view bytes, std::uint64_t from) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return std::unexpected(file_error(path, "cannot be opened", errno));
  auto done = write_all(file, bytes.substr(std::min<std::uint64_t>(from, bytes.size())), from, path);
  if (done && ::fsync(file) != 0) done = std::unexpected(file_error(path, "cannot be synced", errno));
  ::close(file);
  return done;
}

Result<void> RawLog::cut_torn_end(const std::string& path, std::string_view bytes, std::uint64_t end) {
  if (was_synced(bytes, end)) return std::unexpected(damaged_segment(path, "a frame in its midst cannot be read"));
  if (::truncate(path.c_str(), static_cast<off_t>(end)) != 0) {
    return std::unexpected(file_error(path, "cannot be cut behind its last whole frame", errno));
  }
  bytes_ -= bytes.size() - end;
  return {};
}

Result<void> RawLog::replay(Position from, const Visit& visit) {
  Position position = from;
  std::uint64_t before = 0;  // bytes of the segments before
  for (std::uint32_t segment = 1; segment < from.segment; ++segment) {
    std::error_code failed;
    before += std::filesystem::file_size(path_of(segment), failed);
  }
  while (position < current_position_) {
    const ReadFile file(path_of(position.segment));
    CANDOR_TRY(const RawSegment* segment, segment_of(position.segment));
    std::uint64_t at = kSegmentHead;
    for (std::uint32_t frame = 0;; ++frame) {
      CANDOR_TRY(const std::string head_bytes, file.read(at, FrameHead::kSize));
      if (head_bytes.empty()) break;  // the end of the segment
      FrameHead head;
      if (!read_frame_head(head_bytes, head) || head.frame != frame || head.segment != position.segment) {
        return std::unexpected(
            damaged_segment(path_of(position.segment), "frame " + std::to_string(frame) + " has no head"));
      }
      if (frame >= position.frame) {
        CANDOR_TRY(const std::string sealed, file.read(at + FrameHead::kSize, head.sealed_size));
        auto content = decode_frame(head, sealed, segment->head.key);
        if (!content) return std::unexpected(damaged_segment(path_of(position.segment), content.error().message));
        CANDOR_TRY_VOID(visit({position.segment, frame}, *content, before + at));
      }
      at += FrameHead::kSize + head.sealed_size;
    }
    before += at;
    position = {position.segment + 1, 0};
  }
  return {};
}

void RawLog::set_durable(Checkpoints checkpoints) {
  const std::lock_guard lock(mutex_);
  noted_ = checkpoints;
  written_ = checkpoints;
  durable_ = std::move(checkpoints);
}

Checkpoints RawLog::durable() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

Checkpoints RawLog::noted() const {
  const std::lock_guard lock(mutex_);
  return noted_;
}

std::uint64_t RawLog::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

// With the mutex held, or before there are threads.
Result<RawSegment*> RawLog::segment_of(std::uint32_t number) {
  const auto found = segments_.find(number);
  if (found != segments_.end()) return &found->second;
  const std::string path = path_of(number);
  CANDOR_TRY(const std::string bytes, ReadFile(path).read(0, kSegmentHead));
  CANDOR_TRY(const auto head, read_segment_head(bytes, number, *keys_, path));
  return &segments_.emplace(number, RawSegment{.head = head, .offsets = {}, .end = kSegmentHead}).first->second;
}

// From the file. With the mutex held.
Result<FrameContent> RawLog::frame_at(Position position) {
  CANDOR_TRY(RawSegment * segment, segment_of(position.segment));
  const std::string path = path_of(position.segment);
  const ReadFile file(path);
  const auto missing = [&] {
    if (segment->head.removed_from) return std::unexpected(raw_removed());
    return std::unexpected(damaged_segment(path, "frame " + std::to_string(position.frame) + " is not there"));
  };
  while (segment->offsets.size() <= position.frame) {
    CANDOR_TRY(const std::string bytes, file.read(segment->end, FrameHead::kSize));
    FrameHead head;
    if (!read_frame_head(bytes, head) || head.frame != segment->offsets.size()) return missing();
    segment->offsets.push_back(segment->end);
    segment->end += FrameHead::kSize + head.sealed_size;
  }
  const std::uint64_t at = segment->offsets[position.frame];
  CANDOR_TRY(const std::string bytes, file.read(at, FrameHead::kSize));
  FrameHead head;
  if (!read_frame_head(bytes, head)) return missing();
  CANDOR_TRY(const std::string sealed, file.read(at + FrameHead::kSize, head.sealed_size));
  auto content = decode_frame(head, sealed, segment->head.key);
  if (!content) return std::unexpected(damaged_segment(path, content.error().message));
  return content;
}

namespace {

Result<std::string> record_of(const FrameContent& content, std::uint64_t hash) {
  std::size_t at = 0;
  for (const std::uint32_t size : content.sizes) {
    const std::string_view record = std::string_view(content.text).substr(at, size);
    if (content_hash(record) == hash) return std::string(record);
    at += size;
  }
  return fail("timeline.corrupt", "the raw log has no such record");
}

}  // namespace

Result<std::string> RawLog::read(const RawPosition& position) {
  const std::lock_guard lock(mutex_);
  const Position frame{position.segment, position.frame};
  if (frame == current_position_) return record_of(current_, position.content);
  for (const Pending& pending : queue_) {
    if (pending.position == frame) return record_of(pending.content, position.content);
  }
  if (cached_ == nullptr || cached_position_ != frame) {
    CANDOR_TRY(auto content, frame_at(frame));
    cached_ = std::make_shared<const FrameContent>(std::move(content));
    cached_position_ = frame;
  }
  auto record = record_of(*cached_, position.content);
  if (!record && segments_.at(frame.segment).head.removed_from) return std::unexpected(raw_removed());
  return record;
}

}  // namespace candor
