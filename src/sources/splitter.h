#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/batch_builder.h"
#include "sources/feed.h"

namespace candor {

// Finds the records in a text that arrives in pieces. Thread safety: one thread at a time.
class Splitter {
 public:
  virtual ~Splitter() = default;

  // Takes bytes until the batch is full or none are left, and returns how many. It stops only between two records, so
  // that whoever goes on later can start there.
  virtual std::size_t feed(std::string_view bytes, BatchBuilder& batch) = 0;
  // The text is over: ends or rejects the record under way.
  virtual void finish(BatchBuilder& batch) = 0;
  // Row of the next record, as RawSlice counts it.
  virtual std::uint64_t row() const = 0;
};

// One record a line. Lines of blanks are no rows.
std::unique_ptr<Splitter> line_splitter(std::uint64_t first_row);

// JSON objects one after the other: elements of arrays, pretty-printed, with anything JSON between them. `null` is an
// `empty_record`, other values are `not_an_object`, and an object that is broken off is `invalid_json`: those behind it
// are found again at the next `{` that can only start another one (value_splitter.cc says how that is told). An object
// that has one of `envelopes` as a member with an array is no record: the array's elements are, whatever else is in it.
std::unique_ptr<Splitter> value_splitter(std::uint64_t first_row, std::vector<std::string> envelopes = {});

// CSV by RFC 4180: a quote that starts a cell opens it, quotes in it are doubled, records may span lines. Rows count
// lines; an unclosed quote is `bad_csv`.
struct CsvForm {
  char delimiter = ',';
  // The column that is the record as JSON (AuditData): an empty one is an `empty_record`, a row without it `bad_csv`.
  std::size_t column = 0;
  // Else, when not empty: the whole row is, as an object of texts. Names of the columns, as the inside of a JSON
  // string; those without one, and empty cells, give no member. A row of more or fewer cells is `bad_csv`.
  std::vector<std::string> columns = {};
};
std::unique_ptr<Splitter> csv_splitter(CsvForm form, std::uint64_t first_row);
// The names of CsvForm::columns from the first line.
std::vector<std::string> csv_header(std::string_view line, char delimiter);

// True when the line is one whole JSON object or array, by its brackets and strings.
bool is_whole_object(std::string_view line);

// What a text is, from its beginning.
struct Format {
  enum class Kind : char { lines = 'l', values = 'v', csv = 'c' };
  Kind kind = Kind::lines;
  CsvForm csv = {};
  std::uint64_t first_row = 1;
  std::size_t skip = 0;                     // bytes before the first record: the header of a CSV
  std::vector<std::string> envelopes = {};  // of values
};
// nullopt: more of the text is needed (`complete` says that there is no more). `feed`: as FileSource::Options::feed.
// Fails with `sources.unknown_format`.
Result<std::optional<Format>> detect_format(std::string_view beginning, bool complete, const std::string& name,
                                            const std::optional<FeedForm>& feed = std::nullopt);
std::unique_ptr<Splitter> make_splitter(const Format& format, std::uint64_t first_row);

}  // namespace candor
