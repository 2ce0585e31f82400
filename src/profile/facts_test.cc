#include "profile/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "profile/hr_import.h"
#include "profile/people.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ProfileTest : public testing::Test {
 protected:
  ProfileTest() : store_(open(folder_)) {}
  ~ProfileTest() override { std::filesystem::remove_all(folder_); }

  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_profile_XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  static std::unique_ptr<Store> open(const std::filesystem::path& folder) {
    auto store = open_test_store(folder);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return *std::move(store);
  }

  HrImportSummary import(std::string_view text, const HrImportOptions& options = {}) {
    auto summary = import_hr_csv(*store_, keys_, clock_, text, "hr.csv", options);
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    EXPECT_EQ(summary->rows_read, summary->added + summary->corrected + summary->unchanged + summary->still_withdrawn +
                                      summary->erased + summary->rejected_rows());
    return *std::move(summary);
  }
  HrImportOptions at(TimePoint known_since) {
    HrImportOptions options;
    options.known_since = known_since;
    return options;
  }

  PersonId person(const std::string& name) {
    const auto found = people_.person_of(keys_.account(name));
    EXPECT_TRUE(found && *found) << name;
    return **found;
  }

  // "kind day attributes" of each fact that counts.
  std::vector<std::string> known(const std::string& name, TimePoint when) {
    std::vector<std::string> texts;
    const auto profile = facts_.profile(person(name), when);
    EXPECT_TRUE(profile.has_value());
    for (const Fact& fact : profile->facts) {
      std::string text = std::string(to_text(fact.kind)) + " " + format_day(fact.valid_from);
      for (const auto& [key, value] : fact.attributes) text += " " + key + "=" + value;
      texts.push_back(text);
    }
    return texts;
  }

  static constexpr TimePoint kNow = 1'795'000'000 * kMicrosPerSecond;
  static constexpr std::string_view kLeaver =
      "EmailAddress,ResignationDate,LastWorkingDate\nsara@example.com,2026-10-01T10:00:00Z,2026-11-30\n";
  static constexpr std::string_view kLater =
      "EmailAddress,ResignationDate,LastWorkingDate\nsara@example.com,2026-10-01T10:00:00Z,2026-12-31\n";

  const std::filesystem::path folder_ = make_folder();
  const Keys keys_ = Keys::from_master({4, 2});
  FixedClock clock_{kNow};
  const std::unique_ptr<Store> store_;
  const People people_{*store_, keys_};
  const Facts facts_{*store_, keys_};
};

TEST_F(ProfileTest, AnAccountIsOnePersonWhicheverSideNamesItFirst) {
  const std::vector<People::Account> seen = {{keys_.account("sara@example.com"), "sara@example.com"},
                                             {keys_.account("bob@example.com"), "bob@example.com"},
                                             {keys_.account("sara@example.com"), "sara@example.com"}};
  const auto people = people_.ensure(seen);
  ASSERT_TRUE(people);
  EXPECT_EQ((*people)[0], (*people)[2]);
  EXPECT_NE((*people)[0], (*people)[1]);
  import("EmailAddress,ResignationDate\n SARA@Example.com ,2026-10-01\nnew@example.com,2026-10-02\n");
  EXPECT_EQ(person("sara@example.com"), (*people)[0]);
  EXPECT_EQ(*people_.count(), 3);
  EXPECT_EQ(people_.ensure(std::vector{People::Account{keys_.account("new@example.com"), "new@example.com"}})->front(),
            person("new@example.com"));
  EXPECT_EQ(*people_.count(), 3);
  EXPECT_THAT(*people_.accounts_of((*people)[1]), ElementsAre(keys_.account("bob@example.com")));
  EXPECT_FALSE(*people_.person_of(keys_.account("nobody@example.com")));
}

TEST_F(ProfileTest, NamesAreSealedForTheAccountTheyBelongTo) {
  import(kLeaver);
  const PersonId sara = person("sara@example.com");
  auto reading = store_->read();
  const auto names = people_.names_of(*reading, sara);
  ASSERT_THAT(*names, SizeIs(1));
  const SealedName& name = names->front();
  EXPECT_EQ(name.bytes.find("sara"), std::string::npos);
  EXPECT_EQ(*unseal(keys_.derive("identity"), name.bytes, name.account.view()), "sara@example.com");
  EXPECT_FALSE(unseal(keys_.derive("identity"), name.bytes, sara.view()));
}

