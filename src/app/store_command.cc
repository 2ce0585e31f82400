#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/control.h"
#include "app/json.h"
#include "app/record_keys.h"
#include "base/keys.h"
#include "store/copy.h"
#include "store/store.h"

namespace candor {
namespace {

int show(const Io& io, const std::vector<CopiedTable>& tables, const Store& store, bool json) {
  std::uint64_t rows = 0;
  Json list = Json::array();
  for (const CopiedTable& table : tables) {
    rows += static_cast<std::uint64_t>(table.rows);
    if (json) {
      list.push_back({{"table", table.name}, {"rows", table.rows}, {"hash", fmt::format("{:016x}", table.hash)}});
    } else if (table.rows > 0 && !print(io, fmt::format("{:<24} {:>12}\n", table.name,
                                                        format_count(static_cast<std::uint64_t>(table.rows))))) {
      return static_cast<int>(Exit::failed);
    }
  }
  const std::string text =
      json ? json_line({{"records", store.shown()}, {"rows", rows}, {"tables", list}})
           : fmt::format(
                 "{} rows are in {}, counted and compared. What was in records.db is in records.db.copied: "
                 "delete it when you have a backup\n",
                 format_count(rows), store.shown());
  return print(io, text) ? 0 : static_cast<int>(Exit::failed);
}

int copy(const Command& command, bool json) {
  const Io& io = command.io;
  const auto folder = io.resolve(command.data);
  const auto url = store_url(command);
  if (!url) return report(io, url.error());
  if (url->empty())
    return report(io, {"app.usage", "name the empty database to copy to: --store postgresql://ROLE@HOST/DATABASE"});
  const auto lock = FolderLock::take(folder);
  if (!lock) return report(io, lock.error());
  if (!lock->has_value()) {
    return report(io, {"app.folder_in_use", "another candor process has " + folder.string() + " open: stop it first"});
  }
  const auto keys = Keys::open(folder);
  if (!keys) return report(io, keys.error());
  const auto copied = move_records(folder, *url, command.store_without_tls,
                                   [&](const std::string& table) { complain(io, "copying " + table + "\n"); });
  if (!copied) return report(io, copied.error());
  const auto store = Store::open(folder, {.url = *url});
  if (!store) return report(io, store.error());
  if (const auto claimed = claim_records(**store, *keys); !claimed) return report(io, claimed.error());
  return show(io, *copied, **store, json);
}

}  // namespace

void add_store(CLI::App& app, Command& command) {
  CLI::App* store = app.add_subcommand("store", "Where the records of the data folder lie");
  store->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = store->add_subcommand(
      "copy", "Move the records from records.db to the empty PostgreSQL database of --store, counted and compared");
  sub->add_flag("--json", *json, "Print the summary as one object");
  sub->callback([&command, json] { command.standalone = [&command, json] { return copy(command, *json); }; });
}

}  // namespace candor
