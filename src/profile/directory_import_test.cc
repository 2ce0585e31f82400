#include "profile/directory_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <random>

#include "profile/account_links.h"
#include "profile/directory.h"
#include "profile/facts.h"
#include "profile/hr_import.h"
#include "profile/people.h"
#include "profile/unresolved.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kHeader =
    "userPrincipalName,displayName,mail,id,department,employeeId,employeeHireDate,aliases\n";

class DirectoryImport : public testing::Test {
 protected:
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_directory_XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  ~DirectoryImport() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Result<DirectoryImportSummary> attempt(const std::string& rows, DirectoryImportOptions options = {}) {
    return import_directory(*store_, keys_, clock_, {{.name = "users.csv", .text = kHeader + rows}}, options);
  }
  DirectoryImportSummary import(const std::string& rows, DirectoryImportOptions options = {}) {
    options.most_ended_percent = 100;
    auto summary = attempt(rows, options);
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    if (!summary) return {};
    EXPECT_EQ(summary->people, summary->added + summary->changed + summary->returned + summary->unchanged);
    return *std::move(summary);
  }
  void on(const char* day) { clock_.set(start_of(*parse_day(day)) + 10 * 3600 * kMicrosPerSecond); }

  // Who owns an account on a day, as the department told of the person that day; "-" when no directory tells.
  std::string owner(const std::string& name, const char* day, TimePoint known_at = kKnownNow) {
    auto reading = store_->read();
    const auto owners = owners_of(*reading, keys_.account(name), known_at);
    const Day on = *parse_day(day);
    for (const Ownership& one : *owners) {
      if (on < one.from || one.to < on) continue;
      const auto profile = facts_.profile(*reading, one.person, known_at);
      const auto told = attribute_of(profile->directory_on(on), "display_name");
      return told.empty() ? "-" : std::string(told);
    }
    return "nobody";
  }
  PersonId ensure(const std::string& name) {
    const std::vector<People::Account> accounts = {{keys_.account(name), name}};
    return people_.ensure(accounts)->front();
  }
  PersonId person_named(const std::string& name) {
    auto reading = store_->read();
    const auto found = people_named(*reading, keys_, name);
    EXPECT_THAT(*found, SizeIs(1)) << name;
    return found->front();
  }
  std::vector<std::string> unresolved() {
    auto reading = store_->read();
    const auto found = unresolved_accounts(*reading, {.offset = 0, .limit = 100});
    std::vector<std::string> names;
    for (const UnresolvedAccount& one : found->accounts) {
      names.push_back(*unseal(keys_.derive("identity"), one.name.bytes, one.account.view()));
    }
    std::ranges::sort(names);
    return names;
  }

