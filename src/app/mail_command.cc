#include <fmt/format.h>

#include <memory>

#include "access/audit_log.h"
#include "app/check_output.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/json.h"
#include "app/mail_setup.h"
#include "app/secret_file.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

struct MailCommandOptions {
  std::string to;
  std::string state;
  std::string id;
  std::size_t limit = 100;
  bool json = false;
};

MessageInHand test_message(const std::string& to, TimePoint now) {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  return {
      .id = to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())),
      .made = now,
      .attempts = 1,
      .message = {.kind = "test",
                  .channel = Channel::mail,
                  .to = to,
                  .to_name = {},
                  .subject = "Candor: test mail",
                  .text = "This is the test mail of `candor mail check`.\n\nMail of Candor arrives here; you need do "
                          "nothing.\n",
                  .html = {},
                  .automatic = true}};
}

void send_test(CheckOutput& output, const MailServer& server, const Settings::Mail& settings,
               const MailCommandOptions& options, const Io& io) {
  const auto text = compose(mail_of(test_message(options.to, SystemClock().now()), settings));
  if (!text) return output.bad(text.error().message);
  const DeliveryOutcome sent = server.send(options.to, *text, io.cancelled);
  if (sent.kind == DeliveryOutcome::Kind::taken) return output.good("the server took a test mail");
  output.bad("the test mail was not taken: " + sent.said);
}

int check_mail_server(const Command& command, const MailCommandOptions& options) {
  const std::filesystem::path folder = content_folder(command);
  std::vector<Diagnostic> diagnostics;
  const Settings::Mail settings = load_settings(folder / "settings.yml", diagnostics).mail;
  if (has_errors(diagnostics)) {
    complain_about(command.io, diagnostics);
    return static_cast<int>(Exit::failed);
  }
  if (settings.server.empty()) {
    return report(command.io, {"app.mail_off", (folder / "settings.yml").string() + " has no mail.server"});
  }
  if (!options.to.empty() && !is_mail_address(options.to)) {
    return report(command.io, {"app.usage", "--to takes one plain address like name@example.com"});
  }
  const auto server_options = mail_server_options(settings, folder, environment_text("CANDOR_MAIL_PASSWORD"));
  if (!server_options) return report(command.io, server_options.error());
  CheckOutput output(command.io);
  if (!settings.password_file.empty() && others_may_read(folder / settings.password_file)) {
    output.note("everybody on this machine may read the file with the password: chmod o-r");
  }
  if (settings.server.starts_with("smtp://") && !settings.starttls) output.note("mail may go without TLS");
  const MailServer server(*server_options);
  const DeliveryOutcome outcome = server.check(command.io.cancelled);
  if (outcome.kind != DeliveryOutcome::Kind::taken) {
    output.bad(settings.server + ": " + outcome.said);
    return output.exit_code();
  }
  output.good(settings.server + " answers" + (settings.user.empty() ? "" : ", and takes user and password"));
  if (!options.to.empty()) send_test(output, server, settings, options, command.io);
  return output.exit_code();
}

Json to_json(const MessageRow& row) {
  const auto time = [](const std::optional<TimePoint>& at) { return at ? Json(format_time(*at)) : Json(nullptr); };
  return {{"id", row.id},
          {"kind", row.kind},
          {"channel", to_text(row.channel)},
          {"state", to_text(row.state)},
          {"made", format_time(row.made)},
          {"attempts", row.attempts},
          {"next_attempt", row.state == MessageState::waiting ? Json(format_time(row.next_attempt)) : Json(nullptr)},
          {"last_attempt", time(row.last_attempt)},
          {"settled", time(row.settled)},
          {"answer", row.answer}};
}

std::string in_words(const MessageRow& row) {
  std::string when = row.state == MessageState::waiting ? "next attempt " + format_time(row.next_attempt)
                     : row.settled                      ? format_time(*row.settled)
                                                        : "";
  std::string text = fmt::format("{}  {:<8} {:<8} {}  made {}, attempts {}, {}\n", row.id, to_text(row.channel),
                                 to_text(row.state), row.kind, format_time(row.made), row.attempts, when);
  if (!row.answer.empty()) text += "    " + row.answer + "\n";
  return text;
}

int list_mail(const Command& command, Installation& installation, const MailCommandOptions& options) {
  std::optional<MessageState> state;
  if (!options.state.empty()) state = message_state(options.state);
  const auto rows = Outbox(installation.store(), installation.keys(), installation.clock()).list(state, options.limit);
  if (!rows) return report(command.io, rows.error());
  std::string text;
  if (options.json) {
    Json json = Json::array();
    for (const MessageRow& row : *rows) json.push_back(to_json(row));
    text = json.dump() + "\n";
  } else {
    for (const MessageRow& row : *rows) text += in_words(row);
    if (rows->empty()) text = "no messages\n";
  }
  return print(command.io, text) ? 0 : static_cast<int>(Exit::failed);
}

int retry_mail(const Command& command, Installation& installation, const MailCommandOptions& options) {
  const Outbox outbox(installation.store(), installation.keys(), installation.clock());
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto done = installation.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(outbox.retry(work, options.id));
    CANDOR_TRY_VOID(audit.append(work, {.viewer = local_viewer(command.io),
                                        .action = "message.retried",
                                        .object_kind = "message",
                                        .object_id = options.id}));
    return {};
  });
  if (!done) return report(command.io, done.error());
  const bool sends = command.serves && !installation.content().settings.mail.server.empty();
  return print(command.io, sends ? "its turn is now\n" : "it goes when `candor serve` runs with a mail server\n")
             ? 0
             : static_cast<int>(Exit::failed);
}

}  // namespace

void add_mail(CLI::App& app, Command& command) {
  auto options = std::make_shared<MailCommandOptions>();
  CLI::App* mail = app.add_subcommand("mail", "The mail server, and what waits to be sent");
  mail->require_subcommand(1);
  CLI::App* check = mail->add_subcommand("check", "Connect to the mail server of the settings and sign in");
  check->add_option("--to", options->to, "Send a test mail to this address, too");
  check->callback([&command, options] {
    command.standalone = [&command, options] { return check_mail_server(command, *options); };
  });
  CLI::App* list = mail->add_subcommand("list", "Messages and what became of them, the newest first");
  list->add_option("--state", options->state, "Only these")->check(CLI::IsMember({"waiting", "sent", "failed"}));
  list->add_option("--limit", options->limit, "At most so many")->check(CLI::Range(1, 1000))->capture_default_str();
  list->add_flag("--json", options->json, "As a JSON array");
  list->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      return list_mail(command, installation, *options);
    };
  });
  CLI::App* retry = mail->add_subcommand("retry", "Try a message again now that waits or was given up");
  retry->add_option("ID", options->id, "As `candor mail list` shows it")->required();
  retry->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      return retry_mail(command, installation, *options);
    };
  });
}

}  // namespace candor
