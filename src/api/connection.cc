#include "api/connection.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "api/client_address.h"
#include "api/errors.h"
#include "api/security_headers.h"
#include "api/wire.h"
#include "base/fold.h"

namespace candor::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// The slowest reader we wait for, beyond `write_timeout`.
constexpr std::size_t kLeastBytesPerSecond = 32u << 10;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::delete_:
      return Method::del;
    default:
      return Method::other;
  }
}

// Everything but the body.
Request head_of(const http::request<http::string_body>& message, const ServerState& state,
                const ConnectionState& connection) {
  Request request;
  request.method = method_of(message.method());
  request.target = std::string(message.target());
  request.tls = state.tls.has_value();
  for (const auto& field : message) {
    Header header{std::string(field.name_string()), std::string(field.value())};
    for (char& c : header.name) c = ascii_lower(c);
    request.headers.push_back(std::move(header));
  }
  const auto forwarded = message.find("X-Forwarded-For");
  request.client = !state.options.behind_proxy  ? connection.client
                   : forwarded == message.end() ? std::string()
                                                : client_of_forwarded(forwarded->value());
  return request;
}

Request to_request(http::request<http::string_body>&& message, const ServerState& state,
                   const ConnectionState& connection) {
  Request request = head_of(message, state, connection);
  request.body = std::move(message.body());
  return request;
}

http::response<http::string_body> to_message(Response&& response, bool head, bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  for (const Header& header : response.headers) {
    // A line end in a header would start the next one; ours are all made of checked parts.
    CANDOR_CHECK(header.value.find_first_of("\r\n") == std::string::npos);
    message.insert(header.name, header.value);  // several of one name are all sent: cookies
  }
  message.keep_alive(keep_alive);
  if (response.status != 204 && response.status != 304) message.content_length(response.body.size());
  if (!head && response.status != 204 && response.status != 304) message.body() = std::move(response.body);
  return message;
}

// What to say about a request that could not be read; nullopt: nothing, the other side is gone or asked nothing.
std::optional<Error> fault_of(const error_code& code, bool began) {
  if (code == beast::error::timeout)
    return began ? std::optional(Error{"api.request_timeout", "the request took too long to arrive"}) : std::nullopt;
  if (code == http::error::header_limit) return Error{"api.headers_too_large", "the request's headers are too large"};
  if (code == http::error::body_limit) return Error{"api.body_too_large", "the request's body is too large"};
  if (code.category() == http::make_error_code(http::error::bad_method).category() &&
      code != http::error::end_of_stream && code != http::error::partial_message)
    return Error{"api.bad_request", "the request is not HTTP/1.1 as it should be"};
  return std::nullopt;
}

asio::awaitable<error_code> write_response(const ServerOptions& options, Wire& wire, Response response, bool head,
                                           bool keep_alive) {
  const auto extra = std::chrono::seconds(response.body.size() / kLeastBytesPerSecond);
  wire.lowest().expires_after(options.write_timeout + extra);
  http::response<http::string_body> message = to_message(std::move(response), head, keep_alive);
  Wire::Serializer serializer(message);
  error_code code;
  if (head) {  // Content-Length tells what GET would send
    co_await wire.write_header(serializer, code);
  } else {
    co_await wire.write(serializer, code);
  }
  co_return code;
}

asio::awaitable<Response> run_handler(const Handler& handler, const Request& request) { co_return handler(request); }

using Parser = Wire::Parser;

// Both lengths at once is how requests are smuggled past a proxy that reads the other one.
bool is_ambiguous(const Parser& parser) {
  const auto& message = parser.get();
  return (message.find(http::field::transfer_encoding) != message.end() &&
          message.find(http::field::content_length) != message.end()) ||
         message.count(http::field::content_length) > 1;
}

// Answers a request that never got to a handler.
asio::awaitable<void> refuse(const ServerState& state, Wire& wire, const Error& error) {
  Response response = error_response(error);
  response.set("Cache-Control", "no-store");
  add_security_headers(response, state.tls.has_value());
  co_await write_response(state.options, wire, std::move(response), false, false);
}

