#include "app/evaluation_past.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

#include "app/data_kind.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

// The day a file is named by.
std::optional<Day> day_named(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() < 10 ? std::nullopt : parse_day(std::string_view(name).substr(0, 10));
}

Result<void> list_records(const fs::path& folder, EvaluationPast& past) {
  for (const fs::path& file : past_files(folder / "audit")) {
    const auto day = day_named(file);
    if (!day) past.is_dated = false;
    past.by_day[day.value_or(std::numeric_limits<Day>::max())].records.push_back({.file = file});
  }
  if (past.by_day.empty()) return fail("app.no_records", "no log files in " + (folder / "audit").string());
  if (past.is_dated) return {};
  PastDelivery all;
  for (auto& [day, delivery] : past.by_day) std::ranges::move(delivery.records, std::back_inserter(all.records));
  past.by_day.clear();
  past.by_day[0] = std::move(all);
  return {};
}

void list_facts(const fs::path& folder, EvaluationPast& past) {
  const Day first = past.by_day.begin()->first;
  const Day last = past.by_day.rbegin()->first;
  const auto put = [&](const fs::path& file, std::vector<fs::path> PastDelivery::* list) {
    const Day day = past.is_dated ? std::clamp(day_named(file).value_or(first), first, last) : 0;
    (past.by_day[day].*list).push_back(file);
  };
  const auto directories = past_files(folder / "directory");
  for (const fs::path& file : directories) put(file, &PastDelivery::directory);
  if (directories.empty() && fs::exists(folder / "directory.csv")) {
    put(folder / "directory.csv", &PastDelivery::directory);
  }
  const auto history = past_files(folder / "hr_history");
  for (const fs::path& file : history) put(file, &PastDelivery::hr);
  if (history.empty() && fs::exists(folder / "hr.csv")) put(folder / "hr.csv", &PastDelivery::hr);
  for (const fs::path& file : past_files(folder / "hr")) {
    if (file.filename() != "resignation.csv") put(file, &PastDelivery::hr);
  }
}

}  // namespace

Result<std::string> read_past_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in && text.empty()) return fail("app.unreadable", "cannot read " + path.string());
  return text;
}

std::vector<fs::path> past_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.')) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Result<EvaluationPast> simulated_past(const fs::path& folder) {
  const fs::path labels = folder / "labels.csv";
  std::error_code error;
  if (!fs::exists(labels, error)) {
    return fail("app.no_labels", folder.string() +
                                     " has no labels.csv; `candor simulate --out DIR` makes a folder that has, and "
                                     "docs/reference/simulator.md tells its columns");
  }
  EvaluationPast past;
  past.name = folder.filename().string();
  past.is_simulated = is_simulated_file(labels);
  CANDOR_TRY(const std::string text, read_past_file(labels));
  CANDOR_TRY(past.labels, read_labels(text, labels.string()));
  CANDOR_TRY_VOID(list_records(folder, past));
  list_facts(folder, past);
  for (const fs::path& file : past_files(folder)) {
    const std::string name = file.filename().string();
    if (name.starts_with("organisation") && name.ends_with(".yml")) past.organisation.push_back(file);
  }
  return past;
}

}  // namespace candor
