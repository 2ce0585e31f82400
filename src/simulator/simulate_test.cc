#include "simulator/simulate.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zstd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "base/keys.h"
#include "simulator/memory_sink.h"

namespace candor {
namespace {

using nlohmann::json;

struct Outcome {
  MemorySink sink;
  SimulationSummary summary;
};

Outcome run(const SimulationOptions& options) {
  Outcome result;
  Result<SimulationSummary> summary = simulate(options, result.sink);
  EXPECT_TRUE(summary) << summary.error().message;
  if (summary) result.summary = std::move(*summary);
  EXPECT_TRUE(result.sink.all_closed());
  return result;
}

SimulationOptions small() {
  SimulationOptions options;
  options.people = 20;
  options.days = 14;
  return options;
}

// A run all read-only tests look at.
const Outcome& small_run() {
  static const Outcome kept = run(small());
  return kept;
}

std::vector<json> records(const Outcome& result) {
  std::vector<json> all;
  for (const auto& [name, text] : result.sink.files) {
    if (!name.starts_with("audit/")) continue;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
  }
  return all;
}

const std::vector<json>& small_records() {
  static const std::vector<json> kept = records(small_run());
  return kept;
}

// The first text member of that name in a line, without parsing the rest: for counting in large runs.
std::string member(std::string_view line, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

// Calls `visit` with each audit line.
template <typename Visit>
void for_each_line(const Outcome& result, const Visit& visit) {
  for (const auto& [name, text] : result.sink.files) {
    if (!name.starts_with("audit/")) continue;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      visit(std::string_view(text).substr(begin, end - begin));
      begin = end + 1;
    }
  }
}

std::uint64_t hash_of(const MemorySink& sink) {
  std::string all;
  for (const auto& [name, text] : sink.files) {
    all += name + ":" + std::to_string(content_hash(text)) + "\n";
  }
  return content_hash(all);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

TEST(Simulate, writes_the_bytes_it_always_wrote) {
  // When a change of the simulator is meant, put the new number here: demo and scenario tests depend on these bytes.
  EXPECT_EQ(hash_of(small_run().sink), 4278861550528385867ULL);
}

TEST(Simulate, same_options_same_bytes_and_other_seeds_others) {
  EXPECT_EQ(run(small()).sink.files, small_run().sink.files);
  SimulationOptions other = small();
  other.seed = 2;
  EXPECT_NE(hash_of(run(other).sink), hash_of(small_run().sink));
}

TEST(Simulate, records_have_what_every_record_has) {
  const std::string tenant = small_records().front().at("OrganizationId");
  for (const json& record : small_records()) {
    for (const char* name : {"Id", "CreationTime", "Operation", "OrganizationId", "UserKey", "Workload", "UserId"}) {
      ASSERT_TRUE(record.contains(name) && record[name].is_string()) << name << " in " << record.dump();
    }
    ASSERT_TRUE(record.at("RecordType").is_number_integer());
    ASSERT_TRUE(record.at("UserType").is_number_integer());
    ASSERT_TRUE(record.at("Version").is_number_integer());
    EXPECT_EQ(record["OrganizationId"], tenant);
    EXPECT_TRUE(parse_time(record["CreationTime"].get<std::string>())) << record["CreationTime"];
    EXPECT_NE(record["Operation"], "");
  }
}

TEST(Simulate, summary_counts_what_was_written) {
  const SimulationSummary& summary = small_run().summary;
  std::map<std::string, std::string> by_id;
  std::map<std::string, std::uint64_t> operations;
  std::uint64_t repeats = 0;
  std::uint64_t corrections = 0;
  // In order of delivery, as the file names sort by day.
  for (const json& record : small_records()) {
    const std::string id = record["Id"];
    const std::string text = record.dump();
    if (const auto known = by_id.find(id); known == by_id.end()) {
      by_id[id] = text;
      ++operations[record["Operation"]];
    } else if (known->second == text) {
      ++repeats;
    } else {
      ++corrections;
      EXPECT_EQ(record["Version"], 2);
    }
  }
  EXPECT_EQ(summary.records, by_id.size());
  EXPECT_EQ(summary.rows, small_records().size());
  EXPECT_EQ(summary.repeats, repeats);
  EXPECT_EQ(summary.corrections, corrections);
  EXPECT_EQ(summary.operations, operations);
  EXPECT_EQ(summary.people, 20);
  std::uint64_t bytes = 0;
  for (const auto& [name, text] : small_run().sink.files) bytes += text.size();
  EXPECT_EQ(summary.bytes, bytes);
}

TEST(Simulate, labels_name_records_of_the_person) {
  std::map<std::string, std::string> user_of;
  for (const json& record : small_records()) user_of[record["Id"]] = lower(record["UserId"]);
  const auto rows = csv(small_run().sink.files.at("labels.csv"));
  ASSERT_EQ(rows.front(), (std::vector<std::string>{"person", "scenario", "start", "end", "first_harmful_time",
                                                    "first_harmful_id", "carry_outs", "activity_ids", "kind"}));
  const std::set<std::string> kinds = {"malicious", "accident", "taken_over", "look_alike"};
  std::set<std::string> seen;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    seen.insert(rows[i][1]);
    EXPECT_TRUE(kinds.contains(rows[i][8])) << rows[i][8];
    EXPECT_EQ(rows[i][5].empty(), rows[i][8] == "look_alike") << rows[i][1];
    if (!rows[i][5].empty()) {
      EXPECT_NE(rows[i][7].find(rows[i][5]), std::string::npos) << "the first harmful act is one of the planted";
      EXPECT_TRUE(parse_time(rows[i][4]));
    }
    EXPECT_LE(parse_day(rows[i][2]).value(), parse_day(rows[i][3]).value());
    std::istringstream ids(rows[i][7]);
    for (std::string id; ids >> id;) EXPECT_EQ(user_of[id], rows[i][0]) << rows[i][1];
  }
  EXPECT_GE(seen.size(), 15U) << "20 people have room for most of them";
}

TEST(Simulate, names_only_reserved_domains) {
  for (const auto& [name, text] : small_run().sink.files) {
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
      std::size_t end = at + 1;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.' || text[end] == '-')) {
        ++end;
      }
      const std::string domain = text.substr(at + 1, end - at - 1);
      // The platform's own actors are no addresses.
      if (domain == "sharepoint" || domain == "thread.v2") continue;
      ASSERT_TRUE(domain.ends_with(".example")) << name << ": " << domain;
    }
    for (std::size_t at = text.find("https://"); at != std::string::npos; at = text.find("https://", at + 1)) {
      const std::string host = text.substr(at + 8, text.find_first_of("/\"", at + 8) - at - 8);
      ASSERT_TRUE(host.ends_with(".example")) << host;
    }
  }
}

