#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "timeline/random_key.h"
#include "timeline/raw_log.h"

namespace candor {
namespace {

constexpr std::size_t kFrameBytes = 1u << 20;
constexpr std::uint64_t kUnsyncedBytes = 8u << 20;  // written, before they are synced without anybody asking

Result<void> sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(file_error(folder, "cannot be opened", errno));
  const int failed = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (failed != 0) return std::unexpected(file_error(folder, "cannot be synced", number));
  return {};
}

}  // namespace

Result<void> put_in_place(const std::string& draft, const std::string& path, const std::string& folder) {
  if (::rename(draft.c_str(), path.c_str()) != 0) {
    return std::unexpected(file_error(path, "cannot be put in place", errno));
  }
  return sync_folder(folder);
}

Error file_error(const std::string& path, const std::string& what, int number) {
  if (number == ENOSPC || number == EDQUOT) {
    return {"timeline.disk_full",
            path + " " + what + ": the disk is full. Nothing acknowledged is lost; make room and go on"};
  }
  return {"timeline.io", path + " " + what + ": " + std::strerror(number)};
}

Result<void> write_all(int file, std::string_view bytes, std::uint64_t offset, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(file_error(path, "cannot be written", errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> RawLog::ready() {
  if (!waits_.load(std::memory_order_acquire)) return {};
  {
    const std::lock_guard lock(mutex_);
    if (sync_failed_) return std::unexpected(*sync_failed_);
    note_waits();
    if (!waits_) return {};
  }
  // After a failure nothing more is taken until all that waits is written.
  return drain([this] { return options_.thread && !error_ ? queue_.size() < kQueued : queue_.empty(); });
}

RawLog::Position RawLog::add(SourceKind kind, std::string_view raw) {
  const std::lock_guard lock(mutex_);
  if (current_.text.size() >= kFrameBytes || (current_.kind != kind && !current_.sizes.empty())) end_frame();
  current_.kind = kind;
  current_.text.append(raw);
  current_.sizes.push_back(static_cast<std::uint32_t>(raw.size()));
  return current_position_;
}

void RawLog::note(std::string_view feed, std::string_view checkpoint) {
  const std::lock_guard lock(mutex_);
  noted_.insert_or_assign(std::string(feed), std::string(checkpoint));
  for (auto& [noted_feed, noted_checkpoint] : current_.notes) {
    if (noted_feed != feed) continue;
    noted_checkpoint = checkpoint;
    return;
  }
  current_.notes.emplace_back(feed, checkpoint);
}

void RawLog::end_frame() {
  if (current_.sizes.empty() && current_.notes.empty()) return;
  Pending pending;
  pending.position = current_position_;
  pending.head.segment = current_position_.segment;
  pending.head.frame = current_position_.frame;
  segment_plain_ += current_.text.size();
  pending.content = std::exchange(current_, std::move(spare_));
  spare_ = {};
  current_.text.reserve(kFrameBytes + kFrameBytes / 8);
  queue_.push_back(std::move(pending));
  ++cut_serial_;
  ++current_position_.frame;
  if (segment_plain_ >= options_.segment_bytes) {
    current_position_ = {current_position_.segment + 1, 0};
    segment_plain_ = 0;
  }
  note_waits();
  changed_.notify_all();
}

RawLog::Cut RawLog::cut() {
  const std::lock_guard lock(mutex_);
  end_frame();
  return {current_position_, cut_serial_};
}

Result<void> RawLog::sync() { return wait_synced(cut().serial); }

Result<void> RawLog::wait_synced(std::uint64_t serial) {
  {
    const std::lock_guard lock(mutex_);
    ++sync_waiters_;
    changed_.notify_all();
  }
  auto result = drain([this, serial] { return synced_serial_ >= serial; });
  const std::lock_guard lock(mutex_);
  --sync_waiters_;
  return result;
}

// Waits until `done` (called with the mutex held), or for the first failure from now on.
Result<void> RawLog::drain(const std::function<bool()>& done) {
  std::unique_lock lock(mutex_);
  if (sync_failed_) return std::unexpected(*sync_failed_);
  error_.reset();
  note_waits();
  changed_.notify_all();
  while (!done()) {
    if (options_.thread) {
      changed_.wait(lock, [&] { return error_.has_value() || done(); });
      if (error_ && !done()) return std::unexpected(*error_);
      continue;
    }
    lock.unlock();
    auto result = work();
    lock.lock();
    if (!result) {
      error_ = result.error();
      note_waits();
      return result;
    }
  }
  return {};
}

void RawLog::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] {
      return stop_ || (!error_ && (!queue_.empty() || (sync_waiters_ > 0 && synced_serial_ < written_serial_)));
    });
    if (stop_ && (queue_.empty() || error_)) return;
    lock.unlock();
    auto result = work();
    lock.lock();
    if (!result) error_ = result.error();
    note_waits();
    changed_.notify_all();
  }
}

