#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/policies.h"
#include "alerts/test_book.h"

// The life of a policy over real people.
namespace candor {
namespace {

constexpr const char* kLawfulPolicy = R"(id: leaks
name: Leaks
lawful_start:
  purpose: protect_confidential_information
  legal_basis: works_agreement
  agreement: BV 7
  impact_assessment: DPIA 3
  owner: Head of security
  countries: [DE]
  review_by: 2002-01-01
triggers:
  - {id: out, indicators: [usb]}
indicators:
  - {name: usb, weight: 0.5}
)";
constexpr Day kFirst = 9'000;  // 1994
const PolicyActor kAda{.name = "ada", .reason = "because"};
const PolicyActor kBob{.name = "bob", .reason = "looked at it"};

class PolicyLife : public test::BookTest {
 protected:
  void SetUp() override {
    BookTest::SetUp();
    scoring_ = *ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring");
    IndicatorInfo usb;
    usb.key = 7;
    usb.name = usb.title = "usb";
    usb.category = Category::exfiltration;
    usb.levels[0] = {.low = 1, .medium = 2, .high = 3};
    indicators_.push_back(usb);
    clock_.set(start_of(kFirst));
  }
  PolicyBook book() {
    return {*store_, clock_, [this] { return invented_; }};
  }
  PolicyChange apply(const std::string& text, const PolicyActor& actor = kAda) {
    auto loaded = load_policy(text, "leaks.yml", indicators_, *scoring_);
    for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
    auto done = book().apply(std::span(&*loaded.policy, 1), {.indicators = indicators_, .scoring = *scoring_}, actor);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return done->at(0);
  }
  PolicyState state() { return book().standing("leaks")->state; }
  PolicyBook::Compiled compiled() { return *book().compile(indicators_, *scoring_); }

  bool invented_ = false;
  std::shared_ptr<const ScoringContent> scoring_;
  std::vector<IndicatorInfo> indicators_;
};

std::string with(std::string_view from, std::string_view to) {
  std::string text = kLawfulPolicy;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string without_lawful_start() {
  std::string text = kLawfulPolicy;
  const auto from = text.find("lawful_start");
  return text.erase(from, text.find("triggers") - from);
}

TEST_F(PolicyLife, WithoutItsLawfulStartItIsADraftAndRunsOverNobody) {
  const PolicyChange change = apply(without_lawful_start());
  EXPECT_THAT(change.lacks, testing::ElementsAre("purpose", "legal_basis", "agreement", "impact_assessment", "owner",
                                                 "countries", "review_by"));
  EXPECT_EQ(state(), PolicyState::draft);
  EXPECT_TRUE(compiled().policies.empty());
  EXPECT_THAT(compiled().waiting, testing::ElementsAre("leaks"));
  EXPECT_TRUE(compiled().unusable.empty());
  const auto refused = book().approve("leaks", kBob);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().id, "policy.not_lawful");
  EXPECT_THAT(refused.error().message, testing::HasSubstr("purpose, legal_basis"));
  // Over invented people it runs at once.
  invented_ = true;
  EXPECT_EQ(state(), PolicyState::active);
  EXPECT_EQ(compiled().policies.size(), 1U);
}

TEST_F(PolicyLife, ASecondPersonLetsItCountFromThatDayOn) {
  const PolicyChange change = apply(kLawfulPolicy);
  EXPECT_THAT(change.widens, testing::ElementsAre("it is new"));
  EXPECT_TRUE(change.lacks.empty());
  EXPECT_EQ(state(), PolicyState::validated);
  EXPECT_TRUE(compiled().policies.empty());
  ASSERT_EQ(compiled().proposed.size(), 1U);
  const auto own = book().approve("leaks", kAda);
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().id, "policy.own_request");
  clock_.set(start_of(kFirst + 3));
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  EXPECT_EQ(state(), PolicyState::active);
  ASSERT_EQ(compiled().policies.size(), 1U);
  EXPECT_EQ(compiled().policies[0].versions[0].effective_from, kFirst + 3);
  EXPECT_TRUE(compiled().proposed.empty());
  EXPECT_EQ(book().approve("leaks", kBob).error().id, "policy.nothing_waits");
  const auto in_force = *book().standing("leaks")->in_force;
  EXPECT_EQ(in_force.asked_by, "ada");
  EXPECT_EQ(in_force.decided_by, "bob");
  EXPECT_EQ(in_force.decided_reason, "looked at it");
}

// What was looked at is what is agreed to, and a line that cannot be written undoes the act.
TEST_F(PolicyLife, AnApprovalIsOfTheVersionLookedAtAndNeverWithoutItsAuditLine) {
  apply(kLawfulPolicy);
  PolicyActor bob = kBob;
  bob.looked_at = book().standing("leaks")->waiting->number;
  apply(with("weight: 0.5", "weight: 0.9"));
  EXPECT_EQ(book().approve("leaks", bob).error().id, "policy.changed_meanwhile");
  bob.looked_at = book().standing("leaks")->waiting->number;
  bob.also = [](Transaction&, const StoredPolicy&, const std::string&) { return Result<void>(fail("audit.full", "")); };
  EXPECT_EQ(book().approve("leaks", bob).error().id, "audit.full");
  EXPECT_EQ(state(), PolicyState::validated);
  bob.also = {};
  EXPECT_TRUE(book().approve("leaks", bob).has_value());
}

