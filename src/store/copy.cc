#include "store/copy.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <map>
#include <optional>

#include "base/keys.h"
#include "store/migration.h"
#include "store/record_place.h"
#include "store/store.h"

namespace candor {
namespace {

constexpr std::chrono::milliseconds kLockWait{10'000};

enum class ColumnType { number, text, bytes };

struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
};

struct Table {
  std::string name;
  std::vector<Column> columns;

  std::string column_list() const {
    std::string out;
    for (const Column& column : columns) out += (out.empty() ? "" : ", ") + column.name;
    return out;
  }
  std::string select() const { return "select " + column_list() + " from " + name; }
  std::string insert() const {
    std::string values;
    for (std::size_t i = 1; i <= columns.size(); ++i) values += (i == 1 ? "?" : ", ?") + std::to_string(i);
    return "insert into " + name + " (" + column_list() + ") values (" + values + ")";
  }
};

bool all(const Row& /*row*/) { return true; }

Result<ColumnType> column_type(std::string declared) {
  std::ranges::transform(declared, declared.begin(), [](unsigned char c) { return std::tolower(c); });
  if (declared == "bigint") return ColumnType::number;
  if (declared == "text") return ColumnType::text;
  if (declared == "bytea") return ColumnType::bytes;
  return fail("store.not_copied", "a column of type " + declared + " is not known here");
}

// In the order they were made, so that what a foreign key names comes first.
Result<std::vector<Table>> tables_of(Connection& sqlite) {
  std::vector<Table> tables;
  CANDOR_TRY_VOID(
      sqlite.run("select name from sqlite_master where type = 'table' order by rowid", {}, [&](const Row& row) {
        tables.push_back({.name = row.text(0), .columns = {}});
        return true;
      }));
  for (Table& table : tables) {
    std::optional<Error> unknown;
    CANDOR_TRY_VOID(sqlite.run("select name, type from pragma_table_info(?1)", {table.name}, [&](const Row& row) {
      auto type = column_type(row.text(1));
      if (type) table.columns.push_back({.name = row.text(0), .type = *type});
      if (!type) unknown = type.error();
      return !unknown;
    }));
    if (unknown) return std::unexpected(in_context(*unknown, table.name));
  }
  return tables;
}

// Rows in any order: their hashes are added up.
class Sum {
 public:
  void add(const Table& table, const Row& row) {
    std::string line;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      line += row.is_null(i) ? "n" : "v" + std::to_string(row.text(i).size()) + ":" + row.text(i);
    }
    hash_ += content_hash(line);
    ++rows_;
  }
  CopiedTable of(const Table& table) const { return {.name = table.name, .rows = rows_, .hash = hash_}; }

 private:
  std::int64_t rows_ = 0;
  std::uint64_t hash_ = 0;
};

// As its column is declared: SQLite would have kept a text in a column of numbers. Nothing when it is none.
std::optional<Parameter> value_of(const Row& row, std::size_t column, ColumnType type) {
  if (row.is_null(column)) return Parameter(std::nullopt);
  if (type == ColumnType::text) return Parameter(std::string_view(row.text(column)));
  if (type == ColumnType::bytes) return Parameter(Blob{row.text(column)});
  const auto number = row.optional_integer(column);
  if (!number || std::to_string(*number) != row.text(column)) return std::nullopt;
  return Parameter(*number);
}

Result<CopiedTable> copy_table(Connection& from, Connection& to, const Table& table) {
  CANDOR_TRY_VOID(to.run("delete from " + table.name, {}, all));  // what migrations put there
  Sum sum;
  Result<void> outcome;
  const std::string insert = table.insert();
  CANDOR_TRY_VOID(from.stream(table.select(), {}, [&](const Row& row) {
    Parameters values;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto value = value_of(row, i, table.columns[i].type);
      if (!value) {
        outcome = fail("store.not_copied", table.name + "." + table.columns[i].name +
                                               " holds something that is no number: row " +
                                               std::to_string(sum.of(table).rows + 1));
        return false;
      }
      values.push_back(*value);
    }
    sum.add(table, row);
    if (const auto done = to.run(insert, values, all); !done) {
      outcome = std::unexpected(in_context(done.error(), table.name));
    }
    return outcome.has_value();
  }));
  if (!outcome) return std::unexpected(outcome.error());
  return sum.of(table);
}

