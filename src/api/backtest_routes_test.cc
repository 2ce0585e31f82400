#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/backtest_runs.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kAll = "/policies/data-leaks/backtests";
constexpr const char* kWhy = R"({"reason":"tuning before the works council"})";

class BacktestRoutes : public ::testing::Test {
 protected:
  // The run once it has ended.
  json tried(const json& body, const std::string& token) {
    const Response begun = world_.post(kAll, token, body.dump());
    EXPECT_EQ(begun.status, 202) << begun.body;
    const std::string address = std::string(kAll) + "/" + json::parse(begun.body).at("id").get<std::string>();
    for (;;) {
      json run = world_.read(address, token);
      if (run.at("state") != "running") return run;
      std::this_thread::yield();
    }
  }
  std::string people_address(const json& run) {
    return std::string(kAll) + "/" + run.at("id").get<std::string>() + "/people";
  }
  std::string yaml() { return world_.read("/policies/data-leaks", ana_).at("yaml"); }
  void decide(const char* who, const std::string& what) {
    const std::string alert = "/alerts/" + world_.alert_of(who);
    json body = {{"note", ""}};
    if (what == "dismiss")
      body = {{"reason", "expected"}, {"note", ""}, {"evidence_until", world_.read(alert, ana_).at("evidence_until")}};
    ASSERT_EQ(world_.post(alert + "/" + what, ana_, body.dump()).status, 200);
  }
  static json step(const json& run, int cut) {
    for (const json& one : run.at("result").at("steps"))
      if (one.at("cut") == cut) return one;
    return nullptr;
  }

  World world_;
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string audrey_ = world_.sign_in("audrey", "auditor");
};

TEST_F(BacktestRoutes, ThePolicyItselfChangesNothing) {
  const json run = tried({{"days", 90}}, audrey_);
  ASSERT_EQ(run.at("state"), "done");
  EXPECT_FALSE(run.at("draft").at("edited"));
  EXPECT_EQ(run.at("done"), run.at("total"));
  const json& result = run.at("result");
  EXPECT_EQ(result.at("people"), 3);
  EXPECT_EQ(result.at("same"), 2);
  EXPECT_EQ(result.at("new").get<int>() + result.at("gone").get<int>() + result.at("changed").get<int>(), 0);
  EXPECT_EQ(step(run, 34).at("alerts"), 2);
  EXPECT_EQ(step(run, 34).at("people"), 2);
  EXPECT_TRUE(result.at("indicators").empty()) << "nothing was decided";
  EXPECT_THAT(run.dump(), Not(HasSubstr("Anon-")));
  const json newest = world_.read(kAll, audrey_);
  EXPECT_EQ(newest.at("newest").at("id"), run.at("id"));
  EXPECT_FALSE(newest.at("busy"));
}

TEST_F(BacktestRoutes, TellsWhatAHigherCutLosesAndHowOftenPeopleAgreed) {
  decide(World::kThief, "confirm");
  decide(World::kOther, "dismiss");
  const json run = tried({{"days", 90}, {"cut", 100}}, ana_);
  const json& result = run.at("result");
  EXPECT_EQ(run.at("draft").at("cut"), 100);
  EXPECT_TRUE(run.at("draft").at("edited"));
  EXPECT_EQ(result.at("gone"), 2);
  EXPECT_EQ(result.at("confirmed"), 1);
  EXPECT_EQ(result.at("dismissed"), 1);
  EXPECT_EQ(step(run, 100).at("confirmed_lost"), 1);
  EXPECT_EQ(step(run, 100).at("dismissed_gone"), 1);
  EXPECT_EQ(step(run, 15).at("confirmed_lost"), 0);
  ASSERT_EQ(result.at("indicators").size(), 2u);
  EXPECT_EQ(result.at("indicators")[0].at("name"), "usb_copy");
  EXPECT_EQ(result.at("indicators")[0].at("precision_percent"), 50);
  EXPECT_EQ(result.at("indicators")[1].at("title"), "Download from SharePoint");
  EXPECT_EQ(result.at("indicators")[1].at("precision_percent"), 100);
}

