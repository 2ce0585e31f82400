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

// One connection of the record database and its prepared statements: the only place that knows SOCI and SQLite.
// Thread safety: one thread at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file,
                                                  std::chrono::milliseconds lock_wait);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  enum class Begin { reading, writing };
  Result<void> begin(Begin kind);
  Result<void> commit();
  void rollback();

  // `visit` is called for each row until it returns false. Rows changed, for statements that change some.
  Result<std::int64_t> run(std::string_view sql, const Parameters& parameters,
                           const std::function<bool(const Row&)>& visit);

 private:
  struct Session;
  explicit Connection(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace candor
