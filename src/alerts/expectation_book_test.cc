#include "alerts/expectation_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/test_book.h"
#include "assessment/pending.h"

// The life of an expectation over real people.
namespace candor {
namespace {

constexpr Day kFirstExpected = 9'000;
const ExpectationActor kAdaAsks{.name = "ada", .reason = "asked"};
const ExpectationActor kBobLooked{.name = "bob", .reason = "looked at it"};

class ExpectationLife : public test::BookTest {
 protected:
  void SetUp() override {
    BookTest::SetUp();
    for (const char* const name : {"mail", "usb"}) {
      IndicatorInfo info;
      info.key = static_cast<IndicatorKey>(name[0]);
      info.name = name;
      indicators_.push_back(info);
    }
    clock_.set(start_of(kFirstExpected));
  }
  ExpectationBook book() {
    return {*store_, clock_, [this] { return invented_; }};
  }
  static NewExpectation good() {
    NewExpectation out;
    out.person = person(1);
    out.indicators = {"mail"};
    out.towards = Towards::domain;
    out.destinations = {"Partner.Example"};
    out.from = kFirstExpected;
    out.to = kFirstExpected + 30;
    out.because = "a common tender";
    out.owner = "Head of sales";
    return out;
  }
  std::int64_t add(const NewExpectation& wanted = good()) {
    const auto done = book().add(wanted, indicators_, kAdaAsks);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return done ? done->number : 0;
  }
  ExpectationState state(std::int64_t number) { return book().get(number)->state(day_of(clock_.now())); }
  Expectations current() { return *book().current(indicators_); }
  std::size_t marked() {
    auto reading = store_->read();
    return marked_for_assessment(*reading, kFirstExpected)->size();
  }
  std::string everybody() {
    auto reading = store_->read();
    return *assessment_state(*reading, "everybody");
  }