// Reads what a refused request still sends, for a moment: closing on it would take the answer away before it is read.
asio::awaitable<void> drain(Wire& wire) {
  constexpr std::size_t kMost = std::size_t{64} << 20;
  std::array<char, 16 << 10> dropped{};
  wire.lowest().expires_after(std::chrono::seconds(2));
  error_code code;
  for (std::size_t total = 0; !code && total < kMost;) {
    total += co_await wire.read_some(asio::buffer(dropped), code);
  }
}

// Stops reading after a time without closing, as Beast's own limit would: a half-sent request is still answered.
class ReadLimit {
 public:
  ReadLimit(beast::tcp_stream& stream, std::chrono::milliseconds time)
      : stream_(stream), timer_(stream.get_executor(), time) {
    stream.expires_never();
    start();
  }
  bool over() const { return *over_; }
  // Instead of what was left.
  void extend(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    start();
  }

 private:
  void start() {
    timer_.async_wait([&stream = stream_, over = over_](const error_code& code) {
      if (code) return;
      *over = true;
      stream.cancel();
    });
  }

  beast::tcp_stream& stream_;
  std::shared_ptr<bool> over_ = std::make_shared<bool>(false);
  asio::steady_timer timer_;
};

// A turn of a large request, given back with the object.
class LargeTurn {
 public:
  explicit LargeTurn(ServerState& state) : state_(state) {}
  LargeTurn(const LargeTurn&) = delete;
  LargeTurn& operator=(const LargeTurn&) = delete;
  ~LargeTurn() {
    if (taken_) --state_.large_underway;
  }
  bool take() {
    taken_ = state_.large_underway < state_.options.large_at_once;
    if (taken_) ++state_.large_underway;
    return taken_;
  }

 private:
  ServerState& state_;
  bool taken_ = false;
};

asio::awaitable<Result<std::size_t>> run_admit(const ServerOptions& options, const Request& head) {
  co_return options.admit(head);
}

bool is_large_path(const ServerOptions& options, std::string_view target) {
  return options.may_be_large && options.may_be_large(target.substr(0, target.find('?')));
}

// What came of reading a request.
struct ReadOutcome {
  error_code code;
  std::optional<Error> refusal;  // its head was enough to refuse it
};

// How much body a request may have, once its head is there; nothing of the body was looked at.
asio::awaitable<Result<std::size_t>> body_limit(ServerState& state, const ConnectionState& connection,
                                                const Parser& parser, LargeTurn& turn) {
  const ServerOptions& options = state.options;
  if (!is_large_path(options, parser.get().target())) co_return options.body_bytes;
  if (!turn.take()) {
    co_return fail("ingest.queue_full", "too many large requests are under way: send this one again in a second");
  }
  const Request head = head_of(parser.get(), state, connection);
  co_return co_await asio::co_spawn(state.workers.get_executor(), run_admit(options, head), asio::use_awaitable);
}

asio::awaitable<ReadOutcome> read_bytes(ServerState& state, const ConnectionState& connection, Wire& wire,
                                        beast::flat_buffer& buffer, Parser& parser, ReadLimit& time, LargeTurn& turn) {
  ReadOutcome outcome;
  error_code& code = outcome.code;
  co_await wire.read_header(buffer, parser, code);
  if (code) co_return outcome;
  if (is_ambiguous(parser)) {
    code = http::make_error_code(http::error::bad_content_length);
    co_return outcome;
  }
  const Result<std::size_t> limit = co_await body_limit(state, connection, parser, turn);
  if (!limit) {
    outcome.refusal = limit.error();
    co_return outcome;
  }
  const auto length = parser.content_length();
  if (length && *length > *limit) {
    code = http::make_error_code(http::error::body_limit);
    co_return outcome;
  }
  parser.body_limit(*limit);
  if (*limit > state.options.body_bytes) time.extend(state.options.large_read_timeout);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    http::response<http::string_body> go_on(http::status::continue_, 11);
    Wire::Serializer serializer(go_on);
    co_await wire.write_header(serializer, code);  // it has no body
    if (code) co_return outcome;
  }
  co_await wire.read(buffer, parser, code);
  co_return outcome;
}

