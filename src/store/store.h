#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/sql.h"

// The record database: policies, alerts, people, viewers, audit - everything but activities. Owns no noun's table; each
// noun has migrations in src/store/migrations/ and its statements in its own folder.
//
// Errors every call here may return:
//   store.disk_full    nothing was stored; the same call works once there is space
//   store.locked       another process kept the database busy for longer than the waiting time
//   store.held         another process may write timelines, and so this one not: StoreOptions::holds
//   store.conflict     a uniqueness, foreign key or check rule refused the statement
//   store.corrupt      the file is damaged or not a database: restore the backup
//   store.unavailable  it cannot be opened, read or written (permissions, input/output error), or its server is away;
//                      the same call works once it is back
//   store.bad_statement  our own mistake in a statement
namespace candor {

class Connection;  // one connection of the engine; store/connection.h

// Statements that read, on one connection, all seeing the same snapshot. Holds the connection until destroyed, so keep
// it short. Thread safety: one thread at a time.
class Reading {
 public:
  Reading(Reading&&) noexcept;
  Reading& operator=(Reading&&) = delete;
  virtual ~Reading();

  // All rows; for results known to be small.
  Result<std::vector<Row>> rows(Sql sql, const Parameters& parameters = {});
  // The first row, nullopt when there is none.
  Result<std::optional<Row>> row(Sql sql, const Parameters& parameters = {});
  // Row by row, in bounded memory; stop by returning false. `visit` may run other statements on this object.
  Result<void> each(Sql sql, const Parameters& parameters, const std::function<bool(const Row&)>& visit);

 protected:
  using Release = std::function<void(std::unique_ptr<Connection>)>;
  friend class Store;
  Reading(std::unique_ptr<Connection> connection, Release release);

  std::unique_ptr<Connection> connection_;
  Release release_;
};

// Everything or nothing. There is one at a time in a process, others wait; a second one on the thread that holds one
// stops the process. Rolled back when destroyed without commit(). Once commit() has returned, it survives `kill -9` and
// power loss. After an error of a statement let it go: do not commit what came before.
class Transaction final : public Reading {
 public:
  Transaction(Transaction&&) noexcept = default;
  ~Transaction() override;

  // Runs a statement that changes something; how many rows it changed.
  Result<std::int64_t> execute(Sql sql, const Parameters& parameters = {});
  // Nothing may be run afterwards.
  Result<void> commit();

 private:
  friend class Store;
  Transaction(std::unique_ptr<Connection> connection, Release release);
  bool open_ = true;
};

struct StoreOptions {
  std::chrono::milliseconds lock_wait{10'000};  // for other processes that write
  // postgresql://...: where the folder's records lie or shall lie from now on; "" as the folder says.
  std::string url = {};
  bool without_tls = false;  // PostgresUrl::check_network
  // This process writes the timelines that belong to these records. On PostgreSQL only one process at a time may, and
  // its writing connection proves it: while that is away nothing is written, and nothing ever more once another process
  // held them meanwhile.
  bool holds = false;
};

// SQLite in `records.db` of the data folder (mode 0600): write-ahead log, synchronous=FULL, foreign keys on. Or a
// schema of a PostgreSQL database: store/record_place.h says which. There a transaction begins by taking the one lock
// of all writers, so that what holds for SQLite's one writer holds for many processes. Thread safety: any member from
// any thread. One writing connection behind a mutex, as many reading ones as needed; readers never wait for the writer.
// Several processes may open the same folder or database. Connections that a server closed are made anew by the next
// call.
class Store {
 public:
  // Opens or makes the database and applies the migrations it lacks. Also fails with `store.newer_version` (the folder
  // was used by a newer Candor), `store.migration_changed` (an applied migration no longer has the same text), and as
  // find_records() does.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& data_folder,
                                             const StoreOptions& options = {});
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  Result<Transaction> transaction();
  Result<Reading> read();

  // Runs `work(Transaction&) -> Result<T>` and commits when it succeeds.
  template <typename Work>
  auto transact(Work&& work) -> decltype(work(std::declval<Transaction&>())) {
    auto begun = transaction();
    if (!begun) return std::unexpected(std::move(begun).error());
    auto outcome = work(*begun);
    if (!outcome) return outcome;
    if (auto committed = begun->commit(); !committed) return std::unexpected(std::move(committed).error());
    return outcome;
  }

  // Writes down in the folder that its records lie on a server, so that it is found without a URL; nothing for a file.
  // For who has made sure that they are this folder's.
  Result<void> remember(const std::filesystem::path& data_folder) const;
  // Copies the whole database, as it is at this moment, into a file that is not there yet (mode 0600); others go on
  // writing. Fails with `store.on_server` where the records are on one.
  Result<void> snapshot(const std::filesystem::path& file) const;
  // Where the database lies, for messages: a path, or a URL without a password.
  std::string shown() const;
  // Other machines may open the same records, from other data folders.
  bool is_shared() const;

 private:
  struct State;
  explicit Store(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace candor
