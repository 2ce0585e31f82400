#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/alert_report.h"
#include "alerts/test_book.h"

// Which policy comes first where nothing else decides.
namespace candor {
namespace {

using testing::ElementsAre;

Policy empty_policy(const std::string& id) {
  Policy out;
  out.id = id;
  out.name = "The " + id;
  out.version = "v";
  out.text = "id: " + id + "\n";
  return out;
}

class PolicyOrderTest : public test::BookTest {
 protected:
  void SetUp() override {
    BookTest::SetUp();
    for (const char* id : {"leaks", "leaver", "third"}) apply(id);
  }
  void apply(const std::string& id) {
    const Policy one = empty_policy(id);
    ASSERT_TRUE(
        book().apply(std::span(&one, 1), {.indicators = {}, .scoring = scoring_}, {.name = "ada", .reason = ""}));
  }
  PolicyBook book() {
    return {*store_, clock_, [] { return true; }};
  }
  std::vector<std::string> ids() { return book().order()->policies; }
  std::string refusal(const PolicyPlacing& placing) {
    const auto done = book().place(placing);
    return done ? "" : done.error().id;
  }

  ScoringContent scoring_;
};

TEST_F(PolicyOrderTest, NewOnesComeLastAndStay) {
  EXPECT_THAT(ids(), ElementsAre("leaks", "leaver", "third"));
  ASSERT_TRUE(book().place({.ids = {"third"}, .place = 1}));
  apply("another");
  apply("leaks");
  EXPECT_THAT(ids(), ElementsAre("third", "leaks", "leaver", "another"));
  const auto standings = *book().standings();
  ASSERT_EQ(standings.size(), 4U);
  EXPECT_EQ(standings[0].id, "third") << "lists are in this order";
  EXPECT_EQ(book().list()->back().id, "another");
  EXPECT_EQ(book().compile({}, scoring_)->policies.size() + book().compile({}, scoring_)->unusable.size(), 4U);
}

TEST_F(PolicyOrderTest, PutsOneOrSeveralAtAPlace) {
  const PolicyOrder order{.policies = {"a", "b", "c", "d"}};
  const auto with = [&](std::vector<std::string> ids, std::size_t place) { return order.with(ids, place)->policies; };
  EXPECT_THAT(with({"a"}, 1), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(with({"a"}, 4), ElementsAre("b", "c", "d", "a"));
  EXPECT_THAT(with({"d"}, 2), ElementsAre("a", "d", "b", "c"));
  EXPECT_THAT(with({"d", "b"}, 1), ElementsAre("d", "b", "a", "c"));
  EXPECT_THAT(with({"d", "b"}, 3), ElementsAre("a", "c", "d", "b"));
  EXPECT_THAT(with({}, 1), ElementsAre("a", "b", "c", "d"));
  const auto refused = [&](std::vector<std::string> ids, std::size_t place) {
    return order.with(ids, place).error().id;
  };
  EXPECT_EQ(refused({"a"}, 0), "policy.bad_place");
  EXPECT_EQ(refused({"a"}, 5), "policy.bad_place");
  EXPECT_EQ(refused({"a", "b"}, 4), "policy.bad_place");
  EXPECT_EQ(refused({"a", "b", "a"}, 1), "policy.bad_place");
  EXPECT_EQ(refused({"e"}, 1), "alerts.no_policy");
}

TEST_F(PolicyOrderTest, EveryOrderHasItsVersion) {
  const PolicyOrder order{.policies = {"ab", "c"}};
  EXPECT_EQ(order.version(), PolicyOrder{.policies = std::vector<std::string>({"ab", "c"})}.version());
  EXPECT_NE(order.version(), PolicyOrder{.policies = std::vector<std::string>({"c", "ab"})}.version());
  EXPECT_NE(order.version(), PolicyOrder{.policies = std::vector<std::string>({"a", "bc"})}.version());
  EXPECT_EQ(order.version().size(), 16U);
}

TEST_F(PolicyOrderTest, WhatWasLookedAtMustStillHold) {
  const std::string seen = book().order()->version();
  ASSERT_TRUE(book().place({.ids = {"third"}, .place = 1, .looked_at = seen}));
  EXPECT_EQ(refusal({.ids = {"leaver"}, .place = 1, .looked_at = seen}), "policy.order_changed");
  EXPECT_EQ(refusal({.ids = {"nobody"}, .place = 1}), "alerts.no_policy");
  EXPECT_THAT(ids(), ElementsAre("third", "leaks", "leaver"));
}

TEST_F(PolicyOrderTest, TellsOnlyWhatMovesAndKeepsNothingThatIsNotTold) {
  int told = 0;
  PolicyPlacing placing{.ids = {"leaks"}, .place = 1};
  placing.also = [&](Transaction&, const PolicyOrder&, const PolicyOrder&) -> Result<void> {
    ++told;
    return fail("audit.broken", "no line was written");
  };
  EXPECT_TRUE(book().place(placing).has_value());
  EXPECT_EQ(told, 0);
  placing.place = 2;
  EXPECT_EQ(refusal(placing), "audit.broken");
  EXPECT_EQ(told, 1);
  EXPECT_THAT(ids(), ElementsAre("leaks", "leaver", "third"));
}

// The queue and the report: equal scores and equal counts, and nothing but these, go by the order.
class OrderedQueue : public PolicyOrderTest {
 protected:
  void SetUp() override {
    PolicyOrderTest::SetUp();
    record(1, {alert(50, 103), alert(50, 103, 0, "leaver"), alert(50, 103, 0, "third")});
    record(2, {alert(80, 103, 0, "leaver"), alert(60, 103), alert(60, 103, 0, "unknown")});
  }
  std::vector<std::string> policies(bool by_person, bool descending = true) {
    AlertQuery query;
    query.by_person = by_person;
    query.descending = descending;
    std::vector<std::string> out;
    const auto page = book_().find(query);
    for (const AlertRow& row : page->alerts) out.push_back(row.policy);
    return out;
  }
};

TEST_F(OrderedQueue, AnEqualScoreGoesByIt) {
  EXPECT_THAT(policies(true), ElementsAre("leaver", "leaks"));
  EXPECT_THAT(policies(false), ElementsAre("leaver", "leaks", "unknown", "leaks", "leaver", "third"));
  ASSERT_TRUE(book().place({.ids = {"third", "leaver"}, .place = 1}));
  EXPECT_THAT(policies(true), ElementsAre("leaver", "third")) << "a higher score heads the row whatever the order";
  EXPECT_THAT(policies(false), ElementsAre("leaver", "leaks", "unknown", "third", "leaver", "leaks"));
  EXPECT_THAT(policies(false, false), ElementsAre("third", "leaver", "leaks", "leaks", "unknown", "leaver"));
  AlertQuery query;
  query.by_person = true;
  const auto page = book_().find(query);
  ASSERT_EQ(page->more.size(), 2U);
  ASSERT_EQ(page->more[1].first.size(), 2U);
  EXPECT_EQ(page->more[1].first[0].policy, "leaver");
  EXPECT_EQ(page->more[1].first[1].policy, "leaks");
}

TEST_F(OrderedQueue, MovesNoScoreAndWritesNoAlert) {
  const auto before = book_().find({})->alerts;
  ASSERT_TRUE(book().place({.ids = {"third", "leaver"}, .place = 1}));
  const auto after = book_().find({})->alerts;
  for (const AlertRow& row : after) {
    const auto same = std::ranges::find(before, row.id, &AlertRow::id);
    ASSERT_NE(same, before.end());
    EXPECT_EQ(row.score, same->score);
    EXPECT_EQ(row.revision, same->revision);
    EXPECT_EQ(row.updated_at, same->updated_at);
  }
}

TEST_F(OrderedQueue, AReportIsInItOnEqualCounts) {
  const auto names = [&] {
    std::vector<std::string> out;
    const Day today = day_of(clock_.now());
    const auto report = book_().report(today, today);
    for (const auto& row : report->policies) out.push_back(row.id);
    return out;
  };
  EXPECT_THAT(names(), ElementsAre("leaks", "leaver", "third", "unknown"));
  ASSERT_TRUE(book().place({.ids = {"leaver"}, .place = 1}));
  EXPECT_THAT(names(), ElementsAre("leaver", "leaks", "third", "unknown"));
}

}  // namespace
}  // namespace candor
