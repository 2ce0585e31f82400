#include <fmt/format.h>
#include <poll.h>

#include <memory>
#include <optional>
#include <thread>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/present.h"
#include "access/source_tokens.h"
#include "access/viewers.h"
#include "api/api.h"
#include "api/evidence_admission.h"
#include "api/list_admission.h"
#include "api/server.h"
#include "api/site.h"
#include "app/audit_anchoring.h"
#include "app/command.h"
#include "app/control.h"
#include "app/demo.h"
#include "app/follow.h"
#include "app/ingest_run.h"
#include "app/installation.h"
#include "app/mail_setup.h"
#include "app/notification_sending.h"
#include "app/outbox_sending.h"
#include "app/provider_setup.h"
#include "app/retention.h"
#include "app/secret_file.h"
#include "app/silence_telling.h"
#include "app/webhook_sending.h"
#include "base/master_key.h"
#include "ingest/request_ingest.h"
#include "outbox/outbox.h"
#include "sources/source_name.h"

namespace candor {
namespace {

struct ServeOptions {
  api::ServerOptions server;
  std::vector<std::string> host_names;
  std::filesystem::path web;
  bool demo = false;
  DemoOptions demo_options;
  FollowOptions follow;
  std::optional<std::int64_t> record_megabytes;  // nullopt: as Settings::feed says
};

// The parts of access, over one open folder, in the order they need each other.
struct Access {
  Access(Installation& installation, Roles roles)
      : audit(installation.store(), installation.keys(), installation.clock()),
        lifting(installation.store(), installation.keys(), installation.clock(), audit),
        presenter(installation.store(), installation.keys(), installation.clock(), audit, lifting,
                  installation.people(), installation.facts()),
        viewers(installation.store(), installation.keys(), installation.clock(), audit, std::move(roles)),
        tokens(installation.store(), installation.keys(), installation.clock(), audit),
        cases(installation.store(), installation.keys(), installation.clock(), viewers, installation.alerts()) {}
  AuditLog audit;
  Lifting lifting;
  Presenter presenter;
  Viewers viewers;
  SourceTokens tokens;
  CaseBook cases;
};

std::filesystem::path web_folder(const Command& command, const ServeOptions& options) {
  if (!options.web.empty()) return command.io.resolve(options.web);
  const auto beside = content_folder(command).parent_path();
  std::error_code error;
  return std::filesystem::exists(beside / "web" / "dist", error) ? beside / "web" / "dist" : beside / "web";
}

// Without built pages the HTTP interface is served all the same, and every page says how to build them.
Result<api::StaticFiles> load_pages(const Io& io, const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / "index.html", error)) return api::StaticFiles::load(folder);
  complain(io, "candor: there are no pages in " + folder.string() + ": build them with `./dev build`\n");
  return api::StaticFiles();
}

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
  const std::string scheme = server.tls() ? "https" : "http";
  print(io, fmt::format("Candor is at {}://{}:{}/\n", scheme, options.server.address, server.port()));
  if (first) {
    print(io, fmt::format("sign in as {} with the one-time password {}\n", first->user, first->one_time_password));
  }
  print(io, "Ctrl-C stops it\n");
}

// Whether another process has the timelines of records on a server: the connection that held them broke, and that one
// was there first.
std::optional<Error> lost_records(Store& store) {
  if (!store.is_shared()) return std::nullopt;
  const auto work = store.transaction();
  return work || work.error().id != "store.held" ? std::nullopt : std::optional(work.error());
}

// A minute after something that is set changed, that is a version of what is evaluated here.
class EvaluatedVersions {
 public:
  void follow(Installation& installation, const Io& io) {
    const TimePoint now = installation.clock().now();
    if (now - followed_ < 60 * kMicrosPerSecond) return;
    followed_ = now;
    const auto kept = installation.keep_evaluated();
    std::string fault = kept ? "" : "candor: what is evaluated here: " + kept.error().message + "\n";
    if (fault != fault_ && !fault.empty()) complain(io, fault);
    fault_ = std::move(fault);
  }

 private:
  TimePoint followed_ = 0;
  std::string fault_;  // the last one told
};

