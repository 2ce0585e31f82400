#include "api/trace_runs.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace candor::api {

std::string_view to_text(TraceRun::State state) {
  constexpr std::array<std::string_view, 4> kTexts = {"running", "done", "cancelled", "failed"};
  return kTexts[static_cast<std::size_t>(state)];
}

TraceRuns::~TraceRuns() {
  // Not under the mutex: the run takes it to tell how far it is.
  worker_.request_stop();
  if (worker_.joinable()) worker_.join();
}

bool TraceRuns::busy_now() const { return !runs_.empty() && runs_.back().state == TraceRun::State::running; }

bool TraceRuns::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_now();
}

TraceRun* TraceRuns::at(std::int64_t number) {
  const auto found = std::ranges::find(runs_, number, &TraceRun::number);
  return found == runs_.end() ? nullptr : &*found;
}

void TraceRuns::drop_old(const TraceOrder& order, TimePoint now) {
  std::erase_if(runs_, [&](const TraceRun& one) {
    const bool same = one.order->viewer == order.viewer && one.order->request == order.request;
    return same || (one.ended_at && *one.ended_at + kKept < now);
  });
  while (runs_.size() >= kMostKept) runs_.pop_front();
}

Result<TraceRun> TraceRuns::start(TraceOrder order) {
  const std::lock_guard lock(mutex_);
  if (busy_now()) return fail("trace.busy", "another trace is running; try again when it has ended");
  const TimePoint now = clock_.now();
  drop_old(order, now);
  // Its last act was under the mutex, so this waits for nothing.
  if (worker_.joinable()) worker_.join();
  auto shared = std::make_shared<const TraceOrder>(std::move(order));
  const TraceRun& begun = runs_.emplace_back(TraceRun{
      .number = ++last_number_, .order = shared, .started_at = now, .ended_at = {}, .result = {}, .error = {}});
  worker_ = std::jthread(
      [this, number = begun.number, shared](std::stop_token stop) { run(std::move(stop), number, *shared); });
  return begun;
}

void TraceRuns::run(std::stop_token stop, std::int64_t number, const TraceOrder& order) {
  TraceOptions options;
  options.from = order.from;
  options.to = order.to;
  options.without = order.without;
  options.stop = std::move(stop);
  options.progress = [&](std::int64_t done, std::int64_t total) {
    const std::lock_guard lock(mutex_);
    if (TraceRun* const one = at(number)) std::tie(one->done, one->total) = std::tie(done, total);
  };
  finish(number, trace_content(sources_, order.start, options));
}

void TraceRuns::finish(std::int64_t number, Result<Trace> result) {
  std::shared_ptr<const Trace> kept;
  if (result) kept = std::make_shared<const Trace>(std::move(*result));
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  TraceRun* const one = at(number);
  if (one == nullptr) return;
  one->ended_at = now;
  if (kept) {
    one->state = TraceRun::State::done;
    one->result = std::move(kept);
  } else if (result.error().id == "trace.cancelled") {
    one->state = TraceRun::State::cancelled;
  } else {
    one->state = TraceRun::State::failed;
    one->error = result.error();
  }
}

std::optional<TraceRun> TraceRuns::find(std::string_view viewer, std::int64_t request,
                                        const HiddenPeople& without) const {
  const std::lock_guard lock(mutex_);
  for (const TraceRun& one : runs_) {
    const bool old = one.ended_at && *one.ended_at + kKept < clock_.now();
    const bool theirs = one.order->viewer == viewer && one.order->request == request && one.order->without == without;
    if (theirs && !old) return one;
  }
  return std::nullopt;
}

void TraceRuns::note_look(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  if (TraceRun* const one = at(number)) one->looked_at = true;
}

Result<void> TraceRuns::cancel(std::string_view viewer, std::int64_t request, const HiddenPeople& without) {
  const auto known = find(viewer, request, without);
  if (!known) return fail("trace.unknown", "there is no such trace (any more): they are kept for an hour");
  const std::lock_guard lock(mutex_);
  const TraceRun* const one = at(known->number);
  if (one == nullptr) return {};
  if (one->state == TraceRun::State::running) {
    worker_.request_stop();  // the newest run is the worker's
  } else {
    std::erase_if(runs_, [&](const TraceRun& each) { return each.number == known->number; });
  }
  return {};
}

}  // namespace candor::api
