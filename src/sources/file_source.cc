#include "sources/file_source.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "base/running_hash.h"
#include "sources/byte_stream.h"
#include "sources/file_checkpoint.h"
#include "sources/kind_batches.h"
#include "sources/splitter.h"

namespace candor {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
constexpr std::size_t kHeadBytes = 4096;  // at least, before the format is told

bool is_idle(const Error& error) { return error.id == "sources.idle"; }

}  // namespace

class FileSource::Implementation {
 public:
  Implementation(SourceInput input, Options options)
      : input_(std::move(input)),
        cancelled_(std::move(options.cancelled)),
        growing_(options.growing),
        settled_(options.settled),
        feed_(std::move(options.feed)),
        most_decoded_(options.limits.decoded_bytes),
        checkpoint_(std::move(options.checkpoint)),
        batch_(options.limits.batch_bytes, options.limits.record_bytes) {}

  Result<void> open() {
    filled_ = used_ = 0;
    offset_ = line_start_ = decoded_ = 0;
    hash_ = RunningHash();
    line_hash_ = hash_.value();
    if (input_.bytes) {
      size_ = input_.bytes->size();
      stream_ = decoded_stream(memory_stream(*input_.bytes), input_.name);
      return {};
    }
    if (input_.path.empty()) {
      stream_ = decoded_stream(descriptor_stream(input_.descriptor, input_.name), input_.name);
      return {};
    }
    CANDOR_TRY(OpenedFile file, open_file(input_.path));
    size_ = file.size;
    stream_ = decoded_stream(std::move(file.stream), input_.name);
    return {};
  }

  Result<std::optional<RawBatch>> next() {
    if (RawBatch other; batches_.take_next(other)) return other;
    if (failed_) return std::unexpected(*failed_);
    if (is_over_) return std::nullopt;
    while (!batch_.is_full() && !done_) {
      auto step = advance();
      if (step) continue;
      if (!is_idle(step.error())) return fail_with(std::move(step).error());
      if (!batch_.is_empty() || flowing_) {
        flowing_ = false;
        return hand_over(State::passing, true);
      }
      if (cancelled_ && cancelled_()) {
        return fail("sources.interrupted", input_.name + ": interrupted; what was read before is stored");
      }
    }
    if (done_) {
      is_over_ = true;
      if (batch_.is_empty() && !flowing_) return std::nullopt;
      return hand_over(left_open_ ? State::reading : State::complete, false);
    }
    flowing_ = true;
    return hand_over(size_ ? State::reading : State::passing, false);
  }

  std::optional<std::uint64_t> size() const { return size_; }
  const std::string& name() const { return input_.name; }

 private:
  using State = FileCheckpoint::State;

  std::string_view buffered() const { return {buffer_.data(), filled_}; }
  std::string_view unread() const { return buffered().substr(used_); }

  Result<void> advance() {
    if (splitter_ == nullptr) CANDOR_TRY_VOID(start());
    if (unread().empty()) {
      CANDOR_TRY_VOID(refill());
      if (unread().empty()) {
        finish();
        return {};
      }
    }
    consume(splitter_->feed(unread(), batch_));
    return {};
  }

  void finish() {
    done_ = true;
    left_open_ = growing_ && format_.kind == Format::Kind::lines;
    if (!left_open_) return splitter_->finish(batch_);
    if (settled_ && is_whole_object(batch_.under_way())) {
      splitter_->finish(batch_);
      line_hash_ = hash_.value();
      return;
    }
    // The line without an end is not there yet: the next reading starts where it begins.
    batch_.drop();
    offset_ = line_start_;
  }

  // The record under way is cut off by the damage; those before it are not. Going on later starts behind the batch
  // before: where in this one the damage sits is unknown, and repeats do no harm.
  Result<std::optional<RawBatch>> fail_with(Error error) {
    failed_ = std::move(error);
    batch_.drop();
    if (batch_.is_empty()) return std::unexpected(*failed_);
    return hand_over_until(checkpoint_, checkpoint_, false);
  }

