#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/world_test.h"
#include "outbox/outbox.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

// What a directory may hold: markup where a name should be.
constexpr const char* kUsers =
    "userPrincipalName,mail,displayName,id,department,usageLocation,manager\n"
    "mallory.thief@example.com,m.thief@mail.example.com,Mallory <b>Thief</b>,m1,Sales,DE,\n";

class NoticeRoutes : public ::testing::Test {
 protected:
  NoticeRoutes() {
    world_.import(kUsers);
    id_ = open(ada_, World::kThief);
  }

  std::string open(const std::string& token, const std::string& address) {
    const json body = {{"alert_id", world_.alert_of(address)}, {"title", "Files"}, {"reason", "more than ever before"}};
    const Response response = world_.post("/cases", token, body.dump());
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body).value("id", "");
  }
  std::string at() const { return "/cases/" + id_ + "/notices"; }
  Response order(const std::string& token, const std::string& path, const std::string& name = "handling_reminder_en") {
    return world_.post(path, token, json({{"template", name}}).dump());
  }
  std::optional<MessageInHand> next() {
    const ApiContext all = world_.context();
    auto taken = Outbox(all.store, all.keys, all.clock).take(Channel::mail);
    EXPECT_TRUE(taken.has_value());
    return taken ? *taken : std::nullopt;
  }
  static std::string id_of(const Response& response) {
    return json::parse(response.body, nullptr, false).value("id", "");
  }

  World world_;
  const std::string ada_ = world_.sign_in("ada@example.com", "investigator");
  const std::string ben_ = world_.sign_in("ben", "investigator");
  const std::string dora_ = world_.sign_in("dora", "auditor");
  std::string id_;
};

TEST_F(NoticeRoutes, GoesToWhomTheDirectoryTellsAndIsShownMasked) {
  const Response sent = order(ada_, at());
  ASSERT_EQ(sent.status, 201) << sent.body;
  World::expect_no_names(sent.body);
  EXPECT_THAT(sent.body, Not(HasSubstr("m.thief@")));
  const json notice = json::parse(sent.body).at("notices").at(0);
  EXPECT_EQ(notice.at("state"), "waiting");
  EXPECT_THAT(notice.at("text").get<std::string>(), HasSubstr("and name case 1"));
  const auto message = next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message.to, "m.thief@mail.example.com");
  EXPECT_THAT(message->message.text, HasSubstr("Hello Mallory <b>Thief</b>,"));
  EXPECT_THAT(message->message.html, HasSubstr("Hello Mallory &lt;b&gt;Thief&lt;/b&gt;,"));
  EXPECT_FALSE(next());
  const json history = world_.read("/cases/" + id_ + "/history", ada_);
  EXPECT_EQ(history.at("history").back().at("act"), "notice_sent");
  bool told = false;
  for (const AuditLine& line : world_.audit_lines()) {
    told = told || (line.action == "case.notice_sent" && line.viewer == "ada@example.com" &&
                    line.details == R"({"template":"handling_reminder_en"})");
    EXPECT_THAT(line.details + line.reason, Not(HasSubstr("thief")));
  }
  EXPECT_TRUE(told);
}

TEST_F(NoticeRoutes, IsPreviewedWithThePseudonymUntilTheNameIsLifted) {
  const std::string path = at() + "/preview?template=closing_information_de";
  const json masked = world_.read(path, ada_);
  EXPECT_THAT(masked.at("text").get<std::string>(), HasSubstr("Guten Tag Anon-"));
  EXPECT_THAT(masked.at("text").get<std::string>(), HasSubstr("(Fall 1, Regel: "));
  EXPECT_THAT(masked.at("text").get<std::string>(), HasSubstr("Schreiben Sie an privacy@example.com"));
  EXPECT_EQ(masked.at("named"), false);
  EXPECT_EQ(masked.at("has_address"), true);
  World::expect_no_names(masked.dump());
  const Response lifted = world_.post("/alerts/" + world_.alert_of(World::kThief) + "/lift", ada_,
                                      R"({"reason":"have to write to the person"})");
  ASSERT_EQ(lifted.status, 201) << lifted.body;
  const json named = world_.read(path, ada_);
  EXPECT_EQ(named.at("named"), true);
  EXPECT_THAT(named.at("text").get<std::string>(), HasSubstr("Guten Tag Mallory <b>Thief</b>,"));
  EXPECT_THAT(named.dump(), Not(HasSubstr("m.thief@")));
  EXPECT_FALSE(next());
}

