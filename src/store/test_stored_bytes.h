#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "store/test_store.h"

namespace candor {

// Everything that lies in the files of the folder itself and in the tables of its records, with their names and those
// of their columns: what is sealed must not be found in it.
inline std::string stored_bytes(const std::filesystem::path& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(in), {});
  }
  if (!tests_run_on_postgres()) return bytes;
  const std::string url = test_store::url_of(test_store::database_of(folder, true));
  const auto connection = open_postgres(*PostgresUrl::parse(url), std::chrono::seconds(10));
  CANDOR_CHECK(connection.has_value());
  const auto append = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) bytes += row.text(i) + "\n";
    return true;
  };
  std::vector<std::string> tables;
  CANDOR_CHECK(
      (*connection)->run("select tablename from pg_tables where schemaname = 'public'", {}, [&](const Row& row) {
        tables.push_back(row.text(0));
        return true;
      }));
  CANDOR_CHECK(
      (*connection)
          ->run("select column_name from information_schema.columns where table_schema = 'public'", {}, append));
  for (const std::string& table : tables) CANDOR_CHECK((*connection)->run("select * from " + table, {}, append));
  return bytes;
}

}  // namespace candor
