#include <fmt/format.h>

#include <memory>
#include <optional>
#include <thread>

#include "api/api.h"
#include "api/beside.h"
#include "api/site.h"
#include "app/audit_anchoring.h"
#include "app/control.h"
#include "app/holding.h"
#include "app/ingest_run.h"
#include "app/installation.h"
#include "app/mail_setup.h"
#include "app/notification_sending.h"
#include "app/outbox_sending.h"
#include "app/provider_setup.h"
#include "app/secret_file.h"
#include "app/serve.h"
#include "app/serve_beat.h"
#include "app/silence_telling.h"
#include "app/webhook_sending.h"
#include "base/master_key.h"
#include "ingest/request_ingest.h"
#include "sources/source_name.h"

namespace candor {
namespace {

// Shows on the terminal how the demo organisation comes about, until it is there.
class DemoFiller {
 public:
  DemoFiller(Installation& installation, const DemoOptions& options, FillState& state, const Io& io)
      : thread_([&installation, options, &state, &io](const std::stop_token& stop) {
          const auto alerts = fill_demo(installation, options, state, [&] { return stop.stop_requested(); });
          if (stop.stop_requested()) return;
          if (alerts) {
            print(io, fmt::format("the demo organisation is ready: {} alerts wait in the queue\n", *alerts));
          } else {
            state.set({.state = api::Fill::State::failed, .phase = "", .message = alerts.error().message});
            complain(io, "candor: the demo organisation is not complete: " + alerts.error().message + "\n");
          }
        }) {}

 private:
  std::jthread thread_;  // last: its destructor asks it to stop, and waits
};

void greet(const Io& io, const api::Server& server, const ServeOptions& options,
           const std::optional<Viewers::FirstViewer>& first) {
  print_place(io, server, options);
  if (first) {
    print(io, fmt::format("sign in as {} with the one-time password {}\n", first->user, first->one_time_password));
  }
  print(io, "Ctrl-C stops it\n");
}

// Takes records that come in requests; assesses whom they touch every two seconds, however many come.
class Requests {
 public:
  explicit Requests(Installation& installation)
      : installation_(installation),
        lock_(installation.writing(), std::defer_lock),
        ingest_([&installation] { return make_ingest(installation, [] { return DataKind::real; }); },
                installation.sources(), installation.clock(),
                {.hold = [this] { lock_.lock(); }, .release = [this] { release(); }}) {}

  Result<IngestSummary> take(const std::string& source, std::string_view body, const std::optional<FeedForm>& feed) {
    return ingest_.take(source, body, feed);
  }

 private:
  void release() {
    // What fails here is tried again, and told, by the beat.
    if (const TimePoint now = installation_.clock().now(); now - assessed_ >= 2 * kMicrosPerSecond) {
      static_cast<void>(installation_.assess());
      assessed_ = installation_.clock().now();
    }
    lock_.unlock();
  }

  Installation& installation_;
  TimePoint assessed_ = 0;
  std::unique_lock<std::mutex> lock_;  // of the thread that appends
  RequestIngest ingest_;               // last: its destructor waits for that thread
};

// A folder followed for as long as the installation is served.
class Following {
 public:
  Following(Installation& installation, const FollowOptions& options, const Io& io)
      : thread_([&installation, options, &io](const std::stop_token& stop) {
          Io own = io;
          own.cancelled = [&] { return stop.stop_requested() || io.cancelled(); };
          const auto followed = follow_folder(installation, options, own);
          if (!followed) complain(io, "candor: " + followed.error().message + " [" + followed.error().id + "]\n");
        }) {}