TEST(Simulate, people_rest_on_weekends_and_holidays) {
  SimulationOptions options = small();
  options.people = 40;
  options.scenarios = {"none"};
  std::map<bool, std::uint64_t> by_rest;
  for_each_line(run(options), [&](std::string_view line) {
    if (!lower(member(line, "UserId")).ends_with("@northlight.example")) return;
    ++by_rest[(day_of(parse_time(member(line, "CreationTime")).value()) + 3) % 7 >= 5];
  });
  // Five working days to two of rest.
  EXPECT_LT(by_rest[true] * 5, by_rest[false] * 2 / 8);
  EXPECT_GT(by_rest[true], 0U);
}

TEST(Simulate, amount_of_work_is_realistic) {
  SimulationOptions options = small();
  options.people = 80;
  options.scenarios = {"none"};
  options.repeat_percent = 0;
  const Outcome result = run(options);
  std::map<std::pair<std::string, std::string>, int> by_day;
  for_each_line(result, [&](std::string_view line) {
    const std::string user = lower(member(line, "UserId"));
    if (user.ends_with("@northlight.example")) ++by_day[{user, member(line, "CreationTime").substr(0, 10)}];
  });
  std::vector<int> days;
  for (const auto& [key, count] : by_day) {
    if (count >= 10) days.push_back(count);
  }
  std::sort(days.begin(), days.end());
  ASSERT_GT(days.size(), 480U);
  EXPECT_GE(days[days.size() / 2], 40);
  EXPECT_LE(days[days.size() / 2], 80);
  EXPECT_GE(days[days.size() * 99 / 100], 4 * days[days.size() / 2]) << "no heavy tail";
  const auto per_day = [&](const char* operation) {
    return static_cast<double>(result.summary.operations.at(operation)) / static_cast<double>(days.size());
  };
  struct Band {
    const char* operation;
    double low, high;
  };
  for (const Band& band :
       {Band{"FileAccessed", 6, 20}, Band{"FileDownloaded", 1, 4}, Band{"Send", 4, 12}, Band{"MailItemsAccessed", 3, 9},
        Band{"UserLoggedIn", 3, 9}, Band{"MessageSent", 3, 10}, Band{"FilePrinted", 0.2, 1.2},
        Band{"FileCopiedToRemovableMedia", 0.01, 0.25}, Band{"FileUploadedToCloud", 0.1, 0.8},
        Band{"AnonymousLinkCreated", 0.01, 0.2}, Band{"FileRecycled", 0.2, 1}, Band{"UserLoginFailed", 0.05, 0.5}}) {
    EXPECT_GE(per_day(band.operation), band.low) << band.operation;
    EXPECT_LE(per_day(band.operation), band.high) << band.operation;
  }
}

