#include "api/request_budget.h"

namespace candor::api {
namespace {

constexpr TimePoint kBudgetMinute = 60 * kMicrosPerSecond;

}  // namespace

bool RequestBudget::take(const std::string& who, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (now / kBudgetMinute != minute_) {
    minute_ = now / kBudgetMinute;
    all_ = 0;
    one_.clear();
  }
  if (all_ >= limits_.of_all) return false;
  const auto found = one_.find(who);
  if (found != one_.end() && found->second >= limits_.of_one) return false;
  ++all_;
  ++one_[who];
  return true;
}

Result<void> take_budget(RequestBudget& budget, const std::string& who, TimePoint now, const std::string& whose) {
  if (budget.take(who, now)) return {};
  return fail("api.too_many_requests", "too many requests of " + whose + ": try again in a minute");
}

}  // namespace candor::api
