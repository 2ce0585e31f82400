#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/every_operation_test.h"

// Second readings over HTTP: no answer to whoever is to read again carries anything of the first reading, byte for
// byte; and what they say is told afterwards.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Operation = Contract::Operation;

constexpr const char* kReadBecause = "it is the same stick as always";

class RereadRoutes : public ::testing::Test {
 protected:
  RereadRoutes() {
    share(100);
    alert_ = world_.alert_of(World::kOther);
    dismissed_at_ = world_.read("/alerts/" + alert_, world_.boss()).at("evidence_until");
  }
  void share(int percent) {
    const Response set =
        world_.post("/settings/review.reread_percent", world_.boss(),
                    json({{"value", std::to_string(percent)}, {"reason", "every one in this test"}}).dump());
    // 409: it is so already.
    EXPECT_THAT(set.status, AnyOf(200, 201, 409)) << set.body;
  }
  void dismiss(const std::string& token) {
    EXPECT_EQ(world_.post("/alerts/" + alert_ + "/comments", token, R"({"text":"plantedcomment before"})").status, 201);
    const Response done = world_.post(
        "/alerts/" + alert_ + "/dismiss", token,
        json({{"reason", "too_much_activity"}, {"note", "plantednote of the first"}, {"evidence_until", dismissed_at_}})
            .dump());
    ASSERT_EQ(done.status, 200) << done.body;
    // Whoever dismissed it sees what they did, and is not told that it is read again.
    EXPECT_THAT(done.body, HasSubstr("plantednote"));
    EXPECT_EQ(json::parse(done.body).at("waits_for_reread"), false);
  }
  Response answer(const std::string& token, const std::string& said) {
    return world_.post("/rereads/" + alert_ + "/answer", token,
                       json({{"answer", said}, {"reason", kReadBecause}}).dump());
  }
  // Every answer to a question the viewer may ask, about this alert where it is about one.
  std::string everything(const std::string& token) {
    Things things = world_.things();
    things.alert = alert_;
    things.activity = "none";
    std::string all;
    for (const Operation& operation : world_.contract().operations()) {
      // Names of all viewers, whatever they did.
      if (operation.method != "GET" || operation.path == "/case-viewers" || operation.path == "/assignees") continue;
      all += operation.path + "\n" + world_.handler()(with_session(*request_for(operation, things), token)).body + "\n";
    }
    for (const char* const path : {"/person", "/activities?scope=alert", "/activities.csv?scope=alert"})
      all += world_.get("/alerts/" + alert_ + path, token).body;
    all += world_.get("/alerts?by_person=true&status=dismissed", token).body;
    return all;
  }

  FullWorld world_;
  std::string alert_;
  std::string dismissed_at_;
  const std::string dora_ = world_.sign_in("dora.decides", "investigator");
  const std::string rex_ = world_.sign_in("rex", "investigator");
};

TEST_F(RereadRoutes, NothingOfTheFirstReadingReachesTheSecondReader) {
  const std::string before = world_.get("/alerts/" + alert_, rex_).body;
  dismiss(dora_);
  const std::string seen = everything(rex_);
  for (const char* const trace : {"plantednote", "plantedcomment", "dora.decides", "too_much_activity"})
    EXPECT_THAT(seen, Not(HasSubstr(trace)));
  // To whoever reads the audit log, and so is given none, it is all there.
  const std::string known = everything(world_.boss());
  for (const char* const trace : {"plantednote", "plantedcomment", "dora.decides", "too_much_activity"})
    EXPECT_THAT(known, HasSubstr(trace)) << "finds nothing";
  // The alert of the re-reading is the alert as it was.
  const json then = json::parse(before);
  const json now = world_.read("/rereads/" + alert_, rex_);
  for (const char* const part : {"receipt", "why", "triggers", "score", "severity", "status", "evidence_until"})
    EXPECT_EQ(now.at(part), then.at(part)) << part;
  EXPECT_TRUE(now.at("decision").is_null());
  EXPECT_EQ(now.at("waits_for_reread"), true);
  // Acting on it instead tells no more.
  for (const Response& tried : {world_.post("/alerts/" + alert_ + "/confirm", rex_, R"({"note":""})"),
                                world_.post("/alerts/" + alert_ + "/comments", rex_, R"({"text":"what was it"})")}) {
    for (const char* const trace : {"plantednote", "plantedcomment", "dora.decides", "too_much_activity"})
      EXPECT_THAT(tried.body, Not(HasSubstr(trace)));
  }
}

TEST_F(RereadRoutes, IsNotThereForWhoDismissedItNorForWhoKnows) {
  dismiss(dora_);
  EXPECT_EQ(world_.read("/rereads", rex_).at("total"), 1);
  EXPECT_EQ(world_.read("/rereads", dora_).at("total"), 0);
  EXPECT_EQ(world_.get("/rereads/" + alert_, dora_).status, 409);
  EXPECT_EQ(error_id(answer(dora_, "dismiss")), "rereads.not_waiting");
  const json boss = world_.read("/rereads", world_.boss());
  EXPECT_EQ(boss.at("total"), 0);
  EXPECT_EQ(boss.at("knows"), true);
  EXPECT_EQ(error_id(answer(world_.boss(), "dismiss")), "rereads.knows");
  // Nor for whom it is about, though they may decide.
  const std::string own = world_.sign_in(World::kOther, "investigator");
  EXPECT_EQ(world_.read("/rereads", own).at("total"), 0);
  EXPECT_EQ(world_.get("/rereads/" + alert_, own).status, 404);
  // Nor for the one who dismissed it, under another name.
  const auto linked = world_.viewers().link("local/test", "dora.decides", World::kQuiet);
  ASSERT_TRUE(linked) << linked.error().message;
  const std::string twin = world_.sign_in(World::kQuiet, "investigator");
  EXPECT_EQ(world_.read("/rereads", twin).at("total"), 0);
  EXPECT_EQ(error_id(answer(twin, "dismiss")), "rereads.not_waiting");
}

