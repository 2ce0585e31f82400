#include "profile/erasures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "profile/account_links.h"
#include "profile/directory_import.h"
#include "profile/erase_person.h"
#include "profile/hr_import.h"
#include "profile/people.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kExport = "userPrincipalName,displayName,id,department,manager,employeeLeaveDateTime\n";

class Erasures : public testing::Test {
 protected:
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_erasures_XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  ~Erasures() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  AccountId account(const std::string& name) const { return keys_.account(name); }
  PersonId ensure(const std::string& name) {
    const std::vector<People::Account> accounts = {{account(name), name}};
    return people_.ensure(accounts)->front();
  }
  std::vector<OwnedAccount> owned(const PersonId& person) {
    auto reading = store_->read();
    return *owned_accounts(*reading, person);
  }
  DirectoryImportSummary directory(const std::string& rows) {
    auto summary = import_directory(*store_, keys_, clock_, {{.name = "users.csv", .text = kExport + rows}},
                                    {.read = {}, .most_ended_percent = 100, .known_since = {}, .own_domains = {}});
    EXPECT_TRUE(summary) << summary.error().message;
    return summary.value_or(DirectoryImportSummary());
  }
  HrImportSummary hr(const std::string& rows) {
    auto summary =
        import_hr_csv(*store_, keys_, clock_, "EmailAddress,ResignationDate,LastWorkingDate\n" + rows, "hr.csv");
    EXPECT_TRUE(summary) << summary.error().message;
    return summary.value_or(HrImportSummary());
  }
  PersonId named(const std::string& name) {
    auto reading = store_->read();
    const auto found = people_named(*reading, keys_, name);
    return found->empty() ? PersonId{} : found->front();
  }
  // Up to today, as a command does it.
  CountByKind erase(const PersonId& person) {
    Erasure erasure;
    erasure.id = ErasureBook::new_id();
    erasure.pseudonym = "Anon";
    erasure.person_hash = erased_hash(keys_, person);
    erasure.last_day = day_of(clock_.now());
    erasure.found = "{}";
    erasure.person = person;
    erasure.accounts = owned(person);
    CountByKind counts;
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(book_.begin(work, erasure));
      CANDOR_TRY_VOID(erase_profile(work, facts_, keys_, person, erasure.accounts, counts));
      return book_.removed(work, erasure.id, "{}");
    });
    EXPECT_TRUE(done) << done.error().message;
    return counts;
  }
  std::shared_ptr<const ErasedAccounts> erased() {
    auto reading = store_->read();
    return *ErasedAccounts::load(*reading, keys_);
  }
  std::int64_t rows(Sql sql) {
    auto reading = store_->read();
    return (*reading->row(sql))->integer(0);
  }

  const std::filesystem::path folder_ = make_folder();
  const Keys keys_ = Keys::from_master({7});
  FixedClock clock_{start_of(20'000) + 3600 * kMicrosPerSecond};
  std::unique_ptr<Store> store_ = std::move(*open_test_store(folder_));
  const People people_{*store_, keys_};
  const Facts facts_{*store_, keys_};
  const ErasureBook book_{keys_};
};

TEST_F(Erasures, KeepAwayTheDaysUpToTheErasureAndNoOthers) {
  EXPECT_TRUE(erased()->is_empty());
  erase(ensure("ada@example.com"));
  const auto away = erased();
  for (const Day day : {-5, 0, 19'999, 20'000}) EXPECT_TRUE(away->holds(account("ada@example.com"), day)) << day;
  EXPECT_FALSE(away->holds(account("ada@example.com"), 20'001));
  EXPECT_FALSE(away->holds(account("ben@example.com"), 19'999));
  EXPECT_EQ(away->last_day(account("ada@example.com")), 20'000);
  EXPECT_EQ(away->last_day(account("ben@example.com")), std::nullopt);
  // The hash is of no use for anything else.
  EXPECT_NE(erased_hash(keys_, account("ada@example.com")), account("ada@example.com"));
  EXPECT_NE(erased_hash(keys_, account("ada@example.com")),
            erased_hash(Keys::from_master({8}), account("ada@example.com")));
}

TEST_F(Erasures, TheBookKnowsWhatIsUnderWay) {
  const PersonId ada = ensure("ada@example.com");
  Erasure erasure;
  erasure.id = ErasureBook::new_id();
  erasure.pseudonym = "Anon-1";
  erasure.person_hash = erased_hash(keys_, ada);
  erasure.last_day = 20'000;
  erasure.person = ada;
  erasure.accounts = {{.account = account("ada@example.com"), .from = 10, .to = kLastOwnedDay},
                      {.account = account("old@example.com"), .from = 20'001, .to = 20'005}};
  const auto number = store_->transact([&](Transaction& work) { return book_.begin(work, erasure); });
  ASSERT_EQ(number, 1);
  {
    auto reading = store_->read();
    const auto stored = book_.get(*reading, 1);
    EXPECT_EQ(stored->state, ErasureState::kUnderWay);
    EXPECT_EQ(stored->person, ada);
    EXPECT_EQ(stored->accounts, erasure.accounts);
    ASSERT_THAT(stored->hashes, SizeIs(1)) << "days after it are not kept away";
    EXPECT_EQ(stored->hashes[0].to, 20'000);
    EXPECT_THAT(*book_.of(*reading, "", account("ada@example.com")), SizeIs(1));
    EXPECT_THAT(*book_.of(*reading, "Anon-1", account("x")), SizeIs(1));
    EXPECT_THAT(*book_.of(*reading, "Anon-2", account("x")), IsEmpty());
    EXPECT_EQ(book_.get(*reading, 2).error().id, "profile.no_erasure");
    EXPECT_EQ(*person_meant(*reading, keys_, erasure.person_hash), ada);
    EXPECT_THAT(*accounts_meant(*reading, keys_, {}, stored->hashes), SizeIs(1));
  }
  ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(book_.removed(work, erasure.id, "{}"));
    return book_.done(work, erasure.id, 5);
  }));
  auto reading = store_->read();
  const auto over = book_.get(*reading, 1);
  EXPECT_EQ(over->state, ErasureState::kDone);
  EXPECT_EQ(over->person, std::nullopt);
  EXPECT_THAT(over->accounts, IsEmpty()) << "nothing points to the account any more but its hash";
  EXPECT_THAT(over->hashes, SizeIs(1));
}

TEST_F(Erasures, NothingOfSomebodyStaysAndNobodyElseLosesAnything) {
  directory("ada@example.com,Ada Kelm,a1,Sales,ben@example.com,\nben@example.com,Ben Orr,b1,Sales,ada@example.com,\n");
  hr("ada@example.com,2025-01-02,2025-02-03\nben@example.com,2025-01-02,2025-02-03\n");
  const PersonId ada = named("Ada Kelm");
  const PersonId ben = named("Ben Orr");
  const CountByKind counts = erase(ada);
  EXPECT_EQ(counts.at("manager_entries"), 1) << "Ben is led by nobody any more";
  EXPECT_GE(counts.at("facts"), 4);
  EXPECT_EQ(counts.at("directory_names"), 1);
  EXPECT_EQ(named("Ada Kelm"), PersonId{});
  EXPECT_THAT(owned(ada), IsEmpty());
  EXPECT_EQ(*people_.person_of(account("ada@example.com")), std::nullopt);
  EXPECT_THAT(owned(ben), SizeIs(2)) << "a name and an id";
  auto reading = store_->read();
  const auto profile = facts_.profile(*reading, ben, kKnownNow);
  const Fact* told = profile->directory_on(20'000);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->attributes.contains("manager"), false);
  EXPECT_EQ(told->attributes.at("display_name"), "Ben Orr");
  CountByKind again;
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return erase_profile(work, facts_, keys_, ada, {}, again); }));
  for (const auto& [kind, count] : again) EXPECT_EQ(count, 0) << kind;
}

TEST_F(Erasures, AnAccountThatOthersHadStaysForThem) {
  const PersonId ada = ensure("desk@example.com");
  const PersonId ben = ensure("ben@example.com");
  hr("desk@example.com,2024-11-01,2024-12-01\ndesk@example.com,2023-01-02,2023-02-03\n");
  const Day from = *parse_day("2024-10-01");
  ASSERT_TRUE(store_->transact([&](Transaction& work) {
    return decide_owner(work, facts_, keys_, {account("desk@example.com"), "desk@example.com"}, ben, from, std::nullopt,
                        {.time = clock_.now()});
  }));
  erase(ada);
  const auto bens = owned(ben);
  EXPECT_TRUE(std::ranges::find(bens, OwnedAccount{account("desk@example.com"), from, kLastOwnedDay}) != bens.end());
  const auto own = people_.person_of(account("desk@example.com"));
  ASSERT_TRUE(own->has_value()) << "its name stays";
  EXPECT_NE(**own, ada);
  EXPECT_NE(**own, ben);
  auto reading = store_->read();
  const auto told = facts_.profile(*reading, ben, kKnownNow);
  ASSERT_THAT(told->facts, SizeIs(1)) << "what was told of a day on which it was Ben's";
  EXPECT_EQ(format_day(told->facts[0].valid_from), "2024-11-01");
  EXPECT_EQ(rows("select count(*) from facts where account_id is null"), 1);
  EXPECT_TRUE(erased()->holds(account("desk@example.com"), from - 1));
  EXPECT_FALSE(erased()->holds(account("desk@example.com"), from));
}

TEST_F(Erasures, WhoHadAnAccountBeforeDoesNotGetItBack) {
  const PersonId ben = ensure("desk@example.com");
  const PersonId ada = ensure("ada@example.com");
  const Day from = *parse_day("2024-10-01");
  ASSERT_TRUE(store_->transact([&](Transaction& work) {
    return decide_owner(work, facts_, keys_, {account("desk@example.com"), "desk@example.com"}, ada, from, std::nullopt,
                        {.time = clock_.now()});
  }));
  erase(ada);
  EXPECT_THAT(owned(ben), testing::ElementsAre(OwnedAccount{account("desk@example.com"), kFirstOwnedDay, from - 1}));
  auto reading = store_->read();
  const auto owners = owners_of(*reading, account("desk@example.com"));
  ASSERT_THAT(*owners, SizeIs(2));
  EXPECT_NE(owners->back().person, ada) << "what comes is of somebody new";
  EXPECT_NE(owners->back().person, ben);
  EXPECT_FALSE(*is_person(*reading, ada));
}

TEST_F(Erasures, NoImportBringsAnybodyBack) {
  const std::string ada = "ada@example.com,Ada Kelm,a1,Sales,,\n";
  const std::string ben = "ben@example.com,Ben Orr,b1,Sales,,\n";
  directory(ada + ben);
  erase(named("Ada Kelm"));
  // Of the same day: as if it said nothing of her, so that she has not left either.
  const auto same_day = directory(ada + ben);
  EXPECT_EQ(same_day.erased, 1);
  EXPECT_EQ(same_day.people, 1);
  EXPECT_EQ(same_day.left, 0);
  EXPECT_EQ(hr("ada@example.com,2024-01-02,2024-02-03\n").erased, 1);
  EXPECT_EQ(rows("select count(*) from people"), 1);
  // A later export that says that she left before.
  clock_.set(clock_.now() + 5 * kMicrosPerDay);
  EXPECT_EQ(directory("ada@example.com,Ada Kelm,a1,Sales,,2024-06-01\n" + ben).erased, 1);
  EXPECT_EQ(rows("select count(*) from people"), 1);
  // She is employed again: somebody new.
  EXPECT_EQ(directory(ada + ben).added, 1);
  EXPECT_NE(named("Ada Kelm"), PersonId{});
  EXPECT_EQ(hr("ada@example.com,2024-10-08,2024-12-01\n").added, 1);
}

}  // namespace
}  // namespace candor
