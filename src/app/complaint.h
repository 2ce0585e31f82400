#pragma once

#include <string>

#include "app/io.h"
#include "base/result.h"
#include "outbox/delivery.h"

namespace candor {

// Says of a fault that lasts once that it began and once that it is over. Thread safety: one thread.
class Complaint {
 public:
  // `what`: "mail", ... `io` must outlive this object.
  Complaint(const Io& io, std::string what);
  void say(const std::string& fault);  // not again while it is the same
  void over(const std::string& how);   // where one was said: that it is over
  void note(const std::string& text) const;

 private:
  const Io& io_;
  const std::string what_;
  std::string said_;
};

// What a step of sending says to people: counts and answers, nothing of a message. `receiver`: "the server".
void hear_step(Complaint& complaint, const Result<OutboxDelivery::Step>& step, const std::string& receiver);

}  // namespace candor
