#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/connection.h"

namespace candor {
namespace {

using sqlite_api::sqlite3_errmsg;
using sqlite_api::sqlite3_extended_errcode;
using sqlite_api::sqlite3_reset;

// SOCI's own texts carry the values of parameters, so none of them may leave this file.
Error error_of(int code, const char* detail) {
  struct Meaning {
    int code;
    const char* id;
    const char* message;
  };
  static constexpr std::array kMeanings = {
      Meaning{SQLITE_FULL, "store.disk_full", "no space is left for the record database: free some and try again"},
      Meaning{SQLITE_BUSY, "store.locked", "another process keeps the record database busy: try again later"},
      Meaning{SQLITE_LOCKED, "store.locked", "another process keeps the record database busy: try again later"},
      Meaning{SQLITE_CONSTRAINT, "store.conflict", "the record database refused a value that breaks a rule of a table"},
      Meaning{SQLITE_CORRUPT, "store.corrupt", "the record database is damaged: restore it from the backup"},
      Meaning{SQLITE_NOTADB, "store.corrupt", "the record database is not a database: restore it from the backup"},
      Meaning{SQLITE_IOERR, "store.unavailable", "the record database cannot be read or written: check the disk"},
      Meaning{SQLITE_CANTOPEN, "store.unavailable", "the record database cannot be opened: check its permissions"},
      Meaning{SQLITE_READONLY, "store.unavailable", "the record database is read-only: check its permissions"},
      Meaning{SQLITE_PERM, "store.unavailable", "the record database cannot be opened: check its permissions"},
      Meaning{SQLITE_AUTH, "store.unavailable", "the record database cannot be opened: check its permissions"},
  };
  for (const Meaning& meaning : kMeanings) {
    if ((code & 0xff) == meaning.code) return {meaning.id, meaning.message};
  }
  // Texts of the remaining codes speak of the statement (syntax, missing table), never of values.
  return {"store.bad_statement", std::string("a statement failed: ") + detail};
}

// Storage that a prepared statement reads its parameters from, one per ?N.
struct Slot {
  soci::indicator indicator = soci::i_ok;
  long long number = 0;
  std::string text;
  std::unique_ptr<soci::blob> blob;
};

struct Prepared {
  explicit Prepared(soci::session& session) : statement(session) {}
  std::vector<std::unique_ptr<Slot>> slots;
  std::vector<std::string> values;
  std::vector<soci::indicator> indicators;
  soci::statement statement;  // last: it points into the above
};

// 'n' null, 'i' integer, 't' text, 'b' bytes: the types are part of what is prepared.
std::string key_of(std::string_view sql, const Parameters& parameters) {
  std::string key;
  key.reserve(sql.size() + parameters.size() + 1);
  for (const Parameter& parameter : parameters) key += "nitb"[parameter.value().index()];
  key += ' ';
  key += sql;
  return key;
}

void fill(Slot& slot, const Parameter& parameter) {
  if (const auto* number = std::get_if<std::int64_t>(&parameter.value())) {
    slot.number = *number;
  } else if (const auto* text = std::get_if<std::string_view>(&parameter.value())) {
    slot.text.assign(*text);
  } else if (const auto* blob = std::get_if<Blob>(&parameter.value())) {
    // Written even when empty: without a buffer SQLite would take it for null.
    slot.blob->trim(0);
    slot.blob->write(0, blob->bytes.empty() ? "" : blob->bytes.data(), blob->bytes.empty() ? 1 : blob->bytes.size());
    if (blob->bytes.empty()) slot.blob->trim(0);
  } else {
    slot.indicator = soci::i_null;
  }
}

void attach(soci::session& session, Prepared& prepared, const Parameter& parameter) {
  auto slot = std::make_unique<Slot>();
  if (std::holds_alternative<Blob>(parameter.value())) slot->blob = std::make_unique<soci::blob>(session);
  fill(*slot, parameter);
  if (std::holds_alternative<std::int64_t>(parameter.value())) {
    prepared.statement.exchange(soci::use(slot->number));
  } else if (slot->blob) {
    prepared.statement.exchange(soci::use(*slot->blob));
  } else {
    prepared.statement.exchange(soci::use(slot->text, slot->indicator));
  }
  prepared.slots.push_back(std::move(slot));
}

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(const std::string& connect_string) : soci_(soci::sqlite3, connect_string) {}

  sqlite_api::sqlite3* handle() { return static_cast<soci::sqlite3_session_backend*>(soci_.get_backend())->conn_; }

  Result<void> begin(Begin kind) override;
  Result<void> commit() override;
  void rollback() override;
  Result<std::int64_t> run(std::string_view sql, const Parameters& parameters, const Visit& visit) override;
  Result<void> stream(std::string_view sql, const Parameters& parameters, const Visit& visit) override;
  Result<void> define(std::string_view sql) override;
  Result<void> snapshot(const std::filesystem::path& file) override {
    CANDOR_TRY_VOID(run("vacuum into ?1", {file.string()}, [](const Row&) { return true; }));
    return {};
  }
  Result<bool> hold() override { return true; }  // the data folder's lock says it already
  bool is_lost() const override { return false; }

