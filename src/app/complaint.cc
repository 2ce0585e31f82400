#include "app/complaint.h"

#include <fmt/format.h>

#include <utility>

namespace candor {

Complaint::Complaint(const Io& io, std::string what) : io_(io), what_(std::move(what)) {}

void Complaint::say(const std::string& fault) {
  if (fault == said_) return;
  said_ = fault;
  note(fault);
}

void Complaint::over(const std::string& how) {
  if (said_.empty()) return;
  said_.clear();
  note(how);
}

void Complaint::note(const std::string& text) const { complain(io_, "candor: " + what_ + ": " + text + "\n"); }

void hear_step(Complaint& complaint, const Result<OutboxDelivery::Step>& step, const std::string& receiver) {
  if (!step) return complaint.say(step.error().message + " [" + step.error().id + "]");
  if (step->refused > 0) {
    complaint.note(
        fmt::format("{} given up, {} refuses: {}; see `candor mail list`", step->refused, receiver, step->said));
  }
  if (step->later > 0) return complaint.say(step->said + "; it is tried again");
  if (step->taken > 0) complaint.over("sent again");
}

}  // namespace candor