  void consume(std::size_t count) {
    const std::string_view bytes = unread().substr(0, count);
    const std::size_t last_end = growing_ ? bytes.rfind('\n') : std::string_view::npos;
    if (last_end != std::string_view::npos) {
      hash_.add(bytes.substr(0, last_end + 1));
      line_hash_ = hash_.value();
      line_start_ = offset_ + last_end + 1;
      hash_.add(bytes.substr(last_end + 1));
    } else {
      hash_.add(bytes);
    }
    used_ += count;
    offset_ += count;
  }

  // Appends to the buffer when `keep`, else replaces what was read.
  Result<void> refill(bool keep = false) {
    if (!keep) filled_ = used_ = 0;
    if (buffer_.size() < filled_ + kReadBytes) buffer_.resize(filled_ + kReadBytes);
    CANDOR_TRY(const std::size_t count, stream_->read(std::span(buffer_).subspan(filled_)));
    filled_ += count;
    decoded_ += count;
    if (decoded_ > most_decoded_) {
      return fail("sources.too_large", input_.name + " is larger than " + std::to_string(most_decoded_) +
                                           " bytes once unpacked: send it in parts");
    }
    return {};
  }

  // Reads as much as telling the format takes, then goes to where the checkpoint says. What an idle pipe gave so far is
  // kept in the buffer.
  Result<void> start() {
    CANDOR_TRY(Format format, tell_format());
    const auto resume = FileCheckpoint::parse(checkpoint_);
    std::uint64_t row = format.first_row;
    // Within an envelope nobody knows from the next bytes alone where its records end.
    const bool enveloped = format.kind == Format::Kind::values && !format.envelopes.empty();
    bool goes_on = resume && size_ && resume->state == State::reading && resume->kind == format.kind && !enveloped;
    if (goes_on) {
      goes_on = skip_to(*resume);
      // Other bytes than those that were read then: what was added among them would be lost.
      if (!goes_on) {
        CANDOR_TRY_VOID(open());
        CANDOR_TRY(format, tell_format());
      }
    }
    if (goes_on) {
      row = resume->row;
      flowing_ = true;
      line_start_ = offset_;
      line_hash_ = hash_.value();
    } else {
      checkpoint_.clear();
      consume(format.skip);
    }
    format_ = format;
    splitter_ = make_splitter(format, row);
    return {};
  }

  Result<Format> tell_format() {
    for (;;) {
      const std::size_t before = filled_;
      const auto more = refill(true);
      if (!more && (filled_ == 0 || is_idle(more.error()))) return std::unexpected(more.error());
      // Damage ends what there is to tell from; it comes again when the splitter asks for more.
      const bool complete = !more || filled_ == before;
      if (!complete && filled_ < kHeadBytes && size_) continue;
      auto format = detect_format(buffered(), complete, input_.name, feed_);
      if (!format) return std::unexpected(more ? format.error() : more.error());
      if (*format) return **format;
    }
  }

  // Reads up to the checkpoint; whether all of it is there, as it was.
  bool skip_to(const FileCheckpoint& resume) {
    while (offset_ < resume.offset) {
      if (unread().empty() && !refill()) return false;
      if (unread().empty()) return false;  // the file is shorter than it was
      consume(static_cast<std::size_t>(std::min<std::uint64_t>(unread().size(), resume.offset - offset_)));
    }
    return hash_.value() == resume.hash;
  }

  RawBatch hand_over(State state, bool is_last_for_now) {
    const std::string covered = std::exchange(checkpoint_, "");
    checkpoint_ = FileCheckpoint{.state = state,
                                 .hash = left_open_ ? line_hash_ : hash_.value(),
                                 .offset = offset_,
                                 .row = splitter_->row(),
                                 .kind = format_.kind}
                      .text();
    return hand_over_until(checkpoint_, covered, is_last_for_now);
  }

