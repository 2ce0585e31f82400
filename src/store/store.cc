#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

#include "store/connection.h"
#include "store/migration.h"

namespace candor {

struct Store::State {
  std::filesystem::path file;
  StoreOptions options;
  std::mutex writing;                           // held while a Transaction lives
  std::atomic<std::thread::id> writing_thread;  // who holds it
  std::mutex mutex;                             // guards the two below
  std::unique_ptr<Connection> writer;
  std::vector<std::unique_ptr<Connection>> readers;  // idle ones
};

namespace {

// Idle connections beyond this many are closed: each keeps file handles and a page cache.
constexpr std::size_t kIdleReaders = 8;

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
  CANDOR_TRY_VOID(connection_->run(sql.text(), parameters, visit));
  return {};
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

const std::filesystem::path& Store::file() const { return state_->file; }

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& data_folder, const StoreOptions& options) {
  auto state = std::make_shared<State>();
  state->file = data_folder / "records.db";
  state->options = options;
  CANDOR_TRY_VOID(make_private(state->file));
  CANDOR_TRY(state->writer, Connection::open(state->file, options.lock_wait));
  CANDOR_TRY_VOID(migrate(*state->writer, shipped_migrations()));
  return std::unique_ptr<Store>(new Store(std::move(state)));
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
  if (auto begun = connection->begin(Connection::Begin::writing); !begun) {
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
  if (!connection) {
    CANDOR_TRY(connection, Connection::open(state_->file, state_->options.lock_wait));
  }
  CANDOR_TRY_VOID(connection->begin(Connection::Begin::reading));
  return Reading(std::move(connection), [state = state_](std::unique_ptr<Connection> idle) {
    const std::lock_guard lock(state->mutex);
    if (state->readers.size() < kIdleReaders) state->readers.push_back(std::move(idle));
  });
}

}  // namespace candor