  const std::filesystem::path folder_ = make_folder();
  const Keys keys_ = Keys::from_master({9});
  FixedClock clock_{start_of(20'000)};
  std::unique_ptr<Store> store_ = std::move(*open_test_store(folder_));
  const People people_{*store_, keys_};
  const Facts facts_{*store_, keys_};
};

TEST_F(DirectoryImport, TheSameExportAgainChangesNothing) {
  on("2026-03-02");
  const std::string rows =
      "ada@example.com,Ada Kelm,Ada.Kelm@Example.com,guid-a,Sales,7,2020-01-01,\n"
      "ben@example.com,Ben Orr,,guid-b,Legal,8,,b.orr@example.com;orr@example.com\n";
  const auto first = import(rows);
  EXPECT_EQ(first.added, 2);
  EXPECT_EQ(first.accounts_linked, 3 + 4);
  const auto upto = facts_.changed_since(0)->upto;
  for (const char* day : {"2026-03-02", "2026-03-09"}) {
    on(day);
    const auto again = import(rows);
    EXPECT_EQ(again.unchanged, 2);
    EXPECT_EQ(again.accounts_linked, 0);
    EXPECT_THAT(again.changes, IsEmpty());
    EXPECT_EQ(facts_.changed_since(0)->upto, upto);
  }
  EXPECT_EQ(owner("ada.kelm@example.com", "2019-01-01"), "Ada Kelm");
  EXPECT_EQ(owner("guid-b", "2026-03-02"), "Ben Orr");
}

TEST_F(DirectoryImport, ADryRunTellsEverythingAndStoresNothing) {
  on("2026-03-02");
  import("ada@example.com,Ada Kelm,,a,Sales,,,\nben@example.com,Ben Orr,,b,Legal,,,\n");
  const auto upto = facts_.changed_since(0)->upto;
  on("2026-03-09");
  DirectoryImportOptions options;
  options.dry_run = true;
  const std::string next = "ada@example.com,Ada Kelm,,a,Legal,,,\ncyd@example.com,Cyd Fox,,c,Legal,,,\n";
  const auto dry = import(next, options);
  EXPECT_EQ(facts_.changed_since(0)->upto, upto);
  const auto wet = import(next);
  for (const auto& summary : {dry, wet}) {
    EXPECT_EQ(summary.added, 1);
    EXPECT_EQ(summary.changed, 1);
    EXPECT_EQ(summary.left, 1);
    ASSERT_THAT(summary.changes, SizeIs(3));
    EXPECT_EQ(summary.changes[0].what, "department");
  }
}

TEST_F(DirectoryImport, FactsHoldFromTheDayTheyChanged) {
  on("2026-03-02");
  import("ada@example.com,Ada Kelm,,a,Sales,,,\n");
  on("2026-03-09");
  import("ada@example.com,Ada Kelm,,a,Legal,,,\n");
  const auto profile = facts_.profile(person_named("ada kelm"), kKnownNow);
  const auto department = [&](const char* day) {
    return std::string(attribute_of(profile->directory_on(*parse_day(day)), "department"));
  };
  EXPECT_EQ(department("2020-01-01"), "Sales");
  EXPECT_EQ(department("2026-03-08"), "Sales");
  EXPECT_EQ(department("2026-03-09"), "Legal");
  const auto before = facts_.profile(person_named("ada kelm"), start_of(*parse_day("2026-03-05")));
  EXPECT_EQ(attribute_of(before->directory_on(*parse_day("2026-03-09")), "department"), "Sales");
}

TEST_F(DirectoryImport, ARenameKeepsThePerson) {
  on("2026-03-02");
  const PersonId seen = ensure("ada.kelm@example.com");
  import("ada.kelm@example.com,Ada Kelm,,a,Sales,,,\n");
  EXPECT_EQ(person_named("Ada Kelm"), seen);
  on("2026-03-09");
  import("Ada.Orr@example.com,Ada Orr,,a,Sales,,,\n");
  EXPECT_EQ(person_named("Ada Orr"), seen);
  EXPECT_EQ(person_named(" ADA KELM "), seen);
  EXPECT_EQ(owner("ada.orr@example.com", "2026-03-01"), "Ada Kelm");
  // Until somebody else is given it.
  EXPECT_EQ(owner("ada.kelm@example.com", "2026-03-10"), "Ada Orr");
}

TEST_F(DirectoryImport, TwoPeopleSwapAnAddress) {
  on("2026-03-02");
  import("x@example.com,Ada Kelm,,a,,,,\ny@example.com,Ben Orr,,b,,,,\n");
  on("2026-03-09");
  const auto swapped = import("y@example.com,Ada Kelm,,a,,,,\nx@example.com,Ben Orr,,b,,,,\n");
  EXPECT_EQ(swapped.accounts_handed_on, 2);
  EXPECT_EQ(swapped.changed, 2);
  EXPECT_EQ(owner("x@example.com", "2026-03-08"), "Ada Kelm");
  EXPECT_EQ(owner("x@example.com", "2026-03-09"), "Ben Orr");
  EXPECT_EQ(owner("y@example.com", "2026-03-08"), "Ben Orr");
  EXPECT_EQ(owner("y@example.com", "2026-03-09"), "Ada Kelm");
  on("2026-03-16");
  import("x@example.com,Ada Kelm,,a,,,,\ny@example.com,Ben Orr,,b,,,,\n");
  EXPECT_EQ(owner("x@example.com", "2026-03-15"), "Ben Orr");
  EXPECT_EQ(owner("x@example.com", "2026-03-16"), "Ada Kelm");
  // As known before the swap was.
  EXPECT_EQ(owner("x@example.com", "2026-03-12", start_of(*parse_day("2026-03-05"))), "Ada Kelm");
}

TEST_F(DirectoryImport, AnAccountIsHandedOnAndARehireIsKnownAgain) {
  on("2026-03-02");
  import("j.doe@example.com,Jane Doe,,a,,7,,\nboss@example.com,Bo Hay,,z,,1,,\n");
  on("2026-03-09");
  EXPECT_EQ(import("boss@example.com,Bo Hay,,z,,1,,\n").left, 1);
  EXPECT_EQ(owner("j.doe@example.com", "2026-03-12"), "Jane Doe") << "an account that nobody has been given since";
  on("2026-03-20");
  const auto handed = import("j.doe@example.com,John Doe,,b,,8,2026-03-16,\nboss@example.com,Bo Hay,,z,,1,,\n");
  EXPECT_EQ(handed.added, 1);
  EXPECT_EQ(handed.accounts_handed_on, 1);
  EXPECT_EQ(owner("j.doe@example.com", "2026-03-15"), "Jane Doe");
  EXPECT_EQ(owner("j.doe@example.com", "2026-03-16"), "John Doe") << "from the day he was hired";
  on("2026-04-01");
  const auto back = import(
      "j.doe@example.com,John Doe,,b,,8,2026-03-16,\njane.doe@example.com,Jane Doe,,c,,7,,\n"
      "boss@example.com,Bo Hay,,z,,1,,\n");
  EXPECT_EQ(back.returned, 1);
  EXPECT_EQ(back.left, 0);
  EXPECT_EQ(owner("jane.doe@example.com", "2026-04-01"), "Jane Doe");
  EXPECT_EQ(person_named("Jane Doe"), person_named("jane doe"));
}

TEST_F(DirectoryImport, NamesakesStayTwoPeople) {
  import("a1@example.com,Ann Lee,,a,,,,\na2@example.com,Ann Lee,,b,,,,\n");
  auto reading = store_->read();
  EXPECT_THAT(*people_named(*reading, keys_, "Ann Lee"), SizeIs(2));
  EXPECT_THAT(*people_named(*reading, keys_, "Ann"), IsEmpty());
}

TEST_F(DirectoryImport, PlusAddressesAreWhoseTheAddressIs) {
  import("ada@example.com,Ada Kelm,,a,,,,\n");
  ensure("ada+news@example.com");
  ensure("+1@example.com");
  EXPECT_EQ(owner("ada+news@example.com", "2026-03-02"), "Ada Kelm");
  EXPECT_EQ(owner("+1@example.com", "2026-03-02"), "-");
}

TEST_F(DirectoryImport, WhoIsMissingHasLeftUnlessTooMany) {
  on("2026-03-02");
  std::string rows;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    rows += "p" + n + "@example.com,P " + n + ",,id" + n + ",,,,\n";
  }
  import(rows);
  on("2026-03-09");
  const std::string all_but_one = rows.substr(rows.find('\n') + 1);
  const std::string all_but_three = all_but_one.substr(all_but_one.find('\n', all_but_one.find('\n') + 1) + 1);
  const auto refused = attempt(all_but_three);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, "profile.directory_too_many_left");
  EXPECT_THAT(refused.error().message, HasSubstr("3 of 20"));
  DirectoryImportOptions more;
  more.most_ended_percent = 15;
  more.dry_run = true;
  EXPECT_EQ(attempt(all_but_three, more)->left, 3);
  const auto one = attempt(all_but_one);
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->left, 1);
  const auto profile = facts_.profile(person_named("P 0"), kKnownNow);
  EXPECT_EQ(profile->directory_on(*parse_day("2026-03-08"))->valid_to, *parse_day("2026-03-08"));
  EXPECT_EQ(attempt(all_but_one)->left, 0);
}