TEST_F(NoticeRoutes, ATestGoesToTheViewerWithThePseudonymWhateverIsLifted) {
  ASSERT_EQ(world_
                .post("/alerts/" + world_.alert_of(World::kThief) + "/lift", ada_,
                      R"({"reason":"have to write to the person"})")
                .status,
            201);
  const Response sent = order(ada_, at() + "/test");
  ASSERT_EQ(sent.status, 201) << sent.body;
  const auto message = next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message.to, "ada@example.com");
  EXPECT_EQ(message->message.kind, "notice_test");
  EXPECT_THAT(message->message.subject, HasSubstr("[Test] "));
  EXPECT_THAT(message->message.text, HasSubstr("Hello Anon-"));
  World::expect_no_names(message->message.text + message->message.html);
  EXPECT_EQ(world_.read("/cases/" + id_, ada_).at("counts").at("notices"), 0);
  EXPECT_EQ(id_of(order(ada_, at() + "/test")), "cases.notice_repeated");
  EXPECT_EQ(id_of(order(ada_, at() + "/test", "closing_information_en")), "cases.notice_repeated");
  std::string details;
  for (const AuditLine& line : world_.audit_lines()) {
    if (line.action == "case.notice_tested") details = line.details;
  }
  EXPECT_THAT(details, HasSubstr("address_hash"));
  EXPECT_THAT(details, Not(HasSubstr("ada@")));
}

TEST_F(NoticeRoutes, AreForMembersWhoMay) {
  for (const std::string& path : {at(), at() + "/test"}) {
    EXPECT_EQ(order(dora_, path).status, 403);
    EXPECT_EQ(id_of(order(ben_, path)), "cases.not_member") << path;
  }
  EXPECT_EQ(world_.get(at(), ben_).status, 403);
  EXPECT_EQ(world_.get(at() + "/preview?template=handling_reminder_en", ben_).status, 403);
  EXPECT_EQ(world_.get("/notice-templates", dora_).status, 403);
  EXPECT_FALSE(next());
}

TEST_F(NoticeRoutes, WhatIsNotThereIsNotSent) {
  EXPECT_EQ(id_of(order(ada_, at(), "../roles")), "cases.no_notice");
  EXPECT_EQ(world_.get(at() + "/preview?template=nothing", ada_).status, 404);
  EXPECT_EQ(world_.get(at() + "/preview", ada_).status, 404);
  EXPECT_EQ(world_.get(at() + "/preview?template=a&template=b", ada_).status, 400);
  EXPECT_EQ(world_.post(at(), ada_, R"({"template":"handling_reminder_en","to":"x@example.com"})").status, 400);
  EXPECT_EQ(order(ada_, at()).status, 201);
  EXPECT_EQ(id_of(order(ada_, at())), "cases.notice_repeated");
  world_.set_mail(false);
  EXPECT_EQ(id_of(order(ada_, at(), "closing_information_en")), "cases.mail_off");
  EXPECT_EQ(world_.read("/notice-templates", ada_).at("mail"), false);
  EXPECT_EQ(world_.read("/notice-templates", ada_).at("templates").size(), 4U);
}

TEST_F(NoticeRoutes, ThePersonInTheCaseDoesNotSeeIt) {
  const std::string thief = world_.sign_in(World::kThief, "investigator");
  EXPECT_EQ(world_.get(at(), thief).status, 404);
  EXPECT_EQ(order(thief, at()).status, 404);
}

