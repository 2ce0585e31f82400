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

#include "assessment/trace.h"

namespace candor::api {

// What somebody wants traced.
struct TraceOrder {
  std::string viewer;        // user name: nobody else sees what came of it
  std::int64_t request = 0;  // that was agreed to
  TraceStart start;
  Day from = 0;
  Day to = 0;
  HiddenPeople without = {};  // whom the viewer may not see
};

// One trace as it is at the moment.
struct TraceRun {
  enum class State : std::uint8_t { running, done, cancelled, failed };
  std::int64_t number = 0;
  std::shared_ptr<const TraceOrder> order;
  State state = State::running;
  std::int64_t done = 0;  // accounts, of `total`; 0 of 0 until it has begun
  std::int64_t total = 0;
  TimePoint started_at = 0;
  std::optional<TimePoint> ended_at;
  std::shared_ptr<const Trace> result;  // with State::done
  std::optional<Error> error;           // with State::failed
  bool looked_at = false;               // the audit log names everybody it tells of
};
std::string_view to_text(TraceRun::State state);

// Traces in the background: one at a time, on one thread, reading only. The last few results are kept in memory for a
// while, one for each viewer and request: what a viewer may not see is not in theirs.
// Thread safety: any member from any thread.
class TraceRuns {
 public:
  static constexpr std::size_t kMostKept = 8;
  static constexpr TimePoint kKept = 3600 * kMicrosPerSecond;

  // `sources` and `clock` must outlive this object.
  TraceRuns(const TraceSources& sources, const Clock& clock) : sources_(sources), clock_(clock) {}
  // Cancels what runs, and waits for it.
  ~TraceRuns();

  bool busy() const;
  // Fails with `trace.busy` while another one runs, whoever's it is. Takes the place of the viewer's last one of that
  // request.
  Result<TraceRun> start(TraceOrder order);
  // The viewer's one of that request; nullopt: there is none (any more), or it was made when the viewer might see
  // others than `without` hides now.
  std::optional<TraceRun> find(std::string_view viewer, std::int64_t request, const HiddenPeople& without) const;
  // The audit log has a line for everybody that run tells of.
  void note_look(std::int64_t number);
  // Ends it when it runs, and forgets it when it has ended. `trace.unknown`.
  Result<void> cancel(std::string_view viewer, std::int64_t request, const HiddenPeople& without);

 private:
  void run(std::stop_token stop, std::int64_t number, const TraceOrder& order);
  void finish(std::int64_t number, Result<Trace> result);
  void drop_old(const TraceOrder& order, TimePoint now);  // with mutex_ held
  TraceRun* at(std::int64_t number);                      // nullptr: none; with mutex_ held
  bool busy_now() const;                                  // with mutex_ held

  const TraceSources sources_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<TraceRun> runs_;     // ascending by number; guarded by mutex_
  std::int64_t last_number_ = 0;  // guarded by mutex_
  std::jthread worker_;           // of the last run; guarded by mutex_ except in the destructor
};

}  // namespace candor::api
