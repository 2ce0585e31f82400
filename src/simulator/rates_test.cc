// Each rate of rates.h, measured on what is simulated. Tolerances are about three standard deviations of a count of
// that size, so that a rate that is off by a third fails; the seeds are fixed.
#include "simulator/rates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "simulator/carry_out.h"
#include "simulator/documents.h"
#include "simulator/habits.h"
#include "simulator/plan.h"

namespace candor {
namespace {

constexpr int kPeople = 4000;
constexpr int kDays = 90;

struct World {
  Workforce organisation;
  Plan plan;
  std::map<std::string, int> parts;  // by scenario: people
};

// A large organisation, once.
const World& world() {
  static const World kept = [] {
    SimulationOptions options;
    options.people = kPeople;
    options.days = kDays;
    options.seed = 11;
    World made{build_organisation(kPeople, options.seed, options.start, options.start + kDays - 1), {}, {}};
    Result<Plan> plan = make_plan(made.organisation, options);
    EXPECT_TRUE(plan);
    made.plan = std::move(*plan);
    for (const Planting& planting : made.plan.plantings) ++made.parts[scenarios()[planting.scenario].name];
    return made;
  }();
  return kept;
}

const std::vector<Person>& people() { return world().organisation.people; }

// `count` of `total`, as the parameter says, give or take `tolerance_percent`.
void expect_rate(std::int64_t count, std::int64_t total, std::uint32_t per_thousand, int tolerance_percent,
                 const char* what) {
  const double expected = static_cast<double>(total) * per_thousand / 1000;
  EXPECT_NEAR(static_cast<double>(count), expected, expected * tolerance_percent / 100) << what << " of " << total;
}

template <typename Is>
std::int64_t count_people(const Is& is) {
  return std::ranges::count_if(people(), is);
}

TEST(LifeRates, kinds_of_people) {
  const auto can_be_contractor = [](const Person& p) { return p.level >= 1 && p.department != Department::executive; };
  expect_rate(count_people([](const Person& p) { return p.contractor; }), count_people(can_be_contractor),
              kLife.contractors, 15, "contractors");
  EXPECT_EQ(count_people([](const Person& p) { return p.contractor != (p.contract_end != kNever); }), 0);
  const auto on_office_hours = [](const Person& p) { return p.crew == 0; };
  expect_rate(count_people([](const Person& p) { return p.free_weekdays != 0; }), count_people(on_office_hours),
              kLife.part_time, 15, "part-time");
  const auto can_have_shifts = [](const Person& p) {
    return p.level >= 2 && (p.department == Department::operations || p.department == Department::support);
  };
  expect_rate(count_people([](const Person& p) { return p.crew != 0; }), count_people(can_have_shifts),
              kLife.shift_workers, 15, "shifts");
  const auto assists = [](const Person& p) { return p.department == Department::executive && p.manager >= 0; };
  expect_rate(count_people([&](const Person& p) { return p.delegate && !assists(p); }), kPeople - count_people(assists),
              kLife.delegates, 30, "delegates");
  EXPECT_EQ(count_people([&](const Person& p) { return assists(p) && !p.delegate; }), 0);
  expect_rate(count_people([](const Person& p) { return p.download_percent != 100; }), kPeople, kLife.heavy_downloaders,
              1, "heavy downloaders");
}

TEST(LifeRates, desks_are_shared_by_neighbours_of_one_team) {
  std::int64_t crews = 0;
  std::int64_t of_crews = 0;
  std::int64_t others = 0;
  std::int64_t of_others = 0;
  for (std::size_t i = 1; i + 1 < people().size(); ++i) {
    const Person& first = people()[i];
    const Person& second = people()[i + 1];
    // As set_apart() asks: whoever took the neighbour's desk does not give the own one away.
    const bool may = first.site == second.site && first.office == second.office && first.level >= 2 &&
                     second.level >= 2 && first.device_key == first.key;
    const bool share = first.device_key == second.device_key;
    if (share) {
      EXPECT_EQ(first.device, second.device);
    }
    const bool on_shifts = first.crew != 0 && second.crew != 0;
    if (may) {
      (on_shifts ? of_crews : of_others) += 1;
      (on_shifts ? crews : others) += share ? 1 : 0;
    }
  }
  expect_rate(crews, of_crews, kLife.shared_desks_of_crews, 25, "desks of crews");
  expect_rate(others, of_others, kLife.shared_desks, 50, "desks of others");
}

TEST(LifeRates, absences) {
  std::map<std::string, int> begun;
  int of_long_ones = 0;
  for (const Person& person : people()) {
    for (const Absence& absence : person.absences) {
      const int length = absence.last - absence.first + 1;
      if (length > kLife.parental_leave_longest_days) ADD_FAILURE() << length;
      of_long_ones += length > kLife.vacation_longest_days && length < kLife.parental_leave_shortest_days ? 1 : 0;
      const bool inside = absence.first >= world().organisation.first;
      if (inside && length > kLife.long_sickness_longest_days) ++begun["parental"];
      if (inside && length <= kLife.vacation_longest_days) ++begun["short"];
    }
  }
  // Vacations and sickness are told apart by nothing but their length: together.
  const double each =
      kDays / static_cast<double>(kLife.vacation_every_days) + kDays / static_cast<double>(kLife.sickness_every_days);
  EXPECT_NEAR(begun["short"], each * kPeople, each * kPeople * 0.1);
  // Parental leave longer than any sickness: a share of all that follows from the bounds.
  const int span = kLife.parental_leave_longest_days - kLife.parental_leave_shortest_days + 1;
  const int longer = kLife.parental_leave_longest_days - kLife.long_sickness_longest_days;
  const double parental = kPeople * kLife.parental_leave_a_month / 1000.0 * kDays / 30 * longer / span;
  EXPECT_NEAR(begun["parental"], parental, parental * 0.5);
  EXPECT_GT(of_long_ones, 5) << "long sickness";
}

TEST(LifeRates, two_days_of_catching_up_follow_a_long_absence) {
  int absences = 0;
  for (const Person& person : people()) {
    if (person.absences.size() != 1 || person.last_day != kNever) continue;
    const Absence& absence = person.absences.front();
    const bool is_long = absence.last - absence.first + 1 >= kLife.catch_up_after_days;
    int days = 0;
    for (Day day = absence.last + 1; day <= absence.last + 10; ++day) {
      days += works_on(person, day) && is_catching_up(person, day) ? 1 : 0;
    }
    absences += is_long ? 1 : 0;
    EXPECT_LE(days, is_long ? 2 : 0);
    EXPECT_TRUE(!is_long || days > 0);
  }
  EXPECT_GT(absences, 60);
}

TEST(LifeRates, changes_a_month) {
  constexpr std::int64_t kMonths = kDays / 30;
  std::map<std::string, int> parts = world().parts;
  expect_rate(parts["job_change"], kPeople * kMonths, kLife.job_changes_a_month, 5, "job changes");
  expect_rate(parts["quiet_leaver"], kPeople * kMonths, kLife.leavers_a_month, 5, "honest leavers");
  expect_rate(parts["contract_end"], kPeople * kMonths, kLife.contracts_ending_a_month, 5, "contracts that end");
  expect_rate(parts["first_use"], kPeople * kMonths, kLife.first_uses_a_month, 5, "first uses");
  expect_rate(parts["laptop_resync_wave"], kPeople, kLife.laptop_resync_wave, 20, "laptops");
  expect_rate(parts["auto_label_wave"], kPeople, kLife.auto_label_wave, 20, "labels by rule");
  for (const Person& person : people()) {
    for (const Move& move : person.moves) {
      EXPECT_GE(move.known, move.day);
      EXPECT_LE(move.known, move.day + kLife.job_change_latest_known_days);
    }
  }
}

// How many people of a scenario did something of a kind.
template <typename Does>
std::int64_t count_parts(std::string_view scenario, const Does& does) {
  return std::ranges::count_if(world().plan.plantings, [&](const Planting& planting) {
    return scenarios()[planting.scenario].name == scenario && std::ranges::any_of(planting.acts, does);
  });
}

TEST(LifeRates, what_honest_leavers_do) {
  const std::int64_t leavers = world().parts.at("quiet_leaver");
  const auto rate = [&](std::uint32_t per_thousand, const char* what, const auto& does) {
    expect_rate(count_parts("quiet_leaver", does), leavers, per_thousand, 35, what);
  };
  rate(kLife.leavers_hand_over, "hand-over", [](const Act& act) { return act.kind == Kind::sharing_set; });
  rate(kLife.leavers_hand_over_in_bulk, "in bulk", [](const Act& act) { return act.kind == Kind::file_uploaded; });
  rate(kLife.leavers_private_photos, "photos", [](const Act& act) { return act.disguise == Disguise::harmless; });
  rate(kLife.leavers_payslips, "payslips", [](const Act& act) { return act.disguise == Disguise::payslip; });
  rate(kLife.leavers_tidy_up, "tidying", [](const Act& act) { return act.kind == Kind::file_recycled; });
}

TEST(LifeRates, first_uses_are_first_and_harmless) {
  const std::int64_t all = world().parts.at("first_use");
  const auto media = [](const Act& act) { return act.kind == Kind::device_usb_copied; };
  expect_rate(count_parts("first_use", media), all, kLife.first_uses_media, 20, "media");
  for (const Planting& planting : world().plan.plantings) {
    if (scenarios()[planting.scenario].name != "first_use") continue;
    EXPECT_EQ(people()[planting.person].media_percent, 0U) << "no other use";
    for (const Act& act : planting.acts) {
      if (act.kind == Kind::device_usb_mounted || act.kind == Kind::device_usb_unmounted) continue;
      EXPECT_LE(document_label(world().organisation, act.site, act.file), 2);
    }
  }
}

TEST(LifeRates, what_human_resources_write) {
  std::int64_t late = 0;
  std::int64_t corrected = 0;
  std::int64_t withdrawn = 0;
  const auto all = static_cast<std::int64_t>(world().plan.resignations.size());
  for (const Resignation& row : world().plan.resignations) {
    late += row.known > row.notice + 2 ? 1 : 0;
    corrected += row.told_at_first ? 1 : 0;
    withdrawn += row.withdrawn ? 1 : 0;
    EXPECT_LE(row.known, row.notice + kLife.resignation_latest_days);
    EXPECT_TRUE(!row.told_at_first || row.corrected > row.known);
    EXPECT_TRUE(!row.withdrawn || *row.withdrawn > row.known);
    EXPECT_EQ(people()[row.person].last_day == kNever, row.withdrawn.has_value()) << "who took it back stays";
  }
  expect_rate(late, all, kLife.resignations_late, 30, "late");
  expect_rate(corrected, all - withdrawn, kLife.resignations_corrected, 50, "corrected");
  expect_rate(withdrawn, all - withdrawn, kLife.resignations_withdrawn, 10, "withdrawn");
}

TEST(LifeRates, planted_instances) {
  const auto instances = [](std::uint32_t per_thousand) { return kPeople * static_cast<int>(per_thousand) / 1000; };
  std::map<std::string, int> parts = world().parts;
  EXPECT_EQ(parts["departing_thief"], instances(kLife.departing_thief));
  EXPECT_EQ(parts["slow_leaker"], instances(kLife.slow_leaker));
  EXPECT_EQ(parts["night_media_leak_site"], instances(kLife.night_media_leak_site));
  EXPECT_EQ(parts["saboteur_administrator"], instances(kLife.saboteur_administrator));
  EXPECT_EQ(parts["other_mailbox_mailed_home"], instances(kLife.other_mailbox_mailed_home));
  EXPECT_EQ(parts["cloud_upload_after_layoffs"], instances(kLife.cloud_upload_after_layoffs));
  EXPECT_EQ(parts["mail_to_self"], instances(kLife.mail_to_self));
  EXPECT_EQ(parts["label_downgrade_exfiltration"], instances(kLife.label_downgrade_exfiltration));
  EXPECT_EQ(parts["misdirected_mail"], instances(kLife.misdirected_mail));
  EXPECT_EQ(parts["link_left_open"], instances(kLife.link_left_open));
  EXPECT_EQ(parts["taken_over_account"], instances(kLife.taken_over_account));
  EXPECT_EQ(parts["contractor_takes_project"], instances(kLife.contractor_takes_project));
  EXPECT_EQ(parts["colluding_pair"], 2 * instances(kLife.colluding_pair));
  EXPECT_EQ(parts["active_from_the_start"], instances(kLife.active_from_the_start));
  EXPECT_EQ(parts["slow_ramp"], instances(kLife.slow_ramp));
  EXPECT_EQ(parts["theft_under_migration"], instances(kLife.theft_under_migration));
  EXPECT_EQ(parts["stops_half_way"], instances(kLife.stops_half_way));
  EXPECT_EQ(parts["mail_migration"], instances(kLife.mail_migration));
  EXPECT_EQ(parts["holiday_catch_up"], instances(kLife.holiday_catch_up));
  EXPECT_EQ(parts["quarter_end"], instances(kLife.quarter_end));
  EXPECT_EQ(parts["audit_season"], instances(kLife.audit_season));
  // Of whole teams.
  EXPECT_GE(parts["site_migration"], instances(kLife.site_migration));
  EXPECT_GE(parts["reorganisation"], instances(kLife.reorganisation));
}

TEST(LifeRates, top_one_per_cent_hold_a_quarter_of_downloads) {
  std::vector<std::int64_t> downloads;
  downloads.reserve(people().size());
  std::int64_t total = 0;
  std::int64_t sent_as = 0;
  std::int64_t sent_on_behalf = 0;
  std::vector<Act> acts;
  for (std::uint32_t i = 0; i < people().size(); ++i) {
    acts.clear();
    for (Day day = world().organisation.first; day < world().organisation.first + 30; ++day) {
      plan_day(world().organisation, i, day, acts);
    }
    const auto of_kind = [&](Kind kind) { return std::ranges::count(acts, kind, &Act::kind); };
    downloads.push_back(of_kind(Kind::file_downloaded) + of_kind(Kind::file_sync_downloaded));
    total += downloads.back();
    sent_as += of_kind(Kind::mail_sent_as);
    sent_on_behalf += of_kind(Kind::mail_sent_on_behalf);
  }
  std::ranges::sort(downloads, std::greater<>());
  std::int64_t top = 0;
  for (int i = 0; i < kPeople / 100; ++i) top += downloads[static_cast<std::size_t>(i)];
  EXPECT_NEAR(static_cast<double>(top) / static_cast<double>(total), 0.25, 0.04);
  expect_rate(sent_on_behalf, sent_as + sent_on_behalf, kLife.send_on_behalf, 10, "on behalf");
}

double records_a_day(int activities) {
  SimulationOptions options;
  options.people = 250;
  options.days = 60;
  options.activities = activities;
  options.scenarios = {"none"};
  const Workforce organisation = build_organisation(options);
  std::vector<Act> acts;
  std::int64_t days = 0;
  for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
    for (Day day = organisation.first; day <= organisation.last; ++day) {
      plan_day(organisation, i, day, acts);
      days += works_on(organisation.people[i], day) ? 1 : 0;
    }
  }
  return static_cast<double>(acts.size()) / static_cast<double>(days);
}

TEST(Activities, are_as_many_as_asked_for) {
  for (const int activities : {5, 15, 40, kUsualActivities}) {
    EXPECT_NEAR(records_a_day(activities), activities, activities * 0.1);
  }
}

TEST(Activities, fewer_ones_have_the_same_habits) {
  const auto shares = [](int activities) {
    SimulationOptions options;
    options.people = 1500;
    options.days = 30;
    options.activities = activities;
    const Workforce organisation = build_organisation(options);
    std::vector<Act> acts;
    for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
      for (Day day = organisation.first; day <= organisation.last; ++day) plan_day(organisation, i, day, acts);
    }
    std::map<Kind, double> counts;
    for (const Act& act : acts) ++counts[act.kind];
    const double all = static_cast<double>(acts.size()) - counts[Kind::signed_in];  // the first one always is
    for (auto& [kind, count] : counts) count /= all;
    return counts;
  };
  std::map<Kind, double> few = shares(15);
  std::map<Kind, double> usual = shares(kUsualActivities);
  for (const Kind kind : {Kind::file_accessed, Kind::file_downloaded, Kind::mail_sent, Kind::device_printed,
                          Kind::device_usb_copied, Kind::anonymous_link, Kind::device_cloud_upload}) {
    EXPECT_NEAR(few[kind], usual[kind], usual[kind] * 0.2) << info(kind).operation;
  }
}

