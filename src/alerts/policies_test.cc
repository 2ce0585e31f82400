#include "alerts/policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/test_book.h"

namespace candor {
namespace {

constexpr const char* kLeaksPolicy = R"(id: leaks
name: Leaks
triggers:
  - {id: out, indicators: [usb]}
indicators:
  - {name: usb, weight: 0.5}
)";

class PoliciesTest : public test::BookTest {
 protected:
  void SetUp() override {
    BookTest::SetUp();
    scoring_ = *ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring");
    IndicatorInfo usb;
    usb.key = 7;
    usb.name = "usb";
    usb.category = Category::exfiltration;
    usb.levels[0] = {.low = 1, .medium = 2, .high = 3};
    indicators_.push_back(usb);
  }
  Policy policy(std::string text = kLeaksPolicy) {
    auto loaded = load_policy(text, "leaks.yml", indicators_, *scoring_);
    EXPECT_TRUE(loaded.policy.has_value());
    return std::move(*loaded.policy);
  }
  std::vector<PolicyChange> apply(const Policy& one) {
    auto done = book().apply(std::span(&one, 1), now(), {.name = "local/ada", .reason = ""});
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return *done;
  }

  // Of invented people: every version counts at once.
  PolicyBook book() {
    return {*store_, clock_, [] { return true; }};
  }
  PolicyContentNow now() const { return {.indicators = indicators_, .scoring = *scoring_}; }

  std::shared_ptr<const ScoringContent> scoring_;
  std::vector<IndicatorInfo> indicators_;
};

std::string with_weight(const char* weight) {
  std::string text = kLeaksPolicy;
  return text.replace(text.find("0.5"), 3, weight);
}

TEST_F(PoliciesTest, AppliesOnceAndShowsWhatChanges) {
  PolicyBook book = this->book();
  EXPECT_EQ(apply(policy())[0].kind, PolicyChange::Kind::added);
  EXPECT_EQ(apply(policy())[0].kind, PolicyChange::Kind::unchanged);
  const Policy other = policy(with_weight("0.7"));
  const auto plan = book.compare(std::span(&other, 1), now());
  ASSERT_EQ((*plan)[0].kind, PolicyChange::Kind::changed);
  EXPECT_THAT((*plan)[0].diff, testing::Contains("-  - {name: usb, weight: 0.5}"));
  EXPECT_THAT((*plan)[0].diff, testing::Contains("+  - {name: usb, weight: 0.7}"));
  EXPECT_THAT((*plan)[0].diff, testing::Contains(" name: Leaks"));
  EXPECT_EQ(book.versions("leaks")->size(), 1U) << "compare changes nothing";
  clock_.set(start_of(2003) + 5);
  apply(other);
  EXPECT_EQ(book.versions("leaks")->size(), 2U);
  EXPECT_EQ(book.get("leaks")->yaml, other.text);
  EXPECT_EQ(book.get("leaks")->effective_from, 2003);
  EXPECT_EQ(book.list()->size(), 1U);
  EXPECT_EQ(book.get("nothing").error().id, "alerts.no_policy");
}

TEST_F(PoliciesTest, CompilesAHistory) {
  apply(policy());
  clock_.set(start_of(2003));
  apply(policy(with_weight("0.6")));
  apply(policy(with_weight("0.7")));
  const auto compiled = book().compile(indicators_, *scoring_);
  ASSERT_TRUE(compiled.has_value());
  ASSERT_EQ(compiled->policies.size(), 1U);
  const auto& versions = compiled->policies[0].versions;
  ASSERT_EQ(versions.size(), 2U) << "of two on one day the later one holds";
  EXPECT_EQ(versions[1].effective_from, 2003);
  EXPECT_EQ(versions[1].policy->indicators[0].weight, 700'000);
}

TEST_F(PoliciesTest, NamesWhatNoLongerCompiles) {
  apply(policy());
  const auto compiled = book().compile({}, *scoring_);
  EXPECT_TRUE(compiled->policies.empty());
  EXPECT_THAT(compiled->unusable, testing::ElementsAre("leaks"));
  ASSERT_FALSE(compiled->diagnostics.empty());
  EXPECT_EQ(compiled->diagnostics[0].id, "policy.unknown_indicator");
  EXPECT_EQ(compiled->diagnostics[0].file, "policy leaks");
}

TEST_F(PoliciesTest, AnIndicatorThatACategoryTookInMustNotVanish) {
  apply(
      policy("id: leaks\nname: Leaks\ntriggers:\n  - {id: out, fact: resignation}\nindicators:\n"
             "  - {category: exfiltration}\n"));
  IndicatorInfo other = indicators_[0];
  other.key = 8;
  other.name = "mail";
  const auto compiled = book().compile(std::span(&other, 1), *scoring_);
  EXPECT_THAT(compiled->unusable, testing::ElementsAre("leaks"));
  EXPECT_EQ(compiled->diagnostics[0].id, "policy.indicator_gone");
}

TEST_F(PoliciesTest, LaterContentDoesNotActOnThePast) {
  PolicyBook book = this->book();
  const Policy before = policy();
  apply(before);
  indicators_[0].levels[0] = {.low = 10, .medium = 20, .high = 30};
  auto compiled = book.compile(indicators_, *scoring_);
  ASSERT_EQ(compiled->policies[0].versions.size(), 1U);
  EXPECT_EQ(compiled->policies[0].versions[0].policy->indicators[0].levels[0].high, 3);
  EXPECT_EQ(compiled->policies[0].versions[0].policy->version, before.version);
  ASSERT_EQ(compiled->diagnostics.size(), 1U);
  EXPECT_EQ(compiled->diagnostics[0].id, "policy.content_changed");
  EXPECT_EQ(compiled->diagnostics[0].severity, Severity::warning);
  EXPECT_TRUE(compiled->unusable.empty());
  // Applied again it has a version of its own, from that day on.
  clock_.set(start_of(2003));
  const auto change = apply(policy())[0];
  EXPECT_EQ(change.kind, PolicyChange::Kind::changed);
  EXPECT_THAT(change.diff, testing::ElementsAre(testing::HasSubstr("[1,2,3]"), testing::HasSubstr("[10,20,30]")));
  compiled = book.compile(indicators_, *scoring_);
  const auto& versions = compiled->policies[0].versions;
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].policy->indicators[0].levels[0].high, 3);
  EXPECT_EQ(versions[1].policy->indicators[0].levels[0].high, 30);
  EXPECT_EQ(versions[1].effective_from, 2003);
  EXPECT_EQ(versions[1].policy->version, book.get("leaks")->version) << "the list shows what receipts name";
  EXPECT_TRUE(compiled->diagnostics.empty());
}

TEST_F(PoliciesTest, OtherWordsAreNoOtherVersion) {
  apply(policy());
  clock_.set(start_of(2003));
  const auto change = apply(policy(std::string("# why it is so\n") + kLeaksPolicy))[0];
  EXPECT_EQ(change.kind, PolicyChange::Kind::changed);
  EXPECT_EQ(change.from_version, change.to_version);
  const auto compiled = book().compile(indicators_, *scoring_);
  const auto& versions = compiled->policies[0].versions;
  ASSERT_EQ(versions.size(), 1U);
  EXPECT_NE(versions[0].effective_from, 2003);
  EXPECT_THAT(versions[0].policy->text, testing::StartsWith("# why"));
  EXPECT_THAT(book().get("leaks")->yaml, testing::StartsWith("# why")) << "export gives the words";
}

}  // namespace
}  // namespace candor
