#include "disclosure/attestation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Day kFirst = 20'000;

class AttestationTest : public testing::Test {
 protected:
  AttestationTest() {
    auto fields = FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml");
    auto loaded = IndicatorSet::load({CANDOR_SOURCE_DIR "/content/indicators/office"}, *fields, {});
    indicators_ = loaded.set;
  }
  static Switch decided(std::int64_t number, bool on, const std::string& country, Day from, Day set_on,
                        const std::string& group = "") {
    Switch one;
    one.number = number;
    one.indicator = "sharepoint_download";
    one.on = on;
    one.country = country;
    one.group = group;
    one.from = from;
    one.set_at = start_of(set_on);
    return one;
  }
  static LedgerLine counted(Day day, const std::string& country, std::int64_t evaluated,
                            const std::string& content = "a") {
    LedgerLine line;
    line.content = content;
    line.day = day;
    line.country = country;
    line.indicator = "sharepoint_download";
    line.offered = 100;
    line.evaluated = evaluated;
    line.matched = evaluated / 10;
    return line;
  }
  AttestedIndicator download(const std::vector<Switch>& switches, const std::vector<LedgerLine>& ledger) {
    const Attestation made = attest(order_, *indicators_, switches, ledger, {}, {});
    holds_ = made.holds();
    for (const AttestedIndicator& one : made.indicators) {
      if (one.name == "sharepoint_download") return one;
    }
    ADD_FAILURE() << "the indicator is gone";
    return {};
  }

  std::shared_ptr<const IndicatorSet> indicators_;
  AttestationOrder order_{.country = "DE", .from = kFirst, .to = kFirst + 9};
  bool holds_ = false;
};

TEST_F(AttestationTest, SaysWhenItWasOnAndWhatWasEvaluated) {
  const auto one = download({decided(1, false, "DE", kFirst + 4, kFirst)},
                            {counted(kFirst - 1, "DE", 100), counted(kFirst + 1, "DE", 100),
                             counted(kFirst + 1, "FR", 50), counted(kFirst + 5, "DE", 0), counted(kFirst + 5, "", 7)});
  using Span = AttestedIndicator::Span;
  EXPECT_THAT(one.spans, ElementsAre(Span{kFirst, kFirst + 3, true}, Span{kFirst + 4, kFirst + 9, false}));
  EXPECT_EQ(one.offered, 200);
  EXPECT_EQ(one.evaluated, 100);
  EXPECT_EQ(one.matched, 10);
  EXPECT_EQ(one.unknown_country, 7);
  EXPECT_THAT(one.contradicted, IsEmpty());
  EXPECT_EQ(one.decisions.size(), 1U);
  EXPECT_TRUE(holds_);
}

TEST_F(AttestationTest, WhatWasEvaluatedThoughOffIsSaid) {
  const auto one = download({decided(1, false, "DE", kFirst, kFirst - 1)}, {counted(kFirst + 5, "DE", 3)});
  EXPECT_THAT(one.contradicted, ElementsAre(kFirst + 5));
  EXPECT_FALSE(holds_);
}

TEST_F(AttestationTest, WhatWasOnThenContradictsNothing) {
  // Switched off afterwards, for the past too: it was on when it was evaluated, and the ledger says so.
  EXPECT_THAT(download({decided(1, false, "DE", kFirst, kFirst + 5)}, {counted(kFirst + 5, "DE", 3)}).contradicted,
              IsEmpty());
  // On for a group of the country.
  EXPECT_THAT(
      download({decided(1, false, "DE", kFirst - 9, kFirst - 9), decided(2, true, "DE", kFirst, kFirst - 1, "vips")},
               {counted(kFirst + 5, "DE", 3)})
          .contradicted,
      IsEmpty());
  // Off in another country.
  EXPECT_THAT(download({decided(1, false, "FR", kFirst - 9, kFirst - 9)}, {counted(kFirst + 5, "DE", 3)}).contradicted,
              IsEmpty());
}

TEST_F(AttestationTest, WhatIsMatchedAgainCountsOnce) {
  const auto one = download({}, {counted(kFirst + 1, "DE", 100, "a"), counted(kFirst + 1, "DE", 100, "b")});
  EXPECT_EQ(one.offered, 100);
  EXPECT_EQ(one.evaluated, 100);
}

TEST_F(AttestationTest, LooksAndRemovalsOfTheDays) {
  std::vector<AuditLine> lines(4);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].action = i == 3 ? "person.lifted" : "alert.viewed";
    lines[i].viewer = i == 0 ? "ann" : "bob";
    lines[i].at = start_of(i == 2 ? kFirst + 10 : kFirst + 2);
  }
  RetentionRun run;
  run.day = kFirst + 3;
  run.removed.activities = 5;
  RetentionRun other = run;
  other.day = kFirst - 1;
  const Attestation made = attest(order_, *indicators_, {}, {}, lines, {run, other});
  EXPECT_EQ(made.looks.at("alert.viewed"), 2);
  EXPECT_EQ(made.looks.at("person.lifted"), 1);
  EXPECT_EQ(made.viewers, 2);
  EXPECT_EQ(made.retention_runs, 1);
  EXPECT_EQ(made.removed.activities, 5U);
  const auto json = nlohmann::json::parse(to_json(made, start_of(kFirst + 20), {}, false, "1"));
  EXPECT_EQ(json.at("people"), "real");
  EXPECT_EQ(json.at("whole_installation").at("audit_lines_by_action").at("person.lifted"), 1);
}

}  // namespace
}  // namespace candor
