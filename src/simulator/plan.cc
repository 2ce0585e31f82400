#include "simulator/plan.h"

#include <algorithm>
#include <array>

#include "simulator/casting.h"
#include "simulator/rates.h"

namespace candor {
namespace {

// How many there are: for 1,000 people in the time simulated, for 1,000 people a month, or one that touches many.
enum class Per : std::uint8_t { simulation, month, once };

struct ScenarioRow {
  std::string_view name;
  ScenarioKind kind;
  Per per;
  std::uint32_t per_thousand;
  int order;  // of casting: who needs somebody special comes first
  Planter plant;
  std::string_view description;
};
using enum ScenarioKind;
constexpr std::array<ScenarioRow, 29> kRows = {{
    {"departing_thief", malicious, Per::simulation, kLife.departing_thief, 5, plant_departing_thief,
     "Gives notice, takes far more files than usual in the weeks before the last day, deletes traces"},
    {"slow_leaker", malicious, Per::simulation, kLife.slow_leaker, 6, plant_slow_leaker,
     "Takes a few confidential files a day for weeks, below daily thresholds"},
    {"night_media_leak_site", malicious, Per::simulation, kLife.night_media_leak_site, 7, plant_night_media_leak_site,
     "Never used removable media; works nights, copies to it, uploads to a leak site, then leaves"},
    {"saboteur_administrator", malicious, Per::simulation, kLife.saboteur_administrator, 2,
     plant_saboteur_administrator,
     "An administrator with a grudge gives himself a role, disables protection and deletes in masses"},
    {"other_mailbox_mailed_home", malicious, Per::simulation, kLife.other_mailbox_mailed_home, 3,
     plant_other_mailbox_mailed_home, "Reads somebody else's mailbox and sends what is there to a personal address"},
    {"cloud_upload_after_layoffs", malicious, Per::simulation, kLife.cloud_upload_after_layoffs, 8,
     plant_cloud_upload_after_layoffs, "Hears of being laid off and uploads files to personal cloud storage"},
    {"mail_to_self", malicious, Per::simulation, kLife.mail_to_self, 9, plant_mail_to_self,
     "Mails confidential files to a personal address"},
    {"label_downgrade_exfiltration", malicious, Per::simulation, kLife.label_downgrade_exfiltration, 10,
     plant_label_downgrade, "Lowers or removes sensitivity labels, then takes the files out"},
    {"misdirected_mail", accident, Per::simulation, kLife.misdirected_mail, 11, plant_misdirected_mail,
     "Mails confidential files to the wrong address, and to the right one afterwards"},
    {"link_left_open", accident, Per::simulation, kLife.link_left_open, 12, plant_link_left_open,
     "Shares confidential files by links that work for anybody; strangers use them"},
    {"taken_over_account", taken_over, Per::simulation, kLife.taken_over_account, 13, plant_taken_over_account,
     "Somebody else signs in after failures, reads the mail, forwards it, downloads and shares files"},
    {"contractor_takes_project", malicious, Per::simulation, kLife.contractor_takes_project, 3,
     plant_contractor_takes_project, "A contractor takes the project's files before the contract ends"},
    {"colluding_pair", malicious, Per::simulation, kLife.colluding_pair, 10, plant_colluding_pair,
     "One collects and hands over inside the organisation, the other takes out"},
    {"active_from_the_start", malicious, Per::simulation, kLife.active_from_the_start, 10, plant_active_from_the_start,
     "Takes files out from the first days on: there is no time before to compare with"},
    {"slow_ramp", malicious, Per::simulation, kLife.slow_ramp, 6, plant_slow_ramp,
     "Several channels, each below daily thresholds, a little more each week"},
    {"theft_under_migration", malicious, Per::simulation, kLife.theft_under_migration, 2, plant_theft_under_migration,
     "While the team moves its site, takes confidential files beside it"},
    {"stops_half_way", malicious, Per::simulation, kLife.stops_half_way, 10, plant_stops_half_way,
     "Collects and archives, takes out a small first part, then thinks better of it"},
    {"quiet_leaver", look_alike, Per::month, kLife.leavers_a_month, 20, plant_quiet_leaver,
     "Leaves honestly: hands over, in bulk at times, takes private photos and payslips, tidies up"},
    {"site_migration", look_alike, Per::simulation, kLife.site_migration, 0, plant_site_migration,
     "A team moves its site: mass download, upload and clean-up"},
    {"holiday_catch_up", look_alike, Per::simulation, kLife.holiday_catch_up, 19, plant_holiday_catch_up,
     "Back from a long holiday: reads and downloads a lot for two days"},
    {"quarter_end", look_alike, Per::simulation, kLife.quarter_end, 4, plant_quarter_end,
     "Finance closes the quarter: downloads, prints, mails to the auditors"},
    {"audit_season", look_alike, Per::simulation, kLife.audit_season, 14, plant_audit_season,
     "Collects evidence for the auditors and shares it with them"},
    {"job_change", look_alike, Per::month, kLife.job_changes_a_month, 17, plant_job_change,
     "Changes team or department: takes the old files along and reads the new ones; the directory knows later"},
    {"contract_end", look_alike, Per::month, kLife.contracts_ending_a_month, 16, plant_contract_end,
     "A contractor goes at the end of the contract: hands over, tidies up"},
    {"reorganisation", look_alike, Per::simulation, kLife.reorganisation, 1, plant_reorganisation,
     "A team gets another head and site"},
    {"first_use", look_alike, Per::month, kLife.first_uses_a_month, 18, plant_first_use,
     "Uses removable media or personal cloud storage for the first time, for harmless files"},
    {"mail_migration", look_alike, Per::simulation, kLife.mail_migration, 15, plant_mail_migration,
     "An administrator moves other people's mailboxes under the own account"},
    {"laptop_resync_wave", look_alike, Per::once, 0, 21, plant_laptop_resync_wave,
     "New laptops fetch everything again"},
    {"auto_label_wave", look_alike, Per::once, 0, 22, plant_auto_label_wave,
     "Files get labels by rule, in the names of those who have them open"},
}};

using RowChoice = std::array<bool, kRows.size()>;

Result<RowChoice> chosen_rows(const SimulationOptions& options) {
  RowChoice chosen{};
  chosen.fill(options.scenarios.empty());
  for (const std::string& name : options.scenarios) {
    if (name == "none") continue;
    bool known = false;
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      const bool named = kRows[i].name == name || (name == "look_alikes" && kRows[i].kind == look_alike);
      chosen[i] = chosen[i] || named;
      known = known || named;
    }
    if (known) continue;
    std::string all;
    for (const ScenarioRow& row : kRows) all.append(row.name).append(", ");
    return fail("simulator.bad_option",
                "there is no scenario `" + name + "`; there are " + all + "look_alikes (all of that kind) and none");
  }
  return chosen;
}

using RowCounts = std::array<int, kRows.size()>;

bool harms(const ScenarioRow& row) { return row.kind != look_alike; }

int usual_instances(const ScenarioRow& row, Casting& casting) {
  const auto people = static_cast<std::int64_t>(casting.organisation().people.size());
  if (row.per == Per::once) return 1;
  if (row.per == Per::simulation) return static_cast<int>(std::max<std::int64_t>(1, people * row.per_thousand / 1000));
  // Rounded, as organisations of any size must come to the rate.
  return static_cast<int>(std::max<std::int64_t>(1, (people * row.per_thousand * casting.days() + 15'000) / 30'000));
}

// `total` parted among the chosen scenarios that harm, in the shares their rates have. Each comes to its share rounded
// up or down: which of them up depends on the seed, and goes round so that a few seeds have every scenario.
void part_incidents(std::int64_t total, std::uint64_t seed, const RowChoice& chosen, RowCounts& counts) {
  std::int64_t all = 0;
  for (std::size_t i = 0; i < kRows.size(); ++i) all += chosen[i] && harms(kRows[i]) ? kRows[i].per_thousand : 0;
  if (all == 0) return;
  // On a line each scenario has a stretch of total * share; every whole step of the line falls into one.
  constexpr std::uint64_t kGoldenThousandths = 618;  // steps that never gather
  std::int64_t at = static_cast<std::int64_t>(seed % 1000 * kGoldenThousandths % 1000) * all / 1000;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (!chosen[i] || !harms(kRows[i])) continue;
    const std::int64_t next = at + total * kRows[i].per_thousand;
    counts[i] = static_cast<int>(next / all - at / all);
    at = next;
  }
}

RowCounts instances(const RowChoice& chosen, const SimulationOptions& options, Casting& casting) {
  RowCounts counts{};
  for (std::size_t i = 0; i < kRows.size(); ++i) counts[i] = chosen[i] ? usual_instances(kRows[i], casting) : 0;
  if (options.incidents) {
    const std::int64_t total = (std::int64_t{options.people} * *options.incidents + 500) / 1000;
    part_incidents(total, options.seed, chosen, counts);
  }
  return counts;
}

// Promotions, demotions, reviews and improvement plans of people who do nothing wrong: the facts alone mean little.
void add_ordinary_facts(Casting& casting) {
  Plan& plan = casting.plan();
  const Workforce& organisation = casting.organisation();
  constexpr std::array<std::string_view, 4> kRatings = {"4 Above expectations", "3 Met expectations",
                                                        "3 Met expectations", "2 Below expectations"};
  for (std::uint32_t i = 1; i < organisation.people.size(); ++i) {
    Random random{organisation.people[i].key, 60};
    const Day day = organisation.first + random.between(0, casting.days() - 1);
    const int level = random.between(58, 66);
    if (random.chance(30)) plan.level_changes.push_back({i, day, level, random.chance(800) ? level + 1 : level - 1});
    if (random.chance(120)) {
      const std::string_view rating = random.pick(kRatings);
      plan.reviews.push_back(
          {i, day, rating[0] == '2' ? "Goals partly reached" : "Goals reached", std::string(rating)});
    }
    if (random.chance(12))
      plan.improvement_plans.push_back({i, day, "Agreed on goals for three months", "2 Below expectations"});
  }
}

// Some give notice and stay.
void add_withdrawn_resignations(Casting& casting) {
  const std::size_t notices = casting.plan().resignations.size();
  const std::size_t count = (notices * kLife.resignations_withdrawn + 500) / 1000;
  for (std::size_t i = 0; i < count; ++i) {
    Random random{casting.organisation().seed, 66, i};
    const auto person = casting.cast(random, [](const Person& p) { return p.level >= 1; });
    if (!person) return;
    const Day notice = casting.day_at(random.between(5, 80));
    casting.resign_and_stay(*person, notice, notice + random.between(14, 60));
  }
}

}  // namespace

