#include <algorithm>
#include <utility>
#include <vector>

#include "sources/find_byte.h"
#include "sources/splitter.h"

// Telling what a text is by its beginning.
namespace candor {
namespace {

constexpr std::size_t kLongestHeader = std::size_t{256} << 10;

// How the first lines look, to tell records on lines from records over lines though some of them be broken.
struct Lines {
  std::size_t whole = 0;  // hold one object
  std::size_t other = 0;  // hold anything else but blanks
  bool first_is_whole = false;
};

// `complete`: the last line ends with the text.
Lines look_at_lines(std::string_view text, bool complete) {
  constexpr std::size_t kMost = 64;
  Lines lines;
  while (!text.empty() && lines.whole + lines.other < kMost) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos && !complete) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) continue;
    const bool whole = line[begin] == '{' && is_whole_object(line);
    if (lines.whole + lines.other == 0) lines.first_is_whole = whole;
    ++(whole ? lines.whole : lines.other);
  }
  return lines;
}

// nullopt: not enough lines to tell.
std::optional<Format::Kind> kind_of_objects(std::string_view text, bool complete, bool enough) {
  const Lines lines = look_at_lines(text, complete);
  if (lines.first_is_whole) return Format::Kind::lines;
  if (!enough && lines.whole == 0) return std::nullopt;
  // One line that goes on and on is taken for a line; lines that hold parts of an object are not. Where lines are
  // broken, the whole ones tell.
  const bool endless = lines.whole + lines.other == 0;
  const bool on_lines = endless || (lines.whole > 0 && lines.whole >= lines.other);
  return on_lines ? Format::Kind::lines : Format::Kind::values;
}

std::vector<std::string> header_cells(std::string_view line, char delimiter) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      cells.emplace_back();
    } else if (c != '\r' && c != ' ') {
      cells.back() += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
  }
  return cells;
}

std::optional<CsvForm> csv_form(std::string_view header) {
  for (const char delimiter : {',', ';', '\t'}) {
    const std::vector<std::string> cells = header_cells(header, delimiter);
    const auto found = std::find(cells.begin(), cells.end(), "auditdata");
    if (found != cells.end()) return CsvForm{delimiter, static_cast<std::size_t>(found - cells.begin())};
  }
  return std::nullopt;
}

// The parts of a row that tell for themselves what they are called. The delimiter is the one that gives most of them.
std::optional<CsvForm> row_form(std::string_view header) {
  CsvForm best;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::vector<std::string> columns = csv_header(header, delimiter);
    if (columns.size() > best.columns.size())
      best = {.delimiter = delimiter, .column = 0, .columns = std::move(columns)};
  }
  if (best.columns.size() < 2) return std::nullopt;
  return best;
}

// A column without a name gives no member.
void leave_out(const std::vector<std::string>& names, CsvForm& form) {
  for (std::string& column : form.columns) {
    if (std::ranges::find(names, column) != names.end()) column.clear();
  }
}

// Whether an object of the text begins with records in an array of its own. What is wrong about it costs no record: the
// splitter looks closely.
bool may_hold_envelope(std::string_view text, const std::vector<std::string>& envelopes) {
  for (const std::string& envelope : envelopes) {
    const std::string key = '"' + envelope + '"';
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
      auto next = text.find_first_not_of(kBlanks, at + key.size());
      if (next == std::string_view::npos || text[next] != ':') continue;
      next = text.find_first_not_of(kBlanks, next + 1);
      if (next != std::string_view::npos && text[next] == '[') return true;
    }
  }
  return false;
}

std::string unknown_format(const std::string& name, bool of_feed) {
  if (of_feed) {
    return name +
           " is neither JSON nor a CSV: give a JSON array, JSON lines, or rows of at least two columns whose first "
           "line "
           "names them, parted by comma, semicolon, tab or | (also as gzip or zstd)";
  }
  return name +
         " is neither JSON nor a CSV with a column AuditData: give a JSON array, JSON lines, or the CSV of "
         "Search-UnifiedAuditLog or of the portal's audit search (also as gzip or zstd); of another application say "
         "which feed it is";
}

}  // namespace

bool is_whole_object(std::string_view line) {
  std::int64_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return line.find_first_not_of(" \t\r\n", i + 1) == std::string_view::npos;
    }
  }
  return false;
}

Result<std::optional<Format>> detect_format(std::string_view beginning, bool complete, const std::string& name,
                                            const std::optional<FeedForm>& feed) {
  const auto first = beginning.find_first_not_of(" \t\r\n");
  const auto unknown = [&] { return fail("sources.unknown_format", unknown_format(name, feed.has_value())); };
  const std::vector<std::string> envelopes = feed ? feed->envelopes : std::vector<std::string>();
  if (first == std::string_view::npos) {
    if (complete) return Format{};
    if (beginning.size() > kLongestHeader) return unknown();
    return std::optional<Format>();
  }
  const bool enough = complete || beginning.size() > kLongestHeader;
  const std::string_view text = beginning.substr(first);
  if (text[0] == '[') return Format{.kind = Format::Kind::values, .envelopes = envelopes};
  const auto end = text.find('\n');
  if (text[0] == '{') {
    if (may_hold_envelope(text, envelopes)) return Format{.kind = Format::Kind::values, .envelopes = envelopes};
    const auto kind = kind_of_objects(text, complete, enough);
    if (!kind) return std::optional<Format>();
    return Format{.kind = *kind, .envelopes = envelopes};
  }
  if (end == std::string_view::npos && !enough) return std::optional<Format>();
  // Export-Csv may put "#TYPE ..." above the header.
  std::size_t start = first;
  std::uint64_t line = 1 + static_cast<std::uint64_t>(std::count(
                               beginning.begin(), beginning.begin() + static_cast<std::ptrdiff_t>(first), '\n'));
  if (text.starts_with("#TYPE")) {
    if (end == std::string_view::npos) return unknown();
    start = first + end + 1;
    ++line;
  }
  const auto header_end = beginning.find('\n', start);
  if (header_end == std::string_view::npos && !enough) return std::optional<Format>();
  const auto header = beginning.substr(start, std::min(header_end, beginning.size()) - start);
  auto form = feed ? row_form(header) : csv_form(header);
  if (!form) {
    // A log whose beginning was cut off in the middle of a line.
    const Lines lines = look_at_lines(text, complete);
    if (lines.whole > 0 && lines.whole >= lines.other) return Format{};
    return !complete && !enough ? Result<std::optional<Format>>(std::nullopt) : unknown();
  }
  if (feed) leave_out(feed->left_out, *form);
  return Format{.kind = Format::Kind::csv,
                .csv = *form,
                .first_row = line + 1,
                .skip = std::min(header_end, beginning.size() - 1) + 1,
                .envelopes = {}};
}

}  // namespace candor
