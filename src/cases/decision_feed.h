#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alerts.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// One thing a follower is told: what happened, to what, by whom. The person it is about goes by pseudonym, viewers by
// user name, and policies by their name, out of which the person's own names are taken. Nothing else that somebody
// typed is in it.
struct DecisionNews {
  std::string event;  // "alert.high", "case.closed", ...: one of decision_events()
  TimePoint at = 0;
  std::string object_kind;  // "alert", "case", "mass_event"
  std::string object_id;
  std::string alert;           // id of the alert it is about, "" none
  std::string pseudonym;       // of the person, "" none
  std::string viewer;          // who did it, "" Candor itself
  std::string to_viewer = {};  // to whom a case was handed over, or who was added to it; "" else
  std::string policy;          // name of the alert's policy, masked; "" where it is about none
  std::string severity;        // of the alert, likewise
};

// What a follower may ask for. All but "alert.high" are actions of the audit log: an alert that waits for review came
// to high severity, or opened with it.
const std::vector<std::string>& decision_events();

// Tells followers what happens to alerts and cases, each thing once, over restarts too. Whoever follows for the first
// time hears of what comes from then on. Thread safety: one thread at a time.
class DecisionFeed {
 public:
  // All must outlive this object.
  DecisionFeed(Store& store, const Keys& keys, const Clock& clock) : store_(store), keys_(keys), clock_(clock) {}

  // Called in the transaction that notes that it was told: what it stores in there is stored once.
  using Tell = std::function<Result<void>(Transaction& work, const DecisionNews& news)>;
  // Everything new of these events; how much. One transaction writes at most 200 things, and a step has one for acts
  // and ten for alerts: what is over that comes with the next step. Where there is nothing new, nothing is written.
  Result<std::int64_t> step(const std::string& follower, const std::set<std::string, std::less<>>& events,
                            const Tell& tell) const;

 private:
  Result<bool> begin_following(const std::string& follower) const;
  Result<std::int64_t> tell_acts(const std::string& follower, const std::set<std::string, std::less<>>& events,
                                 const Tell& tell) const;
  Result<void> tell_part(const std::string& follower, std::span<const AlertRow> alerts, const Tell& tell) const;
  Result<std::int64_t> tell_alerts(const std::string& follower, const Tell& tell) const;
  // With the person's names masked.
  Result<std::string> policy_of(const AlertRow& alert) const;
  // What lines of the log are about, without what somebody typed.
  struct Heard {
    std::int64_t after = 0;  // number of the last line told before
    std::int64_t upto = 0;   // of the last one of these
    std::vector<DecisionNews> news;
  };
  Result<Heard> hear(const std::string& follower, const std::set<std::string, std::less<>>& events) const;
  // High ones that wait for review and are not held, as far as the follower was not told: of what changed since.
  struct Fresh {
    std::int64_t after = -1;  // number of the change up to which it was told before; -1: of none
    std::int64_t upto = -1;   // up to which it is told with these
    std::vector<AlertRow> alerts;
  };
  Result<Fresh> fresh_alerts(const std::string& follower) const;

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
};

}  // namespace candor
