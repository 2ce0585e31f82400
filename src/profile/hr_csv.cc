#include "profile/hr_csv.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.h"
#include "profile/csv.h"
#include "profile/export_file.h"
#include "profile/hr_columns.h"
#include "profile/people.h"

namespace candor {
namespace {

constexpr std::size_t kLongestAddress = 320;
constexpr std::size_t kLongestValue = 4096;
// Why a row, or a file, cannot be used.
struct Fault {
  std::string id;
  std::string message;
  std::string hint;
};

// What the header tells.
struct Layout {
  std::vector<std::string> names;                        // as written
  std::array<std::optional<std::size_t>, kHrFields> at;  // field -> column
  std::optional<FactKind> kind;                          // of all rows, unless there is a scenario column
};

class HrCsvParser {
 public:
  HrCsvParser(std::string_view text, const std::string& file, const HrCsvOptions& options)
      : reader_(text, CsvReader::separator_of(text)), file_(file), options_(options) {}

  Result<HrCsv> parse();

 private:
  Result<void> read_header();
  Result<void> place_columns(const CsvReader::Record& header);
  Result<void> decide_kind();
  std::optional<Fault> read_row(const CsvReader::Record& record);
  std::optional<Fault> read_kind(const CsvReader::Record& record, HrRow& row) const;
  std::optional<Fault> read_times(const CsvReader::Record& record, HrRow& row);
  std::optional<Fault> read_values(const CsvReader::Record& record, HrRow& row) const;

  std::string_view cell(const CsvReader::Record& record, HrField field) const {
    const auto column = layout_.at[static_cast<std::size_t>(field)];
    return column && *column < record.fields.size() ? trimmed(record.fields[*column]) : std::string_view();
  }
  bool has(HrField field) const { return layout_.at[static_cast<std::size_t>(field)].has_value(); }
  // The column's own name in the file, for messages.
  std::string column(HrField field) const {
    const auto found = layout_.at[static_cast<std::size_t>(field)];
    return found ? layout_.names[*found] : std::string(to_text(field));
  }
  void note(int line, Severity severity, Fault fault);

