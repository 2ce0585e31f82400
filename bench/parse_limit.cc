// What the machine can do at most on the same bytes, on one thread: the yardstick of every ratio. Prints name, seconds,
// GB/s, records/s and a check value, tab-separated:
//   newlines   memchr over the bytes
//   dom        simdjson DOM, every record parsed to its tape: the parse-only limit
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Line {
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::vector<Line> lines_of(const char* data, std::size_t size) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < size;) {
    const void* end = std::memchr(data + at, '\n', size - at);
    const std::size_t stop = end == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(end) - data);
    lines.push_back({at, stop - at});
    at = stop + 1;
  }
  return lines;
}

void say(const char* what, double seconds, std::size_t bytes, std::size_t records, std::size_t check) {
  std::printf("limit\t%s\t%.3f\t%.2f\t%.0f\t%zu\n", what, seconds, static_cast<double>(bytes) / seconds / 1e9,
              static_cast<double>(records) / seconds, check);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  std::ifstream file(count > 1 ? arguments[1] : "", std::ios::binary | std::ios::ate);
  if (!file) {
    std::fputs("usage: parse_limit RECORDS.ndjson\n", stderr);
    return 1;
  }
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(0);
  const std::unique_ptr<char[]> data(new char[size + simdjson::SIMDJSON_PADDING]);
  file.read(data.get(), static_cast<std::streamsize>(size));
  std::memset(data.get() + size, 0, simdjson::SIMDJSON_PADDING);

  double start = now();
  const std::vector<Line> lines = lines_of(data.get(), size);
  say("newlines", now() - start, size, lines.size(), lines.size());

  simdjson::dom::parser parser;
  std::size_t objects = 0;
  start = now();
  for (const Line& line : lines) {
    simdjson::dom::element element;
    if (parser.parse(data.get() + line.offset, line.length, false).get(element) == simdjson::SUCCESS) {
      objects += element.is_object() ? 1 : 0;
    }
  }
  say("dom", now() - start, size, lines.size(), objects);
  return 0;
}