TEST_F(RereadRoutes, NobodyReadsAgainAboutTheirOwnTeam) {
  // Whoever leads the thief: boss@example.com, as the directory of FullWorld tells.
  const std::string leads = world_.sign_in("boss@example.com", "investigator");
  alert_ = world_.alert_of(World::kThief);
  dismissed_at_ = world_.read("/alerts/" + alert_, world_.boss()).at("evidence_until");
  // It is in a case, so no dismissal of it is chosen; that it would be refused is asked of one that is there.
  const auto put = world_.context().store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from case_alerts", {}));
    return {};
  });
  ASSERT_TRUE(put);
  dismiss(dora_);
  EXPECT_EQ(world_.read("/rereads", rex_).at("total"), 1);
  EXPECT_EQ(world_.read("/rereads", leads).at("total"), 0);
  EXPECT_EQ(error_id(answer(leads, "dismiss")), "access.own_team");
  EXPECT_EQ(error_id(world_.get("/rereads/" + alert_, leads)), "access.own_team");
}

TEST_F(RereadRoutes, AgreeingShowsBothToBoth) {
  dismiss(dora_);
  const Response said = answer(rex_, "dismiss");
  ASSERT_EQ(said.status, 200) << said.body;
  const json both = json::parse(said.body);
  EXPECT_EQ(both.at("second_reading").at("agrees"), true);
  EXPECT_EQ(both.at("second_reading").at("first").at("viewer"), "dora.decides");
  EXPECT_THAT(said.body, HasSubstr("plantednote"));
  const json first = world_.read("/alerts/" + alert_, dora_);
  EXPECT_EQ(first.at("second_reading").at("viewer"), "rex");
  EXPECT_EQ(first.at("second_reading").at("reason"), kReadBecause);
  EXPECT_EQ(first.at("status"), "dismissed");
  EXPECT_EQ(answer(rex_, "confirm").status, 409) << "once";
  EXPECT_EQ(world_.read("/rereads", rex_).at("total"), 0);
  std::multiset<std::string> lines;
  for (const AuditLine& line : world_.audit_lines())
    if (line.alert == alert_) lines.insert(line.action);
  for (const char* const once : {"alert.dismissed", "reread.chosen", "reread.answered"})
    EXPECT_EQ(lines.count(once), 1u) << once;
}

TEST_F(RereadRoutes, DisagreeingBringsItBackWithAComment) {
  dismiss(dora_);
  EXPECT_EQ(answer(rex_, "perhaps").status, 400);
  ASSERT_EQ(answer(rex_, "confirm").status, 200);
  const json back = world_.read("/alerts/" + alert_, dora_);
  EXPECT_EQ(back.at("status"), "needs_review");
  EXPECT_EQ(back.at("second_reading").at("agrees"), false);
  EXPECT_THAT(back.at("comments").back().at("text").get<std::string>(), HasSubstr("disagreed with the dismissal"));
  EXPECT_EQ(world_.post("/alerts/" + alert_ + "/confirm", dora_, R"({"note":"it was so"})").status, 200);
}

TEST_F(RereadRoutes, NoneIsChosenWhereTheShareIsNone) {
  share(0);
  dismiss(dora_);
  EXPECT_EQ(world_.read("/rereads", rex_).at("total"), 0);
  EXPECT_EQ(world_.read("/alerts/" + alert_, rex_).at("waits_for_reread"), false);
}

TEST_F(RereadRoutes, AReportTellsOfManyOnly) {
  dismiss(dora_);
  ASSERT_EQ(answer(rex_, "dismiss").status, 200);
  const json few = world_.read("/reports/alerts", world_.boss());
  EXPECT_TRUE(few.at("rereads").is_null());
  const auto more = world_.context().store.transact([&](Transaction& work) -> Result<void> {
    for (std::int64_t decision = 101; decision < 105; ++decision) {
      CANDOR_TRY_VOID(
          work.execute("insert into rereads (alert_id, decision, revision, decided_by, chosen_at, due, answer, reason, "
                       "answered_by, answered_at) values (?1, ?2, 1, 'a', 0, 0, 'confirm', 'b', 'c', 1)",
                       {alert_, decision}));
    }
    return {};
  });
  ASSERT_TRUE(more);
  const json report = world_.read("/reports/alerts", world_.boss());
  const json figures = {{"read", 5}, {"agreed", 1}, {"disagreed", 4}, {"agreement_millionths", 200'000}};
  EXPECT_EQ(report.at("rereads"), figures);
  EXPECT_EQ(report.at("policies").at(0).at("rereads"), figures);
  EXPECT_FALSE(report.at("weeks").at(0).contains("rereads"));
  const std::string csv = world_.get("/reports/alerts.csv?part=policies", world_.boss()).body;
  EXPECT_THAT(csv, HasSubstr("read_again,agreed,disagreed,agreement_percent"));
  EXPECT_THAT(csv, HasSubstr(",5,1,4,20"));
  EXPECT_THAT(world_.get("/reports/alerts.csv?part=weeks", world_.boss()).body, Not(HasSubstr("read_again")));
}

}  // namespace
}  // namespace candor::api
