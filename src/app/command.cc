#include "app/command.h"

#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "app/control.h"
#include "app/installation.h"
#include "store/postgres_url.h"
#include "store/record_place.h"

namespace candor {
namespace {

// --help-all down to the last command: the library stops at the first level.
class WholeHelp : public CLI::Formatter {
 public:
  std::string make_expanded(const CLI::App* sub) const override {
    std::string text = sub->get_display_name(true) + '\n' + make_description(sub) + make_positionals(sub) +
                       make_groups(sub, CLI::AppFormatMode::Sub) + make_subcommands(sub, CLI::AppFormatMode::All);
    text = CLI::detail::find_and_replace(std::move(text), "\n\n", "\n");
    text.pop_back();
    return CLI::detail::find_and_replace(std::move(text), "\n", "\n  ") + '\n';
  }
};

void add_all(CLI::App& app, Command& command) {
  app.formatter(std::make_shared<WholeHelp>());
  app.require_subcommand(1);
  app.fallthrough();
  app.set_help_all_flag("--help-all", "Print the help of every command and exit");
  app.set_version_flag("--version", std::string("candor ") + kVersion);
  app.add_option("--data", command.data, "Data folder")->capture_default_str();
  app.add_option("--store", command.store,
                 "Records of the folder in this PostgreSQL database, postgresql://ROLE@HOST/DATABASE; said once, the "
                 "folder remembers it (CANDOR_STORE)");
  app.add_flag("--store-without-tls", command.store_without_tls,
               "Its server may be on another machine that does not prove its name");
  app.add_option("--content", command.content, "Content folder (default: the one that came with this binary)");
  add_serve(app, command);
  add_ingest(app, command);
  add_intake(app, command);
  add_ledger(app, command);
  add_switches(app, command);
  add_normalise(app, command);
  add_hr(app, command);
  add_organisation(app, command);
  add_people(app, command);
  add_policy(app, command);
  add_pack(app, command);
  add_analytics(app, command);
  add_expectations(app, command);
  add_alerts(app, command);
  add_case(app, command);
  add_request(app, command);
  add_docs(app, command);
  add_package(app, command);
  add_indicators(app, command);
  add_exclusions(app, command);
  add_content(app, command);
  add_sigma(app, command);
  add_audit(app, command);
  add_exports(app, command);
  add_attest(app, command);
  add_viewer(app, command);
  add_rebuild(app, command);
  add_mail(app, command);
  add_retention(app, command);
  add_settings(app, command);
  add_lists(app, command);
  add_first_steps(app, command);
  add_sources(app, command);
  add_store(app, command);
  add_backup(app, command);
  add_key(app, command);
  add_token(app, command);
  add_simulate(app, command);
  add_evaluate(app, command);
  add_assess(app, command);
  add_backtest(app, command);
  add_compare(app, command);
  add_bench(app, command);
}

int run_on_folder(const Command& command, const std::vector<std::string>& arguments, Installation* served) {
  const Io& io = command.io;
  const std::filesystem::path folder = io.resolve(command.data);
  if (served != nullptr) return command.installed(*served);
  auto lock = FolderLock::take(folder);
  if (!lock) return report(io, lock.error());
  if (!lock->has_value()) {
    // It does what it is told on its own records: others were meant, or a password was said aloud.
    const auto asked = store_url(command);
    if (!asked) return report(io, asked.error());
    const auto place = find_records(folder, *asked, command.store_without_tls);
    if (!place) return report(io, place.error());
    const auto code = hand_over(folder, arguments, io);
    return code ? *code : report(io, code.error());
  }
  auto installation = open_installation(command, folder, false);
  if (!installation) return report(io, installation.error());
  const int code = command.installed(**installation);
  if (!command.reopens) return code;
  installation->reset();
  installation = open_installation(command, folder, false);
  if (!installation) return report(io, installation.error());
  if (const auto assessed = (*installation)->assess(); !assessed) return report(io, assessed.error());
  return code;
}

}  // namespace

std::filesystem::path content_folder(const Command& command) {
  if (!command.content.empty()) return command.io.resolve(command.content);
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const auto& beside : {binary.parent_path().parent_path() / "content",
                             binary.parent_path().parent_path() / "share" / "candor" / "content"}) {
    if (std::filesystem::exists(beside / "fields.yml", error)) return beside;
  }
  return "content";
}

Result<std::string> store_url(const Command& command) {
  if (command.store.empty()) {
    const char* named = std::getenv("CANDOR_STORE");
    return named == nullptr ? "" : named;
  }
  CANDOR_TRY(const auto url, PostgresUrl::parse(command.store));
  if (url.has_password()) {
    return fail(
        "app.usage",
        "a password on the command line is seen by everybody on this machine: leave it out of --store, and give "
        "it in PGPASSWORD, in a file named by PGPASSFILE, or in the URL of CANDOR_STORE");
  }
  return command.store;
}

Result<std::unique_ptr<Installation>> open_installation(const Command& command, const std::filesystem::path& folder,
                                                        bool rebuild) {
  CANDOR_TRY(auto store, store_url(command));
  // Usually a moment; long after a change of content, when everything is made again.
  Progress progress(command.io, "reading the raw log", false);
  auto installation =
      Installation::open(folder, content_folder(command),
                         {.threads = command.threads,
                          .rebuild = rebuild,
                          .progress = [&](std::uint64_t done, std::uint64_t total) { progress.update(done, total, 0); },
                          .store = std::move(store),
                          .store_without_tls = command.store_without_tls});
  progress.finish();
  return installation;
}

int report(const Io& io, const Error& error) {
  complain(io, "candor: " + error.message + " [" + error.id + "]\n");
  return static_cast<int>(Exit::failed);
}

int assess_again(const Io& io, Installation& installation) {
  const auto assessed = installation.assess();
  if (!assessed) return report(io, assessed.error());
  complain_about(io, assessed->diagnostics);
  return 0;
}

int run_command(const std::vector<std::string>& arguments, const Io& io, Installation* served) {
  CLI::App app{"Candor: insider risk management, explained to the last point", "candor"};
  Command command{.io = io,
                  .data = kUsualData,
                  .content = {},
                  .store = {},
                  .store_without_tls = false,
                  .threads = 0,
                  .standalone = {},
                  .installed = {},
                  .reopens = false,
                  .serves = served != nullptr};
  add_all(app, command);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them from the back
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    print(io, out.str());
    complain(io, err.str());
    return code == 0 ? 0 : static_cast<int>(Exit::failed);
  }
  if (command.standalone) return command.standalone();
  return run_on_folder(command, arguments, served);
}

}  // namespace candor
