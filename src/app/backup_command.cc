#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "access/audit_log.h"
#include "app/backup.h"
#include "app/command.h"
#include "app/control.h"
#include "app/erasure.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/passing_folder.h"
#include "app/read_input.h"
#include "base/master_key.h"
#include "outbox/outbox.h"

namespace candor {
namespace {

struct BackupOptions {
  std::filesystem::path file;
  std::filesystem::path scratch;
  std::filesystem::path erasures;  // the list of them, "" = none was given
  bool json = false;
};

Json as_json(const BackupFacts& facts) {
  return {{"made_at", facts.made_at},       {"version", facts.version},
          {"activities", facts.activities}, {"people", facts.people},
          {"audit_line", facts.audit_line}, {"audit_hash", facts.audit_hash},
          {"files", facts.files},           {"bytes", facts.bytes}};
}

int tell(const Io& io, const BackupFacts& facts, bool json, const std::string& what) {
  const std::string text =
      json ? json_line(as_json(facts))
           : fmt::format("{}: {} activities, {} people, the audit log up to line {}; {} in {} files, as of {}\n", what,
                         format_count(static_cast<std::uint64_t>(facts.activities)),
                         format_count(static_cast<std::uint64_t>(facts.people)), facts.audit_line,
                         format_bytes(static_cast<std::uint64_t>(facts.bytes)), facts.files, facts.made_at);
  return print(io, text) ? 0 : static_cast<int>(Exit::failed);
}

BackupProgress shown_on(Progress& progress, const Io& io) {
  return [&progress, &io](std::uint64_t done, std::uint64_t total) {
    progress.update(done, total, 0);
    return !io.cancelled();
  };
}

std::string details_of(const BackupFacts& facts) {
  return nlohmann::ordered_json{{"made_at", facts.made_at}, {"audit_line", facts.audit_line}, {"bytes", facts.bytes}}
      .dump();
}

AuditEntry entry_of(const Io& io, const std::string& action, const std::string& details = "") {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = action;
  entry.object_kind = "backup";
  entry.details = details;
  return entry;
}

Result<void> note_backup(Installation& installation, const AuditEntry& entry) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(entry));
  return {};
}

int make(const Command& command, Installation& installation, const BackupOptions& options) {
  const Io& io = command.io;
  Progress progress(io, "backing up", options.json);
  const auto made =
      make_backup(installation, io.resolve(options.file), entry_of(io, "backup.begun"), shown_on(progress, io));
  progress.finish();
  if (!made) return report(io, made.error());
  if (const auto noted = note_backup(installation, entry_of(io, "backup.made", details_of(*made))); !noted) {
    return report(io, noted.error());
  }
  const int told = tell(io, *made, options.json, "backed up");
  if (!options.json) {
    complain(io, "The keys that open it are not in it: keep " + (installation.folder() / "keys").string() +
                     " apart from it, and try it with `candor backup check`.\n");
  }
  return told;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

Result<void> need_master_key(const std::filesystem::path& folder) {
  if (master_key_state(folder) != MasterKeyState::none) return {};
  return fail("app.no_master_key", "there are no keys in " + (folder / "keys").string() +
                                       ": put those of the installation the backup is of there first");
}

// Puts it back somewhere else, opens it, looks whether it is whole, and leaves nothing of it.
Result<BackupFacts> tried(const Command& command, const BackupOptions& options) {
  const Io& io = command.io;
  const auto data = io.resolve(command.data);
  CANDOR_TRY_VOID(need_master_key(data));
  CANDOR_TRY(const Keys keys, Keys::open(data));
  const auto place = options.scratch.empty() ? data / "backup.check" : io.resolve(options.scratch);
  if (is_there(place)) {
    return fail("app.exists", place.string() + " is there already: remove it, or name another folder with --scratch");
  }
  const PassingFolder scratch(place);
  Progress progress(io, "reading the backup", options.json);
  auto facts = open_backup(io.resolve(options.file), scratch.path(), keys, shown_on(progress, io));
  progress.finish();
  if (!facts) return facts;
  std::error_code failed;
  std::filesystem::create_directory_symlink(data / "keys", scratch.path() / "keys", failed);
  if (failed) return fail("app.cannot_write", scratch.path().string() + ": " + failed.message());
  CANDOR_TRY(const auto lock, FolderLock::take(scratch.path()));
  CANDOR_TRY(const auto installation, open_installation(command, scratch.path(), false));
  CANDOR_TRY_VOID(check_backup(*installation, *facts));
  return facts;
}

int check(const Command& command, const BackupOptions& options) {
  const Io& io = command.io;
  const auto facts = tried(command, options);
  if (!facts) return report(io, facts.error());
  const int told = tell(io, *facts, options.json, "put back in a folder of its own and opened: it is whole");
  const int noted = run_command({"backup", "noted", details_of(*facts), "--data", io.resolve(command.data).string(),
                                 "--content", content_folder(command).string()},
                                io, nullptr);
  return told != 0 ? told : noted;
}

// Nothing but keys, and what taking the folder's lock leaves.
Result<void> need_empty(const std::filesystem::path& folder) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const auto name = entry.path().filename();
    if (name == "keys" || name == "lock") continue;
    return fail("app.exists", folder.string() + " holds " + name.string() +
                                  ": a backup is put back into a folder with nothing but `keys`");
  }
  if (failed) return fail("app.cannot_read", folder.string() + " cannot be read: " + failed.message());
  return {};
}