 private:
  std::jthread thread_;  // last: its destructor asks it to stop, and waits
};

WebhookOptions webhook_options(const Settings& settings) {
  // Not in the settings: those are read by more people than may sign.
  return {.address = settings.silence.webhook, .secret = environment_text("CANDOR_WEBHOOK_SECRET")};
}

api::NoticeContext notice_context(const Content& content) {
  const Settings::Mail& mail = content.settings.mail;
  return {.templates = content.notices,
          .mail = !mail.server.empty(),
          .contact = mail.reply_to.empty() ? mail.from : mail.reply_to,
          .viewer_domains = viewer_domains(mail),
          .notifications = content.notifications};
}

// nullopt: no server is named, and nothing is sent.
Result<std::optional<MailServerOptions>> mail_options(const Installation& installation) {
  const Settings::Mail& settings = installation.content().settings.mail;
  if (settings.server.empty()) return std::nullopt;
  CANDOR_TRY(auto options,
             mail_server_options(settings, installation.content().folder, environment_text("CANDOR_MAIL_PASSWORD")));
  return options;
}

std::optional<AnchoringOptions> anchoring_options(const Settings& settings) {
  AnchoringOptions options;
  options.folder = settings.audit.anchor_folder;
  options.every = std::chrono::minutes(settings.audit.anchor_minutes);
  if (!settings.audit.anchor_webhook.empty()) {
    options.webhook = webhook_options(settings);
    options.webhook->address = settings.audit.anchor_webhook;
  }
  if (options.folder.empty() && !options.webhook) return std::nullopt;
  return options;
}

struct Opened {
  std::unique_ptr<Installation> installation;
  bool wants_demo = false;  // its organisation is still to be simulated, or the rest of it
};

Result<Opened> open_served(const Command& command, const std::filesystem::path& folder, const ServeOptions& options) {
  CANDOR_TRY(auto installation, open_installation(command, folder, false));
  if (!options.demo) return Opened{.installation = std::move(installation), .wants_demo = false};
  CANDOR_TRY_VOID(installation->kind().settle(DataKind::demo));
  CANDOR_TRY(const bool wanted, demo_is_wanted(*installation));
  if (wanted) {
    CANDOR_TRY_VOID(import_demo_facts(*installation, options.demo_options));
    installation.reset();  // opened again, its records are read by these facts
    CANDOR_TRY(installation, open_installation(command, folder, false));
  }
  return Opened{.installation = std::move(installation), .wants_demo = wanted};
}

}  // namespace

Result<bool> serve_as_holder(const Command& command, const std::filesystem::path& folder, ServeOptions& options) {
  const Io& io = command.io;
  CANDOR_TRY(const auto opened, open_served(command, folder, options));
  const std::unique_ptr<Installation>& installation = opened.installation;
  complain_about(io, installation->content().diagnostics);
  CANDOR_TRY(auto roles, Roles::load(installation->content().folder / "roles.yml"));
  Access access({.store = installation->store(),
                 .keys = installation->keys(),
                 .clock = installation->clock(),
                 .people = installation->people(),
                 .facts = installation->facts(),
                 .alerts = installation->alerts()},
                std::move(roles));
  CANDOR_TRY(const auto provider, make_provider_sign_in(provider_parts(*installation), access.viewers, io));
  CANDOR_TRY(const auto mail, mail_options(*installation));
  CANDOR_TRY(auto webhooks, open_webhooks(installation->content()));
  CANDOR_TRY(const auto first, access.viewers.ensure_first());
  FillState fill;
  Requests requests(*installation);
  const api::ApiContext context{
      .clock = installation->clock(),
      .timeline = installation->timeline(),
      .catalogue = installation->content().fields,
      .indicators = installation->content().indicators,
      .scoring = *installation->content().scoring,
      .alerts = installation->alerts(),
      .policies = installation->policies(),
      .expectations = installation->expectations(),
      .cases = access.cases,
      .requests = installation->requests(),
      .store = installation->store(),
      .keys = installation->keys(),
      .people = installation->people(),
      .organisation = installation->organisation(),
      .facts = installation->facts(),
      .viewers = access.viewers,
      .lifting = access.lifting,
      .presenter = access.presenter,
      .audit = access.audit,
      .intake = {.rules = installation->content().intake,
                 .switches = installation->switches(),
                 .decide =
                     [&](Switch decision, const SwitchBook::Also& also) {
                       return installation->decide(std::move(decision), also);
                     },
                 .data_kind = [&]() -> std::string_view {
                   const auto kind = installation->kind().get();
                   return kind ? to_text(*kind) : std::string_view();
                 }},
      .fill = [&fill] { return fill.get(); },
      .version = kVersion,
      .secure_cookies = has_secure_cookies(options),
      .sources = &installation->sources(),
      .tokens = &access.tokens,
      .take_records = [&requests](const std::string& source, std::string_view body,
                                  const std::optional<FeedForm>& feed) { return requests.take(source, body, feed); },
      .behind_proxy = options.server.behind_proxy,
      .mappings = installation->content().mappings,
      .settings = &installation->running_settings(),
      .templates = policy_templates(installation->content()),
      .risk_levels = installation->content().risk_levels,
      .provider = provider.get(),
      .notices = notice_context(installation->content()),
      .units = installation->content().units,
      .key_is_sealed = [&] { return master_key_state(installation->folder()) == MasterKeyState::sealed; },
      .packs = {.shelf =
                    load_pack_shelf(installation->content().folder, installation->content().indicators->indicators(),
                                    *installation->content().scoring),
                .decide =
                    [&](std::vector<Switch> decisions, const SwitchBook::Also& also, const auto& rest) {
                      return installation->decide_together(std::move(decisions), also, rest);
                    }},
      .evaluated = [&] { return installation->keep_evaluated(); },
      .attest = [&](const AttestationOrder& order,
                    AuditEntry line) { return installation->attest(order, std::move(line)); },
      .lists = {.book = &installation->lists(), .take_up = [&] { installation->ask_to_take_up(); }}};
  CANDOR_TRY(const auto holding, Holding::begin(*installation, context.secure_cookies));
  api::Handler handler = api::make_api(context);
  CANDOR_TRY(auto files, load_pages(io, web_folder(command, options)));
  CANDOR_TRY(const auto server,
             api::Server::start(
                 server_options(options, installation->content().settings.feed, access, context.secure_cookies),
                 api::make_site({.host_names = options.host_names}, std::move(files),
                                holding ? api::accept_beside(holding->gate(), installation->clock(), std::move(handler))
                                        : std::move(handler))));
  CANDOR_TRY(const auto control,
             ControlServer::start(folder, [&](const std::vector<std::string>& arguments, const Io& other) {
               return run_command(arguments, other, installation.get());
             }));
  options.server.port = server->port();
  greet(io, *server, options, first);
  std::optional<DemoFiller> filler;
  if (opened.wants_demo) filler.emplace(*installation, options.demo_options, fill, io);
  if (options.demo && !opened.wants_demo) print(io, "the demo organisation is ready\n");
  std::optional<Following> following;
  if (!options.follow.folder.empty()) {
    FollowOptions follow = options.follow;
    follow.folder = io.resolve(follow.folder);
    if (!follow.feed.empty()) CANDOR_TRY_VOID(installation->content().mappings->feed_form(follow.feed));
    if (!follow.feed.empty() && follow.source == FollowOptions().source) follow.source = follow.feed;
    CANDOR_TRY_VOID(source_name(follow.source));
    following.emplace(*installation, follow, io);
  }
  std::optional<SilenceTelling> telling;
  if (WebhookOptions webhook = webhook_options(installation->content().settings); !webhook.address.empty()) {
    telling.emplace(*installation, std::move(webhook), io);
  }
  std::optional<AuditAnchoring> anchoring;
  if (auto wanted = anchoring_options(installation->content().settings)) {
    anchoring.emplace(access.audit, std::move(*wanted), io);
  }
  std::optional<OutboxSending> sending;
  std::optional<NotificationSending> notifying;
  if (mail) {
    sending.emplace(*installation, installation->content().settings.mail, *mail, io);
    notifying.emplace(*installation, access.viewers, access.cases, io);
  }
  std::optional<WebhookSending> told;
  if (!webhooks.empty()) {
    told.emplace(*installation, std::move(webhooks), installation->content().settings.oidc.public_address, io);
  }
  const auto kept = keep_assessed(
      *installation, [&] { return fill.get().state != api::Fill::State::running; },
      [&] {
        if (holding) holding->follow();
      },
      io);
  const bool again = kept && !io.cancelled();
  print(io, again ? "taking up what was changed\n" : "stopping\n");
  told.reset();
  notifying.reset();
  sending.reset();
  anchoring.reset();
  telling.reset();
  following.reset();
  server->stop();
  if (!kept) return std::unexpected(kept.error());
  return again;
}

}  // namespace candor
