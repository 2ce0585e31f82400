#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>

// Internal to the translation units that see Asio: who is on the other side, for limits only, never for trust.
namespace candor::api {

// One customer of a provider: an IPv4 address, or the /64 an IPv6 address is in. "" for one that is none.
std::string client_of(const boost::asio::ip::address& address);
// Behind a proxy: what it added last to X-Forwarded-For; what stands before it anybody may have written.
std::string client_of_forwarded(std::string_view header);

}  // namespace candor::api
