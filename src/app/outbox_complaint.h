#pragma once

#include <string>

#include "app/io.h"
#include "base/result.h"
#include "outbox/delivery.h"

namespace candor {

// Says of a fault of sending that lasts once that it began and once that it is over: counts and answers, nothing of a
// message. Thread safety: one thread.
class OutboxComplaint {
 public:
  // `what`: "mail"; `receiver`: "the server". `io` must outlive this object.
  OutboxComplaint(const Io& io, std::string what, std::string receiver);
  void hear(const Result<OutboxDelivery::Step>& step);

 private:
  void say(const std::string& fault);

  const Io& io_;
  const std::string what_;
  const std::string receiver_;
  std::string said_;
};

}  // namespace candor
