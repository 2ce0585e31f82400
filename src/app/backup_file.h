#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

// A backup is a tar file (pax): every file of a folder, and last `manifest.json`, which lists each with its bytes and
// SHA-256. Errors: `app.bad_backup` (what is read is none, or was changed), `app.cannot_read`, `app.cannot_write`,
// `app.disk_full`, `app.cancelled`.
namespace candor {

struct BackedUpFile {
  std::string name;  // relative to the folder, with /
  std::uint64_t bytes = 0;
  std::string sha256;  // 64 hexadecimal digits
};

// Told now and then: bytes done, of how many. False ends the work.
using BackupProgress = std::function<bool(std::uint64_t done, std::uint64_t total)>;
// The manifest's bytes, made of the files.
using MakeManifest = std::function<Result<std::string>(const std::vector<BackedUpFile>& files)>;

// Writes the files of `folder` and what `manifest` makes of them into `file` (mode 0600): whole, synced, and under its
// name only then. Fails with `app.exists` where there is something already.
Result<void> write_backup(const std::filesystem::path& folder, const std::filesystem::path& file,
                          const MakeManifest& manifest, const BackupProgress& progress);

struct UnpackedBackup {
  std::string manifest;
  std::vector<BackedUpFile> files;  // as they were found: for whoever knows the manifest's form to compare, in order
};
// Writes the files into `folder`, which is made. Takes no name that leads out of it, no link, and no file twice.
Result<UnpackedBackup> unpack_backup(const std::filesystem::path& file, const std::filesystem::path& folder,
                                     const BackupProgress& progress);

}  // namespace candor
