#include "app/backup.h"

#include <mutex>
#include <nlohmann/json.hpp>
#include <system_error>

#include "access/audit_anchor.h"
#include "access/audit_chain.h"
#include "access/audit_log.h"
#include "access/signed_statement.h"
#include "app/command.h"
#include "app/data_kind.h"
#include "app/passing_folder.h"
#include "base/time.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr const char* kBackup = "backup";

// All of one moment: nobody writes activities, records or alerts meanwhile.
Result<BackupFacts> draw_up(Installation& installation, const std::filesystem::path& draft, const AuditEntry& begun) {
  const std::lock_guard lock(installation.writing());
  std::error_code failed;
  std::filesystem::create_directories(draft, failed);
  if (!failed) std::filesystem::permissions(draft, std::filesystem::perms::owner_all, failed);
  if (!failed && installation.kind().get()) {
    std::filesystem::copy_file(installation.folder() / kKindFile, draft / kKindFile, failed);
  }
  if (failed) return fail("app.cannot_write", draft.string() + " cannot be made: " + failed.message());
  BackupFacts facts{.version = kVersion, .made_at = format_time(installation.clock().now()), .audit_hash = {}};
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(begun));
  CANDOR_TRY(const AuditAnchor last, audit.anchor());
  facts.audit_line = last.number;
  facts.audit_hash = last.hash;
  CANDOR_TRY(facts.people, installation.people().count());
  CANDOR_TRY_VOID(installation.timeline().snapshot(draft / "timeline"));
  CANDOR_TRY(const Timeline::Stats stats, installation.timeline().stats());
  facts.activities = static_cast<std::int64_t>(stats.activities);
  CANDOR_TRY_VOID(installation.store().snapshot(draft / "records.db"));
  return facts;
}

ordered_json to_json(const std::vector<BackedUpFile>& files) {
  ordered_json list = ordered_json::array();
  for (const BackedUpFile& one : files) {
    list.push_back({{"name", one.name}, {"bytes", one.bytes}, {"sha256", one.sha256}});
  }
  return list;
}

Result<BackupFacts> read_facts(const std::string& statement, const std::vector<BackedUpFile>& files) {
  const auto said = ordered_json::parse(statement, nullptr, false);
  BackupFacts facts;
  try {
    const auto& about = said.at("backup");
    facts.version = about.at("version").get<std::string>();
    facts.made_at = about.at("made_at").get<std::string>();
    facts.activities = about.at("activities").get<std::int64_t>();
    facts.people = about.at("people").get<std::int64_t>();
    facts.audit_line = about.at("audit_line").get<std::int64_t>();
    facts.audit_hash = about.at("audit_hash").get<std::string>();
    if (said.at("files") != to_json(files)) {
      return fail("app.bad_backup", "the backup was changed: its files are not those it lists");
    }
  } catch (const std::exception&) {  // a signed manifest of another form
    return fail("app.bad_backup", "the backup is of another version of Candor");
  }
  for (const BackedUpFile& one : files) facts.bytes += static_cast<std::int64_t>(one.bytes);
  facts.files = static_cast<std::int64_t>(files.size());
  return facts;
}

}  // namespace

Result<BackupFacts> make_backup(Installation& installation, const std::filesystem::path& file, const AuditEntry& begun,
                                const BackupProgress& progress) {
  static std::mutex one_at_a_time;
  const std::unique_lock lock(one_at_a_time, std::try_to_lock);
  if (!lock) return fail("app.backup_runs", "a backup of this folder is being made already: wait for it");
  const PassingFolder draft(installation.folder() / kBackupDraft);
  draft.remove();
  CANDOR_TRY(BackupFacts facts, draw_up(installation, draft.path(), begun));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto manifest = [&](const std::vector<BackedUpFile>& files) {
    for (const BackedUpFile& one : files) facts.bytes += static_cast<std::int64_t>(one.bytes);
    facts.files = static_cast<std::int64_t>(files.size());
    const ordered_json about = {{"version", facts.version},       {"made_at", facts.made_at},
                                {"activities", facts.activities}, {"people", facts.people},
                                {"audit_line", facts.audit_line}, {"audit_hash", facts.audit_hash}};
    return signed_statement(audit, kBackup, ordered_json{{"backup", about}, {"files", to_json(files)}}.dump());
  };
  CANDOR_TRY_VOID(write_backup(draft.path(), file, manifest, progress));
  return facts;
}

Result<BackupFacts> open_backup(const std::filesystem::path& file, const std::filesystem::path& folder,
                                const Keys& keys, const BackupProgress& progress) {
  CANDOR_TRY(const UnpackedBackup unpacked, unpack_backup(file, folder, progress));
  const std::string public_key = audit_public_key(keys);
  if (!unpacked.manifest.contains(public_key)) {
    return fail("app.other_keys",
                "the backup was made with other keys: put the `keys` folder of the installation it "
                "is of into the data folder");
  }
  const auto statement = verified_statement(unpacked.manifest, kBackup, public_key);
  if (!statement) return fail("app.bad_backup", "the backup was changed: " + statement.error().message);
  return read_facts(*statement, unpacked.files);
}

Result<void> check_backup(Installation& installation, const BackupFacts& facts) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const KnownLine last{.number = facts.audit_line, .hash = facts.audit_hash};
  CANDOR_TRY(const AuditVerification verified, audit.verify({&last, 1}));
  if (!verified.whole()) return fail("app.bad_backup", "its audit log is not whole: " + verified.why);
  CANDOR_TRY(const Timeline::Stats stats, installation.timeline().stats());
  CANDOR_TRY(const std::int64_t people, installation.people().count());
  // What has grown too old is gone once the folder was opened on a later day; on the same day it was gone before.
  const bool same_day = facts.made_at.starts_with(format_day(day_of(installation.clock().now())));
  const auto fits = [&](std::int64_t there, std::int64_t said) { return same_day ? there == said : there <= said; };
  if (!fits(static_cast<std::int64_t>(stats.activities), facts.activities) || !fits(people, facts.people)) {
    return fail("app.bad_backup", "what it holds is not what it says: other numbers of activities or people");
  }
  return {};
}

}  // namespace candor
