#pragma once

#include <string>
#include <thread>

#include "app/installation.h"
#include "app/io.h"
#include "ingest/silence_watch.h"
#include "outbox/webhook.h"

namespace candor {

// What a webhook is told of a source, as one JSON object.
std::string to_json(const SilenceNews& news);

// Tells a webhook which sources fall silent and which speak again, for as long as it lives: on a thread of its own, so
// that nothing waits for the receiver. What cannot be told is said on io.err, once for each fault that lasts.
class SilenceTelling {
 public:
  // All must outlive this object.
  SilenceTelling(Installation& installation, WebhookOptions webhook, const Io& io);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace candor
