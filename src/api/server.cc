#include "api/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>
#include <utility>

#include "api/client_address.h"
#include "api/connection.h"

namespace candor::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

// Asio's calls with an error_code argument also return it; we read the argument.

namespace {
constexpr std::size_t kMostTurnedAway = 64;  // at once; further ones are closed without a word
}

struct Server::Running {
  Running(const ServerOptions& options, Handler handler)
      : state(options, std::move(handler)), acceptor(state.io), grace(state.io) {}

  Result<void> load_certificate();
  Result<void> listen();
  asio::awaitable<void> accept_connections();
  asio::awaitable<void> run_connection(std::list<ConnectionState>::iterator connection, tcp::socket socket);
  asio::awaitable<void> turn_away_one(tcp::socket socket);
  bool has_too_many(const std::string& client) const;
  bool make_room();
  void wind_down();
  void close_all();

  ServerState state;
  tcp::acceptor acceptor;
  asio::steady_timer grace;  // runs while stopping with answers on their way
  std::uint16_t port = 0;
  std::size_t turned_away = 0;  // that are being told so; touched by `thread` only
  std::thread thread;
  std::mutex stop_mutex;
  bool stopped = false;  // guarded by stop_mutex
};

Result<void> Server::Running::load_certificate() {
  const ServerOptions& options = state.options;
  if (options.certificate.empty() && options.key.empty()) return {};
  asio::ssl::context context(asio::ssl::context::tls_server);
  error_code code;
  static_cast<void>(context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                                            asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                                        code));
  if (!code) static_cast<void>(context.use_certificate_chain_file(options.certificate.string(), code));
  if (code) return fail("api.bad_certificate", "the TLS certificate cannot be used; give a PEM chain");
  static_cast<void>(context.use_private_key_file(options.key.string(), asio::ssl::context::pem, code));
  if (code) return fail("api.bad_certificate", "the TLS key cannot be used; give the certificate's own key as PEM");
  state.tls.emplace(std::move(context));
  return {};
}

Result<void> Server::Running::listen() {
  const ServerOptions& options = state.options;
  const std::string where = options.address + " port " + std::to_string(options.port);
  error_code code;
  const asio::ip::address address = asio::ip::make_address(options.address, code);
  if (code) return fail("api.cannot_listen", "cannot listen: the address is not an IP address");
  if (!state.tls && !options.behind_proxy && !address.is_loopback())
    return fail("api.tls_required", "plain HTTP is served on loopback only; give a TLS certificate and key");
  const tcp::endpoint endpoint(address, options.port);
  static_cast<void>(acceptor.open(endpoint.protocol(), code));
  if (!code) static_cast<void>(acceptor.set_option(asio::socket_base::reuse_address(true), code));
  if (!code) static_cast<void>(acceptor.bind(endpoint, code));
  if (!code) static_cast<void>(acceptor.listen(asio::socket_base::max_listen_connections, code));
  if (code) return fail("api.cannot_listen", "cannot listen on " + where + ": " + code.message());
  port = acceptor.local_endpoint(code).port();
  return {};
}

asio::awaitable<void> Server::Running::accept_connections() {
  asio::steady_timer pause(state.io);
  while (acceptor.is_open()) {
    tcp::socket socket(state.io);
    error_code code;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, code));
    if (state.stopping) co_return;
    if (code) {
      // Out of file descriptors: without a pause this loop would take a whole core until one comes back.
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, code));
      continue;
    }
    const tcp::endpoint peer = socket.remote_endpoint(code);
    if (code) continue;  // gone already
    const std::string client = client_of(peer.address());
    static_cast<void>(socket.set_option(tcp::no_delay(true), code));
    if (has_too_many(client)) {
      if (turned_away < kMostTurnedAway) asio::co_spawn(state.io, turn_away_one(std::move(socket)), asio::detached);
      continue;
    }
    if (state.connections.size() >= state.options.connections && !make_room()) continue;  // closes it
    const auto connection = state.connections.emplace(state.connections.end());
    connection->client = client;
    asio::co_spawn(state.io, run_connection(connection, std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> Server::Running::turn_away_one(tcp::socket socket) {
  ++turned_away;
  co_await turn_away(state, std::move(socket));
  --turned_away;
}

bool Server::Running::has_too_many(const std::string& client) const {
  if (state.options.behind_proxy) return false;  // all of them come from the proxy
  const auto open = std::ranges::count(state.connections, client, &ConnectionState::client);
  return static_cast<std::size_t>(open) >= state.options.connections_per_client;
}

// Whoever opens connections and asks nothing must not keep others out. False when all are being answered.
bool Server::Running::make_room() {
  for (ConnectionState& connection : state.connections) {
    if (connection.answering || connection.stream == nullptr || !connection.stream->socket().is_open()) continue;
    connection.stream->close();
    return true;
  }
  return false;
}

asio::awaitable<void> Server::Running::run_connection(std::list<ConnectionState>::iterator connection,
                                                      tcp::socket socket) {
  co_await serve_connection(state, *connection, std::move(socket));
  state.connections.erase(connection);
  if (state.stopping && state.connections.empty()) grace.cancel();
}

void Server::Running::wind_down() {
  state.stopping = true;
  error_code ignored;
  static_cast<void>(acceptor.close(ignored));
  for (const ConnectionState& connection : state.connections)
    if (connection.stream != nullptr && !connection.answering) connection.stream->close();
  if (state.connections.empty()) return;
  grace.expires_after(state.options.stop_timeout);
  grace.async_wait([this](const error_code& code) {
    if (!code) close_all();
  });
}

void Server::Running::close_all() {
  for (const ConnectionState& connection : state.connections)
    if (connection.stream != nullptr) connection.stream->close();
}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  auto running = std::make_unique<Running>(options, std::move(handler));
  CANDOR_TRY_VOID(running->load_certificate());
  CANDOR_TRY_VOID(running->listen());
  asio::co_spawn(running->state.io, running->accept_connections(), asio::detached);
  running->thread = std::thread([state = &running->state] { state->io.run(); });
  return std::unique_ptr<Server>(new Server(std::move(running)));
}

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return running_->port; }

bool Server::tls() const { return running_->state.tls.has_value(); }

void Server::stop() {
  const std::lock_guard lock(running_->stop_mutex);
  if (running_->stopped) return;
  running_->stopped = true;
  asio::post(running_->state.io, [running = running_.get()] { running->wind_down(); });
  running_->thread.join();
  running_->state.workers.join();
}

}  // namespace candor::api
