#include "app/demo.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "app/ingest_run.h"
#include "app/io.h"
#include "organisation/import.h"
#include "profile/directory_import.h"
#include "profile/hr_import.h"

namespace candor {
namespace {

constexpr const char* kStarted = "demo.started";  // holds the first day, people, days, seed of the filling
constexpr const char* kDone = "demo.done";
constexpr const char* kDirectory = "directory.csv";
constexpr const char* kHr = "hr.csv";

// What its systems say of the organisation and its people, as files; everything else is passed over.
class FactSink final : public Sink {
 public:
  Result<int> open(std::string_view name) override {
    // Facts come first; what they are about need not be simulated for them.
    if (name.starts_with("audit/") || name.starts_with("badge")) return fail(kEnough, "all facts are here");
    const int stream = next_++;
    if (name == kDirectory || name == kHr || name.starts_with("hr/") || name.starts_with("organisation")) {
      names_[stream] = name;
    }
    return stream;
  }
  Result<void> write(int stream, std::string_view bytes) override {
    if (const auto name = names_.find(stream); name != names_.end()) files_[name->second] += bytes;
    return {};
  }
  Result<void> close(int) override { return {}; }
  const std::map<std::string, std::string>& files() const { return files_; }

  static constexpr const char* kEnough = "demo.enough";

 private:
  int next_ = 0;
  std::map<int, std::string> names_;
  std::map<std::string, std::string> files_;
};

// Audit rows, into a pipe that ingest reads; everything else is passed over.
class AuditSink final : public Sink {
 public:
  AuditSink(int pipe, const std::function<bool()>& cancelled) : pipe_(pipe), cancelled_(cancelled) {}

  Result<int> open(std::string_view name) override {
    const int stream = next_++;
    if (name.starts_with("audit/")) audit_.insert(stream);
    return stream;
  }
  Result<void> write(int stream, std::string_view bytes) override {
    if (cancelled_()) return fail("app.cancelled", "stopped while the demo organisation was being simulated");
    if (!audit_.contains(stream) || write_all(pipe_, bytes)) return {};
    return fail("app.demo_pipe", "reading of the simulated records ended early");
  }
  Result<void> close(int stream) override {
    audit_.erase(stream);
    return {};
  }

