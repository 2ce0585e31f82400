#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace candor::api {

// A client on loopback that sends exactly the bytes it is told to. For tests only.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const timeval limit{20, 0};  // a hanging server fails the test instead of stopping it
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  bool connected() const { return connected_; }
  bool closed() const { return closed_; }  // the server ended it
  int handle() const { return socket_; }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Up to and with `end`, or to the end of the connection when it is "".
  std::string receive(std::string_view end = "") {
    while (end.empty() || rest_.find(end) == std::string::npos) {
      char buffer[4096];
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      closed_ = got == 0 || (got < 0 && errno == ECONNRESET);
      if (got <= 0) return std::exchange(rest_, {});
      rest_.append(buffer, static_cast<std::size_t>(got));
    }
    const std::size_t length = rest_.find(end) + end.size();
    std::string text = rest_.substr(0, length);
    rest_.erase(0, length);
    return text;
  }

 private:
  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string rest_;
};

}  // namespace candor::api