// A person's busiest day: files downloaded, files carried out. A night belongs to the day before.
BusiestDay busiest(const Workforce& organisation, const Planting& planting) {
  const Office& office = offices()[organisation.people[planting.person].office];
  const auto day_of_work = [&](TimePoint time) {
    return day_of(time + TimePoint{utc_offset(office, day_of(time)) - 6 * 60} * 60 * kMicrosPerSecond);
  };
  std::map<Day, BusiestDay> days;
  for (const Act& act : planting.acts) {
    const bool downloads = act.kind == Kind::file_downloaded || act.kind == Kind::file_sync_downloaded;
    days[day_of_work(act.time)].downloaded += downloads ? 1 : 0;
  }
  for (const CarryOut& one : carry_outs(organisation, planting)) {
    days[day_of_work(one.first)].carried_out += one.files;
  }
  BusiestDay most;
  for (const auto& [day, counts] : days) {
    most.downloaded = std::max(most.downloaded, counts.downloaded);
    most.carried_out = std::max(most.carried_out, counts.carried_out);
  }
  return most;
}

// What the plan has for each honest person, beside their work, waves apart.
std::map<std::uint32_t, Planting> honest_parts(const Plan& plan) {
  std::map<std::uint32_t, Planting> parts;
  std::set<std::uint32_t> harmful;
  for (const Planting& planting : plan.plantings) {
    const ScenarioInfo& scenario = scenarios()[planting.scenario];
    if (scenario.kind != ScenarioKind::look_alike) harmful.insert(planting.person);
    if (!scenario.name.ends_with("_wave")) parts[planting.person] = planting;
  }
  for (const std::uint32_t person : harmful) parts.erase(person);
  return parts;
}

