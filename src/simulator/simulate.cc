#include "simulator/simulate.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "simulator/compressing_sink.h"
#include "simulator/delivery.h"
#include "simulator/facts.h"
#include "simulator/habits.h"
#include "simulator/plan.h"
#include "simulator/records.h"

namespace candor {
namespace {

std::unexpected<Error> bad_option(const std::string& what) { return fail("simulator.bad_option", what); }

Result<void> check(const SimulationOptions& options) {
  if (options.people < 1 || options.people > 200'000) return bad_option("people must be from 1 to 200,000");
  if (options.days < 1 || options.days > 3'660) return bad_option("days must be from 1 to 3,660");
  if (options.repeat_percent < 0 || options.repeat_percent > 90) {
    return bad_option("the share of repeats must be from 0 to 90 per cent");
  }
  if (options.activities < 2 || options.activities > kUsualActivities) {
    return bad_option("records by a person and working day must be from 2 to " + std::to_string(kUsualActivities));
  }
  if (options.incidents && (*options.incidents < 0 || *options.incidents > 500)) {
    return bad_option("scenarios that harm must be from 0 to 500 for 1,000 people");
  }
  // Years 1971 to 2200: the holiday rules are those of today.
  if (options.start < 365 || options.start > 84'006) return bad_option("the start must lie between 1971 and 2199");
  return {};
}

// Acts by the local day they were planned for.
using PlannedActs = std::vector<std::vector<const Act*>>;

// Writes audit/YYYY-MM-DD.jsonl as deliveries come, and counts.
class AuditFiles {
 public:
  AuditFiles(const Workforce& organisation, Output& output, SimulationSummary& summary)
      : organisation_(organisation), output_(output), summary_(summary) {}

  Result<void> write(const DeliveredRow& row) {
    const Day day = day_of(row.at);
    if (!stream_ || day != day_) {
      CANDOR_TRY_VOID(finish());
      CANDOR_TRY(OutputStream stream, output_.open("audit/" + format_day(day) + ".jsonl"));
      stream_.emplace(std::move(stream));
      day_ = day;
    }
    render(organisation_, row.act, row.corrected, stream_->buffer());
    count(row);
    return stream_->flush_if_full();
  }

  Result<void> finish() {
    if (!stream_) return {};
    Result<void> closed = output_.close(*stream_);
    stream_.reset();
    return closed;
  }

  std::uint64_t open_bytes() const { return stream_ ? stream_->bytes() : 0; }

  // Names the operations counted.
  void summarise() {
    for (std::size_t i = 0; i < by_kind_.size(); ++i) {
      if (by_kind_[i] > 0) summary_.operations[std::string(info(static_cast<Kind>(i)).operation)] += by_kind_[i];
    }
  }

 private:
  void count(const DeliveredRow& row) {
    ++summary_.rows;
    if (row.repeat) {
      ++summary_.repeats;
    } else if (row.corrected) {
      ++summary_.corrections;
    } else {
      ++summary_.records;
      if (row.act.kind == Kind::service) {
        ++summary_.operations[std::string(operation_of(row.act))];
      } else {
        ++by_kind_[static_cast<std::size_t>(row.act.kind)];
      }
    }
  }

  const Workforce& organisation_;
  Output& output_;
  SimulationSummary& summary_;
  std::optional<OutputStream> stream_;
  Day day_ = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(Kind::count_)> by_kind_{};
};

class Simulation {
 public:
  Simulation(const SimulationOptions& options, Workforce organisation, Plan plan, Sink& sink)
      : options_(options),
        organisation_(std::move(organisation)),
        plan_(std::move(plan)),
        output_{sink},
        audit_(organisation_, output_, summary_),
        badges_(output_),
        delivery_(options.repeat_percent) {}

  Result<SimulationSummary> run() {
    CANDOR_TRY_VOID(write_directory(organisation_, plan_, output_));
    CANDOR_TRY_VOID(write_organisation(organisation_, plan_, output_));
    CANDOR_TRY(summary_.hr_rows, write_hr(organisation_, plan_, output_));
    sort_planted_acts();
    for (int i = 0; i < options_.days; ++i) CANDOR_TRY_VOID(work(i));
    CANDOR_TRY_VOID(deliver(start_of(organisation_.last + 400)));
    CANDOR_TRY_VOID(audit_.finish());
    CANDOR_TRY_VOID(badges_.finish());
    CANDOR_TRY_VOID(write_labels(organisation_, plan_, output_));
    summarise();
    return std::move(summary_);
  }

 private:
  void sort_planted_acts() {
    planted_.resize(static_cast<std::size_t>(options_.days));
    const auto sort = [&](const std::vector<Act>& acts) {
      for (const Act& act : acts) {
        // The zone decides which local day it is; a day earlier or later here only moves when it is queued.
        const Day day = std::clamp(day_of(act.time), organisation_.first, organisation_.last);
        planted_[static_cast<std::size_t>(day - organisation_.first)].push_back(&act);
      }
    };
    for (const Planting& planting : plan_.plantings) {
      sort(planting.acts);
      sort(planting.cover);
    }
  }

  Result<void> work(int index) {
    const Day day = organisation_.first + index;
    std::vector<Act> acts;
    for (std::uint32_t i = 0; i < organisation_.people.size(); ++i) {
      acts.clear();
      plan_day(organisation_, i, day, acts);
      for (const Act& act : acts) delivery_.add(act);
    }
    acts.clear();
    for (std::uint32_t i = 0; i < organisation_.guests.size(); ++i) plan_guest_day(organisation_, i, day, acts);
    plan_services_day(organisation_, day, acts);
    for (const Act& act : acts) delivery_.add(act);
    for (const Act* act : planted_[static_cast<std::size_t>(index)]) delivery_.add(*act);
    CANDOR_TRY_VOID(badges_.write_day(organisation_, day));
    // The next local day begins in the east 14 hours before it does in UTC.
    CANDOR_TRY_VOID(deliver(start_of(day + 1) - 14 * kMicrosPerDay / 24));
    if (options_.progress) {
      options_.progress({index + 1, options_.days, summary_.rows, output_.bytes + audit_.open_bytes()});
    }
    return {};
  }

  Result<void> deliver(TimePoint until) {
    return delivery_.release(until, [this](const DeliveredRow& row) { return audit_.write(row); });
  }

  void summarise() {
    audit_.summarise();
    summary_.people = static_cast<int>(organisation_.people.size());
    summary_.guests = static_cast<int>(organisation_.guests.size());
    summary_.badge_rows = badges_.rows();
    summary_.bytes = output_.bytes;
    summary_.first = organisation_.first;
    summary_.last = organisation_.last;
    for (std::size_t i = 0; i < scenarios().size(); ++i) {
      PlantedScenario planted{scenarios()[i].name, 0, 0};
      for (const Planting& planting : plan_.plantings) {
        if (planting.scenario != i) continue;
        ++planted.people;
        planted.activities += planting.acts.size();
      }
      if (planted.people > 0) summary_.planted.push_back(std::move(planted));
    }
  }

  const SimulationOptions& options_;
  Workforce organisation_;
  Plan plan_;
  Output output_;
  SimulationSummary summary_;
  AuditFiles audit_;
  BadgeFiles badges_;
  Delivery delivery_;
  PlannedActs planted_;
};

}  // namespace

Workforce build_organisation(const SimulationOptions& options) {
  Workforce organisation =
      build_organisation(options.people, options.seed, options.start, options.start + options.days - 1);
  // The first sign-in of a day is always there.
  const std::uint32_t others = kUsualActivities - 1;
  organisation.kept_per_thousand = (static_cast<std::uint32_t>(options.activities - 1) * 1000 + others / 2) / others;
  return organisation;
}

Result<SimulationSummary> simulate(const SimulationOptions& options, Sink& sink) {
  CANDOR_TRY_VOID(check(options));
  Workforce organisation = build_organisation(options);
  CANDOR_TRY(Plan plan, make_plan(organisation, options));
  CompressingSink compressing(sink);
  Simulation simulation(options, std::move(organisation), std::move(plan), options.compress ? compressing : sink);
  return simulation.run();
}

}  // namespace candor