TEST(Simulate, nothing_is_planted_when_none_is_asked_for) {
  SimulationOptions options = small();
  options.scenarios = {"none"};
  const Outcome result = run(options);
  EXPECT_TRUE(result.summary.planted.empty());
  EXPECT_EQ(csv(result.sink.files.at("labels.csv")).size(), 1U);
  EXPECT_EQ(csv(result.sink.files.at("hr.csv")).size(), 1U);
}

TEST(Simulate, directory_is_a_tree_and_facts_name_people) {
  const auto rows = csv(small_run().sink.files.at("directory.csv"));
  std::set<std::string> known;
  int heads = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i][12] == "Guest") continue;
    heads += rows[i][11].empty() ? 1 : 0;
    EXPECT_TRUE(rows[i][11].empty() || known.contains(rows[i][11])) << "manager after the managed: no tree";
    EXPECT_TRUE(known.insert(rows[i][0]).second);
    EXPECT_EQ(lower(rows[i][4]), rows[i][0]);
    EXPECT_TRUE(parse_day(rows[i][14]));
  }
  EXPECT_EQ(heads, 1);
  EXPECT_EQ(known.size(), 20U);
  for (const char* name : {"hr.csv", "hr/resignation.csv", "hr/job_level.csv", "hr/performance_review.csv",
                           "hr/improvement_plan.csv", "hr/employee_profile.csv"}) {
    const auto facts = csv(small_run().sink.files.at(name));
    for (std::size_t i = 1; i < facts.size(); ++i) {
      EXPECT_TRUE(known.contains(lower(facts[i][0]))) << name;
      EXPECT_EQ(facts[i].size(), facts[0].size()) << name;
      if (std::string_view(name) != "hr/employee_profile.csv") {
        EXPECT_TRUE(parse_time(facts[i][1])) << facts[i][1];
      }
    }
  }
  EXPECT_EQ(small_run().sink.files.at("hr.csv"), small_run().sink.files.at("hr/resignation.csv"));
}

TEST(Simulate, badges_are_an_array_the_connector_takes) {
  const json rows = json::parse(small_run().sink.files.at("badge.json"));
  ASSERT_TRUE(rows.is_array());
  EXPECT_EQ(rows.size(), small_run().summary.badge_rows);
  EXPECT_GT(rows.size(), 50U);
  for (const json& row : rows) {
    for (const char* name : {"UserId", "AssetId", "AssetName", "EventTime", "AccessStatus"})
      EXPECT_TRUE(row.contains(name));
    EXPECT_TRUE(row["AccessStatus"] == "Success" || row["AccessStatus"] == "Failed");
  }
}

TEST(Simulate, streams_come_in_the_order_promised) {
  const std::vector<std::string>& order = small_run().sink.order;
  EXPECT_EQ(order.front(), "directory.csv");
  EXPECT_EQ(order.back(), "labels.csv");
  std::string last;
  for (const std::string& name : order) {
    if (!name.starts_with("audit/")) continue;
    EXPECT_LT(last, name);
    last = name;
  }
}

TEST(Simulate, refuses_what_it_cannot_do) {
  const auto refused = [](const std::function<void(SimulationOptions&)>& change) {
    SimulationOptions options;
    change(options);
    MemorySink sink;
    const Result<SimulationSummary> result = simulate(options, sink);
    EXPECT_TRUE(sink.files.empty());
    return result ? std::string("accepted") : result.error().id;
  };
  EXPECT_EQ(refused([](SimulationOptions& o) { o.people = 0; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.people = 200001; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.days = -1; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.repeat_percent = 91; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.activities = 1; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.activities = kUsualActivities + 1; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.incidents = -1; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.incidents = 501; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.start = -400000; }), "simulator.bad_option");
  EXPECT_EQ(refused([](SimulationOptions& o) { o.scenarios = {"departing_theif"}; }), "simulator.bad_option");
}