asio::awaitable<ReadOutcome> read_request(ServerState& state, const ConnectionState& connection, Wire& wire,
                                          beast::flat_buffer& buffer, Parser& parser, LargeTurn& turn) {
  ReadLimit limit(wire.lowest(), state.options.read_timeout);
  ReadOutcome outcome = co_await read_bytes(state, connection, wire, buffer, parser, limit, turn);
  if (outcome.code && limit.over()) outcome.code = error_code(beast::error::timeout);
  co_return outcome;
}

// One request and its response. False: the connection ends.
asio::awaitable<bool> exchange(ServerState& state, ConnectionState& connection, Wire& wire,
                               beast::flat_buffer& buffer) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(state.options.header_bytes));
  parser.body_limit(boost::none);  // known when the head is
  LargeTurn turn(state);
  const ReadOutcome read = co_await read_request(state, connection, wire, buffer, parser, turn);
  if (read.code || read.refusal) {
    const std::optional<Error> error =
        read.refusal ? read.refusal : fault_of(read.code, parser.got_some() || buffer.size() > 0);
    if (error) co_await refuse(state, wire, *error);
    if (read.refusal || read.code == http::error::body_limit) co_await drain(wire);
    co_return false;
  }
  connection.answering = true;
  wire.lowest().expires_never();
  const bool wants_more = parser.get().keep_alive();
  const Request request = to_request(parser.release(), state, connection);
  // Answers with passwords to check take a third of a second: never on the thread that moves bytes.
  Response response =
      co_await asio::co_spawn(state.workers.get_executor(), run_handler(state.handler, request), asio::use_awaitable);
  const bool keep_alive = wants_more && !state.stopping;
  const bool head = request.method == Method::head;
  const error_code lost = co_await write_response(state.options, wire, std::move(response), head, keep_alive);
  connection.answering = false;
  co_return !lost && keep_alive && !state.stopping;
}

asio::awaitable<void> serve_requests(ServerState& state, ConnectionState& connection, Wire& wire) {
  beast::flat_buffer buffer(state.options.header_bytes + state.options.body_bytes);
  bool more = true;
  while (more) more = co_await exchange(state, connection, wire, buffer);
}

}  // namespace

asio::awaitable<void> turn_away(ServerState& state, asio::ip::tcp::socket socket) {
  try {
    if (state.tls) co_return;
    const std::unique_ptr<Wire> wire = plain_wire(std::move(socket));
    // Not a temporary of the co_await: GCC 12 destroys those twice.
    const Error error{"api.too_many_connections", "too many connections from this address; close some"};
    co_await refuse(state, *wire, error);
    error_code ignored;
    co_await wire->close(ignored);
  } catch (const std::exception&) {
    // Out of memory: it is closed without a word.
  }
}

asio::awaitable<void> serve_connection(ServerState& state, ConnectionState& connection, asio::ip::tcp::socket socket) {
  try {
    const std::unique_ptr<Wire> wire =
        state.tls ? tls_wire(std::move(socket), *state.tls) : plain_wire(std::move(socket));
    connection.stream = &wire->lowest();
    connection.stream->expires_after(state.options.read_timeout);
    error_code code;
    co_await wire->open(code);
    if (!code) {
      co_await serve_requests(state, connection, *wire);
      co_await wire->close(code);
    }
    connection.stream = nullptr;
  } catch (const std::exception&) {
    // Out of memory or a fault inside Beast: this connection ends, the others go on.
    connection.stream = nullptr;
  }
}

}  // namespace candor::api
