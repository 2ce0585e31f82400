#include "app/outbox_complaint.h"

#include <fmt/format.h>

#include <utility>

namespace candor {

OutboxComplaint::OutboxComplaint(const Io& io, std::string what, std::string receiver)
    : io_(io), what_(std::move(what)), receiver_(std::move(receiver)) {}

void OutboxComplaint::hear(const Result<OutboxDelivery::Step>& step) {
  if (!step) return say(step.error().message + " [" + step.error().id + "]");
  if (step->refused > 0) {
    complain(io_, fmt::format("candor: {}: {} given up, {} refuses: {}; see `candor mail list`\n", what_, step->refused,
                              receiver_, step->said));
  }
  if (step->later > 0) return say(step->said + "; it is tried again");
  if (step->taken > 0 && !said_.empty()) {
    complain(io_, "candor: " + what_ + ": sent again\n");
    said_.clear();
  }
}

void OutboxComplaint::say(const std::string& fault) {
  if (fault == said_) return;
  said_ = fault;
  complain(io_, "candor: " + what_ + ": " + said_ + "\n");
}

}  // namespace candor
