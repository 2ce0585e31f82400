#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

// The data folder of a process beside the holder of the timelines (decision 0040): keys, and nothing that a holder has.
namespace candor {

// Before anything is opened: `app.has_timelines`, `app.no_master_key` (a new one would open nothing).
Result<void> check_beside_folder(const std::filesystem::path& folder);
// Writes the holder's URL into the folder, which opens for nothing else from then on. `app.folder_unusable`.
Result<void> mark_beside_folder(const std::filesystem::path& folder, const std::string& holder);
// Fails with `app.beside_folder` where it was marked: what is stored from there would be a second timeline over the
// same records.
Result<void> refuse_beside_folder(const std::filesystem::path& folder);

}  // namespace candor
