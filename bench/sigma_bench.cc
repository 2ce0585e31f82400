// What the Sigma engine does in one run: sigma_bench RULES MAPPING EVENTS COUNT [--only PRODUCT]
// Loads every rule below RULES, makes COUNT records out of those of the file EVENTS (command lines, process ids and
// times differ in each, so that nothing can be remembered of them), matches them on one thread and then half of them on
// each of two. Prints, parted by tabs: sigma, what, figure. The check value is the number of matches: both runs must
// agree.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "sigma/event_matcher.h"
#include "sigma/event_reader.h"

namespace {

using namespace candor;
using Steady = std::chrono::steady_clock;

double since(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

std::string whole(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    std::fprintf(stderr, "sigma_bench: %s cannot be read\n", path);
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// A record with the values that differ from one process to the next.
std::string varied(nlohmann::json record, std::mt19937_64& random) {
  auto& data = record["Event"]["EventData"];
  if (data.is_object()) {
    data["ProcessId"] = random() % 100'000;
    data["ProcessGuid"] = std::to_string(random());
    for (const char* field : {"CommandLine", "ParentCommandLine"}) {
      if (data.contains(field)) data[field] = data[field].get<std::string>() + " " + std::to_string(random());
    }
  }
  return record.dump();
}

std::uint64_t match_all(const std::shared_ptr<const sigma::EventProgram>& program,
                        std::span<const std::string> records) {
  sigma::EventMatcher matcher(program);
  sigma::Event event = program->new_event();
  std::vector<sigma::RuleIndex> matched;
  std::uint64_t matches = 0;
  for (const std::string& record : records) {
    if (!event.load(record)) continue;
    matcher.match(event, matched);
    matches += matched.size();
  }
  return matches;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: sigma_bench RULES MAPPING EVENTS COUNT\n");
    return 2;
  }
  std::vector<Diagnostic> faults;
  auto mapping = sigma::read_mapping(argv[2], whole(argv[2]), faults);
  if (!mapping) return 2;
  auto start = Steady::now();
  const auto loaded = sigma::EventProgram::load({argv[1]}, {.mapping = std::move(*mapping), .placeholders = {}});
  std::printf("sigma\tload_seconds\t%.2f\nsigma\trules\t%zu\n", since(start), loaded.program->rules().rules.size());

  const std::string text = whole(argv[3]);
  std::vector<nlohmann::json> cases;
  sigma::EventReader reader(text);
  for (auto slice = reader.next(); slice; slice = reader.next()) {
    auto record = nlohmann::json::parse(slice->text, nullptr, false);
    if (record.is_object()) cases.push_back(std::move(record));
  }
  if (cases.empty()) return 2;
  std::mt19937_64 random(20260301);
  const auto count = static_cast<std::size_t>(std::atoll(argv[4]));
  std::vector<std::string> records;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    records.push_back(varied(cases[i % cases.size()], random));
    bytes += records.back().size();
  }

  sigma::Event event = loaded.program->new_event();
  start = Steady::now();
  for (const std::string& record : records) event.load(record);
  std::printf("sigma\tread_only\t%.0f\n", static_cast<double>(count) / since(start));
  start = Steady::now();
  const std::uint64_t matches = match_all(loaded.program, records);
  std::printf("sigma\tone_thread\t%.0f\n", static_cast<double>(count) / since(start));
  start = Steady::now();
  std::uint64_t first = 0;
  const std::span<const std::string> all(records);
  std::thread other([&] { first = match_all(loaded.program, all.first(count / 2)); });
  const std::uint64_t second = match_all(loaded.program, all.subspan(count / 2));
  other.join();
  std::printf("sigma\ttwo_threads\t%.0f\n", static_cast<double>(count) / since(start));
  std::printf("sigma\tmatches\t%llu\n# %zu records of %zu bytes on average\n", static_cast<unsigned long long>(matches),
              count, bytes / count);
  return first + second == matches ? 0 : 1;
}
