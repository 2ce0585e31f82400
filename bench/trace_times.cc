#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "assessment/trace.h"
#include "indicators/indicator_set.h"
#include "store/store.h"
#include "timeline/timeline.h"

// How long a trace takes: trace_times FOLDER CONTENT FROM UNTIL KIND START [KIND START]... over a data folder that
// nobody else has open, which `candor ingest` filled. Writes nothing. Times are of the whole: opening is not in them.
namespace candor {
namespace {

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Result<void> time_one(const TraceSources& sources, TraceStartKind kind, const char* text, Day from, Day to) {
  CANDOR_TRY(const TraceStart start, read_trace_start(kind, text));
  TraceOptions options;
  options.from = from;
  options.to = to;
  const auto begun = std::chrono::steady_clock::now();
  const double used = processor_seconds();
  CANDOR_TRY(const Trace trace, trace_content(sources, start, options));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  rusage most{};
  getrusage(RUSAGE_SELF, &most);
  std::printf(
      "%s: %.2f s, %.2f s of processor, peak %ld MiB: read %lld, steps %lld + %lld + %lld, by name %lld, %zu people, "
      "%zu places\n",
      std::string(to_text(kind)).c_str(), took.count(), processor_seconds() - used, most.ru_maxrss / 1024,
      static_cast<long long>(trace.activities_read), static_cast<long long>(trace.count[0]),
      static_cast<long long>(trace.count[1]), static_cast<long long>(trace.count[2]),
      static_cast<long long>(trace.count[3]), trace.hands.size(), trace.places.size());
  return {};
}

Result<void> run(int count, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  const std::filesystem::path content = arguments[2];
  const auto from = parse_day(arguments[3]);
  const auto to = parse_day(arguments[4]);
  if (!from || !to) return fail("bench.bad_day", "days are written as 2026-01-31");
  CANDOR_TRY(const Keys keys, Keys::open(folder));
  CANDOR_TRY(const auto store, Store::open(folder));
  CANDOR_TRY(const auto catalogue, FieldCatalogue::load(content / "fields.yml"));
  const auto indicators = IndicatorSet::load({content / "indicators"}, catalogue).set;
  CANDOR_TRY(const auto timeline, open_embedded_timeline(folder / "timeline", keys, catalogue, *indicators,
                                                         [](const RawBatch&, const Replayed&) {}, {}));
  const TraceSources sources{.timeline = *timeline, .store = *store, .keys = keys, .catalogue = *catalogue};
  for (int i = 5; i + 1 < count; i += 2) {
    const auto kind = trace_start_kind(arguments[i]);
    if (!kind) return fail("bench.bad_kind", "a trace begins with a file, hash, document, label, site or domain");
    CANDOR_TRY_VOID(time_one(sources, *kind, arguments[i + 1], *from, *to));
  }
  return {};
}

}  // namespace
}  // namespace candor

int main(int count, char** arguments) {
  if (count < 7) {
    std::fprintf(stderr, "trace_times FOLDER CONTENT FROM UNTIL KIND START [KIND START]...\n");
    return 2;
  }
  const auto done = candor::run(count, arguments);
  if (!done) std::fprintf(stderr, "%s: %s\n", done.error().id.c_str(), done.error().message.c_str());
  return done ? 0 : 1;
}
