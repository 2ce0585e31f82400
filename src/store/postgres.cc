#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/connection.h"
#include "store/postgres_text.h"
#include "store/postgres_url.h"

// libpq itself, not SOCI's backend for it: that one knows large objects but no BYTEA, and texts end at a NUL for it
// (docs/architecture/decisions/0025).
namespace candor {
namespace {

// Types of values, as PostgreSQL's catalogue numbers them.
constexpr Oid kBoolType = 16;
constexpr Oid kByteaType = 17;
constexpr Oid kBigintType = 20;
constexpr Oid kTextType = 25;
constexpr Oid kVarcharType = 1043;

// The first keys of our locks, so that nobody else's are ours; the second is a hash of the schema.
constexpr int kWriterLock = 0x43414E44;  // "CAND"
constexpr int kHolderLock = 0x43414E45;

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Error lost() {
  return {.id = "store.unavailable",
          .message = "the connection to the PostgreSQL server is lost: try again when it runs"};
}

// What is bound to $1, $2, ...; lives until the call returned.
class Bound {
 public:
  Bound(const Parameters& parameters, const std::vector<bool>& used) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      add(parameters[i].value(), i + 1 < used.size() && used[i + 1]);
    }
  }

  int count() const { return static_cast<int>(types_.size()); }
  const Oid* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const Parameter::Value& value, bool used) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      put(kBigintType, &texts_.emplace_back(std::to_string(*number)), 0);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      put(kTextType, &texts_.emplace_back(to_postgres_text(*text)), 0);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      put(kByteaType, &texts_.emplace_back(blob->bytes), 1);
    } else {
      // Takes the type of what it stands beside; one that stands nowhere has none.
      put(used ? 0 : kTextType, nullptr, 0);
    }
  }

  void put(Oid type, const std::string* text, int format) {
    types_.push_back(type);
    values_.push_back(text == nullptr ? nullptr : text->c_str());
    lengths_.push_back(text == nullptr ? 0 : static_cast<int>(text->size()));
    formats_.push_back(format);
  }

  std::deque<std::string> texts_;  // whose elements stay where they are
  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

std::optional<std::string> value_of(const PGresult* answer, int row, int column) {
  if (PQgetisnull(answer, row, column) != 0) return std::nullopt;
  const std::string_view text(PQgetvalue(answer, row, column),
                              static_cast<std::size_t>(PQgetlength(answer, row, column)));
  switch (PQftype(answer, column)) {
    case kByteaType:
      return from_postgres_bytes(text);
    case kBoolType:
      return text == "t" ? "1" : "0";
    case kTextType:
    case kVarcharType:
      return from_postgres_text(text);
    default:
      return std::string(text);
  }
}

