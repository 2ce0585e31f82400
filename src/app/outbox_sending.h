#pragma once

#include <thread>

#include "app/installation.h"
#include "app/io.h"
#include "organisation/settings.h"
#include "outbox/mail_server.h"

namespace candor {

// Sends the mail that waits in the outbox for as long as it lives, on a thread of its own, so that nothing waits for
// the server. Looks every second. What cannot be sent is said on io.err, once for each fault that lasts: counts and the
// server's answer, nothing of a message.
class OutboxSending {
 public:
  // `installation` and `io` must outlive this object.
  OutboxSending(Installation& installation, const Settings::Mail& settings, MailServerOptions server, const Io& io);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace candor