// Everybody honest with all they do, by department: the busiest days.
using BusiestDays = std::map<Department, std::vector<BusiestDay>>;
BusiestDays honest_busiest_days(const Workforce& organisation, const Plan& plan) {
  BusiestDays days;
  std::map<std::uint32_t, Planting> parts = honest_parts(plan);
  for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
    Planting& all = parts[i];
    all.person = i;
    all.scenario = scenario_named("quiet_leaver");  // honest
    for (Day day = organisation.first; day <= organisation.last; ++day) plan_day(organisation, i, day, all.acts);
    std::ranges::sort(all.acts, {}, &Act::time);
    days[organisation.people[i].department].push_back(busiest(organisation, all));
  }
  return days;
}

TEST(BusiestDay, is_what_95_of_100_honest_people_stay_below) {
  for (const int activities : {15, kUsualActivities}) {
    SimulationOptions options;
    options.people = activities == 15 ? kPeople : kPeople / 2;
    options.days = kDays;
    options.activities = activities;
    options.seed = 11;
    Workforce organisation = build_organisation(options);
    const Result<Plan> plan = make_plan(organisation, options);
    ASSERT_TRUE(plan);
    for (auto& [department, days] : honest_busiest_days(organisation, *plan)) {
      if (days.size() < 40) continue;  // too few to speak of 5 per cent
      SCOPED_TRACE(std::string(to_text(department)) + " with " + std::to_string(activities));
      const BusiestDay stated = busiest_day(department, organisation.kept_per_thousand);
      for (const auto count : {&BusiestDay::downloaded, &BusiestDay::carried_out}) {
        std::ranges::sort(days, {}, count);
        const int p95 = days[days.size() * 95 / 100].*count;
        EXPECT_LE(stated.*count, p95);
        EXPECT_GE(stated.*count, p95 / 2);
      }
    }
  }
}

