#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/connection.h"

namespace candor {

// One file of src/store/migrations, put into the program at build time (migrations.cmake).
struct Migration {
  int number = 0;
  std::string_view name;  // "0100_people"
  std::string_view sql;
};

// All of them, ascending by number.
std::span<const Migration> shipped_migrations();

// The statements of a migration, without comments. Semicolons inside quotes do not separate.
std::vector<std::string> split_statements(std::string_view sql);

// Applies what the database lacks, in order of number, all in one transaction. A number below one that is already there
// is applied too: ranges belong to nouns, and each noun's files build only on its own.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations);
// The same within a transaction that the caller began and commits.
Result<void> apply_migrations(Connection& connection, std::span<const Migration> migrations);
// Changes nothing, and fails where one is lacking: `store.older_version`. There is a table of them.
Result<void> require_migrations(Connection& connection, std::span<const Migration> migrations);

}  // namespace candor
