// Ingests files into the timeline of a data folder, as `candor ingest` does, without the rest of Candor.
//   ingest_driver DATA [option ...] [FILE ...]
//     --one-thread        everything on one thread
//     --buffer BYTES      of the timeline's buffer
//     --segment BYTES     of a segment of the raw log
//     --acks FILE         appends each checkpoint, once it is acknowledged, as a line to FILE
//     --flush, --fold     after the files
//     --dump FILE         writes the canonical text of everything stored
//     --quiet             no measurements on standard output
// Ends with 1 and the error on standard error when something failed, with 3 when the disk is full.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/keys.h"
#include "ingest/ingest_files.h"
#include "ingest/replay.h"
#include "timeline/canonical.h"

namespace candor {
namespace {

struct Arguments {
  std::filesystem::path data;
  std::vector<SourceInput> files;
  TimelineOptions timeline;
  IngestFilesOptions ingest;
  std::string acks;
  std::string dump;
  bool flush = false;
  bool fold = false;
  bool quiet = false;
};

Arguments parse(int count, char** values) {
  Arguments arguments;
  arguments.data = count > 1 ? values[1] : "";
  for (int i = 2; i < count; ++i) {
    const std::string word = values[i];
    const auto value = [&] { return i + 1 < count ? std::string(values[++i]) : std::string(); };
    if (word == "--one-thread") {
      arguments.timeline.threads = false;
      arguments.ingest.threads = false;
    } else if (word == "--buffer") {
      arguments.timeline.buffer_bytes = std::stoull(value());
    } else if (word == "--segment") {
      arguments.timeline.segment_bytes = std::stoull(value());
    } else if (word == "--acks") {
      arguments.acks = value();
    } else if (word == "--dump") {
      arguments.dump = value();
    } else if (word == "--flush") {
      arguments.flush = true;
    } else if (word == "--fold") {
      arguments.fold = true;
    } else if (word == "--quiet") {
      arguments.quiet = true;
    } else {
      arguments.files.push_back(SourceInput::file(word));
    }
  }
  return arguments;
}

class Stopwatch {
 public:
  explicit Stopwatch(bool quiet) : quiet_(quiet) {}
  void lap(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    if (!quiet_) std::cout << what << '\t' << std::chrono::duration<double>(now - last_).count() << " s\n";
    last_ = now;
  }

 private:
  const bool quiet_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void print(const IngestSummary& summary, const Timeline::Stats& stats) {
  std::cout << "records\t" << summary.records_read << "\nstored\t" << summary.stored << "\nrepeats\t" << summary.repeats
            << "\ncorrections\t" << summary.corrections << "\npeople\t" << summary.people << "\nby people\t"
            << summary.by_people << "\nby others\t" << summary.by_others << "\nseconds\t" << summary.seconds
            << "\nrecords/s\t" << static_cast<double>(summary.records_read) / summary.seconds << '\n';
  for (const auto& [reason, count] : summary.rejected) std::cout << "rejected " << reason << '\t' << count << '\n';
  for (const auto& [name, count] : summary.unknown_record_types) std::cout << "type " << name << '\t' << count << '\n';
  for (const auto& [name, count] : summary.unknown_operations)
    std::cout << "operation " << name << '\t' << count << '\n';
  const auto all = static_cast<double>(stats.activities + stats.superseded);
  std::cout << "stored activities\t" << all << "\nraw bytes\t" << stats.bytes_raw << '\t'
            << static_cast<double>(stats.bytes_raw) / all << " each\nother bytes\t" << stats.bytes_blocks << '\t'
            << static_cast<double>(stats.bytes_blocks) / all << " each\n";
}

// Appends what is newly acknowledged to the file a killing test reads.
class Acks {
 public:
  explicit Acks(const std::string& path) : file_(path.empty() ? nullptr : std::fopen(path.c_str(), "a")) {}
  ~Acks() {
    if (file_ != nullptr) std::fclose(file_);
  }
  Acks(const Acks&) = delete;
  Acks& operator=(const Acks&) = delete;
  void write(const Timeline& timeline) {
    if (file_ == nullptr) return;
    const auto checkpoints = timeline.checkpoints();
    if (!checkpoints) return;
    for (const auto& [feed, checkpoint] : *checkpoints) {
      std::string& last = last_[feed];
      if (last != checkpoint) std::fprintf(file_, "%s\t%s\n", feed.c_str(), checkpoint.c_str());
      last = checkpoint;
    }
    std::fflush(file_);
  }

 private:
  std::FILE* file_;
  std::map<std::string, std::string> last_;
};

Result<void> run(const Arguments& arguments) {
  const std::filesystem::path content = std::filesystem::path(CANDOR_SOURCE_DIR) / "content";
  Stopwatch watch(arguments.quiet);
  CANDOR_TRY(const auto catalogue, FieldCatalogue::load(content / "fields.yml"));
  std::vector<Diagnostic> diagnostics;
  CANDOR_TRY(const auto mappings, MappingSet::load(content / "mappings", catalogue, diagnostics));
  const auto indicators = IndicatorSet::load({content / "indicators"}, catalogue).set;
  const IndicatorMask allowed(indicators->size(), true);
  CANDOR_TRY(const Keys keys, Keys::open(arguments.data));
  watch.lap("content");
  CANDOR_TRY(const auto timeline,
             open_embedded_timeline(arguments.data / "timeline", keys, catalogue, *indicators,
                                    make_replay(mappings, indicators, allowed), arguments.timeline));
  watch.lap("open");
  Acks acks(arguments.acks);
  acks.write(*timeline);
  Ingest ingest(mappings, indicators, allowed, *timeline);
  IngestSummary summary;
  auto outcome = ingest_files(
      arguments.files, ingest, *timeline, SystemClock(), [&](const IngestProgress&) { acks.write(*timeline); }, summary,
      arguments.ingest);
  acks.write(*timeline);
  if (!outcome) return outcome;
  watch.lap("ingest");
  if (arguments.flush) CANDOR_TRY_VOID(timeline->flush());
  watch.lap("flush");
  if (!arguments.quiet) print(summary, timeline->stats().value());
  if (arguments.fold) {
    CANDOR_TRY_VOID(timeline->fold());
    watch.lap("fold");
    if (!arguments.quiet) print(summary, timeline->stats().value());
  }
  if (!arguments.dump.empty()) {
    std::ofstream out(arguments.dump, std::ios::binary);
    CANDOR_TRY_VOID(write_canonical(*timeline, *catalogue, out));
    watch.lap("dump");
  }
  return {};
}

}  // namespace
}  // namespace candor

int main(int count, char** values) {
  const candor::Arguments arguments = candor::parse(count, values);
  if (arguments.data.empty()) {
    std::cerr << "usage: ingest_driver DATA [option ...] [FILE ...]\n";
    return 1;
  }
  const auto outcome = candor::run(arguments);
  if (outcome) return 0;
  std::cerr << outcome.error().id << ": " << outcome.error().message << '\n';
  return outcome.error().id == "timeline.disk_full" ? 3 : 1;
}
