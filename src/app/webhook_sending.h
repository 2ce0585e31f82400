#pragma once

#include <string>
#include <thread>
#include <vector>

#include "app/installation.h"
#include "app/io.h"
#include "app/webhook_settings.h"

namespace candor {

struct OpenWebhook {
  WebhookSettings settings;
  WebhookTarget target;
};

// The webhooks of the settings with their secrets. Fails with `app.bad_webhook_secret`.
Result<std::vector<OpenWebhook>> open_webhooks(const Content& content);

// Tells webhooks what happens to alerts and cases, by way of the outbox, for as long as it lives: on a thread of its
// own, which looks every two seconds. What cannot be told is said on io.err, once for each fault that lasts.
class WebhookSending {
 public:
  // `installation` and `io` must outlive this object. `site`: where browsers reach Candor; "": not known.
  WebhookSending(Installation& installation, std::vector<OpenWebhook> webhooks, std::string site, const Io& io);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace candor