TEST_F(BacktestRoutes, ADraftIsComparedWithThePolicyInForce) {
  std::string draft = yaml();
  const std::string weight = "{category: collection, weight: 0.5}";
  ASSERT_NE(draft.find(weight), std::string::npos);
  draft.replace(draft.find(weight), weight.size(), "{category: collection, weight: 0.9}");
  const json run = tried({{"days", 90}, {"yaml", draft}}, ana_);
  EXPECT_TRUE(run.at("draft").at("edited"));
  EXPECT_EQ(run.at("result").at("changed"), 1) << "only one of them downloaded";
  EXPECT_EQ(run.at("result").at("same"), 1);
  EXPECT_EQ(world_.read("/policies/data-leaks", ana_).at("yaml"), yaml()) << "nothing was changed";
}

TEST_F(BacktestRoutes, ADraftWithErrorsSaysWhere) {
  std::string draft = yaml();
  draft.replace(draft.find("category: exfiltration"), 22, "category: exfiltrated!");
  const Response answer = world_.post(kAll, ana_, json{{"days", 90}, {"yaml", draft}}.dump());
  ASSERT_EQ(answer.status, 422) << answer.body;
  const json faults = json::parse(answer.body).at("diagnostics");
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].at("line"), 9);
  EXPECT_EQ(faults[0].at("severity"), "error");
  EXPECT_TRUE(world_.read(kAll, ana_).at("newest").is_null());
}

