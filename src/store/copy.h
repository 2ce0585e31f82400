#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/connection.h"

namespace candor {

struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
  std::uint64_t hash = 0;  // of all rows, whatever their order
};

// Called before each table is copied.
using CopyProgress = std::function<void(const std::string& table)>;

// Copies every table of an SQLite database into an empty schema of a server, in one transaction, and reads all of it
// again there: counts and hashes must be the same, or nothing is stored. Memory holds a row at a time. Fails with
//   store.not_empty   there are tables already
//   store.not_copied  a value does not fit its column, or what came to lie there is not what was read
// and as every statement may.
Result<std::vector<CopiedTable>> copy_records(Connection& from, Connection& to, const CopyProgress& progress);

// Copies the records.db of a data folder to the server at `url`, makes the folder name that place from then on, and
// renames records.db to records.db.copied. Nobody else may have the folder open. Whenever it ends before, the folder's
// records are still in records.db. Also fails with `store.other_place` when they are on a server already, and as
// find_records() does for the URL.
Result<std::vector<CopiedTable>> move_records(const std::filesystem::path& data_folder, const std::string& url,
                                              bool without_tls, const CopyProgress& progress);

}  // namespace candor