TEST_F(ProfileTest, ImportingTheSameAgainChangesNothing) {
  const auto first = import(kLeaver);
  EXPECT_EQ(first.added, 1);
  EXPECT_EQ(first.people, 1);
  const auto mark = facts_.changed_since(0)->upto;
  clock_.set(kNow + kMicrosPerDay);
  const auto again = import(kLeaver);
  EXPECT_EQ(again.unchanged, 1);
  EXPECT_EQ(again.added + again.corrected, 0);
  EXPECT_EQ(facts_.changed_since(mark)->upto, mark);
  EXPECT_THAT(known("sara@example.com", kNow), ElementsAre("resignation 2026-10-01 last_working_day=2026-11-30"));
}

TEST_F(ProfileTest, AChangedRowCorrectsAndThePastStaysAsItWasKnown) {
  import(kLeaver);
  clock_.set(kNow + kMicrosPerDay);
  EXPECT_EQ(import(kLater).corrected, 1);
  EXPECT_THAT(known("sara@example.com", kNow - 1), IsEmpty());
  EXPECT_THAT(known("sara@example.com", kNow), ElementsAre(HasSubstr("2026-11-30")));
  EXPECT_THAT(known("sara@example.com", kNow + kMicrosPerDay - 1), ElementsAre(HasSubstr("2026-11-30")));
  EXPECT_THAT(known("sara@example.com", kNow + kMicrosPerDay), ElementsAre(HasSubstr("2026-12-31")));
  auto reading = store_->read();
  const auto history = facts_.history(
      *reading, fact_id(keys_, keys_.account("sara@example.com"), FactKind::resignation, *parse_day("2026-10-01")));
  ASSERT_THAT(*history, SizeIs(2));
  EXPECT_EQ((*history)[1].version, 2);
  EXPECT_EQ((*history)[1].known_since, kNow + kMicrosPerDay);
  EXPECT_EQ((*history)[1].source, "hr csv");
}

TEST_F(ProfileTest, ACorrectionWithinTheSameInstantStillCountsAfterwards) {
  import(kLeaver);
  EXPECT_EQ(import(kLater).corrected, 1);
  EXPECT_EQ(import(kLeaver).corrected, 1);
  EXPECT_THAT(known("sara@example.com", kNow + 5), ElementsAre(HasSubstr("2026-11-30")));
}