TEST_F(DirectoryImport, NobodyIsEndedWhileRowsCannotBeUsedOrForAPart) {
  import("ada@example.com,Ada,,a,,,,\nben@example.com,Ben,,b,,,,\n");
  on("2026-03-09");
  const auto bad = import("ada@example.com,Ada,,a,,,,\n,nobody,,,,,,\n");
  EXPECT_EQ(bad.left, 0);
  EXPECT_EQ(bad.held_back, 1);
  ASSERT_THAT(bad.diagnostics, SizeIs(1));
  EXPECT_EQ(bad.diagnostics[0].line, 3);
  EXPECT_THAT(to_text(bad.diagnostics[0]), testing::Not(HasSubstr("nobody")));
  DirectoryImportOptions part;
  part.partial = true;
  EXPECT_EQ(import("ada@example.com,Ada,,a,,,,\n", part).left, 0);
}

TEST_F(DirectoryImport, WhatContradictsItselfIsToldWhateverTheOrder) {
  std::vector<std::string> rows = {
      "ada@example.com,Ada,,a,Sales,,,shared@example.com\n", "ada@example.com,Ada,,a,Legal,,,shared@example.com\n",
      "ben@example.com,Ben,,b,,,,shared@example.com;cyd@example.com\n", "cyd@example.com,Cyd,,c,,,,\n"};
  std::sort(rows.begin(), rows.end());
  do {
    std::string text;
    for (const auto& row : rows) text += row;
    DirectoryImportOptions options;
    options.dry_run = true;
    const auto summary = import(text, options);
    EXPECT_EQ(summary.people, 3);
    EXPECT_EQ(summary.conflicts, 1 + 2 + 1);
    EXPECT_EQ(summary.accounts_linked, 6);
  } while (std::next_permutation(rows.begin(), rows.end()));
}