  bool invented_ = false;
  std::vector<IndicatorInfo> indicators_;
};

TEST_F(ExpectationLife, WaitsForASecondPersonThenHoldsUntilItsEnd) {
  const std::int64_t number = add();
  EXPECT_EQ(state(number), ExpectationState::waits);
  EXPECT_TRUE(current().empty());
  EXPECT_EQ(marked(), 0U);
  EXPECT_EQ(book().approve(number, kAdaAsks).error().id, "expectations.own_request");
  EXPECT_EQ(book().approve(number, {.name = "Head of sales", .reason = ""}).error().id, "expectations.own_request");
  clock_.set(start_of(kFirstExpected + 1));
  ASSERT_TRUE(book().approve(number, kBobLooked).has_value());
  EXPECT_EQ(state(number), ExpectationState::holds);
  EXPECT_EQ(marked(), 1U) << "who is concerned is assessed again";
  ASSERT_EQ(current().size(), 1U);
  const Expectation one = current()[0];
  EXPECT_EQ(one.person, person(1));
  EXPECT_THAT(one.indicators, testing::ElementsAre('m'));
  EXPECT_THAT(one.destinations, testing::ElementsAre("partner.example"));
  EXPECT_EQ(one.agreed_at, start_of(kFirstExpected + 1));
  EXPECT_EQ(book().approve(number, kBobLooked).error().id, "expectations.not_waiting");
  clock_.set(start_of(kFirstExpected + 15));
  EXPECT_FALSE(book().get(number)->ends_soon(kFirstExpected + 15));
  EXPECT_TRUE(book().get(number)->ends_soon(kFirstExpected + 16));
  clock_.set(start_of(kFirstExpected + 31));
  EXPECT_EQ(state(number), ExpectationState::ended);
  EXPECT_EQ(current().size(), 1U) << "what it took stays taken";
}

TEST_F(ExpectationLife, WhoeverAskedMayDropOrWithdraw) {
  const std::int64_t dropped = add();
  ASSERT_TRUE(book().reject(dropped, kAdaAsks).has_value());
  EXPECT_EQ(state(dropped), ExpectationState::rejected);
  EXPECT_EQ(book().withdraw(dropped, kAdaAsks).error().id, "expectations.not_agreed");
  const std::int64_t number = add();
  EXPECT_EQ(book().withdraw(number, kAdaAsks).error().id, "expectations.not_agreed") << "it waits";
  ASSERT_TRUE(book().approve(number, kBobLooked).has_value());
  clock_.set(clock_.now() + kMicrosPerSecond);
  ASSERT_TRUE(book().withdraw(number, kAdaAsks).has_value());
  EXPECT_EQ(state(number), ExpectationState::withdrawn);
  EXPECT_EQ(book().withdraw(number, kAdaAsks).error().id, "expectations.not_agreed");
  ASSERT_EQ(current().size(), 1U) << "for alerts that were decided while it held";
  EXPECT_TRUE(current()[0].held_at(start_of(kFirstExpected)));
  EXPECT_FALSE(current()[0].held_at(clock_.now()));
  EXPECT_EQ(book().get(99).error().id, "expectations.not_found");
}

TEST_F(ExpectationLife, OverInventedPeopleItHoldsAtOnce) {
  invented_ = true;
  EXPECT_EQ(state(add()), ExpectationState::holds);
  EXPECT_EQ(marked(), 1U);
  NewExpectation group = good();
  group.person.reset();
  group.attribute = "department";
  group.value = "Sales";
  group.from = kFirstExpected + 2;
  EXPECT_EQ(state(add(group)), ExpectationState::planned);
  EXPECT_EQ(everybody(), "1") << "who is in a group is told by facts of many days";
}

TEST_F(ExpectationLife, OneThatNamesOnlyWhatIsGoneMeansNothing) {
  invented_ = true;
  add();
  std::erase_if(indicators_, [](const IndicatorInfo& info) { return info.name == "mail"; });
  EXPECT_TRUE(current().empty()) << "not every indicator";
}

TEST_F(ExpectationLife, RefusesWhatSaysTooLittleOrTooMuch) {
  struct Case {
    const char* what;
    std::function<void(NewExpectation&)> spoil;
    const char* id = "expectations.bad";
  };
  const std::vector<Case> cases = {
      {"nobody", [](auto& one) { one.person.reset(); }},
      {"a person and a group", [](auto& one) { one.attribute = "department", one.value = "Sales"; }},
      {"no group", [](auto& one) { one.person.reset(), one.attribute = "shoe_size", one.value = "44"; }},
      {"a group without value", [](auto& one) { one.person.reset(), one.attribute = "department"; }},
      {"an indicator there is not", [](auto& one) { one.indicators = {"fax"}; }},
      {"all that somebody does",
       [](auto& one) { one.indicators.clear(), one.towards = Towards::anything, one.destinations.clear(); }},
      {"no destination", [](auto& one) { one.destinations.clear(); }},
      {"a destination of no kind", [](auto& one) { one.towards = Towards::anything; }},
      {"no domain", [](auto& one) { one.destinations = {"not a domain"}; }},
      {"two lines", [](auto& one) { one.destinations = {"a.example\nb.example"}; }},
      {"21 destinations", [](auto& one) { one.destinations.assign(21, "a.example"); }},
      {"an end before its begin", [](auto& one) { one.to = one.from - 1; }},
      {"more than a year", [](auto& one) { one.to = one.from + 365; }},
      {"no reason", [](auto& one) { one.because = "because"; }},
      {"a long reason", [](auto& one) { one.because.assign(1001, 'x'); }},
      {"no owner", [](auto& one) { one.owner.clear(); }},
      {"a policy there is not", [](auto& one) { one.policy = "none"; }, "alerts.no_policy"},
  };
  for (const Case& one : cases) {
    NewExpectation wanted = good();
    one.spoil(wanted);
    const auto done = book().add(wanted, indicators_, kAdaAsks);
    ASSERT_FALSE(done.has_value()) << one.what;
    EXPECT_EQ(done.error().id, one.id) << one.what;
  }
  EXPECT_TRUE(book().all()->empty());
  NewExpectation longest = good();
  longest.to = longest.from + 364;
  EXPECT_GT(add(longest), 0);
}

TEST_F(ExpectationLife, AnActThatCannotBeAuditedIsNotDone) {
  const ExpectationActor refused{
      .name = "ada", .reason = "", .also = [](Transaction&, const StoredExpectation&) -> Result<void> {
        return fail("audit.full", "no");
      }};
  EXPECT_EQ(book().add(good(), indicators_, refused).error().id, "audit.full");
  EXPECT_TRUE(book().all()->empty());
}

}  // namespace
}  // namespace candor
