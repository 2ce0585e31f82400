#pragma once

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/http.h"
#include "base/result.h"

// Internal to holder_link.cc and holder_connection.cc, which alone see Beast.
namespace candor::api {

// Parts of a URL without a path.
struct HolderPlace {
  bool tls = false;
  std::string host;  // a name or an address, an IPv6 one without brackets
  std::string port;
  // "host:port", as the Host header says it and messages name it.
  std::string shown() const;
  // Whether what is sent there does not leave this machine: an address of it, or `localhost`.
  bool is_this_machine() const;
};
Result<HolderPlace> holder_place(std::string_view url);

// What became of one request.
struct Exchanged {
  // `none_sent`: certainly nothing was read there. `lost`: it may have been.
  enum class Fault : std::uint8_t { none, none_sent, lost, slow, bad_answer };
  Fault fault = Fault::none;
  std::string why = {};  // of the network, for messages
  Response response = {};
  bool stays_open = false;
};

struct ExchangeLimits {
  std::chrono::milliseconds time{0};
  std::size_t answer_bytes = 0;
};

// One connection, open when it is there. Not thread safe.
class HolderConnection {
 public:
  // Fails with `api.holder_away`. `tls`: where the place is one of it; must outlive the connection.
  static Result<std::unique_ptr<HolderConnection>> open(const HolderPlace& place, boost::asio::ssl::context* tls,
                                                        std::chrono::milliseconds time);
  HolderConnection() = default;
  virtual ~HolderConnection() = default;
  HolderConnection(const HolderConnection&) = delete;
  HolderConnection& operator=(const HolderConnection&) = delete;

  // Sends method, target, body and exactly these headers, and what HTTP itself needs.
  virtual Exchanged exchange(const Request& request, const ExchangeLimits& limits) = 0;
};

}  // namespace candor::api