TEST(BusiestDay, nobody_who_means_harm_passes_it) {
  for (const int activities : {15, kUsualActivities}) {
    SimulationOptions options;
    options.people = kPeople;
    options.days = kDays;
    options.activities = activities;
    options.seed = 12;
    Workforce organisation = build_organisation(options);
    const Result<Plan> plan = make_plan(organisation, options);
    ASSERT_TRUE(plan);
    std::set<std::string> seen;
    for (const Planting& planting : plan->plantings) {
      const ScenarioInfo& scenario = scenarios()[planting.scenario];
      if (scenario.kind == ScenarioKind::look_alike) continue;
      seen.insert(scenario.name);
      const BusiestDay stated =
          busiest_day(organisation.people[planting.person].department, organisation.kept_per_thousand);
      const BusiestDay most = busiest(organisation, planting);
      EXPECT_LE(most.downloaded, stated.downloaded) << scenario.name;
      EXPECT_LE(most.carried_out, stated.carried_out) << scenario.name;
    }
    EXPECT_EQ(seen.size(), 17U);
  }
}

TEST(LifeRates, crews_work_five_days_of_seven_at_changing_hours) {
  for (const Person& person : people()) {
    if (person.crew == 0 || !person.absences.empty() || person.last_day != kNever) continue;
    int worked = 0;
    std::set<int> starts;
    for (Day day = world().organisation.first; day < world().organisation.first + 21; ++day) {
      worked += works_on(person, day) ? 1 : 0;
      starts.insert(start_minute_on(person, day));
    }
    EXPECT_EQ(worked, 15);
    EXPECT_EQ(starts, (std::set<int>{6 * 60, 14 * 60, 22 * 60}));
  }
}

}  // namespace
}  // namespace candor
