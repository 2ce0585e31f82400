#include "api/holder_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>
#include <type_traits>
#include <utility>

#include "base/fold.h"

namespace candor::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t kMostAnswerHeaders = 64u << 10;
// The slowest link that is waited for, beyond the limit of time.
constexpr std::size_t kLeastAnswerRate = 256u << 10;

auto into(error_code& code) { return asio::redirect_error(asio::use_awaitable, code); }

http::verb verb_of(Method method) {
  switch (method) {
    case Method::head:
      return http::verb::head;
    case Method::post:
      return http::verb::post;
    case Method::put:
      return http::verb::put;
    case Method::del:
      return http::verb::delete_;
    case Method::get:
    case Method::other:  // the router has no such route
      break;
  }
  return http::verb::get;
}

// What belongs to one connection and not to the answer, or is said anew by whoever passes it on.
bool is_between_the_two(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {
      "connection", "keep-alive", "proxy-authenticate",        "proxy-connection", "te", "trailer", "transfer-encoding",
      "upgrade",    "date",       "strict-transport-security", "content-length"};
  return std::ranges::find(kNames, name) != kNames.end();
}

Response to_response(http::response<http::string_body>&& message) {
  Response response{.status = static_cast<int>(message.result_int()), .headers = {}, .body = {}};
  for (const auto& field : message) {
    const std::string name = ascii_lowered(std::string(field.name_string()));
    const std::string value(field.value());
    if (is_between_the_two(name) || value.find_first_of("\r\n") != std::string::npos) continue;
    response.headers.push_back({std::string(field.name_string()), value});
  }
  response.body = std::move(message.body());
  return response;
}

template <typename Stream>
class StreamConnection final : public HolderConnection {
 public:
  template <typename... Arguments>
  explicit StreamConnection(const HolderPlace& place, Arguments&... arguments)
      : place_(place), stream_(io_, arguments...) {}

  // The reason why not; "" when it is open.
  std::string connect(std::chrono::milliseconds time) {
    std::string why;
    run([&]() -> asio::awaitable<void> { co_await connecting(time, why); }, why);
    return why;
  }

  Exchanged exchange(const Request& request, const ExchangeLimits& limits) override {
    Exchanged done{.fault = Exchanged::Fault::lost};
    run([&]() -> asio::awaitable<void> { co_await exchanging(request, limits, done); }, done.why);
    return done;
  }

 private:
  template <typename Work>
  void run(const Work& work, std::string& why) {
    io_.restart();
    asio::co_spawn(io_, work(), [&why](const std::exception_ptr& fault) {
      if (fault && why.empty()) why = "out of memory";
    });
    io_.run();
  }

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  asio::awaitable<void> connecting(std::chrono::milliseconds time, std::string& why) {
    error_code code;
    tcp::resolver resolver(io_);
    const auto found = co_await resolver.async_resolve(place_.host, place_.port, into(code));
    if (!code) {
      lowest().expires_after(time);
      co_await lowest().async_connect(found, into(code));
    }
    if (!code) static_cast<void>(lowest().socket().set_option(tcp::no_delay(true), code));
    if (code) {
      why = code == beast::error::timeout ? "it does not answer" : code.message();
      co_return;
    }
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      if (SSL_set_tlsext_host_name(stream_.native_handle(), place_.host.c_str()) != 1) {
        why = "its name cannot be sent";
        co_return;
      }
      stream_.set_verify_callback(asio::ssl::host_name_verification(place_.host), code);
      if (!code) co_await stream_.async_handshake(asio::ssl::stream_base::client, into(code));
      if (code) why = code == beast::error::timeout ? "it does not answer" : "TLS: " + code.message();
    }
  }

  asio::awaitable<void> exchanging(const Request& request, const ExchangeLimits& limits, Exchanged& done) {
    http::request<http::string_body> message(verb_of(request.method), request.target, 11);
    message.set(http::field::host, place_.shown());
    for (const Header& header : request.headers) message.insert(header.name, header.value);
    const bool has_body = request.method != Method::get && request.method != Method::head;
    if (has_body || !request.body.empty()) {
      message.body() = request.body;
      message.content_length(request.body.size());
    }
    message.keep_alive(true);
    error_code code;
    lowest().expires_after(limits.time + std::chrono::seconds(request.body.size() / kLeastAnswerRate));
    http::request_serializer<http::string_body> serializer(message);
    std::size_t sent = 0;
    while (!code && !serializer.is_done()) sent += co_await http::async_write_some(stream_, serializer, into(code));
    http::response_parser<http::string_body> parser;
    parser.header_limit(kMostAnswerHeaders);
    parser.body_limit(limits.answer_bytes);
    parser.skip(request.method == Method::head);
    // Whoever refuses a request by its head answers and closes before all of it was sent: that answer is read.
    error_code read_code;
    while (!read_code && !parser.is_done()) co_await http::async_read_some(stream_, buffer_, parser, into(read_code));
    if (read_code) {
      done.fault = fault_of(read_code, sent, parser.got_some());
      done.why = read_code.message();
      co_return;
    }
    done.stays_open = !code && parser.get().keep_alive() && buffer_.size() == 0;
    done.response = to_response(parser.release());
    done.fault = Exchanged::Fault::none;
  }

  static Exchanged::Fault fault_of(const error_code& code, std::size_t sent, bool answered) {
    if (code == beast::error::timeout) return Exchanged::Fault::slow;
    if (code == http::error::body_limit || code == http::error::header_limit) return Exchanged::Fault::bad_answer;
    const bool of_http = code.category() == http::make_error_code(http::error::bad_method).category();
    if (of_http && code != http::error::end_of_stream && code != http::error::partial_message)
      return Exchanged::Fault::bad_answer;
    return sent == 0 && !answered ? Exchanged::Fault::none_sent : Exchanged::Fault::lost;
  }

  const HolderPlace place_;
  asio::io_context io_{1};
  Stream stream_;
  beast::flat_buffer buffer_;
};

