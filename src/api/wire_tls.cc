#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "api/wire_stream.h"

namespace candor::api {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

using Stream = beast::ssl_stream<beast::tcp_stream>;

class TlsWire final : public StreamWire<Stream> {
 public:
  TlsWire(asio::ip::tcp::socket socket, asio::ssl::context& tls) : StreamWire(Stream(std::move(socket), tls)) {}

  Awaitable<void> open(ErrorCode& code) override {
    return stream_.async_handshake(asio::ssl::stream_base::server, into(code));
  }
  Awaitable<void> close(ErrorCode& code) override {
    lowest().expires_after(std::chrono::seconds(2));  // for the other side's goodbye
    return stream_.async_shutdown(into(code));
  }
};

}  // namespace

std::unique_ptr<Wire> tls_wire(asio::ip::tcp::socket socket, asio::ssl::context& tls) {
  return std::make_unique<TlsWire>(std::move(socket), tls);
}

}  // namespace candor::api
