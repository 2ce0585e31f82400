#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>

#include "store/connection.h"
#include "store/migration.h"
#include "store/record_place.h"

namespace candor {

struct Store::State {
  RecordPlace place;
  StoreOptions options;
  std::mutex writing;                           // held while a Transaction lives
  std::atomic<std::thread::id> writing_thread;  // who holds it
  std::mutex mutex;                             // guards the two below
  std::unique_ptr<Connection> writer;
  std::vector<std::unique_ptr<Connection>> readers;  // idle ones
  std::int64_t holder = 0;                           // on a server: this process's number among those that held them
  // When connecting a writer failed last, and how; guarded by `writing`.
  std::chrono::steady_clock::time_point away_since{};
  std::optional<Error> away;

  Result<std::unique_ptr<Connection>> connect() const;
  // One that may write.
  Result<std::unique_ptr<Connection>> connect_writer() const;
  // As connect_writer(), but soon after it failed at once as then: who waits for their turn would else wait for the
  // server once more, one after the other.
  Result<std::unique_ptr<Connection>> connect_writer_again();
  // Counts this process among those that held the records.
  Result<void> become_holder();
  // What a page may show of why it failed: server, role and database were told to who opened the store.
  Result<std::unique_ptr<Connection>> discreet(Result<std::unique_ptr<Connection>> made) const;
};

namespace {

// Idle connections beyond this many are closed: each keeps file handles and a page cache.
constexpr std::size_t kIdleReaders = 8;

// Begins on a connection that is not in use. One that the server closed in the meantime shows it here, where nothing
// was done on it yet: it is made anew, once.
Result<void> begin_on(std::unique_ptr<Connection>& connection, Connection::Begin kind,
                      const std::function<Result<std::unique_ptr<Connection>>()>& connect) {
  if (connection && !connection->is_lost()) {
    auto begun = connection->begin(kind);
    if (begun || !connection->is_lost()) return begun;
  }
  connection.reset();  // first: what it held is free again
  CANDOR_TRY(connection, connect());
  return connection->begin(kind);
}

// SQLite gives its companion files the mode of the database, so it must exist, private, before the first opening.
Result<void> make_private(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(errno == ENOSPC ? "store.disk_full" : "store.unavailable",
                "the record database " + file.string() + " cannot be opened: " + std::strerror(errno));
  }
  ::close(descriptor);
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> Store::State::connect() const {
  return place.server ? open_postgres(*place.server, options.lock_wait) : open_sqlite(place.file, options.lock_wait);
}

Result<std::unique_ptr<Connection>> Store::State::connect_writer() const {
  CANDOR_TRY(auto connection, connect());
  if (!options.holds) return connection;
  CANDOR_TRY(const bool held, connection->hold());
  if (!held) {
    return fail("store.held",
                "another candor process has these records and writes their timelines: there can be one, stop that one "
                "first");
  }
  if (holder == 0) return connection;
  // What is kept in memory is of before the connection was lost: it holds only if nobody else wrote meanwhile.
  std::int64_t last = 0;
  CANDOR_TRY_VOID(connection->run("select number from record_holder where id = 1", {}, [&](const Row& row) {
    last = row.integer(0);
    return false;
  }));
  if (last == holder) return connection;
  return fail(
      "store.held",
      "another candor process had these records while the connection was away, and may have changed them: start "
      "this one again");
}

Result<std::unique_ptr<Connection>> Store::State::connect_writer_again() {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kPause{1};
  if (away && Clock::now() - away_since < kPause) return std::unexpected(*away);
  auto made = connect_writer();
  away = !made && made.error().id == "store.unavailable" ? std::optional(made.error()) : std::nullopt;
  away_since = Clock::now();
  return made;
}

Result<void> Store::State::become_holder() {
  const auto run = [&](std::string_view sql, const std::function<bool(const Row&)>& visit) -> Result<void> {
    CANDOR_TRY_VOID(writer->run(sql, {}, visit));
    return {};
  };
  CANDOR_TRY_VOID(writer->begin(Connection::Begin::writing));
  auto done =
      run("insert into record_holder (id, number) values (1, 1) on conflict (id) do update set number = "
          "record_holder.number + 1",
          [](const Row&) { return true; });
  if (done) {
    done = run("select number from record_holder where id = 1", [&](const Row& row) {
      holder = row.integer(0);
      return false;
    });
  }
  if (!done) {
    writer->rollback();
    return done;
  }
  return writer->commit();
}

Result<std::unique_ptr<Connection>> Store::State::discreet(Result<std::unique_ptr<Connection>> made) const {
  if (made || !place.server || made.error().id != "store.unavailable") return made;
  return fail("store.unavailable", "the record database cannot be reached at the moment: try again later");
}

Reading::Reading(std::unique_ptr<Connection> connection, Release release)
    : connection_(std::move(connection)), release_(std::move(release)) {}

Reading::Reading(Reading&&) noexcept = default;

Reading::~Reading() {
  if (!connection_) return;
  connection_->rollback();
  release_(std::move(connection_));
}

Result<std::vector<Row>> Reading::rows(Sql sql, const Parameters& parameters) {
  std::vector<Row> found;
  CANDOR_TRY_VOID(connection_->run(sql.text(), parameters, [&](const Row& row) {
    found.push_back(row);
    return true;
  }));
  return found;
}

Result<std::optional<Row>> Reading::row(Sql sql, const Parameters& parameters) {
  std::optional<Row> found;
  CANDOR_TRY_VOID(connection_->run(sql.text(), parameters, [&](const Row& row) {
    found = row;
    return false;
  }));
  return found;
}

Result<void> Reading::each(Sql sql, const Parameters& parameters, const std::function<bool(const Row&)>& visit) {
  return connection_->stream(sql.text(), parameters, visit);
}

Transaction::Transaction(std::unique_ptr<Connection> connection, Release release)
    : Reading(std::move(connection), std::move(release)) {}

Transaction::~Transaction() {
  if (!connection_) return;
  if (open_) connection_->rollback();
  release_(std::move(connection_));
}

Result<std::int64_t> Transaction::execute(Sql sql, const Parameters& parameters) {
  CANDOR_CHECK(open_);
  return connection_->run(sql.text(), parameters, [](const Row&) { return true; });
}

Result<void> Transaction::commit() {
  CANDOR_CHECK(open_);
  CANDOR_TRY_VOID(connection_->commit());
  open_ = false;
  return {};
}

Store::Store(std::shared_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

std::string Store::shown() const { return state_->place.shown(); }
bool Store::is_shared() const { return state_->place.server.has_value(); }

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& data_folder, const StoreOptions& options) {
  auto state = std::make_shared<State>();
  state->options = options;
  CANDOR_TRY(state->place, find_records(data_folder, options.url, options.without_tls));
  if (!state->place.server) CANDOR_TRY_VOID(make_private(state->place.file));
  CANDOR_TRY(state->writer, state->connect_writer());
  CANDOR_TRY_VOID(migrate(*state->writer, shipped_migrations()));
  if (state->place.server && options.holds) CANDOR_TRY_VOID(state->become_holder());
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

Result<void> Store::remember(const std::filesystem::path& data_folder) const {
  if (!state_->place.server) return {};
  std::error_code error;
  std::filesystem::create_directories(data_folder, error);
  return remember_records(data_folder, state_->place);
}

Result<void> Store::snapshot(const std::filesystem::path& file) const {
  CANDOR_TRY(const auto connection, state_->connect());
  if (!state_->place.server) CANDOR_TRY_VOID(make_private(file));
  return connection->snapshot(file);
}

Result<Transaction> Store::transaction() {
  CANDOR_CHECK(state_->writing_thread.load() != std::this_thread::get_id());  // would wait for itself for ever
  state_->writing.lock();
  state_->writing_thread = std::this_thread::get_id();
  const auto release = [state = state_](std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(state->mutex);
      state->writer = std::move(connection);
    }
    state->writing_thread = std::thread::id();
    state->writing.unlock();
  };
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(state_->mutex);
    connection = std::move(state_->writer);
  }
  auto begun = begin_on(connection, Connection::Begin::writing,
                        [this] { return state_->discreet(state_->connect_writer_again()); });
  if (!begun) {
    release(std::move(connection));
    return std::unexpected(begun.error());
  }
  return Transaction(std::move(connection), release);
}

Result<Reading> Store::read() {
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->readers.empty()) {
      connection = std::move(state_->readers.back());
      state_->readers.pop_back();
    }
  }
  CANDOR_TRY_VOID(
      begin_on(connection, Connection::Begin::reading, [this] { return state_->discreet(state_->connect()); }));
  return Reading(std::move(connection), [state = state_](std::unique_ptr<Connection> idle) {
    const std::lock_guard lock(state->mutex);
    if (state->readers.size() < kIdleReaders && !idle->is_lost()) state->readers.push_back(std::move(idle));
  });
}

}  // namespace candor
