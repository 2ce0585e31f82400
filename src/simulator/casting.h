#pragma once

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "simulator/plan.h"
#include "simulator/script.h"

namespace candor {

// Shared by all scenarios while they are planned: who is taken already, and what the plan holds so far.
class Casting {
 public:
  Casting(Workforce& organisation, Plan& plan) : organisation_(organisation), plan_(plan) {}

  Workforce& organisation() { return organisation_; }
  Plan& plan() { return plan_; }
  int days() const { return organisation_.last - organisation_.first + 1; }

  // Somebody who is not in a scenario yet and suits; nullopt when nobody does. The head never takes part.
  std::optional<std::uint32_t> cast(Random& random, const std::function<bool(const Person&)>& suits);
  void take(std::uint32_t person) { taken_.insert(person); }
  bool is_taken(std::uint32_t person) const { return taken_.contains(person); }

  // The first day at or after (before) `day` on which the person works; nullopt outside the simulated days.
  std::optional<Day> workday_from(const Person& person, Day day) const;
  std::optional<Day> workday_until(const Person& person, Day day) const;
  // Up to `count` working days of the person from `day` on, the simulated ones.
  std::vector<Day> workdays(const Person& person, Day day, int count) const;
  // The day at `percent` of the simulated time.
  Day day_at(int percent) const { return organisation_.first + (days() - 1) * percent / 100; }

  // Makes the person available between two days: no vacation or sickness then.
  void keep_at_work(std::uint32_t person, Day first, Day last);
  // Notice in the HR file, and nothing of the person after the last day.
  void resign(std::uint32_t person, Day notice, Day last_working_day);
  // A contractor's last day is the last of the contract, which the directory has told all along.
  void end_contract(std::uint32_t person, Day last_day);
  // Notice in the HR file, taken back some days later: the person stays.
  void resign_and_stay(std::uint32_t person, Day notice, Day last_working_day);
  // Other work from `day` on, known to the directory `known_after` days later.
  void move(std::uint32_t person, Day day, int known_after, Assignment to);
  void announce(Announcement announcement) { plan_.announcements.push_back(std::move(announcement)); }
  // Everybody with a desk, in parts or not, with this chance: what comes over many at once takes nobody's part away.
  std::vector<std::uint32_t> wave(Random& random, std::uint32_t per_thousand) const;
  // Keeps the script as this person's part. `fallback`: the day named when nothing was done.
  // `cover`: acts of honest work the part hides in; they happen and are no part of its label.
  void plant(std::size_t scenario, Script& script, Day fallback, std::vector<Act> cover = {});

 private:
  Workforce& organisation_;
  Plan& plan_;
  std::set<std::uint32_t> taken_;
};

// One instance of a scenario to be planted.
struct Part {
  std::size_t scenario = 0;
  std::uint64_t number = 0;  // among the instances of the scenario, from a start that depends on the seed
  std::uint64_t key = 0;     // makes instances differ

  // 0 to shapes-1, in turn: two instances of one organisation differ in kind, not only by chance.
  std::uint32_t shape(std::uint32_t shapes) const { return static_cast<std::uint32_t>(number % shapes); }
};

// One function a scenario. False, and nothing planted, when nobody
// suitable was found.
using Planter = bool (*)(Casting&, const Part&);

bool plant_departing_thief(Casting& casting, const Part& part);
bool plant_slow_leaker(Casting& casting, const Part& part);
bool plant_night_media_leak_site(Casting& casting, const Part& part);
bool plant_saboteur_administrator(Casting& casting, const Part& part);
bool plant_other_mailbox_mailed_home(Casting& casting, const Part& part);
bool plant_cloud_upload_after_layoffs(Casting& casting, const Part& part);
bool plant_mail_to_self(Casting& casting, const Part& part);
bool plant_label_downgrade(Casting& casting, const Part& part);
bool plant_misdirected_mail(Casting& casting, const Part& part);
bool plant_link_left_open(Casting& casting, const Part& part);
bool plant_taken_over_account(Casting& casting, const Part& part);
bool plant_contractor_takes_project(Casting& casting, const Part& part);
bool plant_colluding_pair(Casting& casting, const Part& part);
bool plant_active_from_the_start(Casting& casting, const Part& part);
bool plant_slow_ramp(Casting& casting, const Part& part);
bool plant_theft_under_migration(Casting& casting, const Part& part);
bool plant_stops_half_way(Casting& casting, const Part& part);
bool plant_quiet_leaver(Casting& casting, const Part& part);
bool plant_site_migration(Casting& casting, const Part& part);
bool plant_holiday_catch_up(Casting& casting, const Part& part);
bool plant_quarter_end(Casting& casting, const Part& part);
bool plant_audit_season(Casting& casting, const Part& part);
bool plant_job_change(Casting& casting, const Part& part);
bool plant_reorganisation(Casting& casting, const Part& part);
bool plant_contract_end(Casting& casting, const Part& part);
bool plant_first_use(Casting& casting, const Part& part);
bool plant_mail_migration(Casting& casting, const Part& part);
bool plant_laptop_resync_wave(Casting& casting, const Part& part);
bool plant_auto_label_wave(Casting& casting, const Part& part);

}  // namespace candor
