#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "profile/directory_entry.h"

// Exports of directories as files: which formats there are and how they become entries. docs/reference/people.md.
namespace candor {

enum class DirectoryFormat : std::uint8_t {
  entra_csv,   // Entra's or Graph's column names; the header decides
  graph_json,  // pages of `value`, one or a list or one a line; users alone as well
  ldif,        // RFC 2849
  csv,         // columns as `columns` says
};
std::string_view to_text(DirectoryFormat format);
std::optional<DirectoryFormat> directory_format(std::string_view text);
// What the first bytes look like.
DirectoryFormat guess_format(std::string_view text);

struct DirectoryReadOptions {
  std::optional<DirectoryFormat> format;                     // default: guess_format()
  std::vector<std::pair<std::string, std::string>> columns;  // column or attribute of the file -> field, as `--map`
};

// Adds the entries of one file. Entries that cannot be used are named and left out (DirectoryEntries::rejected). Fails
// as a whole only when the file cannot be understood: `profile.directory_too_large` (over 64 MiB),
// `profile.directory_not_utf8`, `profile.directory_empty`, `profile.directory_no_header`,
// `profile.directory_no_account_column`, `profile.directory_unknown_field`, `profile.directory_unknown_column`,
// `profile.directory_column_twice`, `profile.directory_bad_json`, `profile.directory_malformed`. Messages hold no
// values.
Result<void> read_directory(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                            DirectoryEntries& into);

// The parts, one a format; internal.
Result<void> read_directory_csv(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                DirectoryEntries& into);
Result<void> read_directory_graph(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                  DirectoryEntries& into);
Result<void> read_directory_ldif(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                 DirectoryEntries& into);

// `--map` as pairs from name, as written, to field. Fails with `profile.directory_unknown_field`.
Result<std::vector<std::pair<std::string, DirectoryField>>> mapped_fields(const DirectoryReadOptions& options);

}  // namespace candor
