// The shipped policies on a small invented organisation, through the whole chain: most risky scenarios are found by the
// policy that is meant for them, no benign one is, and ordinary work is not. The organisation is as small as one of
// each allows, so that the test takes a few seconds; docs/architecture/evaluation.md has the measurement on larger
// ones.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "assessment/peer_shares.h"
#include "assessment/run.h"
#include "ingest/ingest_files.h"
#include "ingest/replay.h"
#include "profile/facts.h"
#include "profile/hr_import.h"
#include "profile/people.h"
#include "simulator/simulate.h"
#include "store/test_store.h"

namespace candor {
namespace {

struct Label {
  std::string scenario;
  bool wave = false;  // touches many at once, beside other parts: counts only for who has none
};

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class SimulatedOrganisationTest : public testing::Test {
 protected:
  void SetUp() override {
    const bool memory = access("/dev/shm", W_OK) == 0;
    const std::filesystem::path place = memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (place / "candor-simulated-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    options_.people = 120;
    options_.days = 72;
    options_.seed = 3;
    options_.repeat_percent = 0;
    FolderSink sink(folder_ / "simulated");
    const auto simulated = simulate(options_, sink);
    ASSERT_TRUE(simulated.has_value()) << simulated.error().message;
    open();
    ingest();
    read_labels();
  }
  void TearDown() override {
    timeline_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    const std::filesystem::path content = std::filesystem::path(CANDOR_SOURCE_DIR) / "content";
    fields_ = *FieldCatalogue::load(content / "fields.yml");
    std::vector<Diagnostic> faults;
    mappings_ = *MappingSet::load(content / "mappings", fields_, faults);
    indicators_ = IndicatorSet::load({content / "indicators"}, fields_).set;
    scoring_ = *ScoringContent::load(content / "scoring");
    store_ = std::move(*open_test_store(folder_));
    auto timeline =
        open_embedded_timeline(folder_ / "timeline", keys_, fields_, *indicators_,
                               make_replay(mappings_, indicators_, IndicatorMask(indicators_->size(), true)));
    ASSERT_TRUE(timeline.has_value()) << timeline.error().message;
    timeline_ = std::move(*timeline);
    people_ = std::make_unique<People>(*store_, keys_);
    facts_ = std::make_unique<Facts>(*store_, keys_);
    LoadedPolicies loaded = load_policies(content / "policies", indicators_->indicators(), *scoring_);
    for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
    for (Policy& policy : loaded.policies) {
      const std::string id = policy.id;
      auto shared = std::make_shared<const Policy>(std::move(policy));
      policies_.push_back({.id = id, .versions = {{.effective_from = 0, .policy = std::move(shared)}}});
    }
    ASSERT_EQ(policies_.size(), 6U);
  }

  void ingest() {
    Ingest ingest(mappings_, indicators_, IndicatorMask(indicators_->size(), true), *timeline_);
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "simulated" / "audit")) {
      files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<SourceInput> inputs;
    for (const auto& file : files) inputs.push_back(SourceInput::file(file));
    IngestSummary summary;
    const auto done = ingest_files(inputs, ingest, *timeline_, clock_, {}, summary);
    ASSERT_TRUE(done.has_value()) << done.error().message;
    ASSERT_GT(summary.stored, 5'000U);
    const auto facts = import_hr_csv(*store_, keys_, clock_, read_all(folder_ / "simulated" / "hr.csv"), "hr.csv");
    ASSERT_TRUE(facts.has_value()) << facts.error().message;
    ASSERT_TRUE(register_touched(*timeline_, *people_).has_value());
  }

  void read_labels() {
    std::istringstream lines(read_all(folder_ / "simulated" / "labels.csv"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      std::istringstream cells(line);
      std::string person;
      std::string scenario;
      std::getline(cells, person, ',');
      std::getline(cells, scenario, ',');
      const bool wave = scenario.ends_with("_wave");
      Label& label = labels_[keys_.account(normalise_account_name(person))];
      if (!wave || label.scenario.empty()) label = {.scenario = scenario, .wave = wave};
    }
  }

  // What came of the people of one scenario ("" for everybody else).
  struct Found {
    int people = 0;
    int alerted = 0;                  // by any policy
    std::map<std::string, int> high;  // by policy: severity
    std::map<std::string, int> by_policy;
  };
  std::map<std::string, Found> assess_all() {
    std::vector<PersonId> everybody;
    EXPECT_TRUE(people_->each([&](const PersonId& person) {
      everybody.push_back(person);
      return true;
    }));
    AssessOptions options;
    options.as_of = options_.start + options_.days;
    options.threads = 2;
    const AssessSources sources{.timeline = *timeline_, .store = *store_, .people = *people_, .facts = *facts_};
    std::map<std::string, Found> found;
    const auto count = [&](std::span<const PersonOutcome> outcomes) -> Result<void> {
      for (const PersonOutcome& outcome : outcomes) {
        CANDOR_TRY(const auto accounts, people_->accounts_of(outcome.person));
        Label label;
        for (const AccountId& account : accounts) {
          if (labels_.contains(account)) label = labels_[account];
        }
        Found& of = found[label.scenario];
        ++of.people;
        of.alerted += outcome.alerts.empty() ? 0 : 1;
        for (const AlertOutcome& alert : outcome.alerts) {
          ++of.by_policy[alert.assessment.policy];
          if (alert.assessment.severity == AlertSeverity::high) ++of.high[alert.assessment.policy];
        }
      }
      return {};
    };
    auto peers = peers_of_everybody(sources, policies_, options);
    EXPECT_TRUE(peers.has_value()) << peers.error().message;
    const auto done = Assessor(sources, policies_, std::move(*peers), {}).people(everybody, options, count);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return found;
  }

  std::filesystem::path folder_;
  SimulationOptions options_;
  Keys keys_ = Keys::from_master({5});
  FixedClock clock_{start_of(kDefaultSimulationStart + 90)};
  std::shared_ptr<const FieldCatalogue> fields_;
  std::shared_ptr<const MappingSet> mappings_;
  std::shared_ptr<const IndicatorSet> indicators_;
  std::shared_ptr<const ScoringContent> scoring_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Facts> facts_;
  std::vector<PolicyHistory> policies_;
  std::map<AccountId, Label> labels_;
};

struct Expected {
  const char* scenario;
  const char* policy;  // that finds everybody of it; "": no policy finds anybody; kMeasured: see below
};
// Honest people whose work looks like harm, accidents, and accounts somebody else uses: how many of them the shipped
// policies name is a measurement (docs/architecture/evaluation.md), not a promise, and so is it of insiders who do what
// no count of a day tells. Here they must only have taken part.
constexpr const char* kMeasured = "measured";
constexpr std::array kExpected = {Expected{"departing_thief", "departing-users"},
                                  Expected{"slow_leaker", "data-leaks"},
                                  Expected{"night_media_leak_site", "departing-users"},
                                  Expected{"saboteur_administrator", "security-violations"},
                                  Expected{"other_mailbox_mailed_home", "data-leaks"},
                                  Expected{"cloud_upload_after_layoffs", kMeasured},
                                  Expected{"mail_to_self", "data-leaks"},
                                  Expected{"label_downgrade_exfiltration", "data-leaks"},
                                  Expected{"misdirected_mail", kMeasured},
                                  Expected{"link_left_open", kMeasured},
                                  Expected{"taken_over_account", kMeasured},
                                  Expected{"contractor_takes_project", kMeasured},
                                  Expected{"colluding_pair", kMeasured},
                                  Expected{"active_from_the_start", kMeasured},
                                  Expected{"slow_ramp", kMeasured},
                                  Expected{"theft_under_migration", kMeasured},
                                  Expected{"stops_half_way", kMeasured},
                                  Expected{"quiet_leaver", kMeasured},
                                  Expected{"site_migration", ""},
                                  Expected{"holiday_catch_up", ""},
                                  Expected{"quarter_end", ""},
                                  Expected{"audit_season", kMeasured},
                                  Expected{"job_change", kMeasured},
                                  Expected{"contract_end", kMeasured},
                                  Expected{"reorganisation", kMeasured},
                                  Expected{"first_use", kMeasured},
                                  Expected{"mail_migration", kMeasured},
                                  Expected{"laptop_resync_wave", ""},
                                  Expected{"auto_label_wave", kMeasured}};

TEST_F(SimulatedOrganisationTest, EachScenarioIsFoundByItsPolicyAndOrdinaryWorkByNone) {
  auto found = assess_all();
  ASSERT_EQ(kExpected.size(), scenarios().size()) << "a new scenario needs a line above";
  for (const Expected& expected : kExpected) {
    Found& of = found[expected.scenario];
    EXPECT_GE(of.people, 1) << expected.scenario << " was not planted";
    RecordProperty(std::string(expected.scenario) + "_people", of.people);
    RecordProperty(std::string(expected.scenario) + "_alerted", of.alerted);
    if (std::string_view(expected.policy) == kMeasured) continue;
    if (std::string_view(expected.policy).empty()) {
      EXPECT_EQ(of.alerted, 0) << expected.scenario;
    } else {
      EXPECT_EQ(of.by_policy[expected.policy], of.people) << expected.scenario;
    }
  }
  EXPECT_EQ(found["departing_thief"].high["departing-users"], found["departing_thief"].people);
  EXPECT_GE(found[""].people, 15) << "people who only work";
  EXPECT_EQ(found[""].alerted, 0);
}

}  // namespace
}  // namespace candor
