#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/io.h"
#include "base/result.h"

namespace candor {

class Installation;

inline constexpr const char* kVersion = "0.1.0";
inline constexpr const char* kUsualData = "./candor-data";

// What a parsed command line wants done. Exactly one of the two actions is set.
struct Command {
  const Io& io;
  std::filesystem::path data = kUsualData;
  std::filesystem::path content;  // "" = the folder that came with this binary
  std::string store;              // postgresql://..., "" = where the folder's records are
  bool store_without_tls = false;
  unsigned threads = 0;  // of the folder, when this process opens it; 0 = as many as are usual
  // Needs no data folder, or (serve) takes it itself.
  std::function<int()> standalone;
  // Works on an open data folder: this process's own, or the one being served.
  std::function<int(Installation&)> installed;
  // Set by `installed` when what it changed is how records are read: a folder this process opened is opened again,
  // which matches everything stored again, and assessed. A served one takes it up at its next start.
  bool reopens = false;
  bool serves = false;  // it runs in the process that serves the folder
};

// One function for each command: declares its options and, when it is the one chosen, sets the action.
void add_ingest(CLI::App& app, Command& command);
void add_intake(CLI::App& app, Command& command);
void add_ledger(CLI::App& app, Command& command);
void add_switches(CLI::App& app, Command& command);
void add_normalise(CLI::App& app, Command& command);
void add_hr(CLI::App& app, Command& command);
void add_organisation(CLI::App& app, Command& command);
void add_people(CLI::App& app, Command& command);
void add_pack(CLI::App& app, Command& command);
void add_policy(CLI::App& app, Command& command);
void add_analytics(CLI::App& app, Command& command);
void add_alerts(CLI::App& app, Command& command);
void add_case(CLI::App& app, Command& command);
void add_request(CLI::App& app, Command& command);
void add_docs(CLI::App& app, Command& command);
void add_evaluated(CLI::App& docs, Command& command);  // of `docs`
void add_package(CLI::App& app, Command& command);
void add_indicators(CLI::App& app, Command& command);
void add_exclusions(CLI::App& app, Command& command);
void add_expectations(CLI::App& app, Command& command);
void add_content(CLI::App& app, Command& command);
void add_sigma(CLI::App& app, Command& command);
void add_audit(CLI::App& app, Command& command);
void add_exports(CLI::App& app, Command& command);
void add_attest(CLI::App& app, Command& command);
void add_viewer(CLI::App& app, Command& command);
void add_rebuild(CLI::App& app, Command& command);
void add_mail(CLI::App& app, Command& command);
void add_retention(CLI::App& app, Command& command);
void add_settings(CLI::App& app, Command& command);
void add_lists(CLI::App& app, Command& command);
void add_first_steps(CLI::App& app, Command& command);
void add_sources(CLI::App& app, Command& command);
void add_store(CLI::App& app, Command& command);
void add_backup(CLI::App& app, Command& command);
void add_key(CLI::App& app, Command& command);
void add_token(CLI::App& app, Command& command);
void add_simulate(CLI::App& app, Command& command);
void add_evaluate(CLI::App& app, Command& command);
void add_assess(CLI::App& app, Command& command);
void add_backtest(CLI::App& app, Command& command);
void add_compare(CLI::App& app, Command& command);
void add_serve(CLI::App& app, Command& command);
void add_bench(CLI::App& app, Command& command);

// Parses and runs one command line (without the program's name). `served` is the open data folder of the serving
// process when it runs a command for another process, else null. Returns the exit code.
int run_command(const std::vector<std::string>& arguments, const Io& io, Installation* served);

// The record store that was asked for: --store, else CANDOR_STORE, else "". A password is no argument, for those are
// seen by everybody on the machine: fails with `app.usage` then, with `store.bad_url` when it is no URL.
Result<std::string> store_url(const Command& command);

// Opens the data folder, whose lock the caller holds, with progress shown while the raw log is read.
Result<std::unique_ptr<Installation>> open_installation(const Command& command, const std::filesystem::path& folder,
                                                        bool rebuild);

// Says what failed on standard error; the exit code of a failure.
int report(const Io& io, const Error& error);

// Assesses anew whom the command's act concerns; the exit code.
int assess_again(const Io& io, Installation& installation);

// The content that came with this binary, or the one named.
std::filesystem::path content_folder(const Command& command);

}  // namespace candor
