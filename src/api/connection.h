#pragma once

// Internal to server.cc and connection.cc, which with the files of wire.h are all that see Beast: it compiles slowly.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <list>
#include <string>

#include "api/server.h"

namespace candor::api {

// One connection as stop() sees it. Touched on the thread that moves bytes only.
struct ConnectionState {
  std::string client;
  boost::beast::tcp_stream* stream = nullptr;
  bool answering = false;  // a request is with its handler, or its response on the way
};

// What all connections of a server share. Touched on the thread that moves bytes only.
struct ServerState {
  ServerOptions options;
  Handler handler;
  boost::asio::io_context io{1};
  boost::asio::thread_pool workers;
  std::optional<boost::asio::ssl::context> tls;
  std::list<ConnectionState> connections;  // oldest first
  bool stopping = false;
  std::size_t large_underway = 0;  // requests that options.may_be_large

  ServerState(const ServerOptions& server_options, Handler request_handler)
      : options(server_options), handler(std::move(request_handler)), workers(server_options.worker_threads) {}
};

// Reads requests off a fresh connection and answers them until either side ends it. Never throws.
boost::asio::awaitable<void> serve_connection(ServerState& state, ConnectionState& connection,
                                              boost::asio::ip::tcp::socket socket);

// Says that there are too many connections and closes this one. Over TLS nothing can be said before a handshake, which
// is what this client has had enough of.
boost::asio::awaitable<void> turn_away(ServerState& state, boost::asio::ip::tcp::socket socket);

}  // namespace candor::api
