#include "profile/directory_reader.h"

#include <algorithm>
#include <array>

#include "profile/export_file.h"

namespace candor {
namespace {

struct FormatName {
  DirectoryFormat format;
  std::string_view text;
  Result<void> (*read)(std::string_view, const std::string&, const DirectoryReadOptions&, DirectoryEntries&);
};

constexpr std::array kFormats = {
    FormatName{DirectoryFormat::entra_csv, "entra-csv", read_directory_csv},
    FormatName{DirectoryFormat::graph_json, "graph-json", read_directory_graph},
    FormatName{DirectoryFormat::ldif, "ldif", read_directory_ldif},
    FormatName{DirectoryFormat::csv, "csv", read_directory_csv},
};

}  // namespace

std::string_view to_text(DirectoryFormat format) { return kFormats[static_cast<std::size_t>(format)].text; }

std::optional<DirectoryFormat> directory_format(std::string_view text) {
  const auto* const found = std::ranges::find(kFormats, text, &FormatName::text);
  if (found == kFormats.end()) return std::nullopt;
  return found->format;
}

DirectoryFormat guess_format(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return DirectoryFormat::csv;
  text.remove_prefix(first);
  if (text.starts_with('{') || text.starts_with('[')) return DirectoryFormat::graph_json;
  // LDIF may begin with comments.
  std::string_view line = text.substr(0, text.find('\n'));
  while (line.starts_with('#') && line.size() < text.size()) {
    text.remove_prefix(line.size() + 1);
    line = text.substr(0, text.find('\n'));
  }
  if (line.starts_with("version:") || line.starts_with("dn:")) return DirectoryFormat::ldif;
  return DirectoryFormat::csv;
}

Result<std::vector<std::pair<std::string, DirectoryField>>> mapped_fields(const DirectoryReadOptions& options) {
  std::vector<std::pair<std::string, DirectoryField>> mapped;
  mapped.reserve(options.columns.size());
  for (const auto& [name, field] : options.columns) {
    const auto found = directory_field(field);
    if (!found) {
      const std::string near = nearest(field, directory_field_names());
      return fail("profile.directory_unknown_field",
                  "`" + field + "` is not a field" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
    }
    mapped.emplace_back(name, *found);
  }
  return mapped;
}

Result<void> read_directory(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                            DirectoryEntries& into) {
  if (text.size() > kLargestFile) {
    return fail("profile.directory_too_large", file + " is larger than 64 MiB: split it, and give all parts at once");
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return fail("profile.directory_not_utf8", file + " is UTF-16: save it as UTF-8");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return fail("profile.directory_empty", file + " is empty");
  }
  const DirectoryFormat format = options.format.value_or(guess_format(text));
  return kFormats[static_cast<std::size_t>(format)].read(text, file, options, into);
}

}  // namespace candor
