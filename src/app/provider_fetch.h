#pragma once

#include <chrono>
#include <cstddef>

#include "access/identity_provider.h"

namespace candor {

struct ProviderFetchLimits {
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{8'000};         // for one whole answer
  std::size_t most_bytes = std::size_t{512} << 10;  // of it
};

// Asks over https, or http on this machine itself. Follows no redirect, checks certificates against those of the
// system, takes no compressed answer; proxies are those of the environment (https_proxy, no_proxy).
ProviderFetch make_provider_fetch(ProviderFetchLimits limits = {});

}  // namespace candor
