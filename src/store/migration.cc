#include "store/migration.h"

#include <algorithm>
#include <map>

#include "base/keys.h"

namespace candor {
namespace {

struct Applied {
  std::string name;
  std::string checksum;
};

std::string checksum_of(const Migration& migration) {
  const std::uint64_t hash = content_hash(migration.sql);
  return to_hex(std::string_view(reinterpret_cast<const char*>(&hash), sizeof hash));
}

Result<std::map<int, Applied>> listed(Connection& connection) {
  std::map<int, Applied> found;
  CANDOR_TRY_VOID(connection.run("select number, name, checksum from migrations", {}, [&](const Row& row) {
    found[static_cast<int>(row.integer(0))] = {row.text(1), row.text(2)};
    return true;
  }));
  return found;
}

Result<std::map<int, Applied>> applied(Connection& connection) {
  CANDOR_TRY_VOID(
      connection.define("create table if not exists migrations (number bigint primary key, name text not null, "
                        "checksum text not null)"));
  return listed(connection);
}

Result<void> apply(Connection& connection, const Migration& migration) {
  for (const std::string& statement : split_statements(migration.sql)) {
    const auto done = connection.define(statement);
    if (!done) return std::unexpected(in_context(done.error(), "migration " + std::string(migration.name)));
  }
  CANDOR_TRY_VOID(connection.run("insert into migrations (number, name, checksum) values (?1, ?2, ?3)",
                                 {migration.number, migration.name, checksum_of(migration)},
                                 [](const Row&) { return true; }));
  return {};
}

Result<void> check(const std::map<int, Applied>& done, std::span<const Migration> migrations) {
  for (const auto& [number, entry] : done) {
    const auto same = std::ranges::find(migrations, number, &Migration::number);
    if (same == migrations.end()) {
      return fail("store.newer_version", "the record database has migration " + entry.name +
                                             ", which this version of Candor does not know: use the newer version");
    }
    if (checksum_of(*same) != entry.checksum) {
      return fail("store.migration_changed", "migration " + entry.name +
                                                 " is not the one this record database was made with: use the version "
                                                 "of Candor that made it, or restore a backup");
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> statements;
  std::string current;
  const auto finish = [&] {
    if (current.find_first_not_of(" \t\r\n") != std::string::npos) statements.push_back(current);
    current.clear();
  };
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote == 0 && c == '-' && sql.substr(i, 2) == "--") {
      i = std::min(sql.find('\n', i), sql.size());
      current += '\n';
      continue;
    }
    if (quote == 0 && c == ';') {
      finish();
      continue;
    }
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
    current += c;
  }
  finish();
  return statements;
}

Result<void> apply_migrations(Connection& connection, std::span<const Migration> migrations) {
  CANDOR_TRY(const auto done, applied(connection));
  CANDOR_TRY_VOID(check(done, migrations));
  for (const Migration& migration : migrations) {
    if (!done.contains(migration.number)) CANDOR_TRY_VOID(apply(connection, migration));
  }
  return {};
}

Result<void> require_migrations(Connection& connection, std::span<const Migration> migrations) {
  CANDOR_TRY(const auto done, listed(connection));
  CANDOR_TRY_VOID(check(done, migrations));
  for (const Migration& migration : migrations) {
    if (done.contains(migration.number)) continue;
    return fail("store.older_version", "the record database has no migration " + std::string(migration.name) +
                                           " yet: start the process that holds the timelines in this version first");
  }
  return {};
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
  // One transaction for all: a second process that opens the folder at the same time waits here, and sees either
  // nothing or everything.
  CANDOR_TRY_VOID(connection.begin(Connection::Begin::writing));
  auto outcome = apply_migrations(connection, migrations);
  if (outcome) outcome = connection.commit();
  if (!outcome) connection.rollback();
  return outcome;
}

}  // namespace candor
