#pragma once

#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "timeline/disk_space.h"
#include "timeline/frame.h"
#include "timeline/timeline.h"

namespace candor {

using Checkpoints = std::map<std::string, std::string>;  // by feed

// What the head of a segment file says.
struct SegmentHead {
  std::array<std::uint8_t, 32> key{};  // seals the frames
  Day begun = 0;                       // the UTC day the segment was begun; 0 of one from before this was written down
  bool removed_from = false;           // retention has taken records out of it
};

// A segment file of the raw log as far as it has been looked at.
struct RawSegment {
  SegmentHead head;
  std::vector<std::uint64_t> offsets;  // of the frames seen so far
  std::uint64_t end = 0;               // behind the last of them
};

// The raw log: every stored raw record as delivered, in order of arrival, in frames in segment files. It is the
// write-ahead log of the timeline and the archive of raw records in one.
// A segment `<number>.log` = head (its own random key, sealed with the installation's) | frames. A frame that was
// being written when the process died is cut off at the next open; damage anywhere else is `timeline.corrupt`.
// Thread safety: ready(), add(), note(), cut(), sync() by one thread; the rest by any.
class RawLog {
 public:
  struct Options {
    std::size_t segment_bytes = 256u << 20;     // before compression
    bool thread = true;                         // a thread of its own writes; else ready() and sync() do
    std::function<Day()> today = {};            // for how old segments are; none: by the times of their files
    int (*sync)(int descriptor) = ::fdatasync;  // a test's disk may fail
  };
  // A frame. Frames count from 0 in each segment, segments from 1.
  struct Position {
    std::uint32_t segment = 1;
    std::uint32_t frame = 0;
    auto operator<=>(const Position&) const = default;
  };
  // The border between two frames: the position of the later one, and how many frames of this run come before it.
  struct Cut {
    Position position;
    std::uint64_t serial = 0;
  };

  // Opens the log and cuts a torn end. `flushed` is where replay will begin: all before it must be there.
  static Result<std::unique_ptr<RawLog>> open(const std::filesystem::path& folder, const Keys& keys,
                                              const DiskSpace& space, Position flushed, const Options& options);
  ~RawLog();
  RawLog(const RawLog&) = delete;
  RawLog& operator=(const RawLog&) = delete;

  // Hands over each frame from `from` on, in order, with how many bytes of the log are behind it. Before the first
  // add().
  using Visit = std::function<Result<void>(Position, const FrameContent&, std::uint64_t done)>;
  Result<void> replay(Position from, const Visit& visit);
  // The checkpoints known before this run's first note.
  void set_durable(Checkpoints checkpoints);

  // Room for another record? Waits while too much is unwritten; after a failure tries again. On an error nothing is
  // lost, and the caller may come back; but not after `timeline.sync_failed`: the system may have forgotten what it
  // could not write and would call a second attempt a success, so only a restart, which reads the disk again, can tell.
  Result<void> ready();
  // Whether ready() would come back at once.
  bool is_ready() const { return !waits_.load(std::memory_order_acquire); }
  // Puts a record in; tells the frame it lies in. Call ready() first.
  Position add(SourceKind kind, std::string_view raw);
  void note(std::string_view feed, std::string_view checkpoint);
  // Ends the current frame.
  Cut cut();
  // All that was added and noted is on disk.
  Result<void> sync();
  // All frames before the cut are on disk.
  Result<void> wait_synced(std::uint64_t serial);

  // Puts all of it into a new folder on the same file system: past segments are linked, the one that is written to is
  // copied. By the thread that adds, with nothing added meanwhile. Syncs.
  Result<void> snapshot(const std::filesystem::path& into);

  Checkpoints durable() const;  // those whose records are on disk
  Checkpoints noted() const;    // all of them
  Result<std::string> read(const RawPosition& position);
  std::uint64_t bytes() const;  // of all segments, on disk

  // --- retention, raw_log_remove.cc; by the thread that adds, with nothing added meanwhile
  // A segment that is no longer written to.
  struct Past {
    std::uint32_t number = 0;
    Day ended = 0;              // nothing in it arrived after this UTC day
    bool removed_from = false;  // records are gone from it
    bool empty = false;         // all of them
  };
  using Record = std::pair<std::uint32_t, std::uint64_t>;  // frame of the segment, content_hash()
  struct Removed {
    std::uint64_t records = 0;
    std::uint64_t kept = 0;
    std::uint64_t bytes = 0;  // on disk
  };
  // Ends a segment that was begun before today, so that it ages even where little is written. Syncs. Without a `today`
  // only syncs. With `now` one that was begun today, too.
  Result<void> roll(bool now = false);
  // All of them, ascending.
  Result<std::vector<Past>> past();
  // Leaves only the records of a past segment that `keep` names: the file is written anew, under a new key, and
  // replaced, whole or not at all; the old key goes with the old file. Positions stay what they were. Feeds' notes go,
  // too, for those that count are in the timeline's state. `dry` only counts.
  Result<Removed> remove(std::uint32_t segment, const std::function<bool(const Record&)>& keep, bool dry);
  // Every record of a past segment; stop by returning false.
  Result<void> for_each_record(std::uint32_t segment, const std::function<bool(const Record&)>& visit);