std::string decompressed(std::string_view frame) {
  std::string text(std::size_t{16} << 20, '\0');
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  const std::size_t size = ZSTD_decompressDCtx(context.get(), text.data(), text.size(), frame.data(), frame.size());
  EXPECT_EQ(ZSTD_isError(size), 0U) << ZSTD_getErrorName(size);
  text.resize(ZSTD_isError(size) == 0 ? size : 0);
  return text;
}

TEST(Simulate, compresses_the_audit_log_and_nothing_else) {
  SimulationOptions options = small();
  options.compress = true;
  const Outcome packed = run(options);
  ASSERT_EQ(packed.sink.files.size(), small_run().sink.files.size());
  for (const auto& [name, text] : small_run().sink.files) {
    if (!name.starts_with("audit/")) {
      EXPECT_EQ(packed.sink.files.at(name), text) << name;
      continue;
    }
    ASSERT_TRUE(packed.sink.files.contains(name + ".zst")) << name;
    const std::string& frame = packed.sink.files.at(name + ".zst");
    EXPECT_EQ(decompressed(frame), text) << name;
    EXPECT_LT(frame.size(), text.size() > 100'000 ? text.size() / 4 : text.size()) << name;
  }
  EXPECT_EQ(packed.summary.bytes, small_run().summary.bytes) << "as they are before";
  MemorySink full;
  full.left = 300'000;
  const Result<SimulationSummary> stopped = simulate(options, full);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().id, "test.full");
}

TEST(Simulate, stops_with_the_sinks_error) {
  MemorySink sink;
  sink.left = 3'000'000;
  const Result<SimulationSummary> result = simulate(small(), sink);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().id, "test.full");
}

TEST(Simulate, tiny_organisations_work_too) {
  for (const auto& [people, days] : {std::pair{1, 1}, {1, 30}, {2, 3}, {5, 10}, {11, 1}}) {
    SimulationOptions options;
    options.people = people;
    options.days = days;
    const Outcome result = run(options);
    EXPECT_EQ(result.summary.people, people);
    EXPECT_GT(result.summary.rows, 0U);
    EXPECT_EQ(result.sink.files.count("labels.csv"), 1U);
  }
}

TEST(FolderSink, replaces_an_earlier_simulation_and_nothing_else) {
  char pattern[] = "/tmp/candor_simulator_XXXXXX";
  ASSERT_NE(mkdtemp(pattern), nullptr);
  const std::filesystem::path folder(pattern);
  const auto write = [&](const char* name) -> Result<void> {
    FolderSink sink(folder);
    CANDOR_TRY(const int stream, sink.open(name));
    return sink.close(stream);
  };
  ASSERT_TRUE(write("audit/2026-01-05.jsonl"));
  std::ofstream(folder / "note.txt") << "mine";
  ASSERT_TRUE(write("hr.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "audit"));
  EXPECT_TRUE(std::filesystem::exists(folder / "hr.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder / "note.txt"));
  std::filesystem::remove(folder / ".simulated");
  EXPECT_EQ(write("labels.csv").error().id, "simulator.folder_in_use");
  EXPECT_TRUE(std::filesystem::exists(folder / "hr.csv"));
  // A list that was tampered with reaches nothing outside.
  const std::filesystem::path outside = folder.string() + "_outside";
  std::ofstream(outside) << "mine";
  std::ofstream(folder / ".simulated") << "../" << outside.filename().string() << '\n' << outside.string() << '\n';
  EXPECT_TRUE(write("labels.csv"));
  EXPECT_TRUE(std::filesystem::exists(outside));
  std::filesystem::remove(outside);
  std::filesystem::remove_all(folder);
}

TEST(FolderSink, writes_files_and_names_the_path_it_cannot_write) {
  char pattern[] = "/tmp/candor_simulator_XXXXXX";
  ASSERT_NE(mkdtemp(pattern), nullptr);
  const std::filesystem::path folder(pattern);
  FolderSink sink(folder);
  const int stream = sink.open("a/b.txt").value();
  ASSERT_TRUE(sink.write(stream, "one\n"));
  ASSERT_TRUE(sink.write(stream, "two\n"));
  ASSERT_TRUE(sink.close(stream));
  std::ifstream file(folder / "a" / "b.txt");
  EXPECT_EQ((std::string(std::istreambuf_iterator<char>(file), {})), "one\ntwo\n");
  const Result<int> blocked = sink.open("a/b.txt/c.txt");
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().id, "simulator.cannot_write");
  EXPECT_NE(blocked.error().message.find("b.txt"), std::string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace candor
