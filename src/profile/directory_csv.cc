#include <algorithm>
#include <optional>

#include "profile/csv.h"
#include "profile/directory_reader.h"
#include "profile/export_file.h"

namespace candor {
namespace {

bool names_an_account(DirectoryField field) {
  return field == DirectoryField::id || field == DirectoryField::sign_in || field == DirectoryField::mail ||
         field == DirectoryField::account;
}

// Field of each column.
using Columns = std::vector<std::optional<DirectoryField>>;

Result<Columns> place_columns(const CsvReader::Record& header, const std::string& file,
                              const DirectoryReadOptions& options) {
  std::vector<std::string> names;
  Columns columns;
  names.reserve(header.fields.size());
  columns.reserve(header.fields.size());
  for (const std::string& name : header.fields) {
    names.emplace_back(trimmed(name));
    columns.push_back(directory_field(names.back()));
  }
  CANDOR_TRY(const auto mapped, mapped_fields(options));
  // What the user says takes a field from the column that has it by name.
  for (const auto& [name, field] : mapped) std::ranges::replace(columns, std::optional(field), std::nullopt);
  for (const auto& [name, field] : mapped) {
    const auto column = std::ranges::find(names, trimmed(name));
    if (column == names.end()) {
      const std::string near = nearest(name, names);
      return fail("profile.directory_unknown_column",
                  file + " has no column `" + name + "`" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    columns[static_cast<std::size_t>(column - names.begin())] = field;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i] || has_many(*columns[i])) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (columns[k] != columns[i]) continue;
      return fail("profile.directory_column_twice",
                  file + ": `" + names[k] + "` and `" + names[i] +
                      "` mean the same: say which with `--map Column=" + std::string(to_text(*columns[i])) + "`");
    }
  }
  if (std::ranges::none_of(columns, [](const auto& field) { return field && names_an_account(*field); })) {
    return fail("profile.directory_no_account_column",
                file +
                    " has no column that names an account (userPrincipalName, mail, id): name one by `--map "
                    "Column=sign_in`");
  }
  return columns;
}

// Several values stand in one cell, with semicolons or line ends between them.
void add_values(RawEntry& entry, DirectoryField field, const std::string& cell) {
  if (!has_many(field)) {
    if (!cell.empty()) entry.add(field, cell);
    return;
  }
  for (std::size_t at = 0; at < cell.size();) {
    const std::size_t end = std::min(cell.find_first_of(";\n", at), cell.size());
    if (end > at) entry.add(field, cell.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

Result<void> read_directory_csv(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                DirectoryEntries& into) {
  CsvReader reader(text, CsvReader::separator_of(text));
  const auto header = reader.next();
  if (!header || !header->fault.empty()) {
    return fail("profile.directory_no_header", file + ": a first line with column names is needed");
  }
  CANDOR_TRY(const Columns columns, place_columns(*header, file, options));
  int malformed = 0;
  for (int number = 1;; ++number) {
    const auto record = reader.next();
    if (!record) return {};
    RawEntry entry;
    entry.place = {.file = file, .line = record->line, .number = number};
    const bool is_empty = std::ranges::all_of(record->fields, [](const auto& field) { return trimmed(field).empty(); });
    if (is_empty && record->fault.empty()) continue;  // ",,,": spreadsheets leave such lines at the end
    if (!record->fault.empty() || record->fields.size() > columns.size()) {
      ++into.entries_read;
      const bool is_long = record->fault.empty();
      into.reject(entry.place, "profile.directory_bad_row",
                  is_long ? "it has more fields than the first line has columns" : std::string(record->fault),
                  is_long ? "put a value with a comma in quotation marks" : "RFC 4180 quoting");
      if (++malformed > kMostMalformed) {
        return fail("profile.directory_malformed", file + ": more than 10,000 rows are malformed: this is no CSV file");
      }
      continue;
    }
    for (std::size_t i = 0; i < record->fields.size(); ++i) {
      if (columns[i]) add_values(entry, *columns[i], record->fields[i]);
    }
    take_entry(entry, into);
  }
}

}  // namespace candor
