#include "sigma/correlate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sigma/event_matcher.h"

namespace candor::sigma {
namespace {

constexpr const char* kRules = R"(title: Failed
name: failed
logsource: {product: x}
detection: {s: {Action: failed}, condition: s}
---
title: Opened
name: opened
logsource: {product: x}
detection: {s: {Action: opened}, condition: s}
---
title: Sent
name: sent
logsource: {product: x}
detection: {s: {Action: sent}, condition: s}
---
)";

std::string record(const std::string& action, int minute, const std::string& user, const std::string& more = "") {
  char time[32];
  std::snprintf(time, sizeof time, "2026-03-02T%02d:%02d:00Z", 10 + minute / 60, minute % 60);
  return R"({"@timestamp":")" + std::string(time) + R"(","Action":")" + action + R"(","User":")" + user + "\"" + more +
         "}";
}

std::shared_ptr<const EventProgram> program_of(const std::string& correlations) {
  auto loaded = EventProgram::parse("r.yml", kRules + correlations, {});
  for (const Diagnostic& fault : loaded.diagnostics) EXPECT_EQ(fault.severity, Severity::warning) << to_text(fault);
  return loaded.program;
}

// "title: event [events]" of each match; records are added in the order of `order`.
std::vector<std::string> matches_of(const std::shared_ptr<const EventProgram>& program,
                                    const std::vector<std::string>& records, const std::vector<std::size_t>& order) {
  EventMatcher matcher(program);
  Correlator correlator(program);
  Event event = program->new_event();
  std::vector<RuleIndex> matched;
  for (const std::size_t i : order) {
    EXPECT_TRUE(event.load(records[i]));
    matcher.match(event, matched);
    correlator.add(i, program->time_of(event).value_or(0), event, matched);
  }
  std::vector<std::string> result;
  for (const CorrelationMatch& match : correlator.finish()) {
    std::string text =
        program->rules().correlations[match.correlation].title + ": " + std::to_string(match.event) + " [";
    for (const std::uint64_t each : match.events)
      text += std::to_string(each) + (each == match.events.back() ? "" : " ");
    result.push_back(text + "]");
  }
  return result;
}