TEST_F(PolicyLife, WiderWaitsAndNarrowerCountsAtOnce) {
  apply(kLawfulPolicy);
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  clock_.set(start_of(kFirst + 5));
  EXPECT_TRUE(apply(with("weight: 0.5", "weight: 0.4")).widens.empty());
  EXPECT_EQ(compiled().policies[0].versions.back().policy->indicators[0].weight, 400'000);
  clock_.set(start_of(kFirst + 6));
  EXPECT_THAT(apply(with("weight: 0.5", "weight: 0.6")).widens, testing::ElementsAre("usb weighs more"));
  EXPECT_EQ(compiled().policies[0].versions.back().policy->indicators[0].weight, 400'000);
  EXPECT_EQ(state(), PolicyState::active);
  EXPECT_TRUE(book().standing("leaks")->waiting.has_value());
  // The same again is no second request, and another one takes its place.
  EXPECT_EQ(apply(with("weight: 0.5", "weight: 0.6")).kind, PolicyChange::Kind::unchanged);
  apply(with("weight: 0.5", "weight: 0.7"), {.name = "eve", .reason = ""});
  ASSERT_TRUE(book().reject("leaks", kAda).has_value());
  EXPECT_FALSE(book().standing("leaks")->waiting.has_value());
  const auto rows = *book().versions("leaks");
  EXPECT_EQ(rows[rows.size() - 2].decision, PolicyDecision::replaced);
  EXPECT_EQ(rows.back().decision, PolicyDecision::rejected);
  EXPECT_EQ(compiled().policies[0].versions.back().policy->indicators[0].weight, 400'000);
}

TEST_F(PolicyLife, WhatWaitsGoesOnWaitingThroughAPauseAndARejectionLeavesADraft) {
  apply(kLawfulPolicy);
  ASSERT_TRUE(book().reject("leaks", kBob).has_value());
  EXPECT_EQ(state(), PolicyState::draft);
  EXPECT_TRUE(compiled().policies.empty());
  EXPECT_EQ(book().approve("leaks", kBob).error().id, "policy.nothing_waits");
  apply(with("weight: 0.5", "weight: 0.4"));
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  apply(with("weight: 0.5", "weight: 0.9"));
  ASSERT_TRUE(book().pause("leaks", kAda).has_value());
  ASSERT_EQ(compiled().proposed.size(), 1U);
  EXPECT_EQ(compiled().proposed[0]->indicators[0].weight, 900'000);
  clock_.set(start_of(kFirst + 2));
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  EXPECT_EQ(state(), PolicyState::active);
  EXPECT_EQ(compiled().policies[0].versions.back().policy->indicators[0].weight, 900'000);
}

TEST_F(PolicyLife, APauseHoldsFromTomorrowAndNeedsASecondPersonToEnd) {
  apply(kLawfulPolicy);
  EXPECT_EQ(book().pause("leaks", kAda).error().id, "policy.not_in_force");
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  ASSERT_TRUE(book().pause("leaks", kAda).has_value());
  EXPECT_EQ(state(), PolicyState::paused);
  auto history = compiled().policies[0];
  ASSERT_EQ(history.versions.size(), 2U);
  EXPECT_EQ(history.versions[1].effective_from, kFirst + 1);
  EXPECT_FALSE(history.versions[1].policy->enabled);
  clock_.set(start_of(kFirst + 10));
  ASSERT_TRUE(book().resume("leaks", kAda).has_value());
  EXPECT_EQ(state(), PolicyState::paused);
  EXPECT_EQ(book().approve("leaks", kAda).error().id, "policy.own_request");
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  EXPECT_EQ(state(), PolicyState::active);
  history = compiled().policies[0];
  ASSERT_EQ(history.versions.size(), 3U);
  EXPECT_EQ(history.versions[2].effective_from, kFirst + 10);
  EXPECT_TRUE(history.versions[2].policy->enabled);
  ASSERT_TRUE(book().retire("leaks", kAda).has_value());
  EXPECT_EQ(state(), PolicyState::retired);
  EXPECT_EQ(book().pause("leaks", kAda).error().id, "policy.not_in_force");
}

TEST_F(PolicyLife, PausesWhenItsReviewDateIsOver) {
  apply(kLawfulPolicy);
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  const Day review = *parse_day("2002-01-01");
  EXPECT_EQ(compiled().policies[0].versions[0].policy->lawful_start.last_day(), review + kReviewGraceDays);
  clock_.set(start_of(review + kReviewGraceDays));
  EXPECT_EQ(state(), PolicyState::active);
  clock_.set(start_of(review + kReviewGraceDays + 1));
  EXPECT_EQ(state(), PolicyState::paused);
  EXPECT_THAT(apply(with("2002-01-01", "2003-01-01")).widens, testing::ElementsAre("its review date moves on"));
  ASSERT_TRUE(book().approve("leaks", kBob).has_value());
  EXPECT_EQ(state(), PolicyState::active);
}

TEST_F(PolicyLife, EveryFaultOfTheLawfulStartIsNamed) {
  const auto ids = [&](const std::string& text) {
    std::vector<std::string> out;
    for (const Diagnostic& fault : load_policy(text, "leaks.yml", indicators_, *scoring_).diagnostics) {
      out.push_back(fault.id + " " + std::to_string(fault.line));
    }
    return out;
  };
  EXPECT_THAT(ids(with("protect_confidential_information", "watch_performance")),
              testing::ElementsAre("policy.bad_lawful_start 4"));
  EXPECT_THAT(ids(with("[DE]", "[Germany, all]")), testing::ElementsAre("policy.bad_lawful_start 9"));
  EXPECT_THAT(ids(with("[DE]", "[DE, all]")), testing::ElementsAre("policy.bad_lawful_start 9"));
  EXPECT_THAT(ids(with("2002-01-01", "soon")), testing::ElementsAre("policy.bad_day 10"));
  EXPECT_THAT(ids(with("owner:", "woner:")), testing::ElementsAre("policy.unknown_key 8"));
}

}  // namespace
}  // namespace candor
