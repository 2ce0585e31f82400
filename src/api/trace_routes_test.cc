#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "api/every_operation_test.h"
#include "api/trace_runs.h"
#include "api/world_test.h"

// Where one content went, over HTTP: who may ask, run and read, what is masked, and what stays with the case.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kToday = 20'600;  // of the world
constexpr const char* kDocument = "https://example.com/sites/plans/deal of Bob.Other.docx";
// Bidi override, a script, a formula.
constexpr const char* kHostileFile = "=cmd|' /C calc'!A0 \xE2\x80\xAE<script>x</script> mallory.thief.zip";

class TraceRoutes : public ::testing::Test {
 protected:
  TraceRoutes() {
    step(World::kThief, 1, "FileDownloaded",
         {{"candor.object.id", kDocument}, {"file.name", "deal of Bob.Other.docx"}});
    step(World::kThief, 2, "FileRenamed",
         {{"candor.object.id", kDocument},
          {"file.name", "deal of Bob.Other.docx"},
          {"candor.file.new_name", kHostileFile}});
    step(World::kThief, 3, "Send", {{"email.message_id", "<1@example.com>"}}, kHostileFile, World::kOther);
    step(World::kOther, 4, "Send", {{"email.message_id", "<2@example.com>"}}, kHostileFile, "buyer@rival.example");
    world_.import(
        "userPrincipalName,displayName,id\nmallory.thief@example.com,Mallory Thief,m1\n"
        "bob.other@example.com,Bob Other,o1\n");
    world_.set_invented(false);
    case_ = open(ina_);
  }

  void step(const std::string& who, int hour, const std::string& operation,
            const std::map<std::string, std::string>& fields, const std::string& attachment = "",
            const std::string& to = "") {
    const ApiContext context = world_.context();
    Activity activity(context.catalogue);
    activity.actor = ActorKind::person;
    activity.time = start_of(kToday - 2) + hour * 3600 * kMicrosPerSecond;
    activity.record_id = activity.keep("t" + std::to_string(hour));
    activity.operation = operation;
    activity.account = who;
    activity.raw = activity.keep(operation + std::to_string(hour));
    for (const auto& [name, text] : fields) activity.set_text(context.catalogue->require(name), text);
    const std::string_view attached[] = {attachment};
    const std::string_view recipients[] = {to};
    if (!attachment.empty()) {
      activity.set_list(context.catalogue->require("email.attachments.file.name"), attached);
      activity.set_list(context.catalogue->require("email.to.address"), recipients);
    }
    // The world's own timeline: nobody else writes.
    ASSERT_TRUE(const_cast<Timeline&>(context.timeline).append_one(activity, {}).has_value());
  }

  std::string open(const std::string& token) {
    const Response made = world_.post(
        "/cases", token,
        json{{"alert_id", world_.alert_of(World::kThief)}, {"title", "Files"}, {"reason", "offered for sale"}}.dump());
    EXPECT_EQ(made.status, 201) << made.body;
    return json::parse(made.body).value("id", "");
  }
  static json asked(const std::string& kind = "document", const std::string& start = kDocument) {
    return {{"kind", "data_trace"},
            {"from", "2026-05-01"},
            {"until", "2026-05-27"},
            {"start_kind", kind},
            {"start", start},
            {"reason", "a partner was offered the deal"},
            {"milder", "the alert shows one person's part of it"}};
  }
  Response ask(const std::string& token, const json& body = asked()) {
    return world_.post("/cases/" + case_ + "/requests", token, body.dump());
  }
  // Asked by `ina`, agreed to by `app`.
  std::string agreed(const json& body = asked()) {
    const Response made = ask(ina_, body);
    EXPECT_EQ(made.status, 201) << made.body;
    const std::string number = std::to_string(json::parse(made.body).value("number", 0));
    const Response done =
        world_.post("/requests/" + number + "/approve", app_, R"({"reason":"asked the head of legal"})");
    EXPECT_EQ(done.status, 200) << done.body;
    return number;
  }
  std::string error(const Response& response) { return error_id(response); }

  World world_;
  const std::string ina_ = world_.sign_in("ina", "investigator");
  const std::string ian_ = world_.sign_in("ian", "investigator");
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string ada_ = world_.sign_in("ada", "admin");
  const std::string app_ = world_.sign_in("app", "approver");
  const std::string aud_ = world_.sign_in("aud", "auditor");
  std::string case_;
};

