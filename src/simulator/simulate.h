#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "simulator/sink.h"

// An invented organisation at work, written in the formats the sources read, with labels that say who did what.
// Same options, same bytes: on every machine, with every compiler.
namespace candor {

// Monday, 5 January 2026: fixed, so that a simulation does not depend on when it runs.
inline constexpr Day kDefaultSimulationStart = 20458;

// Records by a person and working day when nothing is left out.
inline constexpr int kUsualActivities = 70;

struct SimulationProgress {
  int days_done = 0;
  int days = 0;
  std::uint64_t rows = 0;   // audit rows handed over so far
  std::uint64_t bytes = 0;  // of all streams
};

struct SimulationOptions {
  int people = 250;  // employees and contractors; 1 to 200,000. Guests and services come on top
  int days = 90;     // 1 to 3,660 calendar days
  std::uint64_t seed = 1;
  Day start = kDefaultSimulationStart;  // first day of work, in each person's own zone
  // Names from scenarios(), "look_alikes" for all of that kind, "none" for nothing planted; empty: all.
  std::vector<std::string> scenarios;
  // Scenarios that harm, of all kinds together, for 1,000 people in the days simulated; 0 to 500. A scenario keeps its
  // share; where there are fewer than scenarios the seed says which. Without: as rates.h has it, at least one of each.
  std::optional<int> incidents;
  // Records by a person and working day on average, planted ones apart; 2 to kUsualActivities.
  int activities = kUsualActivities;
  bool compress = false;    // audit/YYYY-MM-DD.jsonl.zst instead; the bytes then depend on the version of zstd too
  int repeat_percent = 10;  // share of delivered rows that repeat an earlier one, 0 to 90; real feeds: about 44
  std::function<void(const SimulationProgress&)> progress;  // after each day, on the calling thread; may be empty
};

enum class ScenarioKind : std::uint8_t {
  malicious,
  accident,    // harm without intent
  taken_over,  // somebody else with the person's account
  look_alike,  // looks like a risk and is none
};
// As labels.csv writes it: "malicious", "accident", "taken_over", "look_alike".
std::string_view to_text(ScenarioKind kind);

struct ScenarioInfo {
  std::string name;
  ScenarioKind kind = ScenarioKind::malicious;
  std::string description;
};
// All that can be planted, in the order of labels.csv.
const std::vector<ScenarioInfo>& scenarios();

struct PlantedScenario {
  std::string scenario;
  int people = 0;
  std::uint64_t activities = 0;
};

struct SimulationSummary {
  int people = 0;
  int guests = 0;
  std::uint64_t records = 0;      // distinct ids
  std::uint64_t rows = 0;         // delivered: records + repeats + corrections
  std::uint64_t repeats = 0;      // same bytes as an earlier row
  std::uint64_t corrections = 0;  // id of an earlier row, other content
  std::uint64_t badge_rows = 0;
  std::uint64_t hr_rows = 0;
  std::uint64_t bytes = 0;  // of all streams, before compression
  Day first = 0;            // first and last day of work
  Day last = 0;
  std::map<std::string, std::uint64_t> operations;  // operation as written -> records
  std::vector<PlantedScenario> planted;             // in the order of scenarios(); those that found people
};

// Streams, in this order (audit/ with .zst where options.compress says so): directory.csv, directory/YYYY-MM-DD.csv,
// organisation.yml, hr.csv (resignations), hr/*.csv, hr_history/YYYY-MM-DD*.csv, then audit/YYYY-MM-DD.jsonl by day of
// delivery with badge.json open beside them, then labels.csv. Rows of audit/ come in order of delivery, which is not
// the order of CreationTime. Memory grows with the people and a few days of their activities, and with
// what is planted (some 20 kB for each person with a part), else not with `days`.
// Fails with `simulator.bad_option` (naming the option), or with the sink's error.
Result<SimulationSummary> simulate(const SimulationOptions& options, Sink& sink);

}  // namespace candor
