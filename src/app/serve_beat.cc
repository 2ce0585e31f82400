#include "app/serve_beat.h"

#include <poll.h>

#include <mutex>
#include <optional>
#include <string>

#include "app/installation.h"
#include "app/retention.h"
#include "outbox/outbox.h"

namespace candor {
namespace {

// Whether another process has the timelines of records on a server: the connection that held them broke, and that one
// was there first.
std::optional<Error> lost_records(Store& store) {
  if (!store.is_shared()) return std::nullopt;
  const auto work = store.transaction();
  return work || work.error().id != "store.held" ? std::nullopt : std::optional(work.error());
}

// A minute after something that is set changed, that is a version of what is evaluated here.
class EvaluatedVersions {
 public:
  void follow(Installation& installation, const Io& io) {
    const TimePoint now = installation.clock().now();
    if (now - followed_ < 60 * kMicrosPerSecond) return;
    followed_ = now;
    const auto kept = installation.keep_evaluated();
    std::string fault = kept ? "" : "candor: what is evaluated here: " + kept.error().message + "\n";
    if (fault != fault_ && !fault.empty()) complain(io, fault);
    fault_ = std::move(fault);
  }

 private:
  TimePoint followed_ = 0;
  std::string fault_;  // the last one told
};

}  // namespace

Result<void> keep_assessed(Installation& installation, const std::function<bool()>& may_end,
                           const std::function<void()>& each, const Io& io) {
  constexpr TimePoint kReachCounted = 3600 * kMicrosPerSecond;  // how long what indicators have seen is good for
  TimePoint reach_counted = 0;
  EvaluatedVersions evaluated;
  Day today = 0;  // the first beat expires what grew old while nobody served
  std::string last_error;
  int beat = 0;
  while (!io.cancelled() && !(installation.is_to_take_up() && may_end())) {
    ::poll(nullptr, 0, 200);
    if (++beat % 10 != 0) continue;
    std::unique_lock lock(installation.writing(), std::try_to_lock);
    if (!lock) continue;
    if (auto lost = lost_records(installation.store())) return std::unexpected(std::move(*lost));
    each();
    static_cast<void>(installation.sources().flush());  // counters: the next beat tries again
    const auto run = installation.assess();
    std::string error = run ? "" : "candor: assessment: " + run.error().message + "\n";
    if (run) {
      for (const Diagnostic& diagnostic : run->diagnostics) error += to_text(diagnostic) + "\n";
    }
    if (error != last_error && !error.empty()) complain(io, error);
    last_error = std::move(error);
    if (const Day now = day_of(installation.clock().now()); now != today) {
      today = now;
      if (const auto counted = installation.ledger(); !counted) {
        complain(io, "candor: ledger: " + counted.error().message + "\n");
      }
      if (const auto expired = installation.alerts().expire(); !expired) {
        complain(io, "candor: expiry of alerts: " + expired.error().message + "\n");
      }
      if (const auto kept = retain_daily(installation, now); !kept) {
        complain(io, "candor: retention: " + kept.error().message + "\n");
      }
      // Whatever sends now: messages of a channel that the settings no longer name are in it, too.
      const Outbox outbox(installation.store(), installation.keys(), installation.clock());
      if (const auto tidied = outbox.forget(); !tidied) {
        complain(io, "candor: outbox: " + tidied.error().message + "\n");
      }
    }
    lock.unlock();  // what reads everything and changes nothing keeps nobody waiting
    if (const auto found = installation.refresh_units(); !found) {
      complain(io, "candor: members of units: " + found.error().message + "\n");
    }
    // The queue's table follows here, so that no page waits for many changes; what fails is told by the page.
    static_cast<void>(installation.alerts().counts());
    evaluated.follow(installation, io);
    if (const TimePoint now = installation.clock().now(); now - reach_counted >= kReachCounted) {
      reach_counted = now;
      if (const auto counted = installation.count_reach(); !counted) {
        complain(io, "candor: reach of indicators: " + counted.error().message + "\n");
      }
    }
  }
  return {};
}

}  // namespace candor