TEST_F(NoticeRoutes, AViewerNamesAnAddressOfTheOrganisation) {
  const auto set = [&](const std::string& token, const std::string& address) {
    return world_.call(Method::put, "/session/mail", token, json({{"address", address}}).dump());
  };
  EXPECT_EQ(world_.read("/session/mail", ada_).at("address"), "ada@example.com");
  EXPECT_EQ(world_.read("/session/mail", ben_).at("address"), "");
  EXPECT_EQ(id_of(order(ben_, at() + "/test")), "cases.not_member");
  for (const char* bad :
       {"ben", "ben@private.example", "ben@example.com.evil.example", "a b@example.com", "ben@example.com\r\nx"}) {
    EXPECT_EQ(id_of(set(ben_, bad)), "access.bad_mail_address") << bad;
  }
  EXPECT_EQ(set(ben_, "Ben.B@EXAMPLE.org").status, 200);
  EXPECT_EQ(world_.read("/session/mail", ben_).at("address"), "Ben.B@EXAMPLE.org");
  for (const AuditLine& line : world_.audit_lines()) {
    EXPECT_THAT(line.details + line.reason + line.object_id, Not(HasSubstr("Ben.B")));
  }
  EXPECT_EQ(set(ben_, "").status, 200);
  EXPECT_EQ(world_.read("/session/mail", ben_).at("address"), "");
}

TEST_F(NoticeRoutes, AreRemindedUntilSomebodySaysTheyAreAnswered) {
  const json body = {
      {"template", "handling_reminder_de"}, {"remind_on", "2026-06-01"}, {"remind_every_days", 7}, {"remind_most", 2}};
  const Response sent = world_.post(at(), ada_, body.dump());
  ASSERT_EQ(sent.status, 201) << sent.body;
  const json reminders = json::parse(sent.body).at("notices").at(0).at("reminders");
  EXPECT_EQ(reminders.at("next"), "2026-06-01");
  EXPECT_EQ(reminders.at("most"), 2);
  EXPECT_TRUE(reminders.at("end").is_null());
  world_.clock().set(start_of(*parse_day("2026-06-01")) + 9 * 3'600 * kMicrosPerSecond);
  const ApiContext all = world_.context();
  const auto none = [](Transaction&, const CaseBook::Reminded&) -> Result<void> { return {}; };
  ASSERT_EQ(all.cases.send_reminders(none), 1);
  const std::string ada = world_.sign_in("ada2", "admin");
  const json notices = world_.read(at(), ada).at("notices");
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices.at(1).at("reminds"), 1);
  EXPECT_THAT(notices.at(1).at("subject").get<std::string>(), ::testing::StartsWith("Erinnerung: "));
  World::expect_no_names(notices.dump());
  next();  // the notice itself
  const auto reminder = next();
  ASSERT_TRUE(reminder);
  EXPECT_EQ(reminder->message.to, "m.thief@mail.example.com");
  EXPECT_THAT(reminder->message.subject, ::testing::StartsWith("Erinnerung: "));
  EXPECT_EQ(id_of(world_.post(at() + "/2/answered", ada, "")), "cases.not_reminded") << "a reminder is none";
  const Response answered = world_.post(at() + "/1/answered", ada, "");
  ASSERT_EQ(answered.status, 200) << answered.body;
  EXPECT_EQ(json::parse(answered.body).at("notices").at(0).at("reminders").at("end"), "answered");
  EXPECT_EQ(json::parse(answered.body).at("notices").at(0).at("reminders").at("ended_by"), "ada2");
  EXPECT_EQ(world_.audit_lines().front().action, "case.notice_answered");
  EXPECT_EQ(id_of(world_.post(at() + "/1/answered", ada, "")), "cases.not_reminded");
}

TEST_F(NoticeRoutes, RemindersThatAreNone) {
  const auto wish = [&](const json& more) {
    json body = {{"template", "handling_reminder_en"}};
    body.update(more);
    return id_of(world_.post(at(), ada_, body.dump()));
  };
  EXPECT_EQ(wish({{"remind_on", "tomorrow"}}), "cases.bad_reminder");
  EXPECT_EQ(wish({{"remind_on", "2026-05-27"}}), "cases.bad_reminder") << "that is today";
  EXPECT_EQ(wish({{"remind_on", "2027-05-27"}}), "cases.bad_reminder");
  EXPECT_EQ(wish({{"remind_on", "2026-06-01"}, {"remind_every_days", 91}}), "api.bad_property");
  EXPECT_EQ(wish({{"remind_on", "2026-06-01"}, {"remind_most", 3}}), "cases.bad_reminder") << "no days between";
  EXPECT_TRUE(world_.read(at(), ada_).at("notices").empty());
}

}  // namespace
}  // namespace candor::api
