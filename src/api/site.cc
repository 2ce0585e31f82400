#include "api/site.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "api/errors.h"
#include "api/gzip.h"
#include "api/public_evaluated.h"
#include "api/security_headers.h"
#include "api/target.h"
#include "base/fold.h"

namespace candor::api {

namespace {

bool is_address(std::string_view host) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The host of "host:port", "[address]:port" or "host"; "" when it is none of these.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return {};
    const std::string_view rest = host.substr(end + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))) ? host.substr(1, end - 1)
                                                                            : std::string_view{};
  }
  const std::size_t colon = host.find(':');
  if (colon == std::string_view::npos) return host;
  return is_port(host.substr(colon + 1)) ? host.substr(0, colon) : std::string_view{};
}

class Site {
 public:
  Site(SiteOptions options, StaticFiles files, Handler api)
      : options_(std::move(options)), files_(std::move(files)), api_(std::move(api)) {}

  Response operator()(const Request& request) const {
    Response response = answer(request);
    add_security_headers(response, request.tls);
    compress(request, response);
    return response;
  }

 private:
  Response answer(const Request& request) const {
    if (request.count("host") != 1)
      return not_cached(error_response({"api.bad_request", "a request has one Host header"}));
    if (!is_own_host(request.header("host"), options_.host_names))
      return not_cached(error_response(
          {"api.bad_host", "this server is not known by that name; add it with `--host` or use its address"}));
    const Result<Target> target = Target::parse(request.target);
    if (!target) return not_cached(error_response(target.error()));
    if (target->path == "/api" || target->path.starts_with("/api/") || target->path == "/metrics")
      return not_cached(api_(request));
    if (PublicEvaluated::is_public_path(target->path)) {
      Response response = api_(request);
      // What it says about caches holds for what it found; nothing else is to be kept.
      return response.status == 200 || response.status == 304 ? response : not_cached(std::move(response));
    }
    return files_.serve(request, target->path);
  }
  static Response not_cached(Response response) {
    response.set("Cache-Control", "no-store");
    return response;
  }

  SiteOptions options_;
  StaticFiles files_;
  Handler api_;
};

}  // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& host_names) {
  const std::string name = ascii_lowered(without_port(host));
  if (name.empty()) return false;
  return name == "localhost" || is_address(name) || std::ranges::find(host_names, name) != host_names.end();
}

Handler make_site(SiteOptions options, StaticFiles files, Handler api) {
  for (std::string& name : options.host_names) name = ascii_lowered(name);
  // Shared because std::function copies, and the client's files need not be copied with it.
  return [site = std::make_shared<const Site>(std::move(options), std::move(files), std::move(api))](
             const Request& request) { return (*site)(request); };
}

}  // namespace candor::api
