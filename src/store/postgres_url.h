#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// Where a PostgreSQL database is, as libpq reads it: postgresql://role@host:port/database?sslmode=verify-full. What it
// leaves out comes from where libpq takes it: PGHOST, PGUSER, PGPASSWORD, ~/.pgpass (PGPASSFILE) and so on.
// Thread safety: immutable.
class PostgresUrl {
 public:
  static bool is_one(std::string_view text);
  // Fails with `store.bad_url`, whose message never repeats the text: there may be a password in it.
  static Result<PostgresUrl> parse(std::string_view text);

  // All of it, for libpq alone.
  const std::string& text() const { return text_; }
  bool has_password() const;
  // The same without passwords: may be written down.
  std::string without_password() const;
  // For messages: "postgresql://role@host:port/database".
  std::string shown() const;
  // The same database, whatever role and parameters of the connection.
  bool is_same_place(const PostgresUrl& other) const;
  // Fails with `store.no_tls` when records would cross a network without a server that proved its name, unless
  // `without_tls`. Sockets of this machine, localhost, 127.0.0.0/8 and ::1 are no network.
  Result<void> check_network(bool without_tls) const;

 private:
  // "" when it is not there.
  std::string value(const std::string& keyword) const;

  std::string text_;
  std::map<std::string, std::string> values_;
};

}  // namespace candor
