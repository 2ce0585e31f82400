#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "access/audit_log.h"
#include "app/backup_file.h"
#include "app/installation.h"
#include "base/keys.h"
#include "base/result.h"

namespace candor {

// What a backup says of itself, signed with the audit log's key.
struct BackupFacts {
  std::string version;  // of the Candor that made it
  std::string made_at;  // RFC 3339, UTC
  std::int64_t activities = 0;
  std::int64_t people = 0;
  std::int64_t audit_line = 0;  // the last one then, and its hash
  std::string audit_hash;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

// Records, activities and raw records as of one moment, without the keys that open them; nothing is written meanwhile,
// for as long as copying the records takes. `begun` is a line of the audit log, the last one in the backup. Errors
// besides write_backup()'s: `store.on_server`, `app.backup_runs`.
Result<BackupFacts> make_backup(Installation& installation, const std::filesystem::path& file, const AuditEntry& begun,
                                const BackupProgress& progress);

// Unpacks into `folder` and compares every file with the signed list. Fails with `app.other_keys` for the backup of an
// installation with other keys, and as unpack_backup() does.
Result<BackupFacts> open_backup(const std::filesystem::path& file, const std::filesystem::path& folder,
                                const Keys& keys, const BackupProgress& progress);

// Whether what was opened from the backup holds what it says: as many activities and people, unless retention took some
// since, and an audit log that is whole and has that line. Fails with `app.bad_backup`.
Result<void> check_backup(Installation& installation, const BackupFacts& facts);

}  // namespace candor
