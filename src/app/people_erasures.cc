#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/signed_statement.h"
#include "app/erasure.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "app/read_input.h"

// Who was erased, by pseudonym; the list for older copies of the folder; proofs.
namespace candor {
namespace {

using nlohmann::ordered_json;

struct ErasuresOptions {
  std::filesystem::path list;   // to write
  std::filesystem::path apply;  // to read
  std::int64_t proof = 0;
  bool json = false;
  std::filesystem::path file;  // to verify
  std::string key;
};

Result<std::string> shown_erasures(Installation& installation, bool json) {
  CANDOR_TRY(auto reading, installation.store().read());
  CANDOR_TRY(const auto all, ErasureBook(installation.keys()).all(reading));
  ordered_json list = ordered_json::array();
  std::string text;
  for (const Erasure& one : all) {
    list.push_back({{"erasure", one.number},
                    {"pseudonym", one.pseudonym},
                    {"state", one.state},
                    {"up_to", format_day(one.last_day)},
                    {"begun_at", format_time(one.begun_at)},
                    {"asked_by", one.asked_by},
                    {"agreed_by", one.agreed_by},
                    {"reason", one.reason},
                    {"from_list", one.from_list}});
    text +=
        fmt::format("{:>4}  {}  up to {}  {}  asked by {}{}  {}\n", one.number, one.pseudonym, format_day(one.last_day),
                    one.state, one.asked_by, one.agreed_by.empty() ? "" : ", agreed by " + one.agreed_by, one.reason);
  }
  if (json) return ordered_json{{"erasures", list}}.dump() + "\n";
  return text.empty() ? "nobody was erased\n" : text;
}

Result<void> note_act(const Io& io, Installation& installation, const char* action, const std::string& details) {
  AuditEntry entry;
  entry.viewer = local_viewer(io);
  entry.action = action;
  entry.object_kind = "erasures";
  entry.details = details;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(entry));
  return {};
}

// Whole or not at all: a list that was cut off would be refused when it is needed.
Result<void> write_list(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path draft = path.string() + ".draft";
  {
    std::ofstream out(draft, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return fail("app.cannot_write", draft.string() + " cannot be written");
  }
  std::error_code failed;
  std::filesystem::rename(draft, path, failed);
  if (failed) return fail("app.cannot_write", path.string() + " cannot be written");
  return {};
}

Result<std::string> exported_list(const Io& io, Installation& installation, const std::filesystem::path& file) {
  CANDOR_TRY(const std::string list, erasure_list(installation));
  CANDOR_TRY_VOID(write_list(io.resolve(file), list));
  CANDOR_TRY_VOID(note_act(io, installation, "erasures.exported", ""));
  return fmt::format("{} says who was erased; keep it with your backups\n", file.string());
}

Result<std::string> applied_list(const Io& io, Installation& installation, const std::filesystem::path& file) {
  CANDOR_TRY(const std::string list, read_input(io, file));
  const ErasureStep step = [&](std::string_view what) { complain(io, fmt::format("erasing: {}\n", what)); };
  CANDOR_TRY(const std::int64_t fresh, apply_erasure_list(installation, list, step));
  CANDOR_TRY_VOID(note_act(io, installation, "erasures.applied", ordered_json{{"new", fresh}}.dump()));
  CANDOR_TRY_VOID(installation.assess());
  return fmt::format("{} erasures were not known here and were made good\n", fresh);
}

Result<std::string> proof_of(const Io& io, Installation& installation, std::int64_t number) {
  CANDOR_TRY_VOID(note_act(io, installation, "erasures.proved", ordered_json{{"erasure", number}}.dump()));
  std::optional<Erasure> erasure;
  {
    CANDOR_TRY(auto reading, installation.store().read());
    CANDOR_TRY(erasure, ErasureBook(installation.keys()).get(reading, number));
  }
  return erasure_proof(installation, *erasure);
}

int run_erasures(const Command& command, Installation& installation, const ErasuresOptions& options) {
  const Io& io = command.io;
  const std::lock_guard lock(installation.writing());
  const auto text = !options.list.empty()    ? exported_list(io, installation, options.list)
                    : !options.apply.empty() ? applied_list(io, installation, options.apply)
                    : options.proof != 0     ? proof_of(io, installation, options.proof)
                                             : shown_erasures(installation, options.json);
  if (!text) return report(io, text.error());
  return print(io, *text) ? 0 : static_cast<int>(Exit::failed);
}

std::string proof_words(const nlohmann::json& value) {
  const auto agreed_by = value.at("agreed_by").get<std::string>();
  std::string text =
      fmt::format("the signature is this key's\n{} was erased, {} people\nasked for by {}{}, begun {}\n",
                  value.at("pseudonym").get<std::string>(), value.at("people").get<std::string>(),
                  value.at("asked_by").get<std::string>(), agreed_by.empty() ? "" : ", agreed to by " + agreed_by,
                  value.at("begun_at").get<std::string>());
  for (const auto& one : value.at("removed")) {
    text += fmt::format("  {:>12}  {}{}\n", one.at("count").get<std::int64_t>(), one.at("kind").get<std::string>(),
                        one.contains("from")
                            ? ", " + one.at("from").get<std::string>() + " to " + one.at("to").get<std::string>()
                            : "");
  }
  const bool over = !value.at("done_at").is_null() && (value.at("left").is_null() || value.at("left").empty());
  text += over ? "nothing was left of it\n" : "IT WAS NOT OVER, OR SOMETHING WAS LEFT\n";
  text += value.at("audit_log").at("whole").get<bool>() ? "the audit log was whole\n" : "THE AUDIT LOG WAS BROKEN\n";
  return text;
}

int verify_proof(const Command& command, const ErasuresOptions& options) {
  const Io& io = command.io;
  std::ifstream in(io.resolve(options.file), std::ios::binary);
  if (!in) return report(io, {"app.cannot_read", options.file.string() + " cannot be read"});
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const auto statement = verified_statement(file, kErasureProof, options.key);
  if (!statement) return report(io, statement.error());
  try {
    return print(io, proof_words(nlohmann::json::parse(*statement))) ? 0 : static_cast<int>(Exit::failed);
  } catch (const nlohmann::json::exception&) {
    return report(io, {"access.bad_statement", "this proof is of another version of Candor"});
  }
}

}  // namespace

void add_people_erasures(CLI::App& people, Command& command) {
  auto options = std::make_shared<ErasuresOptions>();
  CLI::App* sub = people.add_subcommand("erasures", "Who was erased, by pseudonym; lists for backups; proofs");
  auto* list = sub->add_option("--export", options->list, "Write the signed list for restored backups to this file");
  auto* apply = sub->add_option("--apply", options->apply, "Erase here whom a list of this installation means");
  auto* proof = sub->add_option("--proof", options->proof, "Print a signed statement of what this erasure took");
  list->excludes(apply)->excludes(proof);
  apply->excludes(proof);
  sub->add_flag("--json", options->json, "The list as one object");
  sub->require_subcommand(0, 1);
  CLI::App* verify = sub->add_subcommand("verify", "Check a proof and say what is in it; needs no data folder");
  verify->add_option("FILE", options->file, "What `--proof` printed")->required();
  verify->add_option("--key", options->key, "The public key that `audit key` prints")->required();
  verify->callback(
      [&command, options] { command.standalone = [&command, options] { return verify_proof(command, *options); }; });
  sub->callback([&command, options, verify] {
    if (verify->parsed()) return;
    command.installed = [&command, options](Installation& in) { return run_erasures(command, in, *options); };
  });
}

}  // namespace candor
