#include "api/security_headers.h"

#include <array>

namespace candor::api {

namespace {

struct FixedHeader {
  std::string_view name;
  std::string_view value;
};

// Scripts only from our own files. Styles also inline: Fluent UI writes its rules into <style> elements at run time and
// the chart gives its tooltip style attributes; a style alone can run nothing, and connect-src/img-src keep it from
// sending anything elsewhere.
constexpr std::array kSecurityHeaders = {
    FixedHeader{"Content-Security-Policy",
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    FixedHeader{"X-Content-Type-Options", "nosniff"},
    FixedHeader{"X-Frame-Options", "DENY"},
    FixedHeader{"Referrer-Policy", "no-referrer"},
    FixedHeader{"Cross-Origin-Opener-Policy", "same-origin"},
    FixedHeader{"Cross-Origin-Resource-Policy", "same-origin"},
    FixedHeader{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

}  // namespace

void add_security_headers(Response& response, bool tls) {
  for (const FixedHeader& header : kSecurityHeaders) {
    // Files that people uploaded bring a stricter content policy of their own.
    if (response.header(header.name).empty()) response.set(header.name, std::string(header.value));
  }
  if (tls) response.set("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace candor::api
