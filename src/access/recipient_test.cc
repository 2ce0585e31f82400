#include "access/recipient.h"

#include "access/access_fixture.h"
#include "profile/account_links.h"

namespace candor {
namespace {

constexpr const char* kSignIn = "j.qualtz@example.com";
constexpr const char* kMailbox = "jack.qualtz@mail.example.com";
constexpr Day kToday = day_of(1'795'000'000 * kMicrosPerSecond);

class RecipientTest : public AccessTest {
 protected:
  // What a directory says an account is for.
  void tell(const PersonId& person, const std::string& name, const std::string& use, Day from = 0,
            std::optional<Day> until = {}) {
    const AccountId account = keys_.account(name);
    Fact fact{.fact_id = fact_id(keys_, account, FactKind::account, from),
              .person = person,
              .kind = FactKind::account,
              .valid_from = from,
              .valid_to = until,
              .occurred = std::nullopt,
              .source = "directory",
              .attributes = {{"name", name}, {"use", use}},
              .account = account};
    const auto told =
        store_->transact([&](Transaction& work) { return facts_.record(work, fact, {.time = kNow, .stated = false}); });
    ASSERT_TRUE(told) << told.error().message;
  }
  void give(const std::string& address, const PersonId& to, std::optional<Day> from = {}) {
    const People::Account account{.id = keys_.account(address), .name = address};
    const auto given = store_->transact([&](Transaction& work) {
      return decide_owner(work, facts_, keys_, account, to, from, {}, {.time = kNow, .stated = false});
    });
    ASSERT_TRUE(given) << given.error().message;
  }
  std::optional<Recipient> of(const PersonId& person) {
    auto found = recipient_of(*store_, keys_, people_, facts_, person, kNow + kMicrosPerSecond);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *std::move(found) : std::nullopt;
  }
  std::string address_of(const PersonId& person) {
    const auto found = of(person);
    return found ? found->address : "";
  }
};

TEST_F(RecipientTest, TheMailboxOfTheDirectoryComesFirst) {
  const PersonId jack = person(kSignIn);
  EXPECT_EQ(address_of(jack), kSignIn);
  give(kMailbox, jack);
  EXPECT_EQ(address_of(jack), kMailbox) << "somebody said that it is his";
  tell(jack, kSignIn, "sign_in");
  EXPECT_EQ(address_of(jack), kSignIn);
  tell(jack, kMailbox, "mail");
  EXPECT_EQ(address_of(jack), kMailbox);
}

TEST_F(RecipientTest, OnlyWhatIsTheirsToday) {
  const PersonId jack = person(kSignIn);
  const PersonId heir = person("heir@example.com");
  tell(jack, kMailbox, "mail");
  ASSERT_EQ(address_of(jack), kMailbox);
  tell(jack, kMailbox, "mail", 0, kToday - 1);
  EXPECT_EQ(address_of(jack), kSignIn) << "the directory says that it ended yesterday";
  tell(jack, kMailbox, "mail", kToday);
  ASSERT_EQ(address_of(jack), kMailbox);
  give(kMailbox, heir, kToday);
  EXPECT_EQ(address_of(jack), kSignIn) << "it was handed on this morning";
  give(kSignIn, heir, kToday);
  EXPECT_FALSE(of(jack)) << "nothing is left, and nobody else gets it";
}

TEST_F(RecipientTest, NoNameIsAnAddress) {
  const PersonId jack = person(kSignIn);
  ASSERT_TRUE(of(jack));
  EXPECT_EQ(of(jack)->name, pseudonym(keys_, jack));
  EXPECT_FALSE(of(person("CONTOSO\\jack"))) << "an account that is no mailbox";
}

}  // namespace
}  // namespace candor
