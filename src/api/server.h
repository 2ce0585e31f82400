#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http.h"
#include "base/result.h"

namespace candor::api {

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address; plain HTTP only on loopback, unless `behind_proxy`
  std::uint16_t port = 0;             // 0: any free one, see Server::port()
  std::filesystem::path certificate;  // PEM chain; with `key` the server speaks TLS only
  std::filesystem::path key;          // PEM
  bool behind_proxy = false;          // something in front of it speaks TLS and sets X-Forwarded-For

  std::size_t worker_threads = 6;           // handlers; one more thread moves bytes
  std::size_t connections = 512;            // a further one takes the place of the oldest that asks nothing
  std::size_t connections_per_client = 64;  // further ones are told so and closed; not counted behind a proxy
  std::size_t header_bytes = 16u << 10;
  std::size_t body_bytes = 64u << 10;
  // Requests to paths of which `may_be_large` says so (none when it is empty; it sees the path as sent, without its
  // query) may be larger, if `admit` says so by their head (the body is empty still): it gives how many bytes the body
  // may have, or why none of it is read. `may_be_large` is called on the thread that moves bytes, `admit` on a worker.
  std::function<bool(std::string_view path)> may_be_large;
  std::function<Result<std::size_t>(const Request& head)> admit;
  std::size_t large_at_once = 32;                         // further ones are refused with `ingest.queue_full`
  std::chrono::milliseconds large_read_timeout{120'000};  // for one whole request of them
  std::chrono::milliseconds read_timeout{15'000};   // for one whole request (then 408), and for waiting between two
  std::chrono::milliseconds write_timeout{60'000};  // for one whole response
  std::chrono::milliseconds stop_timeout{5'000};    // for what is being answered when stop() is called
};

// Speaks HTTP/1.1 and hands whole requests to a handler. Thread safety: stop() from any thread, once or more often.
class Server {
 public:
  // Listens when it returns. Fails with `api.cannot_listen` (names address and port), `api.bad_certificate`,
  // `api.tls_required` (plain HTTP on an address others can reach).
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  bool tls() const;
  // No new connections; idle ones are closed, requests being answered get `stop_timeout`, then all threads end.
  void stop();

 private:
  struct Running;
  explicit Server(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace candor::api
