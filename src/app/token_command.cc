#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>

#include "access/audit_log.h"
#include "access/source_tokens.h"
#include "app/command.h"
#include "app/installation.h"

namespace candor {
namespace {

struct TokenOptions {
  std::string source;
  bool metrics = false;
  int days = 0;  // 0 = for ever
  std::string id;
};

int create(const Command& command, Installation& installation, SourceTokens& tokens, const TokenOptions& options) {
  if (options.source.empty() != options.metrics) {
    return report(command.io,
                  {"app.usage", "give either --source NAME, to send its records, or --metrics, to read them"});
  }
  const std::optional<TimePoint> expires =
      options.days > 0 ? std::optional(installation.clock().now() + options.days * kMicrosPerDay) : std::nullopt;
  const auto token = tokens.create(local_viewer(command.io), options.source, expires);
  if (!token) return report(command.io, token.error());
  print(command.io, *token + "\n");
  complain(command.io, "this is shown once: keep it where the sender finds it, and nobody else\n");
  return 0;
}

int list_tokens(const Command& command, const SourceTokens& tokens) {
  const auto all = tokens.list();
  if (!all) return report(command.io, all.error());
  for (const SourceToken& token : *all) {
    const auto at = [](const char* what, const std::optional<TimePoint>& time) {
      return time ? fmt::format("  {} {}", what, format_time(*time)) : std::string();
    };
    print(command.io,
          fmt::format("{}  {:<24}  made {} by {}{}{}{}\n", token.id,
                      token.is_for_metrics() ? "(metrics)" : token.source, format_time(token.created), token.created_by,
                      at("expires", token.expires), at("last used", token.last_used), at("revoked", token.revoked)));
  }
  return 0;
}

int revoke(const Command& command, SourceTokens& tokens, const TokenOptions& options) {
  const auto done = tokens.revoke(local_viewer(command.io), options.id);
  if (!done) return report(command.io, done.error());
  print(command.io, fmt::format("{} opens nothing any more\n", options.id));
  return 0;
}

using TokenWork = std::function<int(Installation&, SourceTokens&)>;

// On the tokens of an open folder, for as long as one command takes.
void on_tokens(CLI::App& sub, Command& command, TokenWork run) {
  sub.callback([&command, run = std::move(run)] {
    command.installed = [run](Installation& installation) {
      const AuditLog audit(installation.store(), installation.keys(), installation.clock());
      SourceTokens tokens(installation.store(), installation.keys(), installation.clock(), audit);
      return run(installation, tokens);
    };
  });
}

}  // namespace

void add_token(CLI::App& app, Command& command) {
  CLI::App* token =
      app.add_subcommand("token", "Tokens of machines: each may send the records of one source, and nothing else");
  token->require_subcommand(1);
  auto options = std::make_shared<TokenOptions>();

  CLI::App* sub = token->add_subcommand("create", "Make a token and print it, once");
  sub->add_option("--source", options->source, "The source whose records it may send");
  sub->add_flag("--metrics", options->metrics, "It may read /metrics instead");
  sub->add_option("--days", options->days, "It expires after so many days (default: never)")
      ->check(CLI::Range(1, 36'500));
  on_tokens(*sub, command, [&command, options](Installation& installation, SourceTokens& tokens) {
    return create(command, installation, tokens, *options);
  });
  on_tokens(*token->add_subcommand("list", "All of them, without their secrets"), command,
            [&command](Installation&, SourceTokens& tokens) { return list_tokens(command, tokens); });
  sub = token->add_subcommand("revoke", "It opens nothing any more, from the next request on");
  sub->add_option("ID", options->id, "As `candor token list` shows it")->required();
  on_tokens(*sub, command,
            [&command, options](Installation&, SourceTokens& tokens) { return revoke(command, tokens, *options); });
}

}  // namespace candor