TEST_F(ProfileTest, WhatIsWithdrawnIsGoneFromThenOnAndStaysGone) {
  import(kLeaver);
  clock_.set(kNow + kMicrosPerDay);
  auto withdrawn = withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv");
  EXPECT_EQ(withdrawn->withdrawn, 1);
  EXPECT_EQ(withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv")->unchanged, 1) << "twice is once";
  EXPECT_THAT(known("sara@example.com", kNow), SizeIs(1));
  EXPECT_THAT(known("sara@example.com", kNow + kMicrosPerDay), IsEmpty());
  clock_.set(kNow + 2 * kMicrosPerDay);
  EXPECT_EQ(import(kLeaver).still_withdrawn, 1) << "tonight's full export must not bring it back";
  EXPECT_THAT(known("sara@example.com", clock_.now()), IsEmpty());
  EXPECT_EQ(import(kLater).corrected, 1) << "but other content is news";
  EXPECT_THAT(known("sara@example.com", clock_.now() + 9), ElementsAre(HasSubstr("2026-12-31")));
}

TEST_F(ProfileTest, AnOlderVersionOfWhatIsWithdrawnIsNoNews) {
  import(kLeaver);
  import(kLater);
  clock_.set(kNow + 10);
  ASSERT_EQ(withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv")->withdrawn, 1);
  clock_.set(kNow + 20);
  EXPECT_EQ(import(kLeaver).still_withdrawn, 1);
  EXPECT_EQ(import(kLater).still_withdrawn, 1);
  EXPECT_THAT(known("sara@example.com", kNow + 30), IsEmpty());
  HrImportOptions options;
  options.reinstate = true;
  EXPECT_EQ(import(kLeaver, options).corrected, 1);
  EXPECT_THAT(known("sara@example.com", kNow + 30), SizeIs(1));
}

TEST_F(ProfileTest, AnotherResignationIsNamedWithTheOneBefore) {
  EXPECT_THAT(import(kLeaver).diagnostics, IsEmpty());
  const auto moved = import("EmailAddress,ResignationDate\nsara@example.com,2026-10-15\nbob@example.com,2026-10-15\n");
  EXPECT_EQ(moved.added, 2);
  ASSERT_THAT(moved.diagnostics, SizeIs(1));
  EXPECT_EQ(moved.diagnostics[0].id, "profile.hr_second_resignation");
  EXPECT_EQ(moved.diagnostics[0].severity, Severity::warning);
  EXPECT_EQ(moved.diagnostics[0].line, 2);
  EXPECT_THAT(moved.diagnostics[0].message, testing::AllOf(HasSubstr("2026-10-15"), HasSubstr("2026-10-01")));
  EXPECT_THAT(moved.diagnostics[0].hint, HasSubstr("candor hr withdraw"));
  ASSERT_EQ(withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv")->withdrawn, 1);
  EXPECT_THAT(known("sara@example.com", kNow + 9), ElementsAre("resignation 2026-10-15"));
}

class ProfilesTest : public ProfileTest {
 protected:
  static std::string profile(const std::string& department, const std::string& day = "") {
    return "EmailAddress,EmployeeDept,EffectiveDate\na@example.com," + department + "," + day + "\n";
  }
  // Departments with the days they hold from and to, as known in the end.
  std::vector<std::string> departments() {
    std::vector<std::string> texts;
    const auto profile = facts_.profile(person("a@example.com"), kNow + 1000 * kMicrosPerDay);
    for (const Fact& fact : profile->facts) {
      texts.push_back(format_day(fact.valid_from) + " " + (fact.valid_to ? format_day(*fact.valid_to) : "...") + " " +
                      fact.attributes.at("department"));
    }
    return texts;
  }
  const Day today_ = day_of(kNow);
};

TEST_F(ProfilesTest, HoldFromTheirDateUntilTheNext) {
  EXPECT_EQ(import(profile("Sales", "2026-03-01")).added, 1);
  EXPECT_EQ(import(profile("Finance", "2026-06-01")).added, 1) << "a move, no correction of the past";
  EXPECT_THAT(departments(), ElementsAre("1970-01-01 2026-05-31 Sales", "2026-06-01 ... Finance"));
  EXPECT_EQ(import(profile("Legal", "2026-06-01")).corrected, 1);
  EXPECT_EQ(import(profile("Legal", "2026-06-01")).unchanged, 1);
  EXPECT_THAT(departments(), ElementsAre("1970-01-01 2026-05-31 Sales", "2026-06-01 ... Legal"));
  EXPECT_EQ(import(profile("Sales", "someday")).rejected.count("profile.hr_bad_date"), 1U);
}

TEST_F(ProfilesTest, WithoutADateHoldFromTheDayTheyBecameKnown) {
  EXPECT_EQ(import(profile("Sales")).added, 1);
  clock_.set(kNow + 7 * kMicrosPerDay);
  EXPECT_EQ(import(profile("Sales")).unchanged, 1) << "the nightly file begins no new fact";
  EXPECT_EQ(import(profile("Finance")).added, 1);
  EXPECT_EQ(import(profile("Legal")).corrected, 1) << "of the same day";
  clock_.set(kNow + 9 * kMicrosPerDay);
  EXPECT_EQ(import(profile("Sales")).added, 1) << "and back";
  EXPECT_THAT(departments(), ElementsAre("1970-01-01 " + format_day(today_ + 6) + " Sales",
                                         format_day(today_ + 7) + " " + format_day(today_ + 8) + " Legal",
                                         format_day(today_ + 9) + " ... Sales"));
}

TEST_F(ProfilesTest, WithoutADateAreWithdrawnAndStaySo) {
  import(profile("Sales"));
  clock_.set(kNow + kMicrosPerDay);
  import(profile("Finance"));
  clock_.set(kNow + 2 * kMicrosPerDay);
  EXPECT_EQ(withdraw_hr_csv(*store_, keys_, clock_, profile("Finance"), "hr.csv")->withdrawn, 1);
  EXPECT_THAT(departments(), ElementsAre("1970-01-01 ... Sales"));
  EXPECT_EQ(import(profile("Finance")).still_withdrawn, 1);
  EXPECT_EQ(import(profile("Sales")).unchanged, 1);
  HrImportOptions options;
  options.reinstate = true;
  EXPECT_EQ(import(profile("Finance"), options).added, 1);
  EXPECT_THAT(departments(),
              ElementsAre("1970-01-01 " + format_day(today_ + 1) + " Sales", format_day(today_ + 2) + " ... Finance"));
}

TEST_F(ProfilesTest, ReplayedInAnyOrderMakeTheSameProfile) {
  const std::vector<std::pair<int, const char*>> told = {{5, "Sales"}, {1, "Sales"}, {3, "Finance"}, {5, "Sales"}};
  for (const auto& [day, department] : told) import(profile(department), at(kNow + day * kMicrosPerDay));
  EXPECT_THAT(departments(), ElementsAre("1970-01-01 " + format_day(today_ + 2) + " Sales",
                                         format_day(today_ + 3) + " " + format_day(today_ + 4) + " Finance",
                                         format_day(today_ + 5) + " ... Sales"));
}

TEST_F(ProfileTest, ReinstatingBringsItBack) {
  import(kLeaver);
  clock_.set(kNow + 1);
  ASSERT_EQ(withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv")->withdrawn, 1);
  clock_.set(kNow + 2);
  HrImportOptions options;
  options.reinstate = true;
  EXPECT_EQ(import(kLeaver, options).corrected, 1);
  EXPECT_THAT(known("sara@example.com", kNow + 2), SizeIs(1));
}

TEST_F(ProfileTest, WithdrawingWhatWasNeverToldDoesNothing) {
  EXPECT_EQ(withdraw_hr_csv(*store_, keys_, clock_, kLeaver, "hr.csv")->unchanged, 1);
  EXPECT_EQ(*people_.count(), 0);
}

TEST_F(ProfileTest, ChangesTellWhomToAssess) {
  EXPECT_THAT(facts_.changed_since(0)->people, IsEmpty());
  import("EmailAddress,ResignationDate\na@example.com,2026-10-01\nb@example.com,2026-10-01\n");
  const auto first = facts_.changed_since(0);
  EXPECT_THAT(first->people, SizeIs(2));
  EXPECT_TRUE(std::ranges::is_sorted(first->people));
  import("EmailAddress,EffectiveDate,NewLevel\nb@example.com,2026-10-01,3\nb@example.com,2026-10-02,4\n");
  EXPECT_THAT(facts_.changed_since(first->upto)->people, ElementsAre(person("b@example.com")));
  const auto second = facts_.changed_since(first->upto);
  ASSERT_TRUE(withdraw_hr_csv(*store_, keys_, clock_, "EmailAddress,ResignationDate\na@example.com,2026-10-01\n", "x"));
  EXPECT_THAT(facts_.changed_since(second->upto)->people, ElementsAre(person("a@example.com")));
}

TEST_F(ProfileTest, FactsAreInOrderAndOfDifferentDaysAndKindsApart) {
  import("EmailAddress,EffectiveDate,Rating\na@example.com,2026-10-02,B\na@example.com,2026-10-01,A\n");
  import("EmailAddress,ResignationDate\na@example.com,2026-10-02\n");
  import("EmailAddress,EmployeeFirstName\na@example.com,Ann\n");
  EXPECT_THAT(known("a@example.com", kNow),
              ElementsAre("employee_profile 1970-01-01 first_name=Ann", "performance_review 2026-10-01 rating=A",
                          "resignation 2026-10-02", "performance_review 2026-10-02 rating=B"));
}

TEST_F(ProfileTest, ContradictingRowsOfOneFileAreNamedAndTheOutcomeDoesNotDependOnTheirOrder) {
  const std::string header = "EmailAddress,EffectiveDate,Rating\n";
  const std::string one = "a@example.com,2026-10-01T08:00:00Z,1\n";
  const std::string two = "a@example.com,2026-10-01T08:00:00Z,2\n";
  const auto summary = import(header + two + one + two);
  EXPECT_EQ(summary.added, 1);
  EXPECT_EQ(summary.unchanged, 2);
  ASSERT_THAT(summary.diagnostics, SizeIs(1));
  EXPECT_EQ(summary.diagnostics[0].id, "profile.hr_contradiction");
  EXPECT_EQ(summary.diagnostics[0].line, 3);
  EXPECT_THAT(known("a@example.com", kNow), ElementsAre("performance_review 2026-10-01 rating=2"));
  EXPECT_EQ(import(header + one + two).unchanged, 2) << "and it stays so";
}

TEST_F(ProfileTest, AFailedImportLeavesNothing) {
  EXPECT_FALSE(import_hr_csv(*store_, keys_, clock_, "Name\nx\n", "hr.csv"));
  EXPECT_EQ(*people_.count(), 0);
  EXPECT_THAT(facts_.changed_since(0)->people, IsEmpty());
}

// Files of stated instants, in any order and repeated, make the same profile at every instant.
TEST_F(ProfileTest, PropertyOrderAndRepetitionOfImportsDoNotMatter) {
  struct File {
    TimePoint known_since;
    std::string text;
  };
  std::vector<File> files;
  for (int i = 0; i < 6; ++i) {
    files.push_back({kNow + i / 2, "EmailAddress,EffectiveDate,Rating\na@example.com,2026-10-01," +
                                       std::to_string(i % 4) + "\nb@example.com,2026-10-01," +
                                       std::to_string(i / 2 % 2) + "\n"});
  }
  std::mt19937 random(3);
  std::vector<std::vector<std::string>> expected;
  for (int round = 0; round < 24; ++round) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const auto store = open(folder_);
    const People people(*store, keys_);
    const Facts facts(*store, keys_);
    std::ranges::shuffle(files, random);
    for (int repeat = 0; repeat <= round % 2; ++repeat) {
      for (const File& file : files) {
        ASSERT_TRUE(import_hr_csv(*store, keys_, clock_, file.text, "hr.csv", at(file.known_since)));
      }
    }
    std::vector<std::vector<std::string>> outcome;
    for (const char* name : {"a@example.com", "b@example.com"}) {
      for (TimePoint when = kNow - 1; when < kNow + 4; ++when) {
        auto& texts = outcome.emplace_back();
        const auto profile = facts.profile(**people.person_of(keys_.account(name)), when);
        for (const Fact& fact : profile->facts) {
          texts.push_back(format_day(fact.valid_from) + fact.attributes.at("rating"));
        }
      }
    }
    if (round == 0) expected = outcome;
    EXPECT_EQ(outcome, expected);
  }
}

TEST_F(ProfileTest, TheSummaryIsOneJsonObject) {
  const auto summary = import("EmailAddress,ResignationDate\na@example.com,2026-10-01\nb@example.com,soon\n");
  EXPECT_EQ(
      to_json(summary),
      R"({"rows_read":2,"added":1,"corrected":0,"unchanged":0,"still_withdrawn":0,"withdrawn":0,"erased":0,"people":1,)"
      R"("rejected":{"profile.hr_bad_date":1},"diagnostics":[{"file":"hr.csv","line":3,"severity":"error",)"
      R"("id":"profile.hr_bad_date","message":"the column ResignationDate holds no date",)"
      R"("hint":"2026-04-23T15:18:02Z, with an offset such as +05:30, or 2026-04-23"}],"diagnostics_left_out":0})");
}

TEST(FactKinds, TextAndBack) {
  for (int i = 1; i <= 8; ++i) EXPECT_EQ(fact_kind(to_text(static_cast<FactKind>(i))), static_cast<FactKind>(i));
  EXPECT_FALSE(fact_kind("unknown"));
}

// What retention leaves of people is what somebody tells of them, or asked to keep.
TEST_F(ProfileTest, ForgetsPeopleWhomOnlyRecordsNamed) {
  import("EmailAddress,ResignationDate,LastWorkingDate\nhr@example.com,2026-03-01T09:00:00Z,2026-03-31T17:00:00Z\n");
  const auto account = [&](const std::string& name) { return People::Account{keys_.account(name), name}; };
  const std::vector<People::Account> accounts{account("gone@example.com"), account("named@example.com"),
                                              account("kept@example.com"), account("base@example.com"),
                                              account("base+news@example.com")};
  const auto people = people_.ensure(accounts);
  ASSERT_TRUE(people.has_value());
  std::int64_t forgotten = 0;
  const auto forget = [&] {
    return store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(forgotten,
                 people_.forget_unnamed(
                     work, [&](const AccountId& one) { return one == accounts[1].id || one == accounts[4].id; },
                     [&](const PersonId& one) { return one == (*people)[2]; }));
      return {};
    });
  };
  ASSERT_TRUE(forget().has_value());
  EXPECT_EQ(forgotten, 1);
  EXPECT_FALSE(people_.person_of(accounts[0].id)->has_value());
  for (const std::size_t stays : {1U, 2U, 3U, 4U}) EXPECT_EQ(*people_.person_of(accounts[stays].id), (*people)[stays]);
  EXPECT_TRUE(people_.person_of(keys_.account("hr@example.com"))->has_value());
  EXPECT_EQ(people_.count().value(), 5);
}

}  // namespace
}  // namespace candor
