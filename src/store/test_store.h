#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/keys.h"
#include "store/connection.h"
#include "store/migration.h"
#include "store/postgres_url.h"
#include "store/store.h"

// The record database of a test's temporary folder: SQLite, or, where CANDOR_TEST_STORE names a server
// ("postgresql:///{}?host=...", {} for the database), a database of its own there for each folder. tools/with_postgres
// starts one for a test run. For tests only.
namespace candor::test_store {

inline const char* server() {
  const char* named = std::getenv("CANDOR_TEST_STORE");
  return named != nullptr && *named != 0 ? named : nullptr;
}

inline std::string url_of(const std::string& database) {
  std::string url = server();
  return url.replace(url.find("{}"), 2, database);
}

inline Connection& administration() {
  static const auto connection = open_postgres(*PostgresUrl::parse(url_of("postgres")), std::chrono::seconds(100));
  CANDOR_CHECK(connection.has_value());
  return **connection;
}

inline void administer(const std::string& sql) {
  CANDOR_CHECK(administration().run(sql, {}, [](const Row&) { return true; }));
}

// One that has all migrations already: copying it takes half the time of making them again.
inline void need_template() {
  static bool made = false;
  if (std::exchange(made, true)) return;
  administer("select pg_advisory_lock(1)");  // other test programs come here too
  bool there = false;
  CANDOR_CHECK(administration().run("select 1 from pg_database where datname = 'candor_template'", {},
                                    [&](const Row&) { return there = true; }));
  if (!there) {
    administer("create database candor_template");
    const auto connection = open_postgres(*PostgresUrl::parse(url_of("candor_template")), std::chrono::seconds(10));
    CANDOR_CHECK(connection.has_value() && migrate(**connection, shipped_migrations()));
  }
  administer("select pg_advisory_unlock(1)");
}

// Makes the folder's database at its first mention; drops those of folders that are gone.
inline std::string database_of(const std::filesystem::path& folder, bool migrated) {
  static std::map<std::filesystem::path, std::string> databases;
  if (const auto known = databases.find(folder); known != databases.end()) {
    // A fixture may make its folder again under the same name: then it has no note of its database yet.
    if (!migrated || std::filesystem::exists(folder / "records.url")) return known->second;
    administer("drop database " + known->second + " with (force)");
    databases.erase(known);
  }
  for (auto one = databases.begin(); one != databases.end();) {
    if (std::filesystem::exists(one->first)) {
      ++one;
      continue;
    }
    administer("drop database " + one->second + " with (force)");
    one = databases.erase(one);
  }
  const std::string name = "test_" + std::to_string(content_hash(folder.string()));
  if (migrated) need_template();
  administer("create database " + name + (migrated ? " template candor_template" : ""));
  databases.emplace(folder, name);
  return name;
}

}  // namespace candor::test_store

namespace candor {

inline bool tests_run_on_postgres() { return test_store::server() != nullptr; }

inline Result<std::unique_ptr<Store>> open_test_store(const std::filesystem::path& folder, StoreOptions options = {}) {
  if (!tests_run_on_postgres()) return Store::open(folder, options);
  options.url = test_store::url_of(test_store::database_of(folder, true));
  CANDOR_TRY(auto store, Store::open(folder, options));
  CANDOR_TRY_VOID(store->remember(folder));
  return store;
}

// A connection to a database of the folder that has no table yet; the folder must have no other.
inline Result<std::unique_ptr<Connection>> open_test_connection(const std::filesystem::path& folder,
                                                                std::chrono::milliseconds lock_wait) {
  if (!tests_run_on_postgres()) return open_sqlite(folder / "records.db", lock_wait);
  return open_postgres(*PostgresUrl::parse(test_store::url_of(test_store::database_of(folder, false))), lock_wait);
}

}  // namespace candor
