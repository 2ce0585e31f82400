#include <fmt/format.h>

#include "app/command.h"
#include "app/control.h"
#include "app/installation.h"

namespace candor {
namespace {

int run_rebuild(const Command& command) {
  const Io& io = command.io;
  const std::filesystem::path folder = io.resolve(command.data);
  auto lock = FolderLock::take(folder);
  if (!lock) return report(io, lock.error());
  if (!lock->has_value()) {
    return report(io, {"app.served", folder.string() + " is being served: stop that first, then rebuild"});
  }
  auto installation = open_installation(command, folder, true);
  if (!installation) return report(io, installation.error());
  const auto assessed = (*installation)->assess();
  if (!assessed) return report(io, assessed.error());
  const auto stored = (*installation)->timeline().stats();
  if (!stored) return report(io, stored.error());
  print(io, fmt::format("{} activities of {} accounts made again from the raw log\n  alerts: {} raised, {} revised\n",
                        format_count(stored->activities), format_count(stored->accounts), assessed->alerts.raised,
                        assessed->alerts.revised));
  return static_cast<int>(Exit::ok);
}

}  // namespace

void add_rebuild(CLI::App& app, Command& command) {
  CLI::App* sub = app.add_subcommand("rebuild", "Make everything again from the raw log, with the content of today");
  sub->callback([&command] { command.standalone = [&command] { return run_rebuild(command); }; });
}

}  // namespace candor