Result<void> verify(Connection& to, const Table& table, const CopiedTable& read) {
  Sum sum;
  CANDOR_TRY_VOID(to.stream(table.select(), {}, [&](const Row& row) {
    sum.add(table, row);
    return true;
  }));
  const CopiedTable there = sum.of(table);
  if (there.rows == read.rows && there.hash == read.hash) return {};
  return fail("store.not_copied", "what came to lie in " + table.name + " is not what was read: " +
                                      std::to_string(there.rows) + " rows of " + std::to_string(read.rows));
}

Result<void> require_empty(Connection& to) {
  std::int64_t tables = 0;
  CANDOR_TRY_VOID(to.run("select count(*) from information_schema.tables where table_schema = current_schema()", {},
                         [&](const Row& row) {
                           tables = row.integer(0);
                           return true;
                         }));
  if (tables == 0) return {};
  return fail("store.not_empty", "the database has tables already: name one that is empty");
}

Result<std::vector<CopiedTable>> copy_all(Connection& from, Connection& to, const CopyProgress& progress) {
  CANDOR_TRY_VOID(require_empty(to));
  CANDOR_TRY_VOID(apply_migrations(to, shipped_migrations()));
  CANDOR_TRY(const auto tables, tables_of(from));
  std::vector<CopiedTable> copied;
  for (const Table& table : tables) {
    progress(table.name);
    CANDOR_TRY(auto done, copy_table(from, to, table));
    CANDOR_TRY_VOID(verify(to, table, done));
    copied.push_back(std::move(done));
  }
  return copied;
}

}  // namespace

Result<std::vector<CopiedTable>> copy_records(Connection& from, Connection& to, const CopyProgress& progress) {
  CANDOR_TRY_VOID(migrate(from, shipped_migrations()));     // both sides have today's tables
  CANDOR_TRY_VOID(from.begin(Connection::Begin::writing));  // nobody changes anything behind what was copied
  auto copied = [&]() -> Result<std::vector<CopiedTable>> {
    CANDOR_TRY_VOID(to.begin(Connection::Begin::writing));
    auto all_tables = copy_all(from, to, progress);
    auto outcome = all_tables ? to.commit() : Result<void>();
    if (!all_tables || !outcome) to.rollback();
    if (!outcome) return std::unexpected(outcome.error());
    return all_tables;
  }();
  from.rollback();
  return copied;
}

Result<std::vector<CopiedTable>> move_records(const std::filesystem::path& data_folder, const std::string& url,
                                              bool without_tls, const CopyProgress& progress) {
  CANDOR_TRY(const RecordPlace here, find_records(data_folder, "", false));
  if (here.server) {
    return fail("store.other_place", "the records of " + data_folder.string() + " are in " + here.shown() + " already");
  }
  std::error_code error;
  if (!std::filesystem::exists(here.file, error)) {
    return fail("store.unavailable", here.file.string() + " is not there: there is nothing to copy");
  }
  CANDOR_TRY(const PostgresUrl wanted, PostgresUrl::parse(url));
  CANDOR_TRY_VOID(wanted.check_network(without_tls));
  std::vector<CopiedTable> copied;
  {
    CANDOR_TRY(const auto from, open_sqlite(here.file, kLockWait));
    CANDOR_TRY(const auto to, open_postgres(wanted, kLockWait));
    CANDOR_TRY(copied, copy_records(*from, *to, progress));
  }
  CANDOR_TRY_VOID(remember_records(data_folder, {.file = here.file, .server = wanted, .without_tls = without_tls}));
  // From here on they are on the server; the file is only in the way.
  for (const char* end : {"", "-wal", "-shm"}) {
    std::filesystem::rename(here.file.string() + end, here.file.string() + ".copied" + end, error);
  }
  return copied;
}

}  // namespace candor
