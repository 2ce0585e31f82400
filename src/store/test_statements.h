#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

// Which statements SQLite was asked, and which of them read a table from one end to the other. For tests only.
namespace candor::test_store {

// Listens to every connection that is opened after the first call of listen(), in the whole process.
class Statements {
 public:
  static void listen() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Statements::opened));
    forget();
  }
  static void forget() {
    const std::lock_guard lock(mutex());
    heard().clear();
  }
  static std::set<std::string> all() {
    const std::lock_guard lock(mutex());
    return heard();
  }

  // What SQLite says of those steps of a statement's plan that read all of a table or index: "SCAN alerts".
  static std::vector<std::string> scans_of(const std::filesystem::path& folder, const std::string& statement) {
    sqlite3* database = nullptr;
    CANDOR_CHECK(sqlite3_open((folder / "records.db").c_str(), &database) == SQLITE_OK);
    sqlite3_stmt* plan = nullptr;
    const std::string explain = "explain query plan " + statement;
    CANDOR_CHECK(sqlite3_prepare_v2(database, explain.c_str(), -1, &plan, nullptr) == SQLITE_OK);
    std::vector<std::string> out;
    while (sqlite3_step(plan) == SQLITE_ROW) {
      const std::string detail = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
      if (detail.starts_with("SCAN")) out.push_back(detail);
    }
    sqlite3_finalize(plan);
    sqlite3_close(database);
    return out;
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::set<std::string>& heard() {
    static std::set<std::string> all;
    return all;
  }
  static int opened(sqlite3* database, const char**, const struct sqlite3_api_routines*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, &Statements::asked, nullptr);
  }
  static int asked(unsigned, void*, void*, void* text) {
    const std::lock_guard lock(mutex());
    heard().insert(static_cast<const char*>(text));
    return 0;
  }
};

}  // namespace candor::test_store