 private:
  static constexpr std::size_t kQueued = 8;  // frames waiting to be written

  struct Pending {
    Position position;
    FrameContent content;
    FrameHead head;
    std::string sealed;  // kept when the write failed, so that it is not made twice
  };

  RawLog(std::filesystem::path folder, const Keys& keys, const DiskSpace& space, const Options& options);

  // raw_log_read.cc
  Result<void> recover(Position flushed);
  Result<void> recover_last(std::uint32_t number, Position flushed);
  Result<void> make_durable(const std::string& path, std::string_view bytes, std::uint64_t from);
  Result<void> cut_torn_end(const std::string& path, std::string_view bytes, std::uint64_t end);
  std::string path_of(std::uint32_t segment) const;
  Result<RawSegment*> segment_of(std::uint32_t number);
  Result<FrameContent> frame_at(Position position);
  using VisitFrame = std::function<Result<void>(std::uint32_t frame, FrameContent& content)>;
  Result<void> each_frame(std::uint32_t number, const VisitFrame& visit);

  // raw_log_write.cc
  void end_frame();  // mutex_ held
  void note_waits() { waits_ = error_ || sync_failed_ || queue_.size() >= (options_.thread ? kQueued : 1); }  // held
  void run();
  Result<void> work();
  Result<void> write_frame(Pending& pending);
  Result<void> use_segment(std::uint32_t number);
  Result<void> make_segment(std::uint32_t number);
  Result<void> sync_file();
  Result<void> drain(const std::function<bool()>& done);

  const std::filesystem::path folder_;
  const Keys* keys_;
  const DiskSpace* space_;
  const Options options_;

  // Of the thread that writes.
  int file_ = -1;
  std::uint32_t file_segment_ = 0;
  std::array<std::uint8_t, 32> file_key_{};
  std::uint64_t file_end_ = 0;     // behind the last whole frame
  std::uint64_t file_synced_ = 0;  // of that, on disk for certain

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  FrameContent current_;
  FrameContent spare_;  // of a written frame, empty: its room is used again
  Position current_position_;
  std::uint64_t segment_plain_ = 0;  // bytes of the current segment before compression
  std::deque<Pending> queue_;
  std::uint64_t cut_serial_ = 0;  // frames ended, written, on disk; in this run
  std::uint64_t written_serial_ = 0;
  std::uint64_t synced_serial_ = 0;
  Checkpoints noted_;
  Checkpoints written_;
  Checkpoints durable_;
  int sync_waiters_ = 0;
  bool stop_ = false;
  std::atomic<bool> waits_ = false;   // ready() has something to wait for or to report
  std::optional<Error> error_;        // of the last attempt; cleared to try again
  std::optional<Error> sync_failed_;  // for good
  std::uint64_t bytes_ = 0;
  std::map<std::uint32_t, RawSegment> segments_;
  Position cached_position_{0, 0};  // the last frame read, for neighbours
  std::shared_ptr<const FrameContent> cached_;

  std::thread thread_;
};

// The error of a failed system call on a file: `timeline.disk_full`, else `timeline.io`.
Error file_error(const std::string& path, const std::string& what, int number);

Result<void> write_all(int file, std::string_view bytes, std::uint64_t offset, const std::string& path);

// `timeline.corrupt`, of a segment file.
Error damaged_segment(const std::string& path, const std::string& why);

inline constexpr int kFrameLevel = 1;  // of compression

// Heads of segment files.
inline constexpr std::size_t kSegmentHead = 96;
std::string write_segment_head(std::uint32_t number, const SegmentHead& head, const Keys& keys);
Result<SegmentHead> read_segment_head(std::string_view bytes, std::uint32_t number, const Keys& keys,
                                      const std::string& path);
// Gives a finished, synced draft its name, for good.
Result<void> put_in_place(const std::string& draft, const std::string& path, const std::string& folder);

// A file to read from, closed at the end of its scope.
class ReadFile {
 public:
  explicit ReadFile(const std::string& path);
  ~ReadFile();
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;

  // Up to `size` bytes from `offset`; fewer at the end of the file.
  Result<std::string> read(std::uint64_t offset, std::size_t size) const;

 private:
  std::string path_;
  int file_;
};

}  // namespace candor