TEST_F(TraceRoutes, AskedForAgreedToRunAndReadByMembersOnly) {
  const json made = json::parse(ask(ina_).body);
  EXPECT_EQ(made.at("state"), "waits");
  EXPECT_EQ(made.at("start").at("kind"), "document");
  EXPECT_EQ(made.at("case_id"), case_);
  EXPECT_EQ(error(world_.post("/requests/1/trace", ina_, "")), "requests.not_open") << "nobody has agreed";
  EXPECT_EQ(error(world_.post("/requests/1/approve", ina_, R"({"reason":"asked the head of legal"})")),
            "access.not_allowed");
  EXPECT_EQ(world_.post("/requests/1/approve", app_, R"({"reason":"asked the head of legal"})").status, 200);
  EXPECT_EQ(world_.read("/requests/1/trace", ina_).at("state"), "none");
  EXPECT_EQ(error(world_.get("/requests/1/trace.csv", ina_)), "trace.unknown");
  const json found = run_trace(world_, ina_, "1");
  EXPECT_EQ(found.at("state"), "done");
  const json& steps = found.at("result").at("steps");
  ASSERT_EQ(steps.size(), 4u) << found.dump(1);
  EXPECT_EQ(steps[0].at("act"), "downloaded");
  EXPECT_EQ(steps[0].at("strength"), "start");
  EXPECT_EQ(steps[1].at("act"), "renamed");
  EXPECT_EQ(steps[1].at("from"), 1);
  EXPECT_EQ(steps[2].at("act"), "mailed");
  EXPECT_EQ(steps[2].at("given_to"), json::array({1}));
  EXPECT_EQ(steps[3].at("tie"), "handed_over");
  EXPECT_EQ(steps[3].at("strength"), "likely");
  EXPECT_EQ(found.at("result").at("people").size(), 2u);
  EXPECT_EQ(found.at("result").at("places").at(0).at("place"), "rival.example");

  // Nobody else: no other investigator, not who agreed, no other role.
  for (const std::string& other : {ian_, ada_})
    EXPECT_EQ(error(world_.get("/requests/1/trace", other)), "requests.not_found");
  for (const std::string& other : {app_, ana_, aud_})
    EXPECT_EQ(error(world_.get("/requests/1/trace", other)), "access.not_allowed");
  ASSERT_EQ(world_.post("/cases/" + case_ + "/contributors", ina_, R"({"user":"ian"})").status, 200);
  EXPECT_EQ(world_.read("/requests/1/trace", ian_).at("state"), "none") << "what another member ran is not theirs";
  EXPECT_EQ(run_trace(world_, ian_, "1").at("result").at("steps").size(), 4u);
  EXPECT_EQ(world_.call(Method::del, "/requests/1/trace", ian_).status, 204);
  EXPECT_EQ(world_.read("/requests/1/trace", ian_).at("state"), "none");
  EXPECT_EQ(world_.read("/requests?case=" + case_, ina_).at("total"), 1);
  EXPECT_EQ(world_.read("/requests?case=" + std::string(32, 'e'), ina_).at("total"), 0);
  // Taken back, it is nobody's any more.
  EXPECT_EQ(world_.post("/requests/1/withdraw", ina_, R"({"reason":"was answered otherwise"})").status, 200);
  EXPECT_EQ(error(world_.get("/requests/1/trace", ina_)), "requests.not_open");
}

TEST_F(TraceRoutes, NeedsACaseThatIsOpenAndWorkedOn) {
  EXPECT_EQ(error(ask(ian_)), "cases.not_member");
  EXPECT_EQ(error(ask(ana_)), "access.not_allowed");
  const Response at_alert =
      world_.post("/alerts/" + world_.alert_of(World::kThief) + "/requests", ina_, asked().dump());
  EXPECT_EQ(error(at_alert), "requests.bad");
  EXPECT_THAT(at_alert.body, HasSubstr("of a case"));
  const std::string number = agreed();
  const json detail = world_.read("/cases/" + case_, ina_);
  ASSERT_EQ(world_
                .post("/cases/" + case_ + "/close", ina_,
                      json{{"resolution", "benign"},
                           {"action", "none"},
                           {"text", "was agreed with them"},
                           {"alerts_seen", detail.at("alerts_seen")}}
                          .dump())
                .status,
            200);
  EXPECT_EQ(error(world_.post("/requests/" + number + "/trace", ina_, "")), "cases.closed");
  EXPECT_EQ(error(ask(ina_)), "cases.closed");
}

