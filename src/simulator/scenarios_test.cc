#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "simulator/carry_out.h"
#include "simulator/documents.h"
#include "simulator/plan.h"
#include "simulator/records.h"

// What each planted scenario claims must be in its acts: for many seeds, as the shapes vary.
namespace candor {
namespace {

struct Cast {
  Workforce organisation;
  Plan plan;
};

Cast plant(const std::string& scenario, std::uint64_t seed, int people = 120, int days = 90) {
  SimulationOptions options;
  options.people = people;
  options.days = days;
  options.seed = seed;
  options.scenarios = {scenario};
  Cast cast{build_organisation(people, seed, options.start, options.start + days - 1), {}};
  Result<Plan> plan = make_plan(cast.organisation, options);
  EXPECT_TRUE(plan);
  cast.plan = std::move(*plan);
  return cast;
}

using Counts = std::map<Kind, int>;
Counts count(const Planting& planting) {
  Counts counts;
  for (const Act& act : planting.acts) ++counts[act.kind];
  return counts;
}

int outside(const Planting& planting) {
  int acts = 0;
  for (const Act& act : planting.acts) {
    const bool cloud = act.target_kind == Target::personal_cloud || act.target_kind == Target::leak_site;
    const bool away = act.target_kind == Target::own_address || act.target_kind == Target::other_personal;
    acts += act.kind == Kind::device_usb_copied || (act.kind == Kind::device_cloud_upload && cloud) ||
                    (act.kind == Kind::mail_sent && away) || act.kind == Kind::anonymous_link
                ? 1
                : 0;
  }
  return acts;
}

bool resigned(const Cast& cast, std::uint32_t person) {
  return std::any_of(cast.plan.resignations.begin(), cast.plan.resignations.end(),
                     [&](const Resignation& row) { return row.person == person; });
}

// Calls `check` with each planting of a scenario under a few seeds.
template <typename Check>
void for_each_planting(const std::string& scenario, const Check& check) {
  int seen = 0;
  std::set<int> ways;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Cast cast = plant(scenario, seed);
    for (const Planting& planting : cast.plan.plantings) {
      ++seen;
      SCOPED_TRACE(scenario + " with seed " + std::to_string(seed));
      for (const Act& act : planting.acts) EXPECT_EQ(act.actor, planting.person);
      EXPECT_TRUE(std::is_sorted(planting.acts.begin(), planting.acts.end(),
                                 [](const Act& a, const Act& b) { return a.time < b.time; }));
      check(cast, planting, count(planting));
    }
  }
  EXPECT_GE(seen, 12) << scenario;
}

TEST(Scenarios, departing_thief_takes_files_before_leaving) {
  std::set<Kind> ways;
  for_each_planting("departing_thief", [&](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_TRUE(resigned(cast, planting.person));
    EXPECT_GE(counts[Kind::file_downloaded] + counts[Kind::file_sync_downloaded], 40);
    EXPECT_GE(outside(planting), 2);
    EXPECT_LE(planting.last, cast.organisation.people[planting.person].last_day + 1);
    for (const Kind kind :
         {Kind::device_usb_copied, Kind::device_archive_created, Kind::mail_sent, Kind::device_file_renamed}) {
      if (counts[kind] > 0) ways.insert(kind);
    }
  });
  EXPECT_EQ(ways.size(), 4U) << "a detector could learn the one way";
}

TEST(Scenarios, slow_leaker_stays_low_for_weeks) {
  for_each_planting("slow_leaker", [](const Cast&, const Planting& planting, Counts) {
    std::map<Day, int> by_day;
    for (const Act& act : planting.acts) {
      if (act.kind == Kind::file_downloaded) ++by_day[day_of(act.time)];
    }
    EXPECT_GE(by_day.size(), 12U);
    EXPECT_GE(planting.last - planting.first, 21);
    EXPECT_GE(outside(planting), 12);
    for (const auto& [day, files] : by_day) EXPECT_LE(files, 8) << day;
  });
}

TEST(Scenarios, night_media_leak_site_is_at_night_and_new_to_media) {
  for_each_planting("night_media_leak_site", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_TRUE(resigned(cast, planting.person));
    EXPECT_GE(counts[Kind::device_usb_copied], 8);
    EXPECT_EQ(cast.organisation.people[planting.person].media_percent, 0U);
    int leaks = 0;
    for (const Act& act : planting.acts) {
      EXPECT_TRUE(act.night);
      leaks += act.target_kind == Target::leak_site ? 1 : 0;
      const Person& person = cast.organisation.people[planting.person];
      const int offset = utc_offset(offices()[person.office], day_of(act.time));
      const auto minute = static_cast<int>((act.time / (60 * kMicrosPerSecond) + offset) % 1440);
      EXPECT_TRUE(minute >= 22 * 60 || minute < 6 * 60) << minute;
    }
    EXPECT_GE(leaks, 3);
  });
}

