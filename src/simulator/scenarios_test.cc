#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

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
    EXPECT_GE(counts[Kind::file_downloaded] + counts[Kind::file_sync_downloaded], 60);
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
    EXPECT_GE(counts[Kind::device_usb_copied], 12);
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
    EXPECT_GE(counts[Kind::file_recycled], 150);
    EXPECT_GE(counts[Kind::file_deleted_first_stage], 100);
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
    EXPECT_GE(counts[Kind::file_downloaded], 40);
    EXPECT_GE(counts[Kind::device_cloud_upload], 2);
    EXPECT_EQ(outside(planting), counts[Kind::device_cloud_upload]);
  });
}

TEST(Scenarios, mail_to_self_carries_attachments_home) {
  for_each_planting("mail_to_self", [](const Cast&, const Planting& planting, Counts counts) {
    EXPECT_GE(counts[Kind::mail_sent], 10);
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
    EXPECT_GE(counts[Kind::file_downloaded], 10);
  });
  EXPECT_GE(ways.size(), 3U);
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
    EXPECT_GE(counts[Kind::file_downloaded], 30);
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