  RawBatch hand_over_until(const std::string& checkpoint, const std::string& covered, bool is_last_for_now) {
    RawBatch batch = batch_.take();
    batch.origin = input_.name;
    // Read ahead is counted as read; the last batch brings the sum to the whole.
    const std::uint64_t position = stream_->stored_position();
    batch.bytes_consumed = position - reported_;
    reported_ = position;
    batch.checkpoint = checkpoint;
    batch.is_last_for_now = is_last_for_now;
    if (feed_) mark(batch, feed_->name);
    return batches_.split(std::move(batch), covered);
  }

  const SourceInput input_;
  const std::function<bool()> cancelled_;
  const bool growing_;
  const bool settled_;
  const std::optional<FeedForm> feed_;
  const std::uint64_t most_decoded_;
  std::optional<std::uint64_t> size_;
  std::unique_ptr<ByteStream> stream_;
  std::string checkpoint_;  // of the last whole batch; the one to go on behind until the first
  std::unique_ptr<Splitter> splitter_;
  Format format_;
  BatchBuilder batch_;
  KindBatches batches_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::size_t used_ = 0;
  std::uint64_t offset_ = 0;      // of the first unread byte, in decoded bytes
  RunningHash hash_;              // of what lies before it
  std::uint64_t line_start_ = 0;  // of a growing file: behind the last line end consumed
  std::uint64_t line_hash_ = 0;   // of what lies before that
  std::uint64_t decoded_ = 0;     // bytes read so far
  std::uint64_t reported_ = 0;
  std::optional<Error> failed_;
  bool flowing_ = false;    // something was handed over since the input last paused
  bool done_ = false;       // nothing more can be read
  bool is_over_ = false;    // and nothing more is handed over
  bool left_open_ = false;  // more may be written behind the last whole line
};

Result<std::unique_ptr<FileSource>> FileSource::open(const SourceInput& input, Options options) {
  auto implementation = std::make_unique<Implementation>(input, std::move(options));
  CANDOR_TRY_VOID(implementation->open());
  return std::unique_ptr<FileSource>(new FileSource(std::move(implementation)));
}

FileSource::FileSource(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
FileSource::~FileSource() = default;

Result<std::optional<RawBatch>> FileSource::next() { return implementation_->next(); }
std::optional<std::uint64_t> FileSource::total_bytes() const { return implementation_->size(); }
const std::string& FileSource::name() const { return implementation_->name(); }

bool may_grow(const std::filesystem::path& path, const std::optional<FeedForm>& feed) {
  auto file = open_file(path);
  if (!file || !file->size) return false;
  constexpr std::size_t kLongFirstLine = std::size_t{64} << 10;
  std::vector<char> head(kLongFirstLine);
  std::size_t filled = 0;
  while (filled < head.size()) {
    const auto count = file->stream->read(std::span(head).subspan(filled));
    if (!count || *count == 0) break;
    filled += *count;
  }
  const std::string_view bytes(head.data(), filled);
  // A whole first line that starts an object: neither compressed nor UTF-16.
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || bytes[first] != '{') return false;
  const auto format = detect_format(bytes, false, path.string(), feed);
  return format && *format && (*format)->kind == Format::Kind::lines;
}

Result<std::vector<RawBatch>> split_text(std::string_view bytes, const std::string& name,
                                         const FileSource::Limits& limits, const std::optional<FeedForm>& feed) {
  CANDOR_TRY(const auto source, FileSource::open(SourceInput::text(bytes, name),
                                                 {.checkpoint = "", .cancelled = {}, .limits = limits, .feed = feed}));
  std::vector<RawBatch> batches;
  while (true) {
    CANDOR_TRY(auto batch, source->next());
    if (!batch) return batches;
    batches.push_back(std::move(*batch));
  }
}

}  // namespace candor
