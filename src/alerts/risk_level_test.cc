#include "alerts/risk_level.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr Day kLookedAt = 20'000;

constexpr const char* kLevels = R"(
levels:
  - level: moderate
    days: 30
    any_of: [{status: confirmed, severity: medium}]
  - level: elevated
    days: 60
    any_of:
      - {status: confirmed, severity: high}
      - {status: confirmed, severity: medium, alerts: 2}
)";

RiskLevels levels(const std::string& text = kLevels) {
  std::vector<Diagnostic> faults;
  RiskLevels out = read_risk_levels(text, "risk_levels.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return out;
}

AlertRow alert(AlertStatus status, AlertSeverity severity, Day changed) {
  AlertRow row;
  row.status = status;
  row.severity = severity;
  row.updated_at = start_of(changed);
  row.last_day = changed - 5;
  return row;
}

TEST(RiskLevelTest, TheHighestThatHoldsForItsDays) {
  const auto confirmed = [](AlertSeverity severity, Day changed) {
    return alert(AlertStatus::confirmed, severity, changed);
  };
  EXPECT_EQ(risk_level(levels(), {}, kLookedAt).level, RiskLevel::none);
  const std::vector<AlertRow> one{confirmed(AlertSeverity::medium, kLookedAt - 10)};
  EXPECT_EQ(risk_level(levels(), one, kLookedAt).level, RiskLevel::moderate);
  EXPECT_EQ(risk_level(levels(), one, kLookedAt).until, kLookedAt + 20);
  EXPECT_EQ(risk_level(levels(), one, kLookedAt).because, "An alert of medium severity or higher was confirmed");
  EXPECT_EQ(risk_level(levels(), one, kLookedAt + 20).level, RiskLevel::moderate) << "its last day";
  EXPECT_EQ(risk_level(levels(), one, kLookedAt + 21).level, RiskLevel::none);
  const std::vector<AlertRow> two{one[0], confirmed(AlertSeverity::medium, kLookedAt - 50)};
  EXPECT_EQ(risk_level(levels(), two, kLookedAt).level, RiskLevel::elevated);
  EXPECT_EQ(risk_level(levels(), two, kLookedAt).until, kLookedAt + 10) << "until only one of them counts";
  EXPECT_EQ(risk_level(levels(), two, kLookedAt + 11).level, RiskLevel::moderate) << "what is left";
  const std::vector<AlertRow> high{confirmed(AlertSeverity::high, kLookedAt)};
  EXPECT_EQ(risk_level(levels(), high, kLookedAt).because, "An alert of high severity was confirmed");
}

TEST(RiskLevelTest, WhatWaitsOrWasDismissedGivesNone) {
  for (const AlertStatus status : {AlertStatus::needs_review, AlertStatus::dismissed, AlertStatus::withdrawn,
                                   AlertStatus::resolved, AlertStatus::expired}) {
    const std::vector<AlertRow> one{alert(status, AlertSeverity::high, kLookedAt)};
    EXPECT_EQ(risk_level(levels(), one, kLookedAt).level, RiskLevel::none) << to_text(status);
  }
  const RiskLevels allowed = levels(
      "without_decision: true\nlevels: [{level: minor, days: 3, any_of: [{status: needs_review, severity: high}]}]\n");
  const std::vector<AlertRow> waits{alert(AlertStatus::needs_review, AlertSeverity::high, kLookedAt)};
  EXPECT_EQ(risk_level(allowed, waits, kLookedAt).level, RiskLevel::minor);
  EXPECT_EQ(risk_level(allowed, waits, kLookedAt).because, "An alert of high severity waits for review");
}

TEST(RiskLevelTest, AFileWithAFaultJudgesNobody) {
  struct FaultRow {
    const char* text;
    const char* id;
  };
  const std::string good = "levels:\n  - {level: elevated, any_of: [{status: confirmed}]}\n";
  for (const FaultRow& row :
       {FaultRow{"  - {level: minor, any_of: [{status: needs_review}]}\n", "risk_levels.undecided"},
        FaultRow{"  - {level: minor, any_of: []}\n", "risk_levels.no_condition"},
        FaultRow{"  - {level: minor, any_of: [{status: dismissed}]}\n", "risk_levels.bad_condition"},
        FaultRow{"  - {level: elevated, any_of: [{status: confirmed}]}\n", "risk_levels.bad_level"},
        FaultRow{"  - {level: none, any_of: [{status: confirmed}]}\n", "risk_levels.bad_level"}}) {
    std::vector<Diagnostic> faults;
    EXPECT_THAT(read_risk_levels(good + row.text, "f.yml", faults).rules, IsEmpty()) << row.text;
    EXPECT_THAT(faults, Contains(Field(&Diagnostic::id, row.id))) << row.text;
  }
}

}  // namespace
}  // namespace candor