TEST_F(DirectoryImport, ADecisionStandsAgainstImports) {
  on("2026-03-02");
  const std::string rows = "ada@example.com,Ada,,a,,,,adm@example.com\nben@example.com,Ben,,b,,,,\n";
  import(rows);
  const PersonId ben = person_named("Ben");
  ASSERT_TRUE(store_->transact([&](Transaction& work) {
    return decide_owner(work, facts_, keys_, {keys_.account("adm@example.com"), "adm@example.com"}, ben,
                        parse_day("2026-03-05"), std::nullopt, {.time = clock_.now()});
  }));
  EXPECT_EQ(owner("adm@example.com", "2026-03-04"), "Ada");
  EXPECT_EQ(owner("adm@example.com", "2026-03-05"), "Ben");
  on("2026-03-09");
  const auto again = import(rows);
  EXPECT_EQ(again.conflicts, 1);
  EXPECT_EQ(owner("adm@example.com", "2026-03-09"), "Ben");
  ASSERT_EQ(*store_->transact([&](Transaction& work) {
    return take_back_owners(work, facts_, keys_, "adm@example.com", parse_day("2026-03-05"), {.time = clock_.now()});
  }),
            1);
  EXPECT_EQ(owner("adm@example.com", "2026-03-09"), "Ada");
}

TEST_F(DirectoryImport, UnresolvedAccountsWaitUntilTheirFactArrives) {
  ensure("ada@example.com");
  ensure("new@example.com");
  ensure("partner@elsewhere.example");
  ensure("0f0e0d0c-0000-4000-8000-0123456789ab");
  EXPECT_THAT(unresolved(), IsEmpty()) << "no directory was imported yet";
  import("ada@example.com,Ada,,a,,,,\n");
  ensure("ada+x@example.com");
  EXPECT_THAT(unresolved(), ElementsAre("0f0e0d0c-0000-4000-8000-0123456789ab", "new@example.com"));
  on("2026-03-09");
  import("ada@example.com,Ada,,a,,,,\nnew@example.com,New,,0F0E0D0C-0000-4000-8000-0123456789AB,,,,\n");
  EXPECT_THAT(unresolved(), IsEmpty());
}