TEST_F(BacktestRoutes, PeopleOnlyByRightForAReasonAndInTheAuditLog) {
  const json run = tried({{"days", 90}}, ana_);
  const std::string address = people_address(run);
  EXPECT_EQ(world_.post(address, ana_, R"({"reason":"short"})").status, 400);
  EXPECT_EQ(world_.post(address, audrey_, kWhy).status, 403);
  const Response answer = world_.post(address, ana_, R"({"reason":"is it mallory.thief@example.com again?"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  for (const char* name : {"allory", "hief", "bob.other"}) EXPECT_THAT(answer.body, Not(HasSubstr(name)));
  const json people = json::parse(answer.body);
  EXPECT_EQ(people.at("total"), 2);
  const json& first = people.at("alerts")[0];
  EXPECT_THAT(first.at("person").at("pseudonym").get<std::string>(), ::testing::StartsWith("Anon-"));
  EXPECT_EQ(first.at("change"), "same");
  EXPECT_THAT(first.at("draft").at("parts")[0].at("text").get<std::string>(), HasSubstr("Copy to USB"));
  EXPECT_EQ(json::parse(world_.post(address + "?change=new&change=gone", ana_, kWhy).body).at("total"), 0);
  EXPECT_EQ(world_.post(address + "?change=other", ana_, kWhy).status, 400);
  EXPECT_EQ(json::parse(world_.post(address + "?limit=1&page=2", ana_, kWhy).body).at("alerts").size(), 1u);
  int runs = 0;
  int looks = 0;
  for (const AuditLine& line : world_.audit_lines()) {
    EXPECT_THAT(line.details + line.reason, Not(HasSubstr("mallory")));
    runs += line.action == "backtest.run" ? 1 : 0;
    looks += line.action == "backtest.people" ? 1 : 0;
  }
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(looks, 3);
}

TEST_F(BacktestRoutes, IsNobodyElsesAndIsForgotten) {
  const json run = tried({{"days", 30}}, ana_);
  const std::string address = std::string(kAll) + "/" + run.at("id").get<std::string>();
  EXPECT_EQ(world_.get(address, audrey_).status, 404);
  EXPECT_EQ(world_.call(Method::del, address, audrey_).status, 404);
  EXPECT_TRUE(world_.read(kAll, audrey_).at("newest").is_null());
  EXPECT_EQ(world_.get("/policies/other/backtests/" + run.at("id").get<std::string>(), ana_).status, 404);
  EXPECT_EQ(world_.call(Method::del, address, ana_).status, 204);
  EXPECT_EQ(world_.get(address, ana_).status, 404);
  EXPECT_EQ(world_.post(address + "/people", ana_, kWhy).status, 404);
}

TEST_F(BacktestRoutes, RefusesWhatItCannotTry) {
  for (const char* body : {R"({})", R"({"days":0})", R"({"days":3651})", R"({"days":"90"})", R"({"days":90,"cut":0})",
                           R"({"days":90,"cut":101})", R"({"days":90,"yaml":7})", R"({"days":90,"yaml":""})",
                           R"({"days":90,"more":"x"})", R"({"days":-1})", R"({"days":1.5})"})
    EXPECT_EQ(world_.post(kAll, ana_, body).status, 400) << body;
  EXPECT_EQ(world_.post("/policies/nothing/backtests", ana_, R"({"days":90})").status, 404);
  EXPECT_EQ(world_.get("/policies/nothing/backtests", ana_).status, 404);
}

// Stands still at the end of a run until it is let go.
class GateClock final : public Clock {
 public:
  TimePoint now() const override {
    std::unique_lock lock(mutex_);
    if (calls_++ > 0) opened_.wait(lock, [this] { return open_; });
    return time_;
  }
  void open(TimePoint time) {
    const std::lock_guard lock(mutex_);
    open_ = true;
    time_ = time;
    opened_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable opened_;
  mutable int calls_ = 0;
  bool open_ = false;
  TimePoint time_ = 0;
};

class Runs : public ::testing::Test {
 protected:
  BacktestOrder order() const {
    auto compiled = context_.policies.compile(context_.indicators->indicators(), context_.scoring);
    BacktestOrder order;
    order.viewer = "ana";
    order.policy_id = "data-leaks";
    order.live = compiled->policies.front();
    order.draft = order.live->versions.back().policy;
    order.days = 90;
    order.to = day_of(context_.clock.now());
    order.from = order.to - 89;
    return order;
  }

  World world_;
  const ApiContext context_ = world_.context();
  const AssessSources sources_{context_.timeline, context_.store, context_.people, context_.facts};
  const HiddenPeople nobody_;
  const BacktestRuns::Mine mine_{.viewer = "ana", .policy_id = "data-leaks", .without = nobody_};
};

TEST_F(Runs, WhoMaySeeFewerSinceSeesNothingOfIt) {
  FixedClock clock(0);
  BacktestRuns runs(sources_, clock);
  ASSERT_TRUE(runs.start(order()).has_value());
  while (runs.busy()) std::this_thread::yield();
  HiddenPeople limited;
  limited.outside_units = std::vector<std::string>{"sales"};
  const BacktestRuns::Mine less{.viewer = "ana", .policy_id = "data-leaks", .without = limited};
  EXPECT_FALSE(runs.newest(less).has_value());
  EXPECT_EQ(runs.find(less, "1").error().id, "backtest.unknown");
  EXPECT_EQ(runs.cancel(less, "1").error().id, "backtest.unknown");
  EXPECT_TRUE(runs.newest(mine_).has_value());
}

TEST_F(Runs, OneAtATimeAndKeptForAnHour) {
  GateClock clock;
  BacktestRuns runs(sources_, clock);
  const auto first = runs.start(order());
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(runs.busy());
  const auto second = runs.start(order());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().id, "backtest.busy");
  EXPECT_TRUE(runs.cancel(mine_, "1").has_value());
  EXPECT_TRUE(runs.find(mine_, "1").has_value()) << "it has not ended yet";
  clock.open(0);
  while (runs.busy()) std::this_thread::yield();
  EXPECT_TRUE(runs.newest(mine_).has_value());
  clock.open(BacktestRuns::kKept + 1);
  EXPECT_FALSE(runs.newest(mine_).has_value());
  EXPECT_EQ(runs.find(mine_, "1").error().id, "backtest.unknown");
}

TEST_F(Runs, OnlyTheLastFewAreKept) {
  FixedClock clock(0);
  BacktestRuns runs(sources_, clock);
  for (std::size_t i = 0; i < BacktestRuns::kMostKept + 2; ++i) {
    ASSERT_TRUE(runs.start(order()).has_value());
    while (runs.busy()) std::this_thread::yield();
  }
  EXPECT_FALSE(runs.find(mine_, "2").has_value());
  EXPECT_TRUE(runs.find(mine_, "3").has_value());
  EXPECT_EQ(runs.newest(mine_)->number, 6);
}

TEST_F(Runs, AStoppedOneGivesNothing) {
  const BacktestOrder wanted = order();
  std::stop_source stop;
  BacktestOptions options;
  options.from = wanted.from;
  options.to = wanted.to;
  options.batch = 1;
  options.stop = stop.get_token();
  std::size_t seen = 0;
  options.progress = [&](std::size_t done, std::size_t) {
    seen = done;
    stop.request_stop();
  };
  const auto result = backtest(sources_, *wanted.draft, &*wanted.live, {}, {}, options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().id, "backtest.cancelled");
  EXPECT_EQ(seen, 1u) << "the first person was the last";
}

}  // namespace
}  // namespace candor::api
