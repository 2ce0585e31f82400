#pragma once

// Internal to connection.cc and the files that implement it. Beast's operations are expanded there once for each kind
// of stream, apart from each other, because one compile of all of them takes minutes and gigabytes under a sanitizer.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <memory>

namespace candor::api {

// What one connection reads from and writes to, plain or TLS. Arguments must live until a call was awaited. Nothing
// throws but for want of memory: faults are in `code`, which must hold none before.
class Wire {
 public:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Serializer = boost::beast::http::response_serializer<boost::beast::http::string_body>;
  using Buffer = boost::beast::flat_buffer;
  using ErrorCode = boost::system::error_code;
  template <typename T>
  using Awaitable = boost::asio::awaitable<T>;

  virtual ~Wire() = default;

  // Where time limits are set and a connection is cut.
  virtual boost::beast::tcp_stream& lowest() = 0;
  // Before anything else and after everything else: what the kind of stream needs.
  virtual Awaitable<void> open(ErrorCode& code) = 0;
  virtual Awaitable<void> close(ErrorCode& code) = 0;
  virtual Awaitable<void> read_header(Buffer& buffer, Parser& parser, ErrorCode& code) = 0;
  // What is left of the request.
  virtual Awaitable<void> read(Buffer& buffer, Parser& parser, ErrorCode& code) = 0;
  // Bytes as they come; gives how many.
  virtual Awaitable<std::size_t> read_some(boost::asio::mutable_buffer bytes, ErrorCode& code) = 0;
  virtual Awaitable<void> write_header(Serializer& serializer, ErrorCode& code) = 0;
  virtual Awaitable<void> write(Serializer& serializer, ErrorCode& code) = 0;
};

std::unique_ptr<Wire> plain_wire(boost::asio::ip::tcp::socket socket);
// `tls` must outlive it.
std::unique_ptr<Wire> tls_wire(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls);

}  // namespace candor::api
