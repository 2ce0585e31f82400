#include "alerts/people_in_scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/erase_alerts.h"
#include "alerts/test_book.h"
#include "policy/windows.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr Day kScopeDay = 1'000;

ScopeSpan span_of(const std::string& policy, Day from, Day to, const std::string& trigger = "out") {
  return {.policy = policy, .trigger = trigger, .since = from + 1, .from = from, .to = to};
}

class PeopleInScope : public test::BookTest {
 protected:
  void found(std::uint8_t who, std::vector<AlertOutcome> alerts, std::vector<ScopeSpan> scopes,
             std::vector<std::string> unusable = {}) {
    PersonOutcome outcome{.person = person(who), .alerts = std::move(alerts), .next_edge = std::nullopt};
    outcome.scopes = std::move(scopes);
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(book_().record(work, std::span(&outcome, 1), kScopeDay, unusable));
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  PeopleInScopePage page(const PeopleInScopeQuery& query) {
    auto reading = store_->read();
    const auto done = people_in_scope(*reading, query);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return done.value_or(PeopleInScopePage());
  }
  std::vector<int> people(PeopleInScopeQuery query) {
    if (query.today == 0) query.today = kScopeDay;
    std::vector<int> out;
    for (const PersonInScope& one : page(query).people) out.push_back(one.person.bytes[0]);
    return out;
  }
};

TEST_F(PeopleInScope, AreThoseInScopeTodayAndThoseWithAnAlertThatCounts) {
  found(1, {}, {span_of("leaks", 990, 1'010)});
  found(2, {}, {span_of("leaks", 900, 999)});      // over
  found(3, {}, {span_of("leaks", 1'001, 1'020)});  // not yet
  found(4, {alert(50, 990)}, {});
  found(5, {}, {});
  EXPECT_THAT(people({}), UnorderedElementsAre(1, 4));
  EXPECT_THAT(people({.today = 999}), UnorderedElementsAre(1, 2, 4));
  EXPECT_THAT(people({.today = 1'011}), UnorderedElementsAre(3, 4));
  const std::string id = rows()[0].id;
  ASSERT_TRUE(book_().dismiss(id, DismissReason::expected, "", detail(id).row.evidence_until, "ada"));
  EXPECT_THAT(people({}), ElementsAre(1)) << "what was dismissed keeps nobody here";
}

TEST_F(PeopleInScope, AreInTheOrderOfTheirAlertsOnly) {
  found(1, {}, {span_of("leaks", 990, 1'010)});
  found(2, {alert(50, 990), alert(40, 990, 0, "other")}, {});
  found(3, {alert(90, 990)}, {});
  found(4, {alert(50, 990)}, {});
  EXPECT_THAT(people({}), ElementsAre(3, 2, 4, 1));
  EXPECT_THAT(people({.sort = PeopleInScopeSort::open_alerts}), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(people({.offset = 1, .limit = 2}), ElementsAre(2, 4));
  EXPECT_EQ(page({.today = kScopeDay, .offset = 3, .limit = 1}).total, 4);
}

TEST_F(PeopleInScope, TellWhyAndSinceWhen) {
  found(1, {alert(50, 990)},
        {span_of("leaks", 990, 1'010), span_of("leaks", 995, 1'030, kByHand), span_of("other", 900, 950)});
  const auto found = page({.today = kScopeDay}).people;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, AlertSeverity::medium);
  EXPECT_EQ(found[0].open_alerts, 1);
  ASSERT_EQ(found[0].scopes.size(), 2U);
  EXPECT_EQ(found[0].scopes[0].since, 991);
  EXPECT_EQ(found[0].scopes[0].until, 1'010);
  EXPECT_FALSE(found[0].scopes[0].by_hand);
  EXPECT_TRUE(found[0].scopes[1].by_hand);
}

TEST_F(PeopleInScope, AreFilteredBySeverityPolicyAndWhetherByHand) {
  found(1, {}, {span_of("leaks", 990, 1'010)});
  found(2, {alert(50, 990)}, {span_of("other", 990, 1'010, kByHand)});
  found(3, {alert(90, 990)}, {span_of("leaks", 900, 950)});
  EXPECT_THAT(people({.severities = {AlertSeverity::none}}), ElementsAre(1));
  EXPECT_THAT(people({.severities = {AlertSeverity::medium, AlertSeverity::high}}), ElementsAre(3, 2));
  EXPECT_THAT(people({.policies = {"leaks"}}), ElementsAre(1)) << "not who was in scope once";
  EXPECT_THAT(people({.policies = {"leak"}}), IsEmpty());
  EXPECT_THAT(people({.policies = {"'; drop table alerts; --"}}), IsEmpty());
  EXPECT_THAT(people({.by_hand = true}), ElementsAre(2));
  EXPECT_THAT(people({.without = HiddenPeople({person(3)})}), ElementsAre(2, 1));
  EXPECT_THAT(people({.only_these = true, .only = {person(1), person(9)}}), ElementsAre(1));
  EXPECT_THAT(people({.only_these = true}), IsEmpty()) << "a text that nobody has";
  EXPECT_EQ(page({.today = kScopeDay, .without = HiddenPeople({person(3)})}).total, 2);
  auto reading = store_->read();
  const PeopleInScopeQuery many{.today = kScopeDay, .only_these = true, .only = std::vector<PersonId>(101)};
  EXPECT_EQ(people_in_scope(*reading, many).error().id, "alerts.bad_query");
  EXPECT_EQ(everybody_in_scope(*reading, kScopeDay)->size(), 3U);
}

TEST_F(PeopleInScope, ALaterAssessmentReplacesAnEarlierOne) {
  found(1, {}, {span_of("leaks", 990, 1'010), span_of("other", 990, 1'010)});
  found(1, {}, {span_of("leaks", 990, 1'020)});
  auto seen = page({.today = kScopeDay}).people;
  ASSERT_EQ(seen[0].scopes.size(), 1U);
  EXPECT_EQ(seen[0].scopes[0].until, 1'020);
  found(1, {}, {span_of("new", 995, 1'030)}, {"leaks"});
  seen = page({.today = kScopeDay}).people;
  ASSERT_EQ(seen[0].scopes.size(), 2U) << "of a policy that cannot be computed what was there stays";
  found(1, {}, {});
  EXPECT_THAT(people({}), IsEmpty());
}

TEST_F(PeopleInScope, AreForgottenWithThePerson) {
  found(1, {alert(50, 990)}, {span_of("leaks", 990, 1'010)});
  found(2, {}, {span_of("leaks", 990, 1'010)});
  const auto gone = store_->transact([&](Transaction& work) -> Result<void> {
    std::map<std::string, std::int64_t> counts;
    return erase_alerts(work, person(1), counts);
  });
  ASSERT_TRUE(gone.has_value());
  EXPECT_THAT(people({}), ElementsAre(2));
}

}  // namespace
}  // namespace candor
