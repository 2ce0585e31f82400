#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/evaluation_labels.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/directory_reader.h"

namespace candor {

// What came on one day.
struct PastDelivery {
  struct Records {
    std::filesystem::path file;
    std::string feed = {};  // "": they tell for themselves what they are
  };
  std::vector<std::filesystem::path> directory;
  std::vector<std::filesystem::path> hr;  // `...-withdrawn.csv` takes back what it names
  std::vector<Records> records;
};

// A data set of which it is known who did what: its files, in the order they came, and its labels.
struct EvaluationPast {
  std::string name;
  bool is_simulated = false;
  // Records came on their delivery's day. Otherwise everything is read first, and was known when it happened.
  bool is_dated = true;
  std::map<Day, PastDelivery> by_day;
  DirectoryReadOptions directory;                   // how directory files are read
  std::vector<std::filesystem::path> organisation;  // files about the organisation
  std::string own_world;                            // the same as text, in the form of content/organisation.yml
  std::vector<LabelRow> labels;
  std::vector<std::string> notes;  // what was left out of it, for whoever reads the figures
};

// A folder in the layout of `candor simulate`. Needs audit/ and labels.csv; organisation*.yml, directory/, hr_history/
// (else hr.csv and hr/) when there. Log files named by a day (2026-01-05.jsonl, also compressed) came on that day; when
// others are among them, all came when they say.
// Fails with `app.no_labels`, `app.bad_labels` (naming the line), `app.no_records`.
Result<EvaluationPast> simulated_past(const std::filesystem::path& folder);

// The whole file. Fails with `app.unreadable`.
Result<std::string> read_past_file(const std::filesystem::path& path);
// The visible files of a folder, sorted; none when there is no folder.
std::vector<std::filesystem::path> past_files(const std::filesystem::path& folder);

}  // namespace candor