TEST_F(TraceRoutes, BadStartsSayWhatIsWrong) {
  for (const auto& [kind, start] : {std::pair("hash", "xyz"), std::pair("domain", "no domain"),
                                    std::pair("site", "plans"), std::pair("file", " ")}) {
    EXPECT_EQ(error(ask(ina_, asked(kind, start))), "trace.bad_start") << kind;
  }
  EXPECT_EQ(error(ask(ina_, asked("person", "x"))), "api.bad_property");
  EXPECT_EQ(error(ask(ina_, asked("activity", std::string(64, '0')))), "api.no_activity");
  json without = asked();
  without.erase("start");
  EXPECT_EQ(error(ask(ina_, without)), "trace.bad_start");
  json other = asked();
  other["kind"] = "content";
  EXPECT_EQ(error(ask(ina_, other)), "requests.bad") << "says what to begin with, and is no trace";
  json year = asked();
  year["from"] = "2025-05-01";
  EXPECT_THAT(ask(ina_, year).body, HasSubstr("366 days"));
}

TEST_F(TraceRoutes, FromAnActivityOfTheCasesPerson) {
  const std::string alert = world_.alert_of(World::kThief);
  const std::string activity = world_.activity_id(alert, "deal of", ina_);
  ASSERT_EQ(activity.size(), 64u);
  const json made = json::parse(ask(ina_, asked("activity", activity)).body);
  EXPECT_EQ(made.at("start").at("kind"), "activity");
  EXPECT_THAT(made.at("start").at("text").get<std::string>(), HasSubstr("deal of"));
  ASSERT_EQ(world_.post("/requests/1/approve", app_, R"({"reason":"asked the head of legal"})").status, 200);
  EXPECT_EQ(run_trace(world_, ina_, "1").at("result").at("steps").size(), 4u);
  // Of somebody else's there is none here.
  const std::string other = world_.activity_id(world_.alert_of(World::kOther), "b1", ina_);
  EXPECT_EQ(error(ask(ina_, asked("activity", other))), "api.no_activity");
}

TEST_F(TraceRoutes, EveryTextIsMaskedByTheNamesOfAllUntilTheyAreLifted) {
  json wanted = asked();
  wanted["reason"] = "mallory.thief@example.com is said to have offered it";
  const std::string number = agreed(wanted);
  const std::string at = "/requests/" + number + "/trace";
  run_trace(world_, ina_, number);
  const Response masked = world_.get(at, ina_);
  World::expect_no_names(masked.body);  // the thief's file is named after the other one
  EXPECT_THAT(masked.body, HasSubstr("Anon-"));
  World::expect_no_names(world_.get(at + ".csv", ina_).body);
  World::expect_no_names(world_.get(at + ".json", ina_).body);
  EXPECT_THAT(world_.get("/requests/" + number, app_).body, Not(HasSubstr("mallory")));

  const std::string alert = world_.alert_of(World::kOther);
  ASSERT_EQ(world_.post("/alerts/" + alert + "/lift", ina_, R"({"reason":"asked the head of legal"})").status, 201);
  const json lifted = world_.read(at, ina_);
  EXPECT_THAT(lifted.at("result").at("people").at(1).at("person").at("name").get<std::string>(), HasSubstr("Bob"));
  EXPECT_THAT(lifted.at("result").at("steps").at(0).at("name").get<std::string>(), HasSubstr("Bob.Other"));
  EXPECT_THAT(lifted.dump(), Not(HasSubstr("mallory")));

  // Kept, it names nobody all the same: others read it.
  const Response kept = world_.post(at + "/keep", ina_, "");
  ASSERT_EQ(kept.status, 201) << kept.body;
  const json evidence = json::parse(kept.body);
  EXPECT_EQ(evidence.at("name"), "trace-" + number + ".json");
  const Response file = world_.get("/cases/" + case_ + "/evidence/1/file", ina_);
  ASSERT_EQ(file.status, 200);
  World::expect_no_names(file.body);
  const json snapshot = json::parse(file.body);
  EXPECT_EQ(snapshot.at("result").at("steps").size(), 4u);
  EXPECT_EQ(snapshot.at("request"), std::stoi(number));
  // What is in the audit log names nobody, and what each did is there.
  std::set<std::string> acts;
  std::multiset<std::string> shown;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.action.starts_with("trace.") || line.action == "request.asked") {
      acts.insert(line.action);
      World::expect_no_names(line.details + line.reason);
    }
    if (line.action == "trace.person_shown") shown.insert(line.pseudonym);
    if (line.action == "trace.kept") {
      EXPECT_THAT(line.details, HasSubstr(evidence.at("sha256").get<std::string>()));
    }
  }
  EXPECT_EQ(acts, (std::set<std::string>{"request.asked", "trace.run", "trace.viewed", "trace.person_shown",
                                         "trace.exported", "trace.kept"}));
  EXPECT_EQ(shown.size(), 2u) << "each of them once a run, however often it is looked at";
}

