#pragma once

#include <thread>

#include "access/viewers.h"
#include "app/installation.h"
#include "app/io.h"
#include "cases/cases.h"

namespace candor {

// Tells viewers by mail what happened, by way of the outbox, for as long as it lives: on a thread of its own, which
// looks every five seconds. What cannot be told is said on io.err, once for each fault that lasts.
class NotificationSending {
 public:
  // All must outlive this object.
  NotificationSending(Installation& installation, const Viewers& viewers, const CaseBook& cases, const Io& io);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace candor