Result<BackupFacts> put_back(const Command& command, const BackupOptions& options) {
  const Io& io = command.io;
  const auto data = io.resolve(command.data);
  CANDOR_TRY_VOID(need_master_key(data));
  CANDOR_TRY(const auto lock, FolderLock::take(data));
  if (!lock) return fail("app.folder_in_use", "another candor process has " + data.string() + " open: stop it first");
  CANDOR_TRY_VOID(need_empty(data));
  CANDOR_TRY(const Keys keys, Keys::open(data));
  std::string erasures;  // read first: without it nothing is put back
  if (!options.erasures.empty()) {
    CANDOR_TRY(erasures, read_input(io, options.erasures));
  }
  const PassingFolder part(data / kBackupPart);
  Progress progress(io, "putting back", options.json);
  auto facts = open_backup(io.resolve(options.file), part.path(), keys, shown_on(progress, io));
  progress.finish();
  if (!facts) return facts;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(part.path(), failed)) {
    if (!failed) std::filesystem::rename(entry.path(), data / entry.path().filename(), failed);
  }
  if (failed) return fail("app.cannot_write", data.string() + " cannot be filled: " + failed.message());
  part.remove();  // all of it is in its place
  CANDOR_TRY(const auto installation, open_installation(command, data, false));
  CANDOR_TRY_VOID(check_backup(*installation, *facts));
  if (!options.erasures.empty()) CANDOR_TRY_VOID(apply_erasure_list(*installation, erasures, {}));
  const Outbox outbox(installation->store(), installation->keys(), installation->clock());
  CANDOR_TRY_VOID(outbox.give_up("these records were put back from a backup: it may have gone since"));
  CANDOR_TRY_VOID(note_backup(*installation, entry_of(io, "backup.restored", details_of(*facts))));
  return facts;
}

int restore(const Command& command, const BackupOptions& options) {
  const auto facts = put_back(command, options);
  if (!facts) return report(command.io, facts.error());
  const int told = tell(command.io, *facts, options.json, "put back");
  if (options.erasures.empty() && !options.json) {
    complain(command.io,
             "Whoever was erased after " + facts->made_at +
                 " is in it again: `candor people erasures --apply FILE`, with the list that `candor people "
                 "erasures --export` wrote last.\n");
  }
  return told;
}

void add_backup_option(CLI::App* sub, const std::shared_ptr<BackupOptions>& options) {
  sub->add_option("FILE", options->file, "The backup")->required();
  sub->add_flag("--json", options->json, "Print what it holds as one object");
}

}  // namespace

void add_backup(CLI::App& app, Command& command) {
  CLI::App* backup = app.add_subcommand("backup", "Records, activities and raw records in one file, while Candor runs");
  backup->require_subcommand(1);
  auto options = std::make_shared<BackupOptions>();
  CLI::App* sub = backup->add_subcommand("make", "Write one; nothing is taken in while the records are copied");
  add_backup_option(sub, options);
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return make(command, in, *options); };
  });
  sub = backup->add_subcommand("check",
                               "Put it back into a folder of its own, open it with the keys of --data, look whether it "
                               "is whole, and remove it again; written down in the audit log");
  add_backup_option(sub, options);
  sub->add_option("--scratch", options->scratch, "That folder (default: backup.check in the data folder)");
  sub->callback([&command, options] { command.standalone = [&command, options] { return check(command, *options); }; });
  sub = backup->add_subcommand("restore", "Put it back into the folder of --data, which holds nothing but `keys`");
  add_backup_option(sub, options);
  sub->add_option("--erasures", options->erasures,
                  "The list of erasures that `people erasures --export` wrote last: who is on it is erased again");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return restore(command, *options); }; });
  // Told by `check` to whoever has the folder open.
  auto details = std::make_shared<std::string>();
  sub = backup->add_subcommand("noted", "")->group("");
  sub->add_option("DETAILS", *details)->required();
  sub->callback([&command, details] {
    command.installed = [&command, details](Installation& in) {
      const auto noted = note_backup(in, entry_of(command.io, "backup.checked", *details));
      return noted ? 0 : report(command.io, noted.error());
    };
  });
}

}  // namespace candor