// Every two seconds: whatever changed since is assessed (decisions, a new day); once a day old alerts expire, the
// ledger is counted, and what is over goes.
// Ends, but for io.cancelled(), when another process has the records - what is found here could not be written - and
// when changes of lists are to be taken up and `may_end` says so.
Result<void> keep_assessed(Installation& installation, const std::function<bool()>& may_end, const Io& io) {
  constexpr TimePoint kReachCounted = 3600 * kMicrosPerSecond;  // how long what indicators have seen is good for
  TimePoint reach_counted = 0;
  EvaluatedVersions evaluated;
  Day today = 0;  // the first beat expires what grew old while nobody served
  std::string last_error;
  int beat = 0;
  while (!io.cancelled() && !(installation.is_to_take_up() && may_end())) {
    ::poll(nullptr, 0, 200);
    if (++beat % 10 != 0) continue;
    std::unique_lock lock(installation.writing(), std::try_to_lock);
    if (!lock) continue;
    if (auto lost = lost_records(installation.store())) return std::unexpected(std::move(*lost));
    static_cast<void>(installation.sources().flush());  // counters: the next beat tries again
    const auto run = installation.assess();
    std::string error = run ? "" : "candor: assessment: " + run.error().message + "\n";
    if (run) {
      for (const Diagnostic& diagnostic : run->diagnostics) error += to_text(diagnostic) + "\n";
    }
    if (error != last_error && !error.empty()) complain(io, error);
    last_error = std::move(error);
    if (const Day now = day_of(installation.clock().now()); now != today) {
      today = now;
      if (const auto counted = installation.ledger(); !counted) {
        complain(io, "candor: ledger: " + counted.error().message + "\n");
      }
      if (const auto expired = installation.alerts().expire(); !expired) {
        complain(io, "candor: expiry of alerts: " + expired.error().message + "\n");
      }
      if (const auto kept = retain_daily(installation, now); !kept) {
        complain(io, "candor: retention: " + kept.error().message + "\n");
      }
      // Whatever sends now: messages of a channel that the settings no longer name are in it, too.
      const Outbox outbox(installation.store(), installation.keys(), installation.clock());
      if (const auto tidied = outbox.forget(); !tidied) {
        complain(io, "candor: outbox: " + tidied.error().message + "\n");
      }
    }
    lock.unlock();  // what reads everything and changes nothing keeps nobody waiting
    if (const auto found = installation.refresh_units(); !found) {
      complain(io, "candor: members of units: " + found.error().message + "\n");
    }
    // The queue's table follows here, so that no page waits for many changes; what fails is told by the page.
    static_cast<void>(installation.alerts().counts());
    evaluated.follow(installation, io);
    if (const TimePoint now = installation.clock().now(); now - reach_counted >= kReachCounted) {
      reach_counted = now;
      if (const auto counted = installation.count_reach(); !counted) {
        complain(io, "candor: reach of indicators: " + counted.error().message + "\n");
      }
    }
  }
  return {};
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

// How many bytes of records a request may send, by its token: nothing of a stranger's is read into memory.
Result<std::size_t> admit(SourceTokens& tokens, const api::Request& head, std::size_t most) {
  std::string_view value = head.header("authorization");
  constexpr std::size_t kScheme = 7;  // "Bearer "
  CANDOR_TRY(const SourceToken token, tokens.check(value.size() > kScheme ? value.substr(kScheme) : ""));
  if (token.is_for_metrics()) return fail("access.bad_token", "this token reads metrics, it may not send records");
  return most;
}

constexpr std::string_view kRecordsPath = "/api/v1/records";

// `access` must outlive the server.
api::ServerOptions server_options(const ServeOptions& options, const Settings::Feed& feed, Access& access,
                                  bool secure_cookies) {
  api::ServerOptions server = options.server;
  // Requests with records wait for the disk: many of them, and still workers for the pages.
  server.worker_threads = 24;
  server.may_be_large = [](std::string_view path) {
    return path == kRecordsPath || api::is_evidence_path(path) || api::is_list_path(path);
  };
  const std::size_t most = static_cast<std::size_t>(options.record_megabytes.value_or(feed.record_megabytes)) << 20;
  server.admit = [&access, most, secure_cookies](const api::Request& head) {
    const std::string_view path = std::string_view(head.target).substr(0, head.target.find('?'));
    if (path == kRecordsPath) return admit(access.tokens, head, most);
    if (api::is_list_path(path)) return api::admit_list(access.viewers, secure_cookies, head);
    return api::admit_evidence(access.viewers, secure_cookies, head);
  };
  return server;
}

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

// Until it is stopped, or changes of lists are to be taken up: true then, and it wants to be called again. Sets the
// port it listens on, so that it is the same.
Result<bool> serve_once(const Command& command, const std::filesystem::path& folder, ServeOptions& options) {
  const Io& io = command.io;
  CANDOR_TRY(const auto opened, open_served(command, folder, options));
  const std::unique_ptr<Installation>& installation = opened.installation;
  complain_about(io, installation->content().diagnostics);
  CANDOR_TRY(auto roles, Roles::load(installation->content().folder / "roles.yml"));
  Access access(*installation, std::move(roles));
  CANDOR_TRY(const auto provider, make_provider_sign_in(*installation, access.viewers, io));
  CANDOR_TRY(const auto mail, mail_options(*installation));
  CANDOR_TRY(auto webhooks, open_webhooks(installation->content()));
  CANDOR_TRY(const auto first, access.viewers.ensure_first());
  FillState fill;
  Requests requests(*installation);
  const bool tls = !options.server.certificate.empty();
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
      .secure_cookies = tls || options.server.behind_proxy,
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
  CANDOR_TRY(auto files, load_pages(io, web_folder(command, options)));
  CANDOR_TRY(
      const auto server,
      api::Server::start(server_options(options, installation->content().settings.feed, access, context.secure_cookies),
                         api::make_site({.host_names = options.host_names}, std::move(files), api::make_api(context))));
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
  const auto kept = keep_assessed(*installation, [&] { return fill.get().state != api::Fill::State::running; }, io);
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

Result<void> serve(const Command& command, ServeOptions options) {
  const auto folder = command.io.resolve(command.data);
  CANDOR_TRY(const auto lock, FolderLock::take(folder));
  if (!lock) return fail("app.folder_in_use", "another candor process has " + folder.string() + " open already");
  bool again = true;
  while (again) {
    CANDOR_TRY(again, serve_once(command, folder, options));
  }
  return {};
}

void add_server_options(CLI::App* sub, ServeOptions& options) {
  sub->add_option("--address", options.server.address, "IP address to listen on; others than this machine's need TLS")
      ->capture_default_str();
  sub->add_option("--port", options.server.port, "0 takes any free one")->capture_default_str();
  sub->add_option("--certificate", options.server.certificate, "PEM chain; with --key the server speaks TLS");
  sub->add_option("--key", options.server.key, "PEM private key");
  sub->add_flag("--behind-proxy", options.server.behind_proxy, "Something in front of it speaks TLS");
  sub->add_option("--host", options.host_names, "Names people reach this server by, besides its address");
  sub->add_option("--web", options.web, "Folder of the built pages");
}

}  // namespace

void add_serve(CLI::App& app, Command& command) {
  auto options = std::make_shared<ServeOptions>();
  options->server.port = 8710;
  CLI::App* sub = app.add_subcommand("serve", "Serve the pages and the HTTP interface, until Ctrl-C");
  add_server_options(sub, *options);
  add_follow_options(*sub, options->follow);
  sub->add_option("--source", options->follow.source, "What the followed folder is called in `candor sources`")
      ->capture_default_str();
  sub->add_option("--record-megabytes", options->record_megabytes,
                  "The largest body of POST /api/v1/records; else feed.record_megabytes of settings.yml")
      ->check(CLI::Range(1, 32));
  sub->add_flag("--demo", options->demo, "Fill an empty data folder with a simulated organisation");
  sub->add_option("--demo-people", options->demo_options.people, "Its size")->capture_default_str();
  sub->add_option("--demo-days", options->demo_options.days, "Its days, up to yesterday")->capture_default_str();
  sub->callback([&command, options] {
    command.standalone = [&command, options] {
      const auto served = serve(command, *options);
      return served ? 0 : report(command.io, served.error());
    };
  });
}

}  // namespace candor