std::vector<std::string> matches_of(const std::string& correlations, const std::vector<std::string>& records) {
  std::vector<std::size_t> order(records.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  return matches_of(program_of(correlations), records, order);
}

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kThreeFailed =
    "title: Three\ncorrelation: {type: event_count, rules: [failed], group-by: [User], timespan: 10m, "
    "condition: {gte: 3}}\n";

TEST(Correlate, CountsAGroupWithinTheWindow) {
  const std::vector<std::string> records = {record("failed", 0, "ann"),  record("failed", 4, "Ann"),
                                            record("failed", 5, "carl"), record("failed", 9, "ann"),
                                            record("failed", 12, "ann"), record("opened", 13, "ann")};
  // The third of ann is record 3; record 4 still has two before it within ten minutes: one match.
  EXPECT_THAT(matches_of(kThreeFailed, records), ElementsAre("Three: 3 [0 1 3 4]"));
}

TEST(Correlate, TheWindowIsOpenAtItsStart) {
  const std::vector<std::string> records = {record("failed", 0, "a"), record("failed", 5, "a"),
                                            record("failed", 10, "a")};
  EXPECT_THAT(matches_of(kThreeFailed, records), IsEmpty());
}

TEST(Correlate, ARepeatIsNotCountedAgain) {
  const auto program = program_of(kThreeFailed);
  const std::vector<std::string> records = {record("failed", 0, "a"), record("failed", 1, "a")};
  EXPECT_THAT(matches_of(program, records, {0, 1, 1, 0, 1}), IsEmpty());
}

TEST(Correlate, CountsDistinctValues) {
  const std::string rule =
      "title: Hosts\ncorrelation: {type: value_count, rules: [failed], group-by: [User], timespan: 1h, "
      "condition: {gte: 3, field: Host}}\n";
  const std::vector<std::string> records = {record("failed", 0, "a", R"(,"Host":"one")"),
                                            record("failed", 1, "a", R"(,"Host":"ONE")"),
                                            record("failed", 2, "a", R"(,"Host":"two")"), record("failed", 3, "a"),
                                            record("failed", 4, "a", R"(,"Host":["two","three"])")};
  EXPECT_THAT(matches_of(rule, records), ElementsAre("Hosts: 4 [0 1 2 3 4]"));
}

TEST(Correlate, StepsInAnyOrderAndInOrder) {
  const std::string any =
      "title: Any\ncorrelation: {type: temporal, rules: [opened, sent], group-by: [User], timespan: 5m}\n";
  const std::string ordered =
      "title: Ordered\ncorrelation: {type: temporal_ordered, rules: [opened, sent], group-by: [User], timespan: 5m}\n";
  const std::vector<std::string> backwards = {record("sent", 0, "a"), record("opened", 2, "a")};
  EXPECT_THAT(matches_of(any, backwards), ElementsAre("Any: 1 [0 1]"));
  EXPECT_THAT(matches_of(ordered, backwards), IsEmpty());
  const std::vector<std::string> forwards = {record("opened", 0, "a"), record("sent", 2, "a"), record("sent", 9, "a")};
  EXPECT_THAT(matches_of(ordered, forwards), ElementsAre("Ordered: 1 [0 1]"));
  // At one instant there is no order; the steps are two records all the same.
  const std::vector<std::string> together = {record("sent", 0, "a"), record("opened", 0, "a")};
  EXPECT_THAT(matches_of(ordered, together), ElementsAre("Ordered: 1 [0 1]"));
}

TEST(Correlate, SumsAveragesAndPercentiles) {
  const auto rule = [](const std::string& type, const std::string& condition) {
    return "title: T\ncorrelation: {type: " + type + ", rules: [sent], timespan: 1h, condition: {field: Bytes, " +
           condition + "}}\n";
  };
  std::vector<std::string> records;
  for (const char* bytes : {"10", "0.5", "\"20\"", "30", "\"none\""}) {
    records.push_back(record("sent", static_cast<int>(records.size()), "a", std::string(",\"Bytes\":") + bytes));
  }
  EXPECT_THAT(matches_of(rule("value_sum", "gt: 30"), records), ElementsAre("T: 2 [0 1 2 3 4]"));
  EXPECT_THAT(matches_of(rule("value_sum", "gt: 60.4"), records), ElementsAre("T: 3 [0 1 2 3 4]"));
  EXPECT_THAT(matches_of(rule("value_avg", "gte: 15"), records), ElementsAre("T: 3 [0 1 2 3 4]"));
  EXPECT_THAT(matches_of(rule("value_percentile", "percentile: 50, gte: 10"), records),
              ElementsAre("T: 0 [0]", "T: 2 [0 1 2 3 4]"));
  EXPECT_THAT(matches_of(rule("value_median", "lt: 1"), records), ElementsAre("T: 1 [0 1]"));
  // Without a percentile: how rare the record's own value is.
  EXPECT_THAT(matches_of(rule("value_percentile", "lte: 20"), records), ElementsAre("T: 4 [0 1 2 3 4]"));
}

TEST(Correlate, AliasesJoinFieldsOfOtherNames) {
  const std::string rule =
      "title: Alias\ncorrelation: {type: temporal, rules: [opened, sent], group-by: [who], timespan: 5m, "
      "aliases: {who: {opened: User, sent: Sender}}}\n";
  const std::vector<std::string> records = {record("opened", 0, "ann"), record("sent", 1, "x", R"(,"Sender":"ann")"),
                                            record("sent", 2, "ann", R"(,"Sender":"carl")")};
  EXPECT_THAT(matches_of(rule, records), ElementsAre("Alias: 1 [0 1]"));
}

TEST(Correlate, ChainsAreSteps) {
  const std::string rules =
      std::string(
          "title: Outer\ncorrelation: {type: temporal_ordered, rules: [many, opened], "
          "group-by: [User], timespan: 10m}\n---\n") +
      "title: Many\nname: many\ncorrelation: {type: event_count, rules: [failed], group-by: [User], "
      "timespan: 10m, condition: {gte: 2}}\n";
  const std::vector<std::string> records = {record("failed", 0, "a"), record("failed", 5, "a"),
                                            record("opened", 14, "a"), record("opened", 15, "b")};
  EXPECT_THAT(matches_of(rules, records), ElementsAre("Outer: 2 [1 2]"));  // Many itself is not reported
}

TEST(Correlate, FaultsNameTheirPlace) {
  struct Row {
    const char* text;
    const char* id;
  };
  const Row rows[] = {
      {"{type: event_cout, rules: [failed], timespan: 5m, condition: {gte: 3}}", "sigma.bad_value"},
      {"{type: event_count, rules: [fail], timespan: 5m, condition: {gte: 3}}", "sigma.unknown_rule"},
      {"{type: event_count, rules: [failed], timespan: 5w, condition: {gte: 3}}", "sigma.bad_value"},
      {"{type: event_count, rules: [failed], condition: {gte: 3}}", "sigma.missing_key"},
      {"{type: event_count, rules: [failed], timespan: 5m}", "sigma.missing_key"},
      {"{type: value_count, rules: [failed], timespan: 5m, condition: {gte: 3}}", "sigma.missing_key"},
      {"{type: event_count, rules: [failed], timespan: 5m, condition: {gte: three}}", "sigma.bad_value"},
      {"{type: event_count, rules: [me], timespan: 5m, condition: {gte: 3}}", "sigma.circle"},
      {"{type: temporal, rules: [failed], timespan: 5m, aliases: {a: {sent: User}}}", "sigma.unknown_rule"},
  };
  for (const Row& row : rows) {
    const auto loaded =
        EventProgram::parse("r.yml", std::string(kRules) + "title: T\nname: me\ncorrelation: " + row.text, {});
    ASSERT_EQ(loaded.diagnostics.size(), 1u) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].id, row.id) << row.text;
    EXPECT_GT(loaded.diagnostics[0].line, 12) << row.text;
    EXPECT_EQ(loaded.program->rules().rules.size(), 3u);  // what is valid stays
  }
}

