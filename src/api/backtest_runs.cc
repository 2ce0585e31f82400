#include "api/backtest_runs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

namespace candor::api {

namespace {

// Small, so that a page sees it move and a cancelled run ends soon.
constexpr std::size_t kBatch = 32;

Error unknown_run() { return {"backtest.unknown", "there is no such back-test (any more): they are kept for an hour"}; }

// Smaller, and no more than is kept.
std::size_t trim(Backtest& result) {
  const std::size_t all = result.changes.size();
  // What would change is asked for before what would not.
  std::vector<BacktestChange> kept;
  for (const bool asked : {true, false}) {
    for (BacktestChange& change : result.changes) {
      const bool would = change.kind != BacktestChange::Kind::same || change.was_confirmed || change.was_dismissed;
      if (would == asked && kept.size() < BacktestRuns::kMostChanges) kept.push_back(std::move(change));
    }
  }
  result.changes = std::move(kept);
  for (BacktestChange& change : result.changes) {
    for (auto* const one : {&change.draft, &change.live}) {
      if (*one) (*one)->left_out = {};
    }
  }
  return all - result.changes.size();
}

}  // namespace

std::string_view to_text(BacktestRun::State state) {
  constexpr std::array<std::string_view, 4> kTexts = {"running", "done", "cancelled", "failed"};
  return kTexts[static_cast<std::size_t>(state)];
}

BacktestRuns::~BacktestRuns() {
  // Not under the mutex: the run takes it to tell how far it is.
  worker_.request_stop();
  if (worker_.joinable()) worker_.join();
}

bool BacktestRuns::busy_now() const { return !runs_.empty() && runs_.back().state == BacktestRun::State::running; }

bool BacktestRuns::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_now();
}

BacktestRun* BacktestRuns::at(std::int64_t number) {
  const auto found = std::ranges::find(runs_, number, &BacktestRun::number);
  return found == runs_.end() ? nullptr : &*found;
}

void BacktestRuns::drop_old(TimePoint now) {
  std::erase_if(runs_, [&](const BacktestRun& one) { return one.ended_at && *one.ended_at + kKept < now; });
  while (runs_.size() >= kMostKept) runs_.pop_front();
}

Result<BacktestRun> BacktestRuns::start(BacktestOrder order) {
  const std::lock_guard lock(mutex_);
  if (busy_now()) return fail("backtest.busy", "another back-test is running; try again when it has ended");
  const TimePoint now = clock_.now();
  drop_old(now);
  // Its last act was under the mutex, so this waits for nothing.
  if (worker_.joinable()) worker_.join();
  auto shared = std::make_shared<const BacktestOrder>(std::move(order));
  const BacktestRun& begun = runs_.emplace_back(BacktestRun{
      .number = ++last_number_, .order = shared, .started_at = now, .ended_at = {}, .result = {}, .error = {}});
  worker_ = std::jthread(
      [this, number = begun.number, shared](std::stop_token stop) { run(std::move(stop), number, *shared); });
  return begun;
}

void BacktestRuns::run(std::stop_token stop, std::int64_t number, const BacktestOrder& order) {
  BacktestOptions options;
  options.from = order.from;
  options.to = order.to;
  options.batch = kBatch;
  options.without = order.without;
  options.stop = std::move(stop);
  options.progress = [&](std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    if (BacktestRun* const one = at(number)) std::tie(one->done, one->total) = std::tie(done, total);
  };
  finish(number, backtest(sources_, *order.draft, order.live ? &*order.live : nullptr, order.decisions,
                          order.expectations, options));
}

void BacktestRuns::finish(std::int64_t number, Result<Backtest> result) {
  std::size_t left_out = 0;
  std::shared_ptr<const Backtest> kept;
  if (result) {
    left_out = trim(*result);
    kept = std::make_shared<const Backtest>(std::move(*result));
  }
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  BacktestRun* const one = at(number);
  if (one == nullptr) return;
  one->ended_at = now;
  if (kept) {
    one->state = BacktestRun::State::done;
    one->result = std::move(kept);
    one->left_out = left_out;
  } else if (result.error().id == "backtest.cancelled") {
    one->state = BacktestRun::State::cancelled;
  } else {
    one->state = BacktestRun::State::failed;
    one->error = result.error();
  }
}

bool BacktestRuns::is_of(const BacktestRun& run, const Mine& mine) const {
  const BacktestOrder& order = *run.order;
  if (run.ended_at && *run.ended_at + kKept < clock_.now()) return false;
  return order.viewer == mine.viewer && order.policy_id == mine.policy_id && order.without == mine.without;
}

Result<BacktestRun> BacktestRuns::find(const Mine& mine, std::string_view number) const {
  std::int64_t wanted = 0;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (fault != std::errc() || end != number.data() + number.size()) return std::unexpected(unknown_run());
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(runs_, wanted, &BacktestRun::number);
  if (found == runs_.end() || !is_of(*found, mine)) return std::unexpected(unknown_run());
  return *found;
}

std::optional<BacktestRun> BacktestRuns::newest(const Mine& mine) const {
  const std::lock_guard lock(mutex_);
  for (auto one = runs_.rbegin(); one != runs_.rend(); ++one) {
    if (is_of(*one, mine)) return *one;
  }
  return std::nullopt;
}

Result<void> BacktestRuns::cancel(const Mine& mine, std::string_view number) {
  CANDOR_TRY(const BacktestRun known, find(mine, number));
  const std::lock_guard lock(mutex_);
  const BacktestRun* const one = at(known.number);
  if (one == nullptr) return {};
  if (one->state == BacktestRun::State::running) {
    worker_.request_stop();  // the newest run is the worker's
  } else {
    std::erase_if(runs_, [&](const BacktestRun& each) { return each.number == known.number; });
  }
  return {};
}

}  // namespace candor::api