 private:
  const int pipe_;
  const std::function<bool()>& cancelled_;
  int next_ = 0;
  std::set<int> audit_;
};

// The arguments of an earlier filling that was cut short, or those of a new one, which are put on disk first.
Result<SimulationOptions> settle_options(const Installation& installation, const DemoOptions& options) {
  SimulationOptions simulation;
  simulation.people = options.people;
  simulation.days = options.days;
  simulation.seed = options.seed;
  simulation.start = day_of(installation.clock().now()) - options.days;
  const auto path = installation.folder() / kStarted;
  if (std::ifstream earlier(path); earlier) {
    earlier >> simulation.start >> simulation.people >> simulation.days >> simulation.seed;
    if (earlier) return simulation;
  }
  std::ofstream file(path);
  file << simulation.start << ' ' << simulation.people << ' ' << simulation.days << ' ' << simulation.seed << '\n';
  if (!file.flush()) return fail("app.demo_marker", "cannot write " + path.string());
  return simulation;
}

Result<void> apply_policies(Installation& installation) {
  const Content& content = installation.content();
  LoadedPolicies loaded =
      load_policies(content.folder / "policies", content.indicators->indicators(), *content.scoring);
  for (const Diagnostic& fault : loaded.diagnostics) {
    if (fault.severity == Severity::error) return fail(fault.id, to_text(fault));
  }
  CANDOR_TRY(auto changes, installation.policies().apply(loaded.policies, installation.policy_content(),
                                                         {.name = "local/demo", .reason = "the demo's policies"}));
  return {};
}

Result<void> import_fact_file(Installation& installation, const std::string& name, const std::string& text) {
  Store& store = installation.store();
  std::int64_t rejected = 0;
  if (name == kDirectory) {
    CANDOR_TRY(const auto imported,
               import_directory(store, installation.keys(), installation.clock(), {{.name = name, .text = text}}, {}));
    rejected = imported.rejected_entries();
  } else if (name.starts_with("organisation")) {
    const LearntAt now{.time = installation.clock().now(), .stated = false};
    CANDOR_TRY(const auto imported, import_organisation(store, installation.organisation_facts(), text, name, now, {}));
    rejected = imported.rejected;
  } else {
    CANDOR_TRY(const auto imported, import_hr_csv(store, installation.keys(), installation.clock(), text, name));
    rejected = imported.rejected_rows();
  }
  if (rejected > 0) return fail("app.demo_facts", name + " of the simulation has unusable rows");
  return {};
}

// Simulates on a thread of its own while this one reads from the pipe.
Result<void> simulate_and_read(Installation& installation, const SimulationOptions& simulation, int read_end,
                               int write_end, const std::function<bool()>& cancelled) {
  AuditSink sink(write_end, cancelled);
  Result<SimulationSummary> simulated = fail("app.demo", "not started");
  std::thread simulating([&] {
    simulated = simulate(simulation, sink);
    ::close(write_end);
  });
  const auto run = ingest_inputs(installation, {.name = "demo", .simulated = true},
                                 {SourceInput::opened(read_end, "the simulated organisation")}, {},
                                 {.threads = true, .cancelled = cancelled, .paused = {}, .going_on = {}});
  ::close(read_end);  // a simulation still writing notices
  simulating.join();
  if (run.stopped) return std::unexpected(*run.stopped);
  if (run.interrupted) return fail("app.cancelled", "stopped while the demo organisation was being read");
  if (!simulated) return std::unexpected(simulated.error());
  if (!run.failures.empty()) return std::unexpected(run.failures.front().error);
  return {};
}

std::int64_t alerts_waiting(const AlertBook& alerts) {
  AlertQuery query;
  query.statuses = {AlertStatus::needs_review};
  query.limit = 1;
  const auto page = alerts.find(query);
  return page ? page->total : 0;
}

}  // namespace

api::Fill FillState::get() const {
  const std::lock_guard lock(mutex_);
  return fill_;
}

void FillState::set(api::Fill fill) {
  const std::lock_guard lock(mutex_);
  fill_ = std::move(fill);
}

Result<bool> demo_is_wanted(Installation& installation) {
  std::error_code error;
  if (std::filesystem::exists(installation.folder() / kDone, error)) return false;
  if (std::filesystem::exists(installation.folder() / kStarted, error)) return true;
  CANDOR_TRY(const auto stats, installation.timeline().stats());
  return stats.activities == 0;
}

Result<void> import_demo_facts(Installation& installation, const DemoOptions& options) {
  const std::lock_guard lock(installation.writing());
  CANDOR_TRY(const SimulationOptions simulation, settle_options(installation, options));
  FactSink sink;
  if (const auto simulated = simulate(simulation, sink); !simulated && simulated.error().id != FactSink::kEnough) {
    return std::unexpected(simulated.error());
  }
  for (const auto& [name, text] : sink.files()) CANDOR_TRY_VOID(import_fact_file(installation, name, text));
  return {};
}

Result<std::int64_t> fill_demo(Installation& installation, const DemoOptions& options, FillState& state,
                               const std::function<bool()>& cancelled) {
  const std::lock_guard lock(installation.writing());
  CANDOR_TRY_VOID(apply_policies(installation));
  CANDOR_TRY(SimulationOptions simulation, settle_options(installation, options));
  simulation.progress = [&](const SimulationProgress& at) {
    state.set({.state = api::Fill::State::running,
               .phase = "Simulating and reading",
               .done = at.days_done,
               .total = at.days,
               .message = ""});
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail("app.demo_pipe", std::strerror(errno));
  CANDOR_TRY_VOID(simulate_and_read(installation, simulation, ends[0], ends[1], cancelled));
  state.set({.state = api::Fill::State::running, .phase = "Assessing", .message = ""});
  CANDOR_TRY(const auto assessed, installation.assess());
  std::ofstream(installation.folder() / kDone) << "1\n";
  const std::int64_t alerts = alerts_waiting(installation.alerts());
  state.set({.state = api::Fill::State::done, .phase = "", .message = ""});
  return alerts;
}

}  // namespace candor
