#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "access/exports.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/command.h"
#include "app/installation.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct ExportsOptions {
  std::int64_t number = 0;
  std::string pseudonym;
  std::string reason;
  bool json = false;
};

constexpr std::int64_t kMostExportsListed = 1'000;

int list_exports(const Command& command, Installation& installation, const ExportsOptions& options) {
  const Io& io = command.io;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto made =
      Exports(installation.store(), installation.keys(), installation.clock(), audit).newest(kMostExportsListed);
  if (!made) return report(io, made.error());
  ordered_json all = ordered_json::array();
  for (const OwnExport& one : *made) {
    all.push_back({{"number", one.number},
                   {"made_at", format_time(one.made_at)},
                   {"made_by", one.made_by},
                   {"what", one.what},
                   {"recipient", one.recipient}});
    // Escaped, so that nothing somebody typed reaches the terminal as more than text.
    const std::string said = ordered_json(one.recipient).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
    if (!options.json && !print(io, fmt::format("{:>5}  {}  {:<16} {:<20} {}\n", one.number, format_time(one.made_at),
                                                one.what, one.made_by, said))) {
      return static_cast<int>(Exit::failed);
    }
  }
  if (options.json) print(io, all.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n");
  return 0;
}

// The usual pseudonym; the name is another question (`people show --reason`).
Result<std::string> resolved(const Io& io, Installation& installation, const ExportsOptions& options) {
  CANDOR_TRY_VOID(check_local_reason(options.reason));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const Exports exports(installation.store(), installation.keys(), installation.clock(), audit);
  AuditEntry line{.viewer = local_viewer(io),
                  .action = "export.resolved",
                  .object_kind = "export",
                  .object_id = std::to_string(options.number)};
  const auto person = exports.person_of(options.number, options.pseudonym);
  if (!person) {
    line.action += " failed";
    line.details = ordered_json{{"error", person.error().id}}.dump();
    CANDOR_TRY_VOID(audit.append(line));
    return std::unexpected(person.error());
  }
  line.pseudonym = pseudonym(installation.keys(), *person);
  CANDOR_TRY(line.reason, masked_for_audit(installation.store(), installation.keys(), *person,
                                           installation.clock().now(), options.reason));
  CANDOR_TRY_VOID(audit.append(line));
  return line.pseudonym;
}

int resolve_export(const Command& command, Installation& installation, const ExportsOptions& options) {
  const auto found = resolved(command.io, installation, options);
  if (!found) return report(command.io, found.error());
  return print(command.io, *found + "\n") ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_exports(CLI::App& app, Command& command) {
  CLI::App* exports = app.add_subcommand("exports", "Exports that were made with pseudonyms of their own");
  exports->require_subcommand(1);
  auto options = std::make_shared<ExportsOptions>();
  CLI::App* sub = exports->add_subcommand("list", "The last thousand: when, by whom, of what and for whom");
  sub->add_flag("--json", options->json, "As a JSON array");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return list_exports(command, in, *options); };
  });
  sub = exports->add_subcommand("resolve", "Which usual pseudonym one of an export stands for");
  sub->add_option("NUMBER", options->number, "Of the export, as the file's name has it")
      ->required()
      ->check(CLI::PositiveNumber);
  sub->add_option("PSEUDONYM", options->pseudonym, "As the file has it: Anon-XXXX-XXXX-XXXX")->required();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log, without the person's names")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return resolve_export(command, in, *options); };
  });
}

}  // namespace candor
