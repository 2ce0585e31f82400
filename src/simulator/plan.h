#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "simulator/act.h"
#include "simulator/organisation.h"
#include "simulator/simulate.h"

namespace candor {

// One person's part in one scenario.
struct Planting {
  std::size_t scenario = 0;  // index into scenarios()
  std::uint32_t person = 0;
  Day first = 0;  // local days of the first and last planted act; of the notice where there is none
  Day last = 0;
  std::vector<Act> acts;
  std::vector<Act> cover;  // honest work the acts hide in: happens, is no part of the label
};

// What human resources knows, one row of a file each.
struct Resignation {
  std::uint32_t person = 0;
  Day notice = 0;
  Day last_working_day = 0;
  Day known = 0;                     // when human resources write the row
  std::optional<Day> told_at_first;  // another last working day, which a later row corrects
  Day corrected = 0;                 // when it does; only with told_at_first
  std::optional<Day> withdrawn;      // when the row is taken back: the person stays
};
struct LevelChange {
  std::uint32_t person = 0;
  Day day = 0;
  int old_level = 0;
  int new_level = 0;
};
struct Review {
  std::uint32_t person = 0;
  Day day = 0;
  std::string remarks;
  std::string rating;
};

// What the organisation announces beforehand.
struct Announcement {
  std::string_view kind;  // migration, laptop_roll_out, auto_labelling, reorganisation, other
  Day first = 0;
  Day last = 0;
  std::string_view owner;  // a department, never a person
  std::string reason;
};

struct Plan {
  std::vector<Planting> plantings;
  std::vector<Resignation> resignations;
  std::vector<LevelChange> level_changes;
  std::vector<Review> reviews;
  std::vector<Review> improvement_plans;
  std::vector<Announcement> announcements;
};

// Index into scenarios() of one that is there.
std::size_t scenario_named(std::string_view name);

// The organisation the options describe, before anything is planned for it.
Workforce build_organisation(const SimulationOptions& options);

// Casts people for the scenarios chosen and writes their acts. Changes people: who leaves gets a last day, who comes
// back from a long holiday an absence, who changes the job a move. A scenario that finds nobody suitable (a tiny
// organisation) is left out. Fails with `simulator.bad_option` for a name that is none of scenarios().
Result<Plan> make_plan(Workforce& organisation, const SimulationOptions& options);

}  // namespace candor
