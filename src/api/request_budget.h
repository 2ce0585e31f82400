#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candor::api {

// How often each of many may ask for something: so many requests of one, and of all together, in a minute of the clock.
// Thread safety: any member from any thread.
class RequestBudget {
 public:
  struct Limits {
    int of_one = 0;
    int of_all = 0;  // also the most that are remembered
  };
  explicit RequestBudget(Limits limits) : limits_(limits) {}

  // False when there are too many. `who`: "" where it is not known; all those are one.
  bool take(const std::string& who, TimePoint now);

 private:
  const Limits limits_;
  std::mutex mutex_;
  TimePoint minute_ = 0;            // guarded by mutex_
  int all_ = 0;                     // guarded by mutex_
  std::map<std::string, int> one_;  // guarded by mutex_
};

// `api.too_many_requests` when there are too many; `whose`: "this address", for people.
Result<void> take_budget(RequestBudget& budget, const std::string& who, TimePoint now, const std::string& whose);

// Of a minute. A page of the queue takes a handful of requests; a program that needs more waits as Retry-After says.
struct RequestLimits {
  RequestBudget::Limits anybody{.of_one = 60, .of_all = 3'000};      // what anybody may read, by address
  RequestBudget::Limits refused{.of_one = 300, .of_all = 30'000};    // with no session or token that holds, by address
  RequestBudget::Limits viewer{.of_one = 1'200, .of_all = 120'000};  // by session, or by token of a viewer
  RequestBudget::Limits source{.of_one = 6'000, .of_all = 60'000};   // what machines send, by source
};

}  // namespace candor::api
