#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "assessment/backtest.h"
#include "base/diagnostics.h"

namespace candor::api {

// What somebody wants tried.
struct BacktestOrder {
  std::string viewer;  // user name: nobody else sees it
  std::string policy_id;
  std::shared_ptr<const Policy> draft;
  std::optional<PolicyHistory> live;  // what it is compared with; nullopt when the policy was never in force
  Decisions decisions;
  Expectations expectations;
  bool edited = false;                  // the draft is not the policy in force itself
  std::vector<Diagnostic> diagnostics;  // warnings about the draft
  int days = 0;
  Day from = 0;
  Day to = 0;
  HiddenPeople without = {};  // whom the viewer may not see
};

// One back-test as it is at the moment.
struct BacktestRun {
  enum class State : std::uint8_t { running, done, cancelled, failed };
  std::int64_t number = 0;
  std::shared_ptr<const BacktestOrder> order;
  State state = State::running;
  std::size_t done = 0;  // people, of `total`; 0 of 0 until it has begun
  std::size_t total = 0;
  TimePoint started_at = 0;
  std::optional<TimePoint> ended_at;
  std::shared_ptr<const Backtest> result;  // with State::done
  std::size_t left_out = 0;                // changes beyond those kept
  std::optional<Error> error;              // with State::failed
};
std::string_view to_text(BacktestRun::State state);

// Back-tests in the background: one at a time, on one thread, reading only. The last few results are kept in memory for
// a while, without what their receipts left out.
// Thread safety: any member from any thread.
class BacktestRuns {
 public:
  static constexpr std::size_t kMostKept = 4;
  static constexpr std::size_t kMostChanges = 1000;  // of one result
  static constexpr TimePoint kKept = 3600 * kMicrosPerSecond;

  // `sources` and `clock` must outlive this object.
  BacktestRuns(const AssessSources& sources, const Clock& clock) : sources_(sources), clock_(clock) {}
  // Cancels what runs, and waits for it.
  ~BacktestRuns();

  // Whether one runs: a cheap question before the order is made.
  bool busy() const;
  // Fails with `backtest.busy` while another one runs, whoever's it is.
  Result<BacktestRun> start(BacktestOrder order);
  // Whose and of what: one that was made when the viewer might see others than `without` hides now is nobody's.
  struct Mine {
    std::string_view viewer;
    std::string_view policy_id;
    const HiddenPeople& without;
  };
  // Fails with `backtest.unknown` when there is none (any more), or it is somebody else's or another policy's.
  Result<BacktestRun> find(const Mine& mine, std::string_view number) const;
  // The newest one; nullopt: none.
  std::optional<BacktestRun> newest(const Mine& mine) const;
  // Ends it when it runs, and forgets it when it has ended. Fails as find().
  Result<void> cancel(const Mine& mine, std::string_view number);

 private:
  void run(std::stop_token stop, std::int64_t number, const BacktestOrder& order);
  void finish(std::int64_t number, Result<Backtest> result);
  bool is_of(const BacktestRun& run, const Mine& mine) const;  // and not too old
  void drop_old(TimePoint now);                                // with mutex_ held
  BacktestRun* at(std::int64_t number);                        // nullptr: none; with mutex_ held
  bool busy_now() const;                                       // with mutex_ held

  const AssessSources sources_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<BacktestRun> runs_;  // ascending by number; guarded by mutex_
  std::int64_t last_number_ = 0;  // guarded by mutex_
  std::jthread worker_;           // of the last run; guarded by mutex_ except in the destructor
};

}  // namespace candor::api