TEST(Scenarios, saboteur_disables_and_destroys) {
  for_each_planting("saboteur_administrator", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_TRUE(cast.organisation.people[planting.person].administrator);
    EXPECT_EQ(counts[Kind::role_member_added], 1);
    EXPECT_EQ(counts[Kind::audit_config], 1);
    EXPECT_GE(counts[Kind::strong_authentication_disabled], 2);
    EXPECT_GE(counts[Kind::file_recycled], 50);
    EXPECT_GE(counts[Kind::file_deleted_first_stage], 30);
    EXPECT_NE(cast.organisation.people[planting.person].last_day, kNever);
  });
}

TEST(Scenarios, other_mailbox_is_read_and_mailed_home) {
  for_each_planting("other_mailbox_mailed_home", [](const Cast&, const Planting& planting, Counts counts) {
    std::set<std::uint32_t> victims;
    for (const Act& act : planting.acts) {
      if (act.kind == Kind::mail_read) victims.insert(act.target);
      if (act.kind == Kind::mail_sent) {
        EXPECT_EQ(act.target_kind, Target::own_address);
      }
    }
    EXPECT_EQ(victims.size(), 1U);
    EXPECT_FALSE(victims.contains(planting.person));
    EXPECT_GE(counts[Kind::mail_read], 12);
    EXPECT_GE(counts[Kind::mail_sent], 3);
  });
}

TEST(Scenarios, cloud_upload_follows_the_layoff) {
  for_each_planting("cloud_upload_after_layoffs", [](const Cast& cast, const Planting& planting, Counts counts) {
    ASSERT_TRUE(resigned(cast, planting.person));
    for (const Resignation& row : cast.plan.resignations) {
      if (row.person == planting.person) {
        EXPECT_LE(row.notice, planting.first);
      }
    }
    EXPECT_GE(counts[Kind::file_downloaded], 20);
    EXPECT_GE(counts[Kind::device_cloud_upload], 1);
    EXPECT_EQ(outside(planting), counts[Kind::device_cloud_upload]);
  });
}

TEST(Scenarios, mail_to_self_carries_attachments_home) {
  for_each_planting("mail_to_self", [](const Cast&, const Planting& planting, Counts counts) {
    EXPECT_GE(counts[Kind::mail_sent], 2);
    for (const Act& act : planting.acts) {
      if (act.kind != Kind::mail_sent) continue;
      EXPECT_EQ(act.target_kind, Target::own_address);
      EXPECT_GE(act.amount, 1);
    }
  });
}

TEST(Scenarios, label_downgrade_comes_before_the_files_leave) {
  std::set<Kind> ways;
  for_each_planting("label_downgrade_exfiltration", [&](const Cast& cast, const Planting& planting, Counts counts) {
    bool lowered = false;
    for (const Act& act : planting.acts) {
      const bool change = act.kind == Kind::file_label_changed || act.kind == Kind::file_label_removed ||
                          act.kind == Kind::label_updated || act.kind == Kind::label_removed;
      if (change) {
        ways.insert(act.kind);
        lowered = true;
        EXPECT_LT(act.label, document_label(cast.organisation, act.site, act.file));
      }
      if (act.kind == Kind::file_downloaded) {
        EXPECT_TRUE(lowered);
      }
    }
    EXPECT_GE(outside(planting), 1);
    EXPECT_GE(counts[Kind::file_downloaded], 5);
  });
  EXPECT_GE(ways.size(), 3U);
}

// Local days with acts that carry files out.
std::set<Day> days_out(const Cast& cast, const Planting& planting) {
  std::set<Day> days;
  for (const CarryOut& one : carry_outs(cast.organisation, planting)) days.insert(day_of(one.first));
  return days;
}

TEST(Scenarios, contractors_take_the_project_before_the_contract_ends) {
  std::set<std::string> destinations;
  for_each_planting("contractor_takes_project", [&](const Cast& cast, const Planting& planting, Counts) {
    const Person& person = cast.organisation.people[planting.person];
    EXPECT_TRUE(person.contractor);
    EXPECT_EQ(person.contract_end, person.last_day);
    EXPECT_LE(planting.last, person.last_day + 1);
    EXPECT_LE(person.last_day - planting.first, 28);
    EXPECT_FALSE(resigned(cast, planting.person)) << "contracts end without notice";
    const auto out = carry_outs(cast.organisation, planting);
    ASSERT_FALSE(out.empty());
    destinations.insert(out.front().destination.substr(0, 9));
  });
  EXPECT_GE(destinations.size(), 4U);
}

