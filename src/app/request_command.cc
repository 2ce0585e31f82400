#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "app/command.h"
#include "app/installation.h"
#include "cases/request_book.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct RequestOptions {
  std::string kind;
  std::string state;
  std::size_t offset = 0;
  std::size_t limit = 50;
};

// Whoever holds the machine, or a program that hands recordings on, sees what was asked for and agreed to, by
// pseudonym.
Result<void> list(const Command& command, Installation& in, const RequestOptions& options) {
  RequestQuery query{.offset = options.offset, .limit = options.limit};
  if (!options.kind.empty()) query.kind = request_kind(options.kind);
  if (!options.state.empty()) query.state = request_state(options.state);
  CANDOR_TRY(const RequestPage page, in.requests().find(query));
  const AuditLog audit(in.store(), in.keys(), in.clock());
  AuditEntry entry{.viewer = local_viewer(command.io), .action = "requests.viewed", .object_kind = "requests"};
  entry.details = ordered_json{{"rows", page.requests.size()}, {"total", page.total}}.dump();
  CANDOR_TRY_VOID(audit.append(entry));
  const Day today = day_of(in.clock().now());
  for (const StoredRequest& row : page.requests) {
    const auto masked = [&](std::string_view text) {
      return masked_for_audit(in.store(), in.keys(), row.person, in.clock().now(), text);
    };
    CANDOR_TRY(const std::string reason, masked(row.reason));
    CANDOR_TRY(const std::string milder, masked(row.milder));
    CANDOR_TRY(const std::string decided_reason, masked(row.decided_reason));
    const ordered_json told = {
        {"number", row.number},
        {"kind", to_text(row.kind)},
        {"state", to_text(row.state(today))},
        {"person", pseudonym(in.keys(), row.person)},
        {"from", format_day(row.from)},
        {"until", format_day(row.to)},
        {"asked_by", row.asked_by.empty() ? ordered_json() : ordered_json(row.asked_by)},
        {"policy", row.policy.empty() ? ordered_json() : ordered_json(row.policy)},
        {"asked_at", format_time(row.asked_at)},
        {"reason", reason},
        {"milder", milder},
        {"decided_by", row.decided_by},
        {"decided_reason", decided_reason},
        {"open_until", row.agreed() ? ordered_json(format_day(row.open_until)) : ordered_json()}};
    print(command.io, told.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n");
  }
  return {};
}

}  // namespace

void add_request(CLI::App& app, Command& command) {
  CLI::App* requests = app.add_subcommand("request", "Looks that need a second person, by pseudonym");
  requests->require_subcommand(1);
  auto options = std::make_shared<RequestOptions>();
  CLI::App* rows = requests->add_subcommand("list", "One JSON line a request, the newest first");
  rows->add_option("--kind", options->kind, "Only these")
      ->check(CLI::IsMember({"activity_report", "screen_evidence", "investigation_package", "content", "data_trace"}));
  rows->add_option("--state", options->state, "Only these")
      ->check(CLI::IsMember({"waits", "approved", "rejected", "withdrawn", "ended"}));
  rows->add_option("--offset", options->offset, "How many to skip")->capture_default_str();
  rows->add_option("--limit", options->limit, "How many, at most 200")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  rows->callback([&command, options] {
    command.installed = [&command, options](Installation& in) {
      const auto done = list(command, in, *options);
      return done ? 0 : report(command.io, done.error());
    };
  });
}

}  // namespace candor