template <typename Stream, typename... Arguments>
Result<std::unique_ptr<HolderConnection>> opened(const HolderPlace& place, std::chrono::milliseconds time,
                                                 Arguments&... arguments) {
  auto connection = std::make_unique<StreamConnection<Stream>>(place, arguments...);
  if (std::string why = connection->connect(time); !why.empty()) return fail("api.holder_away", std::move(why));
  return connection;
}

bool is_port_text(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string HolderPlace::shown() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

bool HolderPlace::is_this_machine() const {
  error_code code;
  const asio::ip::address address = asio::ip::make_address(host, code);
  return code ? host == "localhost" : address.is_loopback();
}

Result<HolderPlace> holder_place(std::string_view url) {
  const auto refuse = [](const char* why) { return fail("api.bad_holder", std::string("--holder: ") + why); };
  HolderPlace place;
  if (url.starts_with("https://")) {
    place.tls = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return refuse("name the holder as http://HOST:PORT or https://HOST:PORT");
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.find('@') != std::string_view::npos) return refuse("no name and no password belongs into it");
  if (url.find_first_of("/?# \t\r\n%") != std::string_view::npos) return refuse("it names a server, and no path there");
  place.port = place.tls ? "443" : "80";
  std::string_view host = url;
  std::string_view rest;
  if (url.starts_with('[')) {
    const std::size_t end = url.find(']');
    if (end == std::string_view::npos) return refuse("an IPv6 address ends with a bracket");
    host = url.substr(1, end - 1);
    rest = url.substr(end + 1);
  } else if (const std::size_t colon = url.find(':'); colon != std::string_view::npos) {
    host = url.substr(0, colon);
    rest = url.substr(colon);
  }
  if (!rest.empty()) {
    if (!rest.starts_with(':') || !is_port_text(rest.substr(1))) return refuse("behind the colon stands a port");
    place.port = std::string(rest.substr(1));
  }
  if (host.empty() || host.size() > 253) return refuse("it names no host");
  place.host = ascii_lowered(std::string(host));
  return place;
}

Result<std::unique_ptr<HolderConnection>> HolderConnection::open(const HolderPlace& place, asio::ssl::context* tls,
                                                                 std::chrono::milliseconds time) {
  if (!place.tls) return opened<beast::tcp_stream>(place, time);
  return opened<beast::ssl_stream<beast::tcp_stream>>(place, time, *tls);
}

}  // namespace candor::api