TEST(Scenarios, of_a_pair_one_collects_and_the_other_carries_out) {
  std::set<Kind> ways;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Cast cast = plant("colluding_pair", seed);
    ASSERT_EQ(cast.plan.plantings.size(), 2U) << seed;
    const auto& first = cast.plan.plantings[0];
    const auto& second = cast.plan.plantings[1];
    const bool first_carries = !carry_outs(cast.organisation, first).empty();
    const Planting& carrier = first_carries ? first : second;
    const Planting& collector = first_carries ? second : first;
    EXPECT_FALSE(carry_outs(cast.organisation, carrier).empty());
    EXPECT_TRUE(carry_outs(cast.organisation, collector).empty());
    ASSERT_NE(first_harmful(collector), nullptr);
    EXPECT_LT(collector.acts.front().time, carrier.acts.front().time);
    std::set<std::pair<std::uint32_t, std::uint32_t>> handed_over;
    for (const Act& act : collector.acts) {
      if (act.target_kind != Target::person) continue;
      EXPECT_EQ(act.target, carrier.person);
      ways.insert(act.kind);
      for (std::uint32_t i = 0; i < std::max<std::uint32_t>(1, act.amount); ++i) {
        handed_over.insert({act.site, act.file + i});
      }
    }
    for (const Act& act : carrier.acts) {
      if (act.kind == Kind::device_usb_copied) {
        EXPECT_TRUE(handed_over.contains({act.site, act.file})) << "what the other one gave";
      }
    }
  }
  EXPECT_EQ(ways, (std::set{Kind::sharing_set, Kind::chat_message, Kind::mail_sent}));
}

TEST(Scenarios, active_from_the_start_is_and_goes_on) {
  for_each_planting("active_from_the_start", [](const Cast& cast, const Planting& planting, Counts) {
    EXPECT_LE(planting.first, cast.organisation.first + 21);
    EXPECT_GE(planting.last, cast.organisation.first + 35);
    EXPECT_GE(days_out(cast, planting).size(), 5U);
  });
}

TEST(Scenarios, a_slow_ramp_grows_over_several_channels) {
  for_each_planting("slow_ramp", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_GE(planting.last - planting.first, 30);
    int channels = counts[Kind::device_usb_copied] > 0 ? 1 : 0;
    for (const Kind kind : {Kind::mail_sent, Kind::device_cloud_upload, Kind::device_printed}) {
      channels += counts[kind] > 0 ? 1 : 0;
    }
    EXPECT_GE(channels, 3);
    int early = 0;
    int late = 0;
    const Day middle = (planting.first + planting.last) / 2;
    for (const CarryOut& one : carry_outs(cast.organisation, planting)) {
      EXPECT_LE(one.files, 7);
      (day_of(one.first) <= middle ? early : late) += one.files;
    }
    EXPECT_GT(late, early);
  });
}

TEST(Scenarios, theft_hides_in_the_migration_of_the_team) {
  for_each_planting("theft_under_migration", [](const Cast& cast, const Planting& planting, Counts) {
    if (planting.scenario != scenario_named("theft_under_migration")) return;  // colleagues, who only move the site
    EXPECT_FALSE(planting.cover.empty());
    std::set<std::uint64_t> cover;
    for (const Act& act : planting.cover) cover.insert(act.seed);
    for (const Act& act : planting.acts) EXPECT_FALSE(cover.contains(act.seed));
    const auto out = carry_outs(cast.organisation, planting);
    ASSERT_FALSE(out.empty());
    for (const CarryOut& one : out) EXPECT_GE(one.label, 3);
    const bool announced = std::ranges::any_of(cast.plan.announcements, [&](const Announcement& event) {
      return event.kind == "migration" && event.first <= planting.first && planting.last <= event.last + 1;
    });
    EXPECT_TRUE(announced);
  });
}

TEST(Scenarios, who_stops_half_way_takes_out_little_of_what_was_packed) {
  for_each_planting("stops_half_way", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_GE(counts[Kind::device_file_archived], 10);
    EXPECT_GE(counts[Kind::device_archive_created], 1);
    int files = 0;
    for (const CarryOut& one : carry_outs(cast.organisation, planting)) files += one.files;
    EXPECT_GE(files, 1);
    EXPECT_LE(files, 3);
  });
}