 private:
  Error last_error() { return error_of(sqlite3_extended_errcode(handle()), sqlite3_errmsg(handle())); }
  // Taken out of the cache while it runs, so that a row's visitor may run the same statement again.
  std::unique_ptr<Prepared> take(const std::string& key, std::string_view sql, const Parameters& parameters);
  void give_back(std::string key, std::unique_ptr<Prepared> prepared);

  soci::session soci_;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> prepared_;
};

std::unique_ptr<Prepared> SqliteConnection::take(const std::string& key, std::string_view sql,
                                                 const Parameters& parameters) {
  if (const auto found = prepared_.find(key); found != prepared_.end()) {
    auto statement = std::move(found->second);
    prepared_.erase(found);
    for (std::size_t i = 0; i < parameters.size(); ++i) fill(*statement->slots[i], parameters[i]);
    return statement;
  }
  auto statement = std::make_unique<Prepared>(soci_);
  statement->statement.alloc();
  statement->statement.prepare(std::string(sql));
  for (const Parameter& parameter : parameters) attach(soci_, *statement, parameter);
  const int columns = statement->statement.get_backend()->prepare_for_describe();
  statement->values.resize(static_cast<std::size_t>(columns));
  statement->indicators.resize(statement->values.size());
  for (std::size_t i = 0; i < statement->values.size(); ++i) {
    statement->statement.exchange(soci::into(statement->values[i], statement->indicators[i]));
  }
  statement->statement.define_and_bind();
  return statement;
}

void SqliteConnection::give_back(std::string key, std::unique_ptr<Prepared> statement) {
  static constexpr std::size_t kMost = 256;  // all statements of the product; a bound, not a tuning
  if (prepared_.size() >= kMost) prepared_.clear();
  prepared_.insert_or_assign(std::move(key), std::move(statement));
}

Result<void> SqliteConnection::begin(Begin kind) {
  // `begin` alone would take the write lock at the first change and fail at once, without waiting, when another
  // process wrote since.
  const auto begun = run(kind == Begin::writing ? "begin immediate" : "begin", {}, [](const Row&) { return true; });
  if (!begun) return std::unexpected(begun.error());
  return {};
}

Result<void> SqliteConnection::commit() {
  const auto done = run("commit", {}, [](const Row&) { return true; });
  if (!done) return std::unexpected(done.error());
  return {};
}

void SqliteConnection::rollback() {
  // After some errors (disk full) SQLite has rolled back by itself; a second rollback then only reports that.
  static_cast<void>(run("rollback", {}, [](const Row&) { return true; }));
}

Result<std::int64_t> SqliteConnection::run(std::string_view sql, const Parameters& parameters, const Visit& visit) {
  std::string key = key_of(sql, parameters);
  std::unique_ptr<Prepared> prepared;
  const auto reset = [&] {
    if (!prepared) return;
    sqlite3_reset(static_cast<soci::sqlite3_statement_backend*>(prepared->statement.get_backend())->stmt_);
  };
  try {
    prepared = take(key, sql, parameters);
    if (prepared->values.empty()) {
      prepared->statement.execute(true);
    } else {
      prepared->statement.execute(false);
      while (prepared->statement.fetch()) {
        std::vector<std::optional<std::string>> values(prepared->values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (prepared->indicators[i] != soci::i_null) values[i] = prepared->values[i];
        }
        if (!visit(Row(std::move(values)))) break;
      }
    }
    const auto changed = static_cast<std::int64_t>(prepared->statement.get_affected_rows());
    reset();  // an unfinished select would keep its snapshot open
    give_back(std::move(key), std::move(prepared));
    return changed;
  } catch (const soci::soci_error&) {
    const Error error = last_error();
    reset();
    return std::unexpected(error);
  }
}

Result<void> SqliteConnection::stream(std::string_view sql, const Parameters& parameters, const Visit& visit) {
  CANDOR_TRY_VOID(run(sql, parameters, visit));  // which reads row by row
  return {};
}

Result<void> SqliteConnection::define(std::string_view sql) {
  CANDOR_TRY_VOID(run(sql, {}, [](const Row&) { return true; }));
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file,
                                                std::chrono::milliseconds lock_wait) {
  const std::string path = file.string();
  if (path.find('"') != std::string::npos) {
    return fail("store.unavailable", "the path of the record database must not contain a quotation mark");
  }
  try {
    auto connection = std::make_unique<SqliteConnection>("dbname=\"" + path + "\"");
    sqlite_api::sqlite3_busy_timeout(connection->handle(), static_cast<int>(lock_wait.count()));
    for (const char* pragma : {"pragma journal_mode = wal", "pragma synchronous = full", "pragma foreign_keys = on",
                               "pragma secure_delete = on", "pragma trusted_schema = off"}) {
      CANDOR_TRY_VOID(connection->run(pragma, {}, [](const Row&) { return true; }));
    }
    return connection;
  } catch (const soci::sqlite3_soci_error& error) {
    return std::unexpected(error_of(error.result(), "cannot open the record database"));
  } catch (const std::exception&) {
    return fail("store.unavailable", "the record database cannot be opened");
  }
}

}  // namespace candor