// Human resources name an account, whoever comes first, and whoever it is handed on to later.
TEST_F(DirectoryImport, FactsOfHumanResourcesFollowTheAccountsOwner) {
  on("2026-03-02");
  const auto hr = [&](const char* rows) {
    HrImportOptions options;
    const auto done =
        import_hr_csv(*store_, keys_, clock_, std::string("EmailAddress,ResignationDate,LastWorkingDate\n") + rows,
                      "hr.csv", options);
    ASSERT_TRUE(done) << done.error().message;
  };
  const auto resignations = [&](const char* name) {
    const auto profile = facts_.profile(person_named(name), kKnownNow);
    return std::ranges::count(profile->facts, FactKind::resignation, &Fact::kind);
  };
  hr("old.ada@example.com,2026-02-20,2026-03-31\n");
  import("ada@example.com,Ada,,a,,,,old.ada@example.com\nben@example.com,Ben,,b,,,,\n");
  EXPECT_EQ(resignations("Ada"), 1);
  on("2026-03-09");
  import("ada@example.com,Ada,,a,,,,\nben@example.com,Ben,,b,,,,old.ada@example.com\n");
  EXPECT_EQ(resignations("Ada"), 1);
  EXPECT_EQ(resignations("Ben"), 0);
  hr("old.ada@example.com,2026-03-10,2026-03-31\n");
  EXPECT_EQ(resignations("Ben"), 1);
  EXPECT_EQ(resignations("Ada"), 1);
}

TEST_F(DirectoryImport, OlderAndIncompleteExportsAreRefused) {
  on("2026-03-09");
  import("ada@example.com,Ada,,a,,,,\n");
  DirectoryImportOptions options;
  options.known_since = start_of(*parse_day("2026-03-01"));
  EXPECT_EQ(attempt("ada@example.com,Ada,,a,,,,\n", options).error().id, "profile.directory_older");
  options = {};
  options.source = "a b";
  EXPECT_EQ(attempt("ada@example.com,Ada,,a,,,,\n", options).error().id, "profile.directory_bad_source");
  EXPECT_EQ(attempt(",,,,,,,\n").error().id, "profile.directory_nobody");
  const auto pages = [&](std::vector<DirectoryFile> files) {
    DirectoryImportOptions graph;
    graph.most_ended_percent = 100;
    return import_directory(*store_, keys_, clock_, files, graph);
  };
  const DirectoryFile first{"1.json", R"({"value":[{"userPrincipalName":"ada@example.com"}],"@odata.nextLink":"x"})"};
  const DirectoryFile last{"2.json", R"({"value":[{"userPrincipalName":"ben@example.com"}]})"};
  EXPECT_EQ(pages({first}).error().id, "profile.directory_incomplete");
  EXPECT_TRUE(pages({first, last}));
}

TEST_F(DirectoryImport, TheDirectoryInMemoryAnswersAsTheStoreDoes) {
  EXPECT_FALSE((*Directory::load(*store_, keys_))->is_known());
  on("2026-03-02");
  CurrentDirectory current(*store_, keys_);
  const auto before = *current.get();
  import("x@example.com,Ada Kelm,,a,Sales,,,\ny@example.com,Ben Orr,,b,Legal,,,\n");
  on("2026-03-09");
  import("y@example.com,Ada Kelm,,a,Sales,,,\nx@example.com,Ben Orr,,b,Finance,,,\n");
  ensure("x+tag@example.com");
  ensure("stranger@example.com");
  import("y@example.com,Ada Kelm,,a,Sales,,,\nx@example.com,Ben Orr,,b,Finance,,,c@example.com\n");
  const auto now = *current.get();
  EXPECT_NE(now, before);
  EXPECT_EQ(now, *current.get());
  const auto department = [&](const char* name, const char* day) {
    const auto found = now->find(keys_.account(name), *parse_day(day));
    return found ? found->attributes->department : "?";
  };
  EXPECT_EQ(department("x@example.com", "2026-03-01"), "Sales");
  EXPECT_EQ(department("x@example.com", "2026-03-09"), "Finance");
  EXPECT_EQ(department("y@example.com", "2026-03-08"), "Legal");
  EXPECT_EQ(department("x+tag@example.com", "2026-03-08"), "Sales");
  EXPECT_EQ(department("stranger@example.com", "2026-03-08"), "?");
  EXPECT_EQ(now->find(keys_.account("b"), 0)->person, person_named("Ben Orr"));
}

}  // namespace
}  // namespace candor