TEST(Scenarios, contracts_that_end_honestly_carry_nothing_out) {
  for_each_planting("contract_end", [](const Cast& cast, const Planting& planting, Counts) {
    EXPECT_TRUE(cast.organisation.people[planting.person].contractor);
    EXPECT_EQ(cast.organisation.people[planting.person].contract_end,
              cast.organisation.people[planting.person].last_day);
    EXPECT_EQ(outside(planting), 0);
  });
}

// Instances of scenarios that harm, by name.
std::map<std::string, int> incidents_of(const SimulationOptions& options) {
  Workforce organisation = build_organisation(options);
  const Result<Plan> plan = make_plan(organisation, options);
  EXPECT_TRUE(plan);
  std::map<std::string, int> parts;
  for (const Planting& planting : plan->plantings) {
    const ScenarioInfo& scenario = scenarios()[planting.scenario];
    if (scenario.kind != ScenarioKind::look_alike) ++parts[scenario.name];
  }
  parts["colluding_pair"] /= 2;
  std::erase_if(parts, [](const auto& part) { return part.second == 0; });
  return parts;
}

TEST(Scenarios, incidents_are_as_many_as_asked_for_and_all_come_over_a_few_seeds) {
  std::map<std::string, int> all;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SimulationOptions options;
    options.people = 500;
    options.seed = seed;
    options.incidents = 20;
    int incidents = 0;
    for (const auto& [name, count] : incidents_of(options)) {
      incidents += count;
      all[name] += count;
      EXPECT_LE(count, 2) << name << ": of ten, the most frequent has one or two";
    }
    EXPECT_EQ(incidents, 10) << seed;
  }
  for (const ScenarioInfo& scenario : scenarios()) {
    if (scenario.kind != ScenarioKind::look_alike) {
      EXPECT_GE(all[scenario.name], 1) << scenario.name;
    }
  }
  EXPECT_GT(all["departing_thief"], all["saboteur_administrator"]) << "shares stay";
}

TEST(Scenarios, incidents_are_parted_among_the_chosen_ones) {
  SimulationOptions options;
  options.people = 1000;
  options.incidents = 9;
  options.scenarios = {"mail_to_self", "quiet_leaver"};
  EXPECT_EQ(incidents_of(options), (std::map<std::string, int>{{"mail_to_self", 9}}));
  options.incidents = 0;
  EXPECT_TRUE(incidents_of(options).empty());
}

TEST(Scenarios, look_alikes_alone_are_an_organisation_without_harm) {
  SimulationOptions options;
  options.scenarios = {"look_alikes"};
  EXPECT_TRUE(incidents_of(options).empty());
  Workforce organisation = build_organisation(options);
  const Result<Plan> plan = make_plan(organisation, options);
  ASSERT_TRUE(plan);
  std::set<std::string> seen;
  for (const Planting& planting : plan->plantings) seen.insert(scenarios()[planting.scenario].name);
  const auto alike = std::ranges::count(scenarios(), ScenarioKind::look_alike, &ScenarioInfo::kind);
  EXPECT_EQ(std::ssize(seen), alike);
}

TEST(Scenarios, benign_ones_send_nothing_out) {
  for (const char* name : {"site_migration", "holiday_catch_up", "mail_migration", "laptop_resync_wave",
                           "auto_label_wave", "job_change", "reorganisation"}) {
    for_each_planting(name, [&](const Cast&, const Planting& planting, Counts counts) {
      EXPECT_EQ(scenarios()[planting.scenario].kind, ScenarioKind::look_alike);
      EXPECT_EQ(outside(planting), 0);
      if (std::string_view(name) == "site_migration") {
        EXPECT_GE(counts[Kind::file_sync_downloaded] + counts[Kind::file_downloaded], 90);
      }
    });
  }
}

TEST(Scenarios, quarter_end_is_finance_at_the_end_of_the_quarter) {
  for_each_planting("quarter_end", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_EQ(cast.organisation.people[planting.person].department, Department::finance);
    EXPECT_NEAR(planting.first, quarter_end(cast.organisation.first), 5);
    EXPECT_GE(counts[Kind::device_printed], 20);
    EXPECT_EQ(outside(planting), 0);
  });
}