  CsvReader reader_;
  const std::string& file_;
  const HrCsvOptions& options_;
  Layout layout_;
  HrCsv csv_;
};

void HrCsvParser::note(int line, Severity severity, Fault fault) {
  if (csv_.diagnostics.size() >= HrCsv::kMostDiagnostics) {
    ++csv_.diagnostics_left_out;
    return;
  }
  csv_.diagnostics.push_back({.file = file_,
                              .line = line,
                              .column = 0,
                              .severity = severity,
                              .id = std::move(fault.id),
                              .message = std::move(fault.message),
                              .hint = std::move(fault.hint)});
}

Result<void> HrCsvParser::place_columns(const CsvReader::Record& header) {
  for (const std::string& name : header.fields) layout_.names.emplace_back(trimmed(name));
  std::vector<std::optional<HrField>> fields;
  fields.reserve(layout_.names.size());
  for (const std::string& name : layout_.names) fields.push_back(hr_field(name));
  for (const auto& [name, field] : options_.columns) {
    const auto found = hr_field(field);
    if (!found) {
      const std::string near = nearest(field, hr_field_names());
      return fail("profile.hr_unknown_field",
                  "`" + field + "` is not a field" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    const auto column = std::ranges::find(layout_.names, std::string(trimmed(name)));
    if (column == layout_.names.end()) {
      const std::string near = nearest(name, layout_.names);
      return fail("profile.hr_unknown_column",
                  file_ + " has no column `" + name + "`" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    // What the user says takes the field from the column that has it by name.
    std::ranges::replace(fields, found, std::optional<HrField>());
    fields[static_cast<std::size_t>(column - layout_.names.begin())] = found;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i]) continue;
    auto& place = layout_.at[static_cast<std::size_t>(*fields[i])];
    if (place) {
      return fail("profile.hr_column_twice",
                  file_ + ": `" + layout_.names[*place] + "` and `" + layout_.names[i] +
                      "` mean the same: say which with `--map Column=" + std::string(to_text(*fields[i])) + "`");
    }
    place = i;
  }
  return {};
}

Result<void> HrCsvParser::decide_kind() {
  if (options_.kind == FactKind::directory || options_.kind == FactKind::account ||
      options_.kind == FactKind::scoring_start) {
    return fail("profile.hr_kind_unknown",
                "facts of a directory are no facts of human resources: import them with "
                "`candor people import`");
  }
  if (options_.kind) {
    layout_.kind = options_.kind;
    return {};
  }
  if (has(HrField::scenario)) return {};
  std::set<FactKind> kinds;
  for (std::size_t i = 0; i < layout_.names.size(); ++i) {
    const auto kind = kind_given_away(layout_.names[i]);
    if (kind && std::ranges::find(layout_.at, std::optional(i)) != layout_.at.end()) kinds.insert(*kind);
  }
  // Fields that only one kind has, also when --map gave them another column.
  if (has(HrField::resignation_date)) kinds.insert(FactKind::resignation);
  if (has(HrField::old_level) || has(HrField::new_level)) kinds.insert(FactKind::job_level_change);
  if (kinds.size() > 1) kinds.erase(FactKind::employee_profile);  // names beside other facts are decoration
  if (kinds.empty() && (has(HrField::rating) || has(HrField::remarks))) kinds.insert(FactKind::performance_review);
  if (kinds.size() != 1) {
    return fail("profile.hr_kind_unknown", file_ +
                                               (kinds.empty() ? ": the columns do not tell what kind of facts this is"
                                                              : ": the columns fit several kinds of facts") +
                                               ": say so with `--kind`, or add a column HRScenario");
  }
  layout_.kind = *kinds.begin();
  return {};
}

Result<void> HrCsvParser::read_header() {
  const auto header = reader_.next();
  if (!header || !header->fault.empty()) {
    return fail("profile.hr_no_header", file_ + (header ? ": its first line is malformed: " + std::string(header->fault)
                                                        : " is empty: a first line with column names is needed"));
  }
  CANDOR_TRY_VOID(place_columns(*header));
  if (!has(HrField::email)) {
    return fail("profile.hr_no_address_column",
                file_ + " has no column EmailAddress: name the column with the address by `--map Column=email`");
  }
  return decide_kind();
}

std::optional<Fault> HrCsvParser::read_kind(const CsvReader::Record& record, HrRow& row) const {
  if (layout_.kind) {
    row.kind = *layout_.kind;
    return std::nullopt;
  }
  const auto kind = kind_of_scenario(cell(record, HrField::scenario));
  if (!kind) {
    return Fault{"profile.hr_unknown_scenario", "the column " + column(HrField::scenario) + " names no known scenario",
                 "Resignation, Job level change, Performance review, Performance improvement plan, Employee profile"};
  }
  row.kind = *kind;
  return std::nullopt;
}

std::optional<Fault> HrCsvParser::read_times(const CsvReader::Record& record, HrRow& row) {
  // A profile without a date holds from the day it is imported.
  if (row.kind == FactKind::employee_profile && cell(record, HrField::effective_date).empty()) return std::nullopt;
  static constexpr std::string_view kForms = "2026-04-23T15:18:02Z, with an offset such as +05:30, or 2026-04-23";
  HrField field = row.kind == FactKind::resignation ? HrField::resignation_date : HrField::effective_date;
  // A row of Purview's own sample has its date in the other kind's column; there is nothing else it could mean.
  if (cell(record, field).empty() && row.kind != FactKind::resignation &&
      !cell(record, HrField::resignation_date).empty()) {
    note(record.line, Severity::warning,
         {"profile.hr_date_elsewhere",
          "the date of this row stands in the column " + column(HrField::resignation_date) + " and is taken from there",
          "move it to the column EffectiveDate"});
    field = HrField::resignation_date;
  }
  const std::string_view text = cell(record, field);
  if (text.empty()) return Fault{"profile.hr_no_date", "the column " + column(field) + " is empty", ""};
  row.occurred = parse_time(text);
  if (!row.occurred) {
    return Fault{"profile.hr_bad_date", "the column " + column(field) + " holds no date", std::string(kForms)};
  }
  const std::string_view last = cell(record, HrField::last_working_date);
  if (row.kind != FactKind::resignation || last.empty()) return std::nullopt;
  // The day as written: midnight in the office is another day in UTC.
  const auto day = parse_day(last.substr(0, 10));
  if (!day || !parse_time(last)) {
    return Fault{"profile.hr_bad_date", "the column " + column(HrField::last_working_date) + " holds no date",
                 std::string(kForms)};
  }
  row.attributes["last_working_day"] = format_day(*day);
  return std::nullopt;
}

std::optional<Fault> HrCsvParser::read_values(const CsvReader::Record& record, HrRow& row) const {
  for (const HrField field : attributes_of(row.kind)) {
    const std::string_view value = cell(record, field);
    if (value.size() > kLongestValue) {
      return Fault{"profile.hr_value_too_long", "the column " + column(field) + " holds more than 4096 bytes", ""};
    }
    if (!value.empty()) row.attributes[std::string(to_text(field))] = value;
  }
  return std::nullopt;
}

std::optional<Fault> HrCsvParser::read_row(const CsvReader::Record& record) {
  if (!record.fault.empty()) return Fault{"profile.hr_bad_row", std::string(record.fault), "RFC 4180 quoting"};
  for (std::size_t i = layout_.names.size(); i < record.fields.size(); ++i) {
    if (!trimmed(record.fields[i]).empty()) {
      return Fault{"profile.hr_too_many_fields", "it has more fields than the first line has columns",
                   "put a value with a comma in quotation marks"};
    }
  }
  for (const std::string& field : record.fields) {
    if (!is_utf8(field)) return Fault{"profile.hr_not_utf8", "it is not UTF-8", "save the file as UTF-8"};
  }
  HrRow row;
  row.line = record.line;
  row.account = normalise_account_name(cell(record, HrField::email));
  const std::size_t at = row.account.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == row.account.size() || row.account.size() > kLongestAddress ||
      row.account.find_first_of(" \t\r\n<>,;") != std::string::npos ||
      row.account.find('@', at + 1) != std::string::npos) {
    return Fault{"profile.hr_bad_address",
                 "the column " + column(HrField::email) + (row.account.empty() ? " is empty" : " holds no address"),
                 ""};
  }
  if (auto fault = read_kind(record, row)) return fault;
  if (auto fault = read_times(record, row)) return fault;
  if (auto fault = read_values(record, row)) return fault;
  csv_.rows.push_back(std::move(row));
  return std::nullopt;
}

Result<HrCsv> HrCsvParser::parse() {
  CANDOR_TRY_VOID(read_header());
  std::int64_t malformed = 0;
  while (const auto record = reader_.next()) {
    if (std::ranges::all_of(record->fields, [](const std::string& field) { return trimmed(field).empty(); }) &&
        record->fault.empty()) {
      continue;  // ",,,": spreadsheets leave such lines at the end
    }
    ++csv_.rows_read;
    auto fault = read_row(*record);
    if (!fault) continue;
    ++csv_.rejected[fault->id];
    note(record->line, Severity::error, *std::move(fault));
    if (!record->fault.empty() && ++malformed > kMostMalformed) {
      return fail("profile.hr_not_csv", file_ + ": more than 10,000 rows are malformed: this is no CSV file");
    }
  }
  return std::move(csv_);
}

}  // namespace

Result<HrCsv> read_hr_csv(std::string_view text, const std::string& file, const HrCsvOptions& options) {
  if (text.size() > kLargestFile) {
    return fail("profile.hr_too_large", file + " is larger than 64 MiB: import it in parts, each with the first line");
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return fail("profile.hr_not_utf8", file + " is UTF-16: save it as UTF-8");
  }
  return HrCsvParser(text, file, options).parse();
}

}  // namespace candor
