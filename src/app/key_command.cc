#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "access/audit_log.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/io.h"
#include "base/master_key.h"

namespace candor {
namespace {

Result<KeyBytes> needed(const char* name) {
  CANDOR_TRY(const auto key, outer_key(name));
  if (key) return *key;
  const std::string variable(name);
  return fail("app.no_outer_key",
              "no key from outside is given: set " + variable + ", " + variable + "_FILE or " + variable + "_COMMAND");
}

Result<void> expect_state(const std::filesystem::path& folder, MasterKeyState wanted) {
  const MasterKeyState state = master_key_state(folder);
  if (state == wanted) return {};
  if (state == MasterKeyState::none) {
    return fail("app.no_master_key", folder.string() + " has no master key: name the data folder with --data");
  }
  return fail("app.key_state", state == MasterKeyState::sealed
                                   ? "the master key is sealed already: `candor key rotate` seals it with another key"
                                   : "the master key is not sealed: `candor key seal` does it");
}

Result<void> seal(const std::filesystem::path& folder) {
  CANDOR_TRY_VOID(expect_state(folder, MasterKeyState::plain));
  CANDOR_TRY(const KeyBytes outer, needed(kOuterKey));
  return reseal_master_key(folder, std::nullopt, outer);
}

Result<void> unseal(const std::filesystem::path& folder) {
  CANDOR_TRY_VOID(expect_state(folder, MasterKeyState::sealed));
  CANDOR_TRY(const KeyBytes before, needed(kOuterKey));
  return reseal_master_key(folder, before, std::nullopt);
}

// What is opened next in this process is opened with the key that counts now.
void take_new_key() {
  for (const char* ending : {"", "_FILE", "_COMMAND"}) {
    const std::string before = std::string(kOuterKey) + ending;
    const char* text = std::getenv((std::string(kNewOuterKey) + ending).c_str());
    ::unsetenv(before.c_str());
    if (text != nullptr) ::setenv(before.c_str(), text, 1);
  }
}

Result<void> rotate(const std::filesystem::path& folder) {
  CANDOR_TRY_VOID(expect_state(folder, MasterKeyState::sealed));
  CANDOR_TRY(const KeyBytes before, needed(kOuterKey));
  CANDOR_TRY(const KeyBytes after, needed(kNewOuterKey));
  if (after == before) return fail("app.key_state", "CANDOR_NEW_KEY is the key it is sealed with already");
  CANDOR_TRY_VOID(reseal_master_key(folder, before, after));
  take_new_key();
  return {};
}

// What seals the master key changes in the folder, whoever has it open: a Candor that runs knows the key already.
struct KeyAct {
  const char* name;
  const char* about;
  Result<void> (*change)(const std::filesystem::path& folder);
  const char* action;  // of the audit line
  const char* done;
};
constexpr std::array kKeyActs = {
    KeyAct{"seal", "Seal the master key with a key from outside: CANDOR_KEY, CANDOR_KEY_FILE or CANDOR_KEY_COMMAND",
           &seal, "key.sealed", "the master key is sealed; from now on Candor starts only with the key from outside"},
    KeyAct{"rotate", "Seal it anew, with the key of CANDOR_NEW_KEY, CANDOR_NEW_KEY_FILE or CANDOR_NEW_KEY_COMMAND",
           &rotate, "key.rotated", "the master key is sealed with the new key; the next start needs it as CANDOR_KEY"},
    KeyAct{"unseal", "Let the master key lie in the folder as it is again", &unseal, "key.unsealed",
           "the master key lies in the folder as it is"}};

int act_on_key(const Command& command, const KeyAct& act) {
  const auto folder = command.io.resolve(command.data);
  if (const auto changed = act.change(folder); !changed) return report(command.io, changed.error());
  print(command.io, std::string(act.done) + "\n");
  const int noted = run_command(
      {"key", "noted", act.action, "--data", folder.string(), "--content", content_folder(command).string()},
      command.io, nullptr);
  if (noted != 0) complain(command.io, "candor: it is done, but the audit log could not be told\n");
  return noted;
}

int status(const Command& command) {
  const auto folder = command.io.resolve(command.data);
  const MasterKeyState state = master_key_state(folder);
  if (state == MasterKeyState::none) return report(command.io, expect_state(folder, MasterKeyState::plain).error());
  if (state == MasterKeyState::plain) {
    return print(command.io,
                 "the master key lies in the folder as it is: whoever copies the folder reads everything. "
                 "`candor key seal` seals it with a key from outside\n")
               ? 0
               : static_cast<int>(Exit::failed);
  }
  const auto outer = outer_key(kOuterKey);
  if (!outer) return report(command.io, outer.error());
  print(command.io, "the master key is sealed with a key from outside the folder\n");
  const auto opened = read_master_key(folder, *outer);
  if (!opened) return report(command.io, opened.error());
  print(command.io, "the key that is given opens it\n");
  return 0;
}

int note(const Command& command, Installation& installation, const std::string& action) {
  AuditEntry entry;
  entry.viewer = local_viewer(command.io);
  entry.action = action;
  entry.object_kind = "key";
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto written = audit.append(entry);
  return written ? 0 : report(command.io, written.error());
}

}  // namespace

void add_key(CLI::App& app, Command& command) {
  CLI::App* key = app.add_subcommand("key", "The key that everything in the data folder is sealed with");
  key->require_subcommand(1);
  key->add_subcommand("status", "Whether it is sealed with a key from outside, and whether that opens it")
      ->callback([&command] { command.standalone = [&command] { return status(command); }; });
  key->add_subcommand("make", "Print a new key for CANDOR_KEY, 64 hexadecimal digits")->callback([&command] {
    command.standalone = [&command] {
      return print(command.io, new_outer_key() + "\n") ? 0 : static_cast<int>(Exit::failed);
    };
  });
  for (const KeyAct& act : kKeyActs) {
    key->add_subcommand(act.name, act.about)->callback([&command, &act] {
      command.standalone = [&command, &act] { return act_on_key(command, act); };
    });
  }
  // Told by the above to whoever has the folder open.
  auto action = std::make_shared<std::string>();
  CLI::App* noted = key->add_subcommand("noted", "")->group("");
  noted->add_option("ACTION", *action)
      ->required()
      ->check(CLI::IsMember({kKeyActs[0].action, kKeyActs[1].action, kKeyActs[2].action}));
  noted->callback([&command, action] {
    command.installed = [&command, action](Installation& installation) { return note(command, installation, *action); };
  });
}

}  // namespace candor