TEST(Scenarios, accidents_send_confidential_files_astray_once) {
  for_each_planting("misdirected_mail", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_GE(counts[Kind::mail_sent], 2) << "astray, and to the right one afterwards";
    EXPECT_EQ(planting.first, planting.last);
    bool astray = false;
    for (const Act& act : planting.acts) {
      astray = astray || act.target_kind == Target::other_personal || act.target_kind == Target::partner;
      EXPECT_NE(act.target_kind, Target::own_address);
      EXPECT_GE(document_label(cast.organisation, act.site, act.file), 3);
    }
    EXPECT_TRUE(astray);
    EXPECT_EQ(planting.acts.back().target_kind, Target::person);
  });
  for_each_planting("link_left_open", [](const Cast&, const Planting&, Counts counts) {
    EXPECT_GE(counts[Kind::anonymous_link], 1);
    EXPECT_GE(counts[Kind::anonymous_link_used], counts[Kind::anonymous_link]) << "strangers come";
  });
}

TEST(Scenarios, taken_over_accounts_are_used_by_somebody_else) {
  for_each_planting("taken_over_account", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_EQ(scenarios()[planting.scenario].kind, ScenarioKind::taken_over);
    EXPECT_GE(counts[Kind::sign_in_failed], 4);
    EXPECT_GE(counts[Kind::file_downloaded], 20);
    EXPECT_EQ(counts[Kind::inbox_rule], 1);
    const Person& person = cast.organisation.people[planting.person];
    for (const Act& act : planting.acts) {
      EXPECT_TRUE(act.outsider);
      EXPECT_TRUE(client_address(act, person).starts_with("192.0.2."));
    }
  });
}

TEST(Scenarios, honest_leavers_keep_what_is_confidential) {
  for_each_planting("quiet_leaver", [](const Cast& cast, const Planting& planting, Counts) {
    EXPECT_TRUE(resigned(cast, planting.person));
    EXPECT_LE(planting.last, cast.organisation.people[planting.person].last_day + 1);
    for (const Act& act : planting.acts) {
      const bool leaves = act.kind == Kind::device_usb_copied || act.target_kind == Target::personal_cloud ||
                          act.target_kind == Target::own_address;
      if (leaves) {
        EXPECT_NE(act.disguise, Disguise::none) << "photos and payslips";
        EXPECT_EQ(document_label(cast.organisation, act.site, act.file), 0);
      }
    }
  });
}

TEST(Scenarios, job_changes_and_reorganisations_change_the_work) {
  for (const char* name : {"job_change", "reorganisation"}) {
    for_each_planting(name, [](const Cast& cast, const Planting& planting, Counts) {
      const Person& person = cast.organisation.people[planting.person];
      ASSERT_EQ(person.moves.size(), 1U);
      const Move& move = person.moves.front();
      EXPECT_EQ(assignment_on(person, move.day - 1).site, person.site);
      EXPECT_EQ(assignment_on(person, move.day).site, move.to.site);
      EXPECT_TRUE(move.to.site != person.site || move.to.manager != person.manager);
      EXPECT_NE(move.to.manager, static_cast<int>(planting.person));
    });
  }
}

TEST(Scenarios, waves_are_announced_for_the_days_they_come) {
  for (const char* name : {"laptop_resync_wave", "auto_label_wave", "mail_migration", "reorganisation"}) {
    for_each_planting(name, [](const Cast& cast, const Planting& planting, Counts) {
      EXPECT_TRUE(std::ranges::any_of(cast.plan.announcements, [&](const Announcement& event) {
        return event.first <= planting.first && planting.first <= event.last;
      }));
    });
  }
}

TEST(Scenarios, audit_season_shares_with_the_auditors_only) {
  for_each_planting("audit_season", [](const Cast& cast, const Planting& planting, Counts counts) {
    EXPECT_GE(counts[Kind::file_downloaded], 25);
    for (const Act& act : planting.acts) {
      if (act.target_kind != Target::none) {
        EXPECT_EQ(cast.organisation.partners[act.target], kAuditors);
      }
    }
  });
}

TEST(Scenarios, nobody_plays_two_parts) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SimulationOptions options;
    options.seed = seed;
    Workforce organisation = build_organisation(250, seed, options.start, options.start + 89);
    const Result<Plan> plan = make_plan(organisation, options);
    ASSERT_TRUE(plan);
    std::set<std::uint32_t> people;
    for (const Planting& planting : plan->plantings) {
      if (scenarios()[planting.scenario].name.ends_with("_wave")) continue;  // comes over anybody
      EXPECT_TRUE(people.insert(planting.person).second) << seed;
      EXPECT_NE(planting.person, 0U);
    }
  }
}

}  // namespace
}  // namespace candor
