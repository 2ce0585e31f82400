#include <memory>

#include "app/command.h"
#include "app/control.h"
#include "app/serve.h"

namespace candor {
namespace {

Result<void> serve(const Command& command, ServeOptions options) {
  const auto folder = command.io.resolve(command.data);
  CANDOR_TRY(const auto lock, FolderLock::take(folder));
  if (!lock) return fail("app.folder_in_use", "another candor process has " + folder.string() + " open already");
  if (!options.holder.url.empty()) return serve_beside(command, folder, options);
  bool again = true;
  while (again) {
    CANDOR_TRY(again, serve_as_holder(command, folder, options));
  }
  return {};
}

// What only the process that holds the timelines does is no option of one beside it.
void add_holder_options(CLI::App* sub, ServeOptions& options) {
  CLI::Option* holder = sub->add_option("--holder", options.holder.url,
                                        "Serve beside the `candor serve` at this http(s)://HOST:PORT, which has the "
                                        "timelines, on the same PostgreSQL (--store)");
  sub->add_option("--holder-authorities", options.holder.authorities,
                  "PEM, of who signs the holder's certificate; else those this machine knows")
      ->needs(holder);
  sub->add_flag("--holder-without-tls", options.holder.without_tls,
                "Ask the holder in clear over a network that is protected otherwise")
      ->needs(holder);
  for (const char* of_holder : {"--demo", "--follow", "--demo-people", "--demo-days"}) {
    holder->excludes(sub->get_option(of_holder));
  }
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
  add_holder_options(sub, *options);
  sub->callback([&command, options] {
    command.standalone = [&command, options] {
      const auto served = serve(command, *options);
      return served ? 0 : report(command.io, served.error());
    };
  });
}

}  // namespace candor
