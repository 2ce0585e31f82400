#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "indicators/indicator_info.h"
#include "timeline/insight.h"

// Ordered steps over the same content within some days: downloaded, disguised, taken out, deleted. Content says which
// (content/sequences), policies say what they weigh.
namespace candor {

// As content says it: indicators by name or by category.
struct SequenceContent {
  struct Step {
    std::string name;  // "downloaded"
    std::vector<std::string> indicators;
    std::vector<Category> categories;  // every indicator of it
  };
  std::string name;   // short and stable, used in policies: "downloaded_exfiltrated"
  std::string title;  // for people
  std::vector<Step> steps;
  int window_days = 7;
  std::array<Levels, kDimensions> levels;  // of contents a day; 0: not counted
};

// The sequences of every *.yml of a folder, ascending by name. All faults go to `diagnostics`; what is valid is given.
std::vector<SequenceContent> load_sequences(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics);
std::vector<SequenceContent> read_sequences(std::string_view text, const std::string& file,
                                            std::vector<Diagnostic>& diagnostics);

// Compiled for a policy.
struct Sequence {
  // A hash of all that follows but the texts: what another definition found is another thing.
  IndicatorKey key = 0;
  std::string name;
  std::string title;
  std::vector<std::vector<IndicatorKey>> steps;  // ascending keys
  int window_days = 7;

  TimePoint window() const { return window_days * kMicrosPerDay; }
};
IndicatorKey key_of(const Sequence& sequence);

// Every indicator that any step asks for, ascending.
std::vector<IndicatorKey> wanted_by(std::span<const Sequence> sequences);

// A chain that came to its end.
struct Completion {
  IndicatorKey sequence = 0;
  TimePoint time = 0;         // of its last step, to whose day it belongs
  std::uint64_t content = 0;  // chains over one content are counted once a day
  TimePoint window = 0;
  // All first steps over the content, ascending: those within the window are what it is about, such as the files that
  // went into an archive.
  std::shared_ptr<const std::vector<TimePoint>> begun;
  bool in[kDimensions] = {true, false, false, false};
  std::int64_t bytes = 0;
};

// All chains over one person's steps, of whatever order and however many accounts, ascending by (time, sequence,
// content). Steps are of one content when they share a hash, an object or a path, also by way of a rename, copy or
// archive; or a file name. Every step is an activity of its own, times do not fall, and from first to last is at most
// the window. More steps never make fewer completions, nor smaller counts.
std::vector<Completion> find_sequences(std::span<const Sequence> sequences, std::vector<Step> steps);

// What they add up to a day: for each content the first steps within the windows of its completions that day; ascending
// by (day, indicator).
Insights insights_of(std::span<const Completion> completions);

}  // namespace candor
