#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/feed.h"
#include "sources/raw_record.h"

namespace candor {

// One thing to read, as a command names it.
struct SourceInput {
  std::filesystem::path path;  // "" when it is a descriptor
  int descriptor = -1;         // a pipe, terminal or file that is open already; whoever opened it closes it
  std::string name;            // for messages
  bool from_folder = false;    // found below a folder that was named
  std::optional<std::string_view> bytes = std::nullopt;  // a text in memory instead; lives as long as the reading

  static SourceInput file(const std::filesystem::path& path, bool from_folder = false);
  static SourceInput opened(int descriptor, std::string name);
  static SourceInput text(std::string_view bytes, std::string name);
};

// Raw records from a file or standard input: a JSON array, one object or several, NDJSON, or the CSV of
// Search-UnifiedAuditLog and of the portal's audit search (column AuditData), plain, gzip or zstd, UTF-8 or UTF-16. All
// told by content, never by name. Of a feed (Options::feed) any CSV with a line of names. Memory stays within a few
// batches however large the input is. Thread safety: one thread at a time.
class FileSource {
 public:
  struct Limits {
    std::size_t batch_bytes = std::size_t{512} << 10;  // a batch is closed at the first record past this
    std::size_t record_bytes = std::size_t{16} << 20;  // longer records are rejected as `too_large`
    // More than this after decompression fails with `sources.too_large`: a small body may unpack to anything.
    std::uint64_t decoded_bytes = std::numeric_limits<std::uint64_t>::max();
  };

  struct Options {
    // That of the last batch on disk, or "". When it is from a reading that was cut short and what lies before it is
    // still the same, bytes compared by hash, reading goes on behind it; else from the start, which is safe because
    // repeats are recognised. What cannot be opened again (a descriptor, a pipe) is always read from where it is.
    std::string checkpoint;
    // Asked again and again while a pipe gives nothing, by the thread that calls next().
    std::function<bool()> cancelled;
    Limits limits{};
    // The file is still being written: where it is neither compressed nor anything but one record a line, a line that
    // has no end yet is left for a later reading, and the checkpoint says so. Other forms are read as if complete; ask
    // may_grow() first.
    bool growing = false;
    // Of a growing file: nobody has written to it for a while, so that a last line without an end is taken if it is
    // whole.
    bool settled = false;
    // All records are of this feed: they are marked with it, a CSV may have any columns, which become the members of
    // an object of texts, and records are taken out of what its mapping says is around them.
    std::optional<FeedForm> feed = std::nullopt;
  };
  // Fails with `sources.unreadable`.
  static Result<std::unique_ptr<FileSource>> open(const SourceInput& input, Options options);
  static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path) {
    return open(SourceInput::file(path), Options());
  }
  ~FileSource();

  // The next batch; nullopt at the end. On damage (`sources.damaged_input`, naming the place) everything before it has
  // been handed over already; calling again gives the same error. `sources.unknown_format` when it is none of the
  // above. `sources.interrupted` when it was cancelled while it waited. The last batch may be empty: its checkpoint
  // says that the input came to its end.
  Result<std::optional<RawBatch>> next();

  // Size of the input as stored, for progress against RawBatch::bytes_consumed; nullopt for pipes.
  std::optional<std::uint64_t> total_bytes() const;
  const std::string& name() const;

 private:
  class Implementation;
  explicit FileSource(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

// Whether the file can be read while it is being written: one record a line, neither compressed nor UTF-16. False, too,
// while too little of it is there to tell.
bool may_grow(const std::filesystem::path& path, const std::optional<FeedForm>& feed = std::nullopt);

// Every batch of a text in memory (a request's body), or why none of it can be taken: `sources.too_large`,
// `sources.damaged_input`, `sources.unknown_format`. Told by content, as a file. Thread safety: any.
// `feed`: as FileSource::Options::feed.
Result<std::vector<RawBatch>> split_text(std::string_view bytes, const std::string& name,
                                         const FileSource::Limits& limits,
                                         const std::optional<FeedForm>& feed = std::nullopt);

// What to read for what was named on a command line: a folder stands for the files below it, sorted by path, hidden
// ones left out; "-" is `standard_input`. Fails with `sources.unreadable` for a name that does not exist,
// `sources.no_files` for an empty folder.
Result<std::vector<SourceInput>> list_inputs(const std::vector<std::string>& names, int standard_input = 0);

}  // namespace candor
