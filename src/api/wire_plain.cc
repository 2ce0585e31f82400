#include <memory>
#include <utility>

#include "api/wire_stream.h"

namespace candor::api {

namespace asio = boost::asio;

namespace {

class PlainWire final : public StreamWire<boost::beast::tcp_stream> {
 public:
  explicit PlainWire(asio::ip::tcp::socket socket) : StreamWire(boost::beast::tcp_stream(std::move(socket))) {}

  Awaitable<void> open(ErrorCode& code) override {
    code = {};
    co_return;
  }
  Awaitable<void> close(ErrorCode& code) override {
    static_cast<void>(stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, code));
    co_return;
  }
};

}  // namespace

std::unique_ptr<Wire> plain_wire(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

}  // namespace candor::api