// One frame written, or what is written synced.
Result<void> RawLog::work() {
  Pending* pending = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) pending = &queue_.front();  // stays where it is: others only add behind it
  }
  if (pending != nullptr) {
    CANDOR_TRY_VOID(write_frame(*pending));
    const std::lock_guard lock(mutex_);
    for (auto& [feed, checkpoint] : pending->content.notes) written_.insert_or_assign(feed, checkpoint);
    bytes_ += FrameHead::kSize + pending->sealed.size();
    if (pending->content.text.capacity() <= 4 * kFrameBytes) {
      spare_ = std::move(pending->content);
      spare_.text.clear();
      spare_.sizes.clear();
      spare_.notes.clear();
    }
    queue_.pop_front();
    note_waits();
    ++written_serial_;
  }
  bool sync_now = false;
  {
    const std::lock_guard lock(mutex_);
    sync_now = (queue_.empty() && (sync_waiters_ > 0 || options_.thread)) || file_end_ - file_synced_ >= kUnsyncedBytes;
  }
  return sync_now ? sync_file() : Result<void>{};
}

Result<void> RawLog::write_frame(Pending& pending) {
  if (pending.position.segment != file_segment_) CANDOR_TRY_VOID(use_segment(pending.position.segment));
  if (pending.sealed.empty()) pending.sealed = encode_frame(pending.content, pending.head, file_key_, kFrameLevel);
  CANDOR_TRY_VOID(space_->check(FrameHead::kSize + pending.sealed.size()));
  pending.head.offset = file_end_;
  pending.head.synced = file_synced_;
  const std::string path = path_of(file_segment_);
  auto written = write_all(file_, write_frame_head(pending.head), file_end_, path);
  if (written) written = write_all(file_, pending.sealed, file_end_ + FrameHead::kSize, path);
  if (!written) {
    // Give back what a half-written frame holds; the next attempt writes it whole at the same place.
    if (::ftruncate(file_, static_cast<off_t>(file_end_)) != 0) return written;
    return written;
  }
  file_end_ += FrameHead::kSize + pending.sealed.size();
  return {};
}

// Makes `number` the segment that is written to.
Result<void> RawLog::use_segment(std::uint32_t number) {
  if (file_ >= 0) {
    CANDOR_TRY_VOID(sync_file());
    ::close(std::exchange(file_, -1));
    file_segment_ = 0;
  }
  const std::string path = path_of(number);
  if (::access(path.c_str(), F_OK) != 0) CANDOR_TRY_VOID(make_segment(number));
  file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file_ < 0) return std::unexpected(file_error(path, "cannot be opened", errno));
  const std::lock_guard lock(mutex_);
  auto segment = segment_of(number);
  if (!segment) return std::unexpected(segment.error());
  file_key_ = (*segment)->head.key;
  const off_t end = ::lseek(file_, 0, SEEK_END);
  file_end_ = static_cast<std::uint64_t>(end);
  file_synced_ = file_end_;  // new, or synced by recovery
  file_segment_ = number;
  return {};
}

// Whole, or not at all: the head is written beside and renamed.
Result<void> RawLog::make_segment(std::uint32_t number) {
  const SegmentHead head{.key = random_key(), .begun = options_.today ? options_.today() : 0, .removed_from = false};
  const std::string path = path_of(number);
  const std::string draft = path + ".draft";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return std::unexpected(file_error(draft, "cannot be made", errno));
  auto written = write_all(file, write_segment_head(number, head, *keys_), 0, draft);
  if (written && ::fsync(file) != 0) written = std::unexpected(file_error(draft, "cannot be synced", errno));
  ::close(file);
  if (!written) {
    ::unlink(draft.c_str());
    return written;
  }
  CANDOR_TRY_VOID(put_in_place(draft, path, folder_.string()));
  const std::lock_guard lock(mutex_);
  bytes_ += kSegmentHead;
  return {};
}

Result<void> RawLog::sync_file() {
  std::uint64_t serial = 0;
  Checkpoints written;
  {
    const std::lock_guard lock(mutex_);
    serial = written_serial_;
    if (serial != synced_serial_) written = written_;
  }
  if (file_ >= 0 && file_synced_ != file_end_ && options_.sync(file_) != 0) {
    const std::string why = std::strerror(errno);
    const std::lock_guard lock(mutex_);
    sync_failed_ =
        Error{"timeline.sync_failed", path_of(file_segment_) + " cannot be brought to the disk: " + why +
                                          ". Nothing acknowledged is lost; see to the disk, then start Candor again"};
    return std::unexpected(*sync_failed_);
  }
  file_synced_ = file_end_;
  const std::lock_guard lock(mutex_);
  if (serial != synced_serial_) durable_ = std::move(written);
  synced_serial_ = serial;
  changed_.notify_all();
  return {};
}

}  // namespace candor
