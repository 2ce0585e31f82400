#pragma once

#include <filesystem>

#include "base/result.h"

namespace candor {

// After something was deleted for good: a folder's records.db no longer holds copies of it in its write-ahead log; in
// the file itself it is overwritten when it is deleted (`secure_delete`). Waits up to ten seconds for whoever is
// reading right now, then fails with `store.locked`. Of records on a server nothing is done: their files are the
// server's, and its vacuum's.
Result<void> scrub_records(const std::filesystem::path& data_folder);

}  // namespace candor
