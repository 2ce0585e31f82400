#pragma once

#include <sys/socket.h>

namespace candor {

// Whether an address is none of the public internet: of this machine, a private network, link-local (where clouds keep
// what they tell their machines), shared by a provider, multicast, reserved, unspecified; also where IPv6 only carries
// such an IPv4 one. What is no IP address is private, too.
bool is_private_address(const sockaddr& address);

}  // namespace candor
