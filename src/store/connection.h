#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "store/sql.h"

namespace candor {

class PostgresUrl;

// One connection of the record database and its prepared statements. What differs between the engines differs behind
// this: sqlite.cc is the only place that knows SOCI and SQLite, postgres.cc the only one that knows libpq.
// Thread safety: one thread at a time.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  enum class Begin { reading, writing };
  // writing: waits for whoever writes, in this process or another, up to the lock wait it was opened with; then fails
  // with `store.locked`.
  virtual Result<void> begin(Begin kind) = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;

  using Visit = std::function<bool(const Row&)>;
  // `visit` is called for each row until it returns false, and may run other statements here. Rows changed, for
  // statements that change some. The rows may all be in memory at once: see stream().
  virtual Result<std::int64_t> run(std::string_view sql, const Parameters& parameters, const Visit& visit) = 0;
  // The same for any number of rows, in bounded memory; within begin() and commit() or rollback().
  virtual Result<void> stream(std::string_view sql, const Parameters& parameters, const Visit& visit) = 0;
  // Runs one statement of a migration, whose types it may put into the engine's own words.
  virtual Result<void> define(std::string_view sql) = 0;

  // Copies the whole database as it is at this moment into an empty file. Fails with `store.on_server` on a server.
  virtual Result<void> snapshot(const std::filesystem::path& file) = 0;
  // Takes what only one connection of all processes may hold, kept for as long as this connection lives: the right to
  // write timelines. False when another has it, after waiting up to two seconds for one that is just going.
  virtual Result<bool> hold() = 0;
  // The server is gone, or closed this connection: nothing can be run here any more.
  virtual bool is_lost() const = 0;
};

// A file made private and present by the caller.
Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file, std::chrono::milliseconds lock_wait);

// Fails with `store.unavailable` when the server does not answer, refuses, is older than PostgreSQL 15, or its database
// is not in UTF-8.
Result<std::unique_ptr<Connection>> open_postgres(const PostgresUrl& url, std::chrono::milliseconds lock_wait);

}  // namespace candor
