#pragma once

// Internal to wire_plain.cc and wire_tls.cc.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "api/wire.h"

namespace candor::api {

// All that is the same for every kind of stream.
template <typename Stream>
class StreamWire : public Wire {
 public:
  explicit StreamWire(Stream stream) : stream_(std::move(stream)) {}

  boost::beast::tcp_stream& lowest() final { return boost::beast::get_lowest_layer(stream_); }
  // Loops over the operation that moves some bytes: each of Beast's own loops would be expanded apart, with all of the
  // stream's operations below it.
  Awaitable<void> read_header(Buffer& buffer, Parser& parser, ErrorCode& code) final {
    parser.eager(false);
    while (!code && !parser.is_header_done()) co_await read_part(buffer, parser, code);
  }
  Awaitable<void> read(Buffer& buffer, Parser& parser, ErrorCode& code) final {
    parser.eager(true);
    while (!code && !parser.is_done()) co_await read_part(buffer, parser, code);
  }
  Awaitable<std::size_t> read_some(boost::asio::mutable_buffer bytes, ErrorCode& code) final {
    return stream_.async_read_some(bytes, into(code));
  }
  Awaitable<void> write_header(Serializer& serializer, ErrorCode& code) final {
    serializer.split(true);
    while (!code && !serializer.is_header_done()) co_await write_part(serializer, code);
  }
  Awaitable<void> write(Serializer& serializer, ErrorCode& code) final {
    serializer.split(false);
    while (!code && !serializer.is_done()) co_await write_part(serializer, code);
  }

 protected:
  static auto into(ErrorCode& code) { return boost::asio::redirect_error(boost::asio::use_awaitable, code); }
  Stream stream_;

 private:
  Awaitable<std::size_t> read_part(Buffer& buffer, Parser& parser, ErrorCode& code) {
    return boost::beast::http::async_read_some(stream_, buffer, parser, into(code));
  }
  Awaitable<std::size_t> write_part(Serializer& serializer, ErrorCode& code) {
    return boost::beast::http::async_write_some(stream_, serializer, into(code));
  }
};

}  // namespace candor::api
