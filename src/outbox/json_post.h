#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace candor {

struct JsonPost {
  std::string url;                        // as is_web_address() wants it; a secret
  std::vector<std::string> headers = {};  // whole lines, besides Content-Type
  std::string body;
  bool allow_private = false;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{15'000};  // for the whole of it
};

struct PostAnswer {
  long status = 0;    // of HTTP; 0: there was no answer
  std::string fault;  // why there was none, never with the address in it
};

// Posts once. Follows no redirect, takes no other scheme than http and https, and reads nothing of the answer but its
// status. Certificates are checked. Unless `allow_private`, the address that is really connected to is looked at, not
// what its name meant a moment before, and no proxy is used; else proxies are those of the environment (https_proxy,
// no_proxy). `cancelled` is asked about every second. Any thread.
PostAnswer post_json(const JsonPost& post, const std::function<bool()>& cancelled);

}  // namespace candor