Row row_of(const PGresult* answer, int row) {
  std::vector<std::optional<std::string>> values(static_cast<std::size_t>(PQnfields(answer)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_of(answer, row, static_cast<int>(i));
  return Row(std::move(values));
}

std::int64_t bytes_of(const PGresult* answer) {
  std::int64_t bytes = 0;
  for (int row = 0; row < PQntuples(answer); ++row) {
    for (int column = 0; column < PQnfields(answer); ++column) bytes += PQgetlength(answer, row, column);
  }
  return bytes;
}

// 'n' null, 'i' integer, 't' text, 'b' bytes: the types are part of what is prepared.
std::string prepared_key(std::string_view sql, const Parameters& parameters) {
  std::string key;
  key.reserve(sql.size() + parameters.size() + 1);
  for (const Parameter& parameter : parameters) key += "nitb"[parameter.value().index()];
  key += ' ';
  key += sql;
  return key;
}

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(Handle handle, std::chrono::milliseconds lock_wait)
      : handle_(std::move(handle)), lock_wait_(std::max<std::int64_t>(lock_wait.count(), 1)) {}

  Result<void> start();

  Result<void> begin(Begin kind) override;
  Result<void> commit() override;
  void rollback() override;
  Result<std::int64_t> run(std::string_view sql, const Parameters& parameters, const Visit& visit) override;
  Result<void> stream(std::string_view sql, const Parameters& parameters, const Visit& visit) override;
  Result<void> define(std::string_view sql) override;
  Result<void> snapshot(const std::filesystem::path& /*file*/) override {
    return fail("store.on_server", "the records are on a PostgreSQL server: pg_dump copies them");
  }
  Result<bool> hold() override;
  bool is_lost() const override { return PQstatus(handle_.get()) != CONNECTION_OK; }

 private:
  struct Statement {
    std::string name;
    std::vector<bool> used;
  };

  // Statements of ours, without parameters.
  Result<Answer> tell(const std::string& sql);
  Result<Answer> checked(PGresult* answer);
  Result<Statement> prepare(std::string_view sql, const Parameters& parameters);

  Handle handle_;
  std::int64_t lock_wait_;
  std::string schema_;  // its hash, as a number
  std::unordered_map<std::string, Statement> prepared_;
  std::int64_t names_ = 0;
};

Result<Answer> PostgresConnection::checked(PGresult* raw) {
  Answer answer(raw, &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return answer;
  const char* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
  if (state == nullptr) {
    if (is_lost()) return std::unexpected(lost());
    return fail("store.bad_statement", "a statement failed: the server's answer was not understood");
  }
  const char* message = PQresultErrorField(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
  return std::unexpected(error_of_state(state, message == nullptr ? "" : message));
}

Result<Answer> PostgresConnection::tell(const std::string& sql) { return checked(PQexec(handle_.get(), sql.c_str())); }

Result<void> PostgresConnection::start() {
  PQsetNoticeProcessor(handle_.get(), [](void*, const char*) {}, nullptr);
  CANDOR_TRY(const auto about, tell("select current_setting('server_version_num'), current_setting('server_encoding'), "
                                    "hashtext(current_schema())"));
  const Row row = row_of(about.get(), 0);
  if (row.integer(0) < 150000) return fail("store.unavailable", "the server is older than PostgreSQL 15");
  if (row.text(1) != "UTF8") {
    return fail("store.unavailable", "the database is in " + row.text(1) +
                                         ": make one with `create database ... encoding 'UTF8' template template0`");
  }
  if (row.is_null(2)) {
    return fail("store.unavailable", "none of the schemas on the role's search_path is there: make one");
  }
  schema_ = row.text(2);
  // A commit that returned must be on disk there; what the operator asks beyond that (remote_apply) stays. Compiling a
  // statement (jit) takes longer than any of ours runs. Cursors are always read to their end. A client whose machine
  // went away without a word must not keep its locks for hours.
  CANDOR_TRY_VOID(
      tell("set lock_timeout = " + std::to_string(lock_wait_) +
           "; set bytea_output = 'hex'; set standard_conforming_strings = on; set jit = off; "
           "set cursor_tuple_fraction = 1; set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; "
           "set tcp_keepalives_count = 3; set tcp_user_timeout = 60000; set idle_in_transaction_session_timeout = 0; "
           "set idle_session_timeout = 0; "
           "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"));
  return {};
}

Result<void> PostgresConnection::begin(Begin kind) {
  if (kind == Begin::reading) {
    CANDOR_TRY_VOID(tell("begin isolation level repeatable read read only"));
    return {};
  }
  // One writer at a time, as with SQLite: what a transaction read stays true until it commits. A snapshot taken before
  // the lock came would be older than what the last writer committed, so each statement takes its own.
  const auto begun = tell("begin isolation level read committed read write; select pg_advisory_xact_lock(" +
                          std::to_string(kWriterLock) + ", " + schema_ + ")");
  if (!begun) {
    rollback();
    return std::unexpected(begun.error());
  }
  return {};
}

Result<void> PostgresConnection::commit() {
  const auto done = tell("commit");
  if (!done && is_lost()) {
    return fail("store.unavailable",
                "the connection to the PostgreSQL server was lost while a change was being stored: look whether it is "
                "there, and make it again if not");
  }
  if (!done) return std::unexpected(done.error());
  // After an error of a statement the server takes `commit` for `rollback`, and calls that a success.
  if (std::string_view(PQcmdStatus(done->get())) != "COMMIT") {
    return fail("store.bad_statement", "nothing was stored: a statement before had failed");
  }
  return {};
}

void PostgresConnection::rollback() {
  if (is_lost() || PQtransactionStatus(handle_.get()) == PQTRANS_IDLE) return;
  static_cast<void>(tell("rollback"));
}

Result<PostgresConnection::Statement> PostgresConnection::prepare(std::string_view sql, const Parameters& parameters) {
  std::string key = prepared_key(sql, parameters);
  if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
  static constexpr std::size_t kMost = 512;  // all statements of the product; a bound, not a tuning
  if (prepared_.size() >= kMost) {
    CANDOR_TRY_VOID(tell("deallocate all"));
    prepared_.clear();
  }
  const PostgresStatement text = postgres_statement(sql);
  const Bound bound(parameters, text.used);
  Statement statement{.name = "s" + std::to_string(++names_), .used = text.used};
  CANDOR_TRY_VOID(
      checked(PQprepare(handle_.get(), statement.name.c_str(), text.text.c_str(), bound.count(), bound.types())));
  prepared_.emplace(std::move(key), statement);
  return statement;
}

Result<std::int64_t> PostgresConnection::run(std::string_view sql, const Parameters& parameters, const Visit& visit) {
  CANDOR_TRY(const Statement statement, prepare(sql, parameters));
  const Bound bound(parameters, statement.used);
  CANDOR_TRY(const auto answer, checked(PQexecPrepared(handle_.get(), statement.name.c_str(), bound.count(),
                                                       bound.values(), bound.lengths(), bound.formats(), 0)));
  for (int row = 0; row < PQntuples(answer.get()); ++row) {
    if (!visit(row_of(answer.get(), row))) break;
  }
  const std::string_view count = PQcmdTuples(answer.get());
  std::int64_t changed = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed);
  return changed;
}

Result<void> PostgresConnection::stream(std::string_view sql, const Parameters& parameters, const Visit& visit) {
  if (!sql.starts_with("select") && !sql.starts_with("with")) {
    CANDOR_TRY_VOID(run(sql, parameters, visit));
    return {};
  }
  const std::string name = "c" + std::to_string(++names_);
  const PostgresStatement text = postgres_statement(sql);
  const Bound bound(parameters, text.used);
  CANDOR_TRY_VOID(
      checked(PQexecParams(handle_.get(), ("declare " + name + " no scroll cursor for " + text.text).c_str(),
                           bound.count(), bound.types(), bound.values(), bound.lengths(), bound.formats(), 0)));
  // Some rows at first, for they may be large ones; then as many as come to about this.
  static constexpr std::int64_t kBytes = 4 << 20;
  std::int64_t rows = 16;
  bool more = true;
  while (more) {
    CANDOR_TRY(const auto answer, tell("fetch forward " + std::to_string(rows) + " from " + name));
    const int count = PQntuples(answer.get());
    more = count == rows;
    for (int row = 0; row < count; ++row) {
      if (visit(row_of(answer.get(), row))) continue;
      more = false;
      break;
    }
    if (more)
      rows = std::clamp<std::int64_t>(kBytes * count / std::max<std::int64_t>(bytes_of(answer.get()), 1), 1, 4096);
  }
  CANDOR_TRY_VOID(tell("close " + name));
  return {};
}

Result<void> PostgresConnection::define(std::string_view sql) {
  CANDOR_TRY_VOID(tell(postgres_schema(sql)));
  return {};
}

Result<bool> PostgresConnection::hold() {
  // For a moment, since a process that was killed is still known to the server for as long as it takes to notice.
  const auto held = tell("begin; set local lock_timeout = 2000; select pg_advisory_lock(" +
                         std::to_string(kHolderLock) + ", " + schema_ + "); commit");
  if (held) return true;
  rollback();
  if (held.error().id == "store.locked") return false;
  return std::unexpected(held.error());
}

}  // namespace

Result<std::unique_ptr<Connection>> open_postgres(const PostgresUrl& url, std::chrono::milliseconds lock_wait) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string name = "candor " + std::string(host.data()) + " " + std::to_string(::getpid());
  // What stands before the URL holds where it says nothing, what stands behind it always.
  const std::array keywords = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                               "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                               "dbname",           "client_encoding",  static_cast<const char*>(nullptr)};
  const std::array values = {
      "10", "30", "10", "3", "60000", name.c_str(), url.text().c_str(), "UTF8", static_cast<const char*>(nullptr)};
  static_assert(keywords.size() == values.size());
  Handle handle(PQconnectdbParams(keywords.data(), values.data(), 1), &PQfinish);
  if (!handle) return fail("store.unavailable", "there is no memory for a connection to " + url.shown());
  if (PQstatus(handle.get()) != CONNECTION_OK) {
    // libpq names host, port, role and database here, never a password.
    std::string reason = PQerrorMessage(handle.get());
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    std::ranges::replace(reason, '\n', ' ');
    return fail("store.unavailable", "the record store " + url.shown() + " cannot be opened: " + reason);
  }
  auto connection = std::make_unique<PostgresConnection>(std::move(handle), lock_wait);
  if (auto started = connection->start(); !started) {
    return std::unexpected(in_context(started.error(), "the record store " + url.shown()));
  }
  return connection;
}

}  // namespace candor
