#include "api/beside.h"

#include <utility>

#include "api/errors.h"

namespace candor::api {

namespace {

Response hello(const BesideGate& gate, std::string_view seal) {
  Response response{.status = 204, .headers = {}, .body = {}};
  response.set(kHolderHeader, gate.seal().proof(seal));
  return response;
}

}  // namespace

SentOn sent_on(const Request& request) {
  return {.method = to_text(request.method),
          .target = request.target,
          .client = request.client,
          .cookie = request.header("cookie"),
          .authorization = request.header("authorization"),
          .body = request.body};
}

Handler accept_beside(BesideGate& gate, const Clock& clock, Handler api) {
  return [&gate, &clock, api = std::move(api)](const Request& request) -> Response {
    const std::size_t seals = request.count(kBesideHeader);
    if (seals == 0) return api(request);
    const std::string seal(request.header(kBesideHeader));
    if (seals > 1) return error_response({"access.not_beside", "a request has one seal"});
    Result<std::string> client = gate.admit(seal, sent_on(request), clock.now());
    if (!client) return error_response(client.error());
    if (request.target == kHelloPath) return hello(gate, seal);
    Request own = request;
    std::erase_if(own.headers, [](const Header& header) { return header.name == kBesideHeader; });
    own.client = std::move(*client);
    own.beside = true;
    return api(own);
  };
}

}  // namespace candor::api
