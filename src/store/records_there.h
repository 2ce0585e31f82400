#pragma once

#include <filesystem>

#include "base/result.h"
#include "store/store.h"

namespace candor {

// That the records of a data folder are on a server, made and brought to this version by another process: for who opens
// them beside that one and must neither make nor change anything. Opening them afterwards finds nothing to migrate.
// Fails, besides as find_records() and with what Store's calls may fail with, with
//   store.no_server      the records are in a file
//   store.no_records     there is no record database of Candor's
//   store.older_version  an older Candor's, which the process that holds the timelines has to change first
//   store.newer_version, store.migration_changed  as Store::open()
Result<void> require_records(const std::filesystem::path& data_folder, const StoreOptions& options);

}  // namespace candor
