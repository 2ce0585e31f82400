#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "outbox/delivery_outcome.h"

namespace candor {

// The server that takes mail from Candor, as the settings `mail` say.
struct MailServerOptions {
  std::string address;   // smtp://mail.example.com:587 or smtps://mail.example.com:465; as is_mail_server() wants it
  bool starttls = true;  // of smtp://: without TLS nothing is said
  std::string ca_file;   // PEM certificates the server's is checked by; "": those of the machine
  std::string user;      // "": does not sign in
  std::string password;  // a secret
  std::string from;      // address of the envelope
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{300'000};  // for one whole mail
};

// Whether a text is a whole smtp or smtps address: scheme and host, maybe a port, nothing else; no user or password.
bool is_mail_server(std::string_view text);
// Whether such an address names this machine itself.
bool is_this_machine(std::string_view server);

// Speaks SMTP. Certificates are checked, the name in them too. Thread safety: immutable; any thread.
class MailServer {
 public:
  explicit MailServer(MailServerOptions options);
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  // Hands over one mail, as compose() gives it, for one address. Returns once the server answered, it failed, or
  // `cancelled` said true (asked about every second). `refused` only where the server said 5xx of the receiver or of
  // the mail itself: what it says of sender, password, relaying, policy (5.7.x) or TLS is for an administrator to mend.
  // `unknown` where it got the whole mail and said nothing to that.
  DeliveryOutcome send(const std::string& to, const std::string& mail, const std::function<bool()>& cancelled) const;
  // Connects, begins TLS, signs in, and leaves again.
  DeliveryOutcome check(const std::function<bool()>& cancelled) const;

 private:
  const MailServerOptions options_;
};

}  // namespace candor