std::string_view to_text(ScenarioKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"malicious", "accident", "taken_over", "look_alike"};
  return kNames[static_cast<std::size_t>(kind)];
}

const std::vector<ScenarioInfo>& scenarios() {
  static const std::vector<ScenarioInfo> all = [] {
    std::vector<ScenarioInfo> infos;
    infos.reserve(kRows.size());
    for (const ScenarioRow& row : kRows)
      infos.push_back({std::string(row.name), row.kind, std::string(row.description)});
    return infos;
  }();
  return all;
}

std::size_t scenario_named(std::string_view name) {
  const auto* const row = std::ranges::find(kRows, name, &ScenarioRow::name);
  CANDOR_CHECK(row != kRows.end());
  return static_cast<std::size_t>(row - kRows.begin());
}

Result<Plan> make_plan(Workforce& organisation, const SimulationOptions& options) {
  CANDOR_TRY(const auto chosen, chosen_rows(options));
  Plan plan;
  Casting casting(organisation, plan);
  std::array<std::size_t, kRows.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [](std::size_t i) { return std::pair(kRows[i].order, i); });
  const RowCounts counts = instances(chosen, options, casting);
  for (const std::size_t scenario : order) {
    for (int i = 0; i < counts[scenario]; ++i) {
      const auto number = static_cast<std::uint64_t>(i);
      const std::uint64_t start = mix({organisation.seed, 62, scenario}) % 12;
      kRows[scenario].plant(casting, {scenario, start + number, mix({organisation.seed, 61, scenario, number})});
    }
  }
  add_withdrawn_resignations(casting);
  add_ordinary_facts(casting);
  const auto by_scenario = [](const Planting& a, const Planting& b) {
    return std::pair(a.scenario, a.person) < std::pair(b.scenario, b.person);
  };
  std::sort(plan.plantings.begin(), plan.plantings.end(), by_scenario);
  return plan;
}

}  // namespace candor