// What comes out depends on the set of records only.
TEST(CorrelateProperty, OrderAndRepeatsChangeNothing) {
  const auto program = program_of(
      std::string(kThreeFailed) +
      "---\ntitle: Ordered\ncorrelation: {type: temporal_ordered, rules: [failed, opened, sent], group-by: [User], "
      "timespan: 15m}\n---\ntitle: Few\ncorrelation: {type: event_count, rules: [sent], timespan: 20m, condition: {lt: "
      "3}}\n"
      "---\ntitle: Sum\ncorrelation: {type: value_sum, rules: [sent, opened], group-by: [User], timespan: 30m, "
      "condition: {field: Bytes, gt: 1.3}}\n");
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> records;
    for (int i = 0; i < 60; ++i) {
      static constexpr const char* kActions[] = {"failed", "opened", "sent", "other"};
      static constexpr const char* kUsers[] = {"a", "b", "c"};
      const char* action = kActions[random() % 4];
      const int minute = static_cast<int>(random() % 90);
      const char* user = kUsers[random() % 3];
      records.push_back(record(action, minute, user, ",\"Bytes\":0." + std::to_string(random() % 10)));
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < records.size(); ++i) order.push_back(i);
    const auto expected = matches_of(program, records, order);
    EXPECT_FALSE(expected.empty());
    for (int round = 0; round < 3; ++round) {
      for (int repeats = 0; repeats < 10; ++repeats) order.push_back(random() % records.size());
      std::shuffle(order.begin(), order.end(), random);
      EXPECT_EQ(matches_of(program, records, order), expected) << seed;
    }
  }
}

}  // namespace
}  // namespace candor::sigma
