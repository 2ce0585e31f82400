#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "timeline/random_key.h"
#include "timeline/raw_log.h"

// Retention in the raw log: what is old is taken out of past segments, whose files then hold only the rest.
namespace candor {
namespace {

// The UTC day a file was last written to: how old a segment is whose head does not say it.
Day written_on(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return std::numeric_limits<Day>::max();
  constexpr std::int64_t kSecondsADay = 86'400;
  return static_cast<Day>(info.st_mtim.tv_sec / kSecondsADay);
}

// A file being written; gone at the end of its scope unless it was put in its place.
class Draft {
 public:
  explicit Draft(std::string path)
      : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {}
  ~Draft() {
    if (file_ >= 0) ::close(file_);
    if (!placed_) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Result<void> write(std::string_view bytes) {
    if (file_ < 0) return std::unexpected(file_error(path_, "cannot be made", errno));
    CANDOR_TRY_VOID(write_all(file_, bytes, end_, path_));
    end_ += bytes.size();
    return {};
  }
  Result<void> sync() {
    if (::fsync(file_) != 0) return std::unexpected(file_error(path_, "cannot be synced", errno));
    return {};
  }
  Result<void> place(const std::string& path, const std::string& folder) {
    CANDOR_TRY_VOID(put_in_place(path_, path, folder));
    placed_ = true;
    return {};
  }
  std::uint64_t end() const { return end_; }

 private:
  const std::string path_;
  int file_;
  std::uint64_t end_ = 0;
  bool placed_ = false;
};

// Leaves what `keep` names; tells how many records went.
std::uint64_t take_out(std::uint32_t frame, FrameContent& content,
                       const std::function<bool(const RawLog::Record&)>& keep) {
  FrameContent left;
  left.kind = content.kind;
  std::size_t at = 0;
  for (const std::uint32_t size : content.sizes) {
    const std::string_view record = std::string_view(content.text).substr(at, size);
    at += size;
    if (!keep({frame, content_hash(record)})) continue;
    left.text.append(record);
    left.sizes.push_back(size);
  }
  const std::uint64_t gone = content.sizes.size() - left.sizes.size();
  content = std::move(left);
  return gone;
}

}  // namespace

Result<void> RawLog::roll(bool now) {
  CANDOR_TRY_VOID(sync());
  if (!options_.today && !now) return {};
  {
    const std::lock_guard lock(mutex_);
    if (current_position_ == Position{}) return {};
    if (current_position_.frame > 0) {
      CANDOR_TRY(const RawSegment* segment, segment_of(current_position_.segment));
      if (!now && segment->head.begun >= options_.today()) return {};
      current_position_ = {current_position_.segment + 1, 0};
      segment_plain_ = 0;
    }
  }
  // The next segment begins with what every feed has reached, and so is there: the one before is over.
  for (const auto& [feed, checkpoint] : noted()) note(feed, checkpoint);
  return sync();
}

Result<std::vector<RawLog::Past>> RawLog::past() {
  const std::lock_guard lock(mutex_);
  std::vector<Past> out;
  // One whose successor has no file yet may still be written to.
  std::error_code failed;
  const auto begun = [&](std::uint32_t number) -> Result<Day> {
    CANDOR_TRY(const RawSegment* segment, segment_of(number));
    return segment->head.begun != 0 ? segment->head.begun : written_on(path_of(number));
  };
  for (std::uint32_t number = 1; number < current_position_.segment; ++number) {
    if (!std::filesystem::exists(path_of(number + 1), failed)) break;
    CANDOR_TRY(const Day ended, begun(number + 1));
    CANDOR_TRY(const RawSegment* segment, segment_of(number));
    const bool empty = std::filesystem::file_size(path_of(number), failed) <= kSegmentHead;
    out.push_back({.number = number, .ended = ended, .removed_from = segment->head.removed_from, .empty = empty});
  }
  return out;
}

Result<void> RawLog::each_frame(std::uint32_t number, const VisitFrame& visit) {
  const std::string path = path_of(number);
  const ReadFile file(path);
  CANDOR_TRY(const std::string head_bytes, file.read(0, kSegmentHead));
  CANDOR_TRY(const SegmentHead segment, read_segment_head(head_bytes, number, *keys_, path));
  std::uint64_t at = kSegmentHead;
  for (std::uint32_t frame = 0;; ++frame) {
    CANDOR_TRY(const std::string bytes, file.read(at, FrameHead::kSize));
    if (bytes.empty()) return {};
    FrameHead head;
    if (!read_frame_head(bytes, head) || head.frame != frame || head.segment != number) {
      return std::unexpected(damaged_segment(path, "frame " + std::to_string(frame) + " has no head"));
    }
    CANDOR_TRY(const std::string sealed, file.read(at + FrameHead::kSize, head.sealed_size));
    auto content = decode_frame(head, sealed, segment.key);
    if (!content) return std::unexpected(damaged_segment(path, content.error().message));
    CANDOR_TRY_VOID(visit(frame, *content));
    at += FrameHead::kSize + head.sealed_size;
  }
}

Result<void> RawLog::for_each_record(std::uint32_t segment, const std::function<bool(const Record&)>& visit) {
  return each_frame(segment, [&](std::uint32_t frame, const FrameContent& content) -> Result<void> {
    std::size_t at = 0;
    for (const std::uint32_t size : content.sizes) {
      if (!visit({frame, content_hash(std::string_view(content.text).substr(at, size))})) return {};
      at += size;
    }
    return {};
  });
}

Result<RawLog::Removed> RawLog::remove(std::uint32_t number, const std::function<bool(const Record&)>& keep, bool dry) {
  const std::string path = path_of(number);
  Removed removed;
  std::uint32_t frames = 0;  // up to the last that keeps a record: behind it none is written
  CANDOR_TRY_VOID(each_frame(number, [&](std::uint32_t frame, FrameContent& content) -> Result<void> {
    removed.records += take_out(frame, content, keep);
    removed.kept += content.sizes.size();
    if (!content.sizes.empty()) frames = frame + 1;
    return {};
  }));
  std::error_code failed;
  const std::uint64_t before = std::filesystem::file_size(path, failed);
  if (dry || (removed.records == 0 && (frames > 0 || before <= kSegmentHead))) return removed;

  SegmentHead head{.key = random_key(), .begun = 0, .removed_from = true};
  {
    const std::lock_guard lock(mutex_);
    CANDOR_TRY(const RawSegment* segment, segment_of(number));
    head.begun = segment->head.begun != 0 ? segment->head.begun : written_on(path);
  }
  CANDOR_TRY_VOID(space_->check(before));
  Draft draft(path + ".draft");
  CANDOR_TRY_VOID(draft.write(write_segment_head(number, head, *keys_)));
  const VisitFrame copy = [&](std::uint32_t frame, FrameContent& content) -> Result<void> {
    if (frame >= frames) return {};
    take_out(frame, content, keep);
    FrameHead of_frame{.segment = number, .frame = frame, .offset = draft.end(), .synced = draft.end()};
    const std::string sealed = encode_frame(content, of_frame, head.key, kFrameLevel);
    CANDOR_TRY_VOID(draft.write(write_frame_head(of_frame)));
    return draft.write(sealed);
  };
  if (frames > 0) CANDOR_TRY_VOID(each_frame(number, copy));
  CANDOR_TRY_VOID(draft.sync());
  const std::lock_guard lock(mutex_);
  CANDOR_TRY_VOID(draft.place(path, folder_.string()));
  segments_.erase(number);
  if (cached_position_.segment == number) cached_.reset();
  removed.bytes = before > draft.end() ? before - draft.end() : 0;
  bytes_ -= removed.bytes;
  return removed;
}

}  // namespace candor