TEST_F(TraceRoutes, HostileNamesStayTexts) {
  const std::string number = agreed();
  run_trace(world_, ina_, number);
  const Response csv = world_.get("/requests/" + number + "/trace.csv", ina_);
  ASSERT_EQ(csv.status, 200);
  EXPECT_THAT(csv.body, HasSubstr(",'=cmd|' /C calc'!A0 ")) << csv.body;
  EXPECT_THAT(csv.body, Not(HasSubstr(",=cmd")));
  EXPECT_THAT(csv.body, HasSubstr("number,time,person,act,strength,tie,from"));
  const Response file = world_.get("/requests/" + number + "/trace.json", ina_);
  EXPECT_EQ(file.header("Content-Disposition"), "attachment; filename=\"candor-trace-" + number + ".json\"");
  EXPECT_TRUE(json::parse(file.body).at("read_all").get<bool>());
  EXPECT_EQ(error(world_.get("/requests/" + number + "/trace.csv", ana_)), "access.not_allowed");
}

TEST_F(TraceRoutes, WhoeverIsInItIsToldNothingOfThemselves) {
  const std::string bob = world_.sign_in(World::kOther, "investigator");
  ASSERT_EQ(world_.post("/cases/" + case_ + "/contributors", ina_, json{{"user", World::kOther}}.dump()).status, 200);
  const std::string number = agreed();
  const json all = run_trace(world_, ina_, number).at("result");
  const json own = run_trace(world_, bob, number).at("result");
  EXPECT_EQ(own.at("steps").size(), 3u);
  EXPECT_EQ(own.at("people").size(), 1u);
  EXPECT_EQ(own.at("hidden_people"), 0);
  EXPECT_TRUE(own.at("places").empty());
  EXPECT_THAT(own.dump(), Not(HasSubstr(all.at("people").at(1).at("person").at("pseudonym").get<std::string>())));
}

TEST_F(TraceRoutes, TheStartIsStoredSealed) {
  agreed();
  const ApiContext context = world_.context();
  auto reading = context.store.read();
  const auto row = reading->row("select kind, sealed from request_starts where number = 1", {});
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->text(0), "document");
  EXPECT_THAT((*row)->text(1), Not(HasSubstr("deal")));
}

TEST_F(TraceRoutes, WhoMaySeeFewerSinceSeesNothingOfIt) {
  const ApiContext context = world_.context();
  const FixedClock clock(0);
  TraceRuns runs(
      {.timeline = context.timeline, .store = context.store, .keys = context.keys, .catalogue = *context.catalogue},
      clock);
  TraceOrder order{.viewer = "ina", .request = 1, .start = *read_trace_start(TraceStartKind::document, kDocument)};
  order.from = kToday - 10;
  order.to = kToday;
  ASSERT_TRUE(runs.start(std::move(order)).has_value());
  while (runs.busy()) std::this_thread::yield();
  HiddenPeople limited;
  limited.outside_units = std::vector<std::string>{"sales"};
  EXPECT_FALSE(runs.find("ina", 1, limited).has_value());
  EXPECT_EQ(runs.cancel("ina", 1, limited).error().id, "trace.unknown");
  ASSERT_TRUE(runs.find("ina", 1, {}).has_value());
  EXPECT_NE(runs.find("ina", 1, {})->result, nullptr);
}

}  // namespace
}  // namespace candor::api
