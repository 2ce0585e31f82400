#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "api/static_files.h"

namespace candor::api {

struct SiteOptions {
  // Names people reach this server by. Requests to another name are refused (421): a page of an attacker's whose name
  // was pointed here (DNS rebinding) would else count as ours. IP addresses and `localhost` are always right.
  std::vector<std::string> host_names;
};

// The whole of what a port serves: the HTTP API under /api/, /metrics, the page for everybody, the web client
// elsewhere; headers that tell browsers how to treat both; compression. `api` is called for paths under /api/, for
// /metrics and for PublicEvaluated's only.
Handler make_site(SiteOptions options, StaticFiles files, Handler api);

// Whether a Host header names this server. For tests and fuzzing.
bool is_own_host(std::string_view host, const std::vector<std::string>& host_names);

}  // namespace candor::api
