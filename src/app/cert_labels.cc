#include "app/cert_labels.h"

#include <algorithm>
#include <array>
#include <utility>

#include "activity/time_formats.h"
#include "base/fold.h"
#include "profile/csv.h"

namespace candor {
namespace {

constexpr std::array kScenarios = {
    std::pair{std::string_view("1"), std::string_view("night_media_leak_site")},
    std::pair{std::string_view("2"), std::string_view("job_search_media")},
    std::pair{std::string_view("3"), std::string_view("keylogger_mass_mail")},
    std::pair{std::string_view("4"), std::string_view("other_machine_mailed_home")},
    std::pair{std::string_view("5"), std::string_view("upload_after_layoffs")},
};
constexpr std::array kKinds = {"logon", "device", "http", "email", "file"};

// Of a row of answers.
constexpr std::size_t kId = 1;
constexpr std::size_t kDate = 2;
constexpr std::size_t kUser = 3;
constexpr std::size_t kActivity = 6;  // of http and file, where the release has it
constexpr std::size_t kToMedia = 7;   // of file

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// The first releases write "DTAA/ABC0001".
std::string bare_user(std::string_view text) {
  const auto slash = text.find_last_of("/\\");
  return trimmed(slash == std::string_view::npos ? text : text.substr(slash + 1));
}

std::optional<Day> day_in(std::string_view text) {
  static const TimeFormats formats = *TimeFormats::create({"%m/%d/%Y %H:%M:%S"}, "");
  const auto time = formats.read(trimmed(text));
  return time ? std::optional(day_of(*time)) : std::nullopt;
}

std::string cell(const CsvReader::Record& record, std::size_t column) {
  return column < record.fields.size() ? trimmed(record.fields[column]) : "";
}

// Release 4 has neither column: every row of file.csv is a copy to removable media, and no row of http.csv says that
// something was sent.
bool carries_out(const CsvReader::Record& record, std::string_view kind) {
  const std::string activity = ascii_lowered(cell(record, kActivity));
  if (kind == "http") return activity == "www upload";
  if (kind != "file") return false;
  if (!activity.starts_with("file ")) return true;
  return (activity == "file copy" || activity == "file write") && ascii_lowered(cell(record, kToMedia)) == "true";
}

}  // namespace

std::string cert_scenario(std::string_view number) {
  for (const auto& [known, name] : kScenarios) {
    if (known == number) return std::string(name);
  }
  return "scenario_" + std::string(number);
}

Result<CertInsiders> read_cert_insiders(std::string_view text, const std::string& file, std::string_view dataset) {
  CsvReader reader(text, ',');
  const auto header = reader.next();
  std::map<std::string, std::size_t> columns;
  if (header) {
    for (std::size_t i = 0; i < header->fields.size(); ++i) columns.emplace(ascii_lowered(cell(*header, i)), i);
  }
  for (const char* const name : {"dataset", "scenario", "details", "user", "start", "end"}) {
    if (columns.contains(name)) continue;
    return fail("app.bad_labels",
                file + ":1: no column `" + name + "`; insiders.csv has dataset, scenario, details, user, start, end");
  }
  CertInsiders found;
  while (const auto record = reader.next()) {
    const auto of = [&](const char* name) { return cell(*record, columns.find(name)->second); };
    std::string of_dataset = of("dataset");
    if (of_dataset.starts_with('r')) of_dataset.erase(0, 1);
    if (record->fault.empty() && !of_dataset.empty() && of_dataset != dataset) {
      ++found.others[of_dataset];
      continue;
    }
    CertInsider insider{.line = record->line,
                        .scenario = of("scenario"),
                        .details = of("details"),
                        .user = bare_user(of("user")),
                        .start = day_in(of("start")),
                        .end = day_in(of("end"))};
    // A name that leads out of the folder of answers is none of theirs.
    const bool is_name = !insider.details.empty() && insider.details.find_first_of("/\\") == std::string::npos;
    if (!record->fault.empty() || of_dataset.empty() || !is_name || insider.user.empty()) {
      ++found.bad_rows;
    } else {
      found.insiders.push_back(std::move(insider));
    }
  }
  return found;
}

CertAnswers read_cert_answers(std::string_view text, std::string_view user) {
  CertAnswers answers;
  CsvReader reader(text, ',');
  const std::string wanted = ascii_lowered(user);
  while (const auto record = reader.next()) {
    const std::string kind = ascii_lowered(cell(*record, 0));
    const std::string id = cell(*record, kId);
    const auto day = day_in(cell(*record, kDate));
    if (std::ranges::find(kKinds, kind) == kKinds.end() || id.empty() || !day) {
      ++answers.bad_rows;
      continue;
    }
    if (ascii_lowered(bare_user(cell(*record, kUser))) != wanted) {
      ++answers.of_others;
      continue;
    }
    answers.activities.insert("cert." + kind + ":" + id);
    answers.first = std::min(answers.first.value_or(*day), *day);
    answers.last = std::max(answers.last.value_or(*day), *day);
    if (carries_out(*record, kind)) answers.carry_outs.push_back({.day = *day, .files = 1});
  }
  return answers;
}

}  // namespace candor
