#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a statement, a schema and a text look like to PostgreSQL. Pure; nothing here knows a connection.
namespace candor {

// ?1, ?2, ... as $1, $2, ...; what stands in quotes stays. `used[N]`: whether ?N occurs.
struct PostgresStatement {
  std::string text;
  std::vector<bool> used;
};
PostgresStatement postgres_statement(std::string_view sql);

// A statement of a migration (without comments) with every TEXT column compared and sorted byte by byte, as SQLite
// does: the database's own collation would order `Zoe` before or behind `ada` by the country of its server.
std::string postgres_schema(std::string_view sql);

// PostgreSQL takes UTF-8 without NUL only, SQLite any bytes. So that every text comes back as it was stored, the bytes
// it would refuse are written as U+10FFFE (a code point that no text has) and two hexadecimal digits, and U+10FFFE
// itself as U+10FFFE and "xx". Any other text is itself.
std::string to_postgres_text(std::string_view text);
std::string from_postgres_text(std::string_view text);

// The bytes behind "\x6f1a"; what is not written like that gives nothing.
std::string from_postgres_bytes(std::string_view hexadecimal);

// What a five-letter SQLSTATE means to callers of the store. `message` is the server's own first line: it enters the
// error only where it cannot hold a value.
Error error_of_state(std::string_view state, std::string_view message);

}  // namespace candor
