#include <fmt/format.h>

#include "api/evidence_admission.h"
#include "api/list_admission.h"
#include "app/serve.h"

namespace candor {
namespace {

// How many bytes of records a request may send, by its token: nothing of a stranger's is read into memory.
Result<std::size_t> admit(SourceTokens& tokens, const api::Request& head, std::size_t most) {
  std::string_view value = head.header("authorization");
  constexpr std::size_t kScheme = 7;  // "Bearer "
  CANDOR_TRY(const SourceToken token, tokens.check(value.size() > kScheme ? value.substr(kScheme) : ""));
  if (token.is_for_metrics()) return fail("access.bad_token", "this token reads metrics, it may not send records");
  return most;
}

constexpr std::string_view kRecordsPath = "/api/v1/records";

}  // namespace

std::filesystem::path web_folder(const Command& command, const ServeOptions& options) {
  if (!options.web.empty()) return command.io.resolve(options.web);
  const auto beside = content_folder(command).parent_path();
  std::error_code error;
  return std::filesystem::exists(beside / "web" / "dist", error) ? beside / "web" / "dist" : beside / "web";
}

Result<api::StaticFiles> load_pages(const Io& io, const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / "index.html", error)) return api::StaticFiles::load(folder);
  complain(io, "candor: there are no pages in " + folder.string() + ": build them with `./dev build`\n");
  return api::StaticFiles();
}

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

bool has_secure_cookies(const ServeOptions& options) {
  return !options.server.certificate.empty() || options.server.behind_proxy;
}

void print_place(const Io& io, const api::Server& server, const ServeOptions& options) {
  const std::string scheme = server.tls() ? "https" : "http";
  print(io, fmt::format("Candor is at {}://{}:{}/\n", scheme, options.server.address, server.port()));
}

}  // namespace candor
