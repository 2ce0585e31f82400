#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/evidence_admission.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kReason = "more files than ever before";
// What a log, or a colleague, may put anywhere there is text: markup, a right-to-left override, a formula.
constexpr const char* kHostile =
    "<script>alert(1)</script> \xe2\x80\xae"
    "fdp.exe =cmd|' /C calc'!A1";

class CaseRoutes : public ::testing::Test {
 protected:
  std::string open(const std::string& token, const std::string& address,
                   const std::string& title = "Files to a stick") {
    const Response response = world_.post(
        "/cases", token, json({{"alert_id", world_.alert_of(address)}, {"title", title}, {"reason", kReason}}).dump());
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body).value("id", "");
  }
  Response say(const std::string& token, const std::string& path, const json& body) {
    return world_.post(path, token, body.dump());
  }
  Response upload(const std::string& token, const std::string& id, const std::string& name, const std::string& bytes) {
    Request request;
    request.method = Method::post;
    request.target = "/api/v1/cases/" + id + "/evidence";
    request.headers = {{"x-candor-request", "1"},
                       {"cookie", "candor_session=" + token},
                       {"content-type", "application/octet-stream"},
                       {"x-candor-file-name", name}};
    request.body = bytes;
    return world_.send(std::move(request));
  }
  static std::string encoded(const std::string& text) {
    std::string out;
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return out;
  }

  World world_;
  const std::string ada_ = world_.sign_in("ada", "investigator");
  const std::string ben_ = world_.sign_in("ben", "investigator");
};

TEST_F(CaseRoutes, FromAlertToClosureAndBack) {
  const std::string alert = "/alerts/" + world_.alert_of(World::kThief);
  EXPECT_TRUE(world_.read(alert, ada_).at("case").is_null());
  const std::string id = open(ada_, World::kThief);
  const std::string path = "/cases/" + id;
  const json of_alert = world_.read(alert, ada_);
  EXPECT_EQ(of_alert.at("case"), json({{"id", id}, {"number", 1}}));
  EXPECT_EQ(of_alert.at("status"), "confirmed");
  EXPECT_EQ(of_alert.at("decision").at("note"), kReason);

  EXPECT_EQ(say(ada_, path + "/notes", {{"text", "asked @ben to look"}}).status, 201);
  EXPECT_EQ(
      say(ada_, path + "/tasks", {{"text", "ask the manager"}, {"due", "2026-06-01"}, {"assigned_to", "ada"}}).status,
      201);
  EXPECT_EQ(world_.call(Method::post, path + "/tasks/1/done", ada_).status, 200);
  EXPECT_EQ(upload(ada_, id, "log.txt", "bytes").status, 201);
  EXPECT_EQ(world_.read(path + "/notes", ada_).at("notes")[0].at("text"), "asked @ben to look");
  const json task = world_.read(path + "/tasks", ada_).at("tasks")[0];
  EXPECT_EQ(task.at("due"), "2026-06-01");
  EXPECT_EQ(task.at("done_by"), "ada");

  const json shown = world_.read(path, ada_);
  EXPECT_EQ(shown.at("counts"), json({{"notes", 1}, {"tasks", 1}, {"open_tasks", 0}, {"evidence", 1}, {"notices", 0}}));
  json closure = {{"resolution", "confirmed_policy_violation"},
                  {"action", "coached"},
                  {"text", "spoke with them"},
                  {"alerts_seen", std::string(32, '0')}};
  EXPECT_EQ(say(ada_, path + "/close", closure).status, 409) << "something else was shown";
  closure["alerts_seen"] = shown.at("alerts_seen");
  const Response closed = say(ada_, path + "/close", closure);
  ASSERT_EQ(closed.status, 200) << closed.body;
  EXPECT_EQ(json::parse(closed.body).at("closing").at("action"), "coached");
  EXPECT_EQ(world_.read(alert, ada_).at("status"), "resolved");
  EXPECT_EQ(say(ada_, path + "/notes", {{"text", "late"}}).status, 409);
  EXPECT_EQ(say(ada_, path + "/reopen", {{"reason", "new evidence came in"}}).status, 200);
  EXPECT_EQ(say(ada_, path + "/notes", {{"text", "late"}}).status, 201);

  std::vector<std::string> acts;
  const json history = world_.read(path + "/history", ada_);
  for (const json& line : history.at("history")) acts.push_back(line.at("act"));
  EXPECT_THAT(acts, ::testing::ElementsAre("opened", "note_added", "task_added", "task_done", "evidence_added",
                                           "closed", "reopened", "note_added"));
  std::multiset<std::string> lines;
  for (const AuditLine& line : world_.audit_lines())
    if (line.object_id == id) lines.insert(line.action);
  for (const char* once : {"case.opened", "case.task_added", "case.task_done", "case.evidence_added", "case.closed",
                           "case.closed failed", "case.note_added failed", "case.reopened", "case.notes_viewed"})
    EXPECT_EQ(lines.count(once), 1u) << once;
  EXPECT_EQ(lines.count("case.note_added"), 2u);
}

TEST_F(CaseRoutes, NamesNobody) {
  const std::string said = "Mallory Thief (mallory.thief@example.com) took it";
  const std::string id = open(ada_, World::kThief, said);
  const std::string path = "/cases/" + id;
  EXPECT_EQ(say(ada_, path + "/notes", {{"text", said}}).status, 201);
  EXPECT_EQ(say(ada_, path + "/tasks", {{"text", said}}).status, 201);
  EXPECT_EQ(upload(ada_, id, encoded("mallory.thief@example.com.pst"), "x").status, 201);
  for (const std::string& target :
       {std::string("/cases"), path, path + "/notes", path + "/tasks", path + "/evidence", path + "/history"}) {
    const Response response = world_.get(target, ada_);
    EXPECT_EQ(response.status, 200);
    std::string body = response.body;
    // The machine's own words: a viewer typed "Mallory Thief" apart, which is not the person's address.
    for (const char* typed : {"Mallory Thief"})
      for (std::size_t at = body.find(typed); at != std::string::npos; at = body.find(typed)) body.erase(at, 13);
    World::expect_no_names(body);
  }
  const Response file = world_.get(path + "/evidence/1/file", ada_);
  World::expect_no_names(file.header("content-disposition").data());
  for (const AuditLine& line : world_.audit_lines()) World::expect_no_names(line.details);
  // Lifted for the one who has a reason, and for nobody else.
  EXPECT_EQ(say(ada_, "/alerts/" + world_.alert_of(World::kThief) + "/lift", {{"reason", "to speak with them"}}).status,
            201);
  EXPECT_THAT(world_.get(path, ada_).body, HasSubstr("mallory.thief@example.com"));
  EXPECT_THAT(world_.get(path, ben_).body, Not(HasSubstr("mallory.thief@example.com")));
}

TEST_F(CaseRoutes, HostileTextStaysText) {
  const std::string id = open(ada_, World::kThief, kHostile);
  const std::string path = "/cases/" + id;
  EXPECT_EQ(say(ada_, path + "/notes", {{"text", kHostile}}).status, 201);
  EXPECT_EQ(upload(ada_, id, encoded(kHostile), "<script>alert(1)</script>").status, 201);
  EXPECT_EQ(world_.read(path, ada_).at("title"), kHostile);
  EXPECT_EQ(world_.read(path + "/notes", ada_).at("notes")[0].at("text"), kHostile);
  // Of a path the last part is the name, whoever sent it.
  EXPECT_EQ(world_.read(path + "/evidence", ada_).at("evidence")[0].at("name"), "C calc'!A1");
}

TEST_F(CaseRoutes, FilesAreAttachmentsOnly) {
  const std::string id = open(ada_, World::kThief);
  const std::string page = "<script>alert(1)</script>";
  ASSERT_EQ(upload(ada_, id, encoded("<b>\"page\xe2\x80\xae.html\r\nX-Evil: 1"), page).status, 201);
  const Response file = world_.get("/cases/" + id + "/evidence/1/file", ada_);
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, page);
  EXPECT_EQ(file.header("content-type"), "application/octet-stream");
  EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"case-1-1-_b__page___.html__X-Evil__1\"");
  EXPECT_EQ(file.header("content-security-policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(world_.get("/cases/" + id + "/evidence/2/file", ada_).status, 404);
  EXPECT_EQ(world_.get("/cases/" + id + "/evidence/1x/file", ada_).status, 404);
}

TEST_F(CaseRoutes, UploadsSayWhatTheyAre) {
  const std::string id = open(ada_, World::kThief);
  for (const char* name : {"", "%", "%4", "%zz", "%FF", "a%00b", "..", "a%2F"})
    EXPECT_EQ(upload(ada_, id, name, "x").status, 400) << name;
  EXPECT_EQ(upload(ada_, id, "a", "").status, 400);
  EXPECT_EQ(upload(ada_, id, "a", std::string(kLargestEvidence + 1, 'x')).status, 400);
  EXPECT_EQ(upload(ada_, id, std::string(800, 'a'), "x").status, 400);
  EXPECT_TRUE(world_.read("/cases/" + id + "/evidence", ada_).at("evidence").empty());
}

TEST_F(CaseRoutes, StrangersReadNothingInside) {
  const std::string id = open(ada_, World::kThief);
  const std::string path = "/cases/" + id;
  ASSERT_EQ(upload(ada_, id, "a", "secret").status, 201);
  for (const char* inside : {"/notes", "/tasks", "/evidence", "/evidence/1/file"}) {
    const Response response = world_.get(path + inside, ben_);
    EXPECT_EQ(response.status, 403) << inside;
    EXPECT_THAT(response.body, HasSubstr("cases.not_member"));
  }
  EXPECT_EQ(world_.audit_lines().front().action, "case.evidence_downloaded failed") << "the attempt is on record";
  EXPECT_EQ(say(ben_, path + "/notes", {{"text", "x"}}).status, 403);
  EXPECT_EQ(say(ben_, path + "/tasks", {{"text", "x"}}).status, 403);
  EXPECT_EQ(world_.call(Method::post, path + "/tasks/1/done", ben_).status, 403);
  EXPECT_EQ(upload(ben_, id, "a", "x").status, 403);
  EXPECT_EQ(say(ben_, path + "/contributors", {{"user", "ben"}}).status, 403);
  EXPECT_EQ(say(ben_, path + "/owner", {{"owner", "ben"}, {"reason", kReason}}).status, 403);
  EXPECT_EQ(say(ben_, path + "/reopen", {{"reason", kReason}}).status, 403);
  const json shown = world_.read(path, ben_);
  EXPECT_EQ(shown.at("is_member"), false);
  EXPECT_EQ(shown.at("is_owner"), false);

  ASSERT_EQ(say(ada_, path + "/contributors", {{"user", "ben"}}).status, 200);
  EXPECT_EQ(world_.read(path, ben_).at("is_member"), true);
  EXPECT_EQ(world_.get(path + "/evidence/1/file", ben_).body, "secret");
  ASSERT_EQ(say(ada_, path + "/owner", {{"owner", "ben"}, {"reason", kReason}}).status, 200);
  EXPECT_EQ(world_.read(path, ben_).at("is_owner"), true);
  EXPECT_EQ(world_.read(path, ada_).at("is_owner"), false);
  EXPECT_EQ(world_.call(Method::del, path + "/contributors/ada", ben_).status, 200);
  EXPECT_EQ(world_.get(path + "/notes", ada_).status, 403);
}

TEST_F(CaseRoutes, OtherRolesAreRefused) {
  const std::string id = open(ada_, World::kThief);
  const std::string path = "/cases/" + id;
  const std::string auditor = world_.sign_in("eve", "auditor");
  const std::string officer = world_.sign_in("max", "privacy_officer");
  const std::string analyst = world_.sign_in("ann", "analyst");
  for (const char* target : {"", "/history", "/notes", "/tasks", "/evidence", "/evidence/1/file"})
    for (const std::string& token : {auditor, officer}) EXPECT_EQ(world_.get(path + target, token).status, 403);
  EXPECT_EQ(world_.get("/cases", auditor).status, 403);
  EXPECT_EQ(world_.get("/case-viewers", auditor).status, 403);
  EXPECT_EQ(world_.get(path, analyst).status, 200);
  EXPECT_EQ(say(analyst, path + "/close", json::object()).status, 403) << "analysts do not close";
  EXPECT_EQ(say(analyst, path + "/reopen", json::object()).status, 403);
  const json viewers = world_.read("/case-viewers", ada_).at("viewers");
  EXPECT_EQ(viewers, json::parse(R"([{"user":"ada","may_own":true},{"user":"ann","may_own":true},)"
                                 R"({"user":"ben","may_own":true}])"));
}

TEST_F(CaseRoutes, NobodySeesTheirOwn) {
  const std::string id = open(ada_, World::kThief);
  const std::string own = world_.sign_in(World::kThief, "admin");
  EXPECT_EQ(world_.get("/cases/" + id, own).status, 404);
  EXPECT_EQ(world_.get("/cases/" + id + "/history", own).status, 404);
  EXPECT_EQ(world_.read("/cases", own).at("total"), 0);
  EXPECT_EQ(world_.get("/alerts/" + world_.alert_of(World::kThief), own).status, 404);
  EXPECT_EQ(say(own, "/cases/" + id + "/notes", {{"text", "x"}}).status, 404);
}

TEST_F(CaseRoutes, ListsAndFilters) {
  const std::string first = open(ada_, World::kThief);
  const std::string second = open(ben_, World::kOther);
  const auto ids = [&](const std::string& query) {
    std::set<std::string> found;
    const json page = world_.read("/cases" + query, ada_);
    for (const json& row : page.at("cases")) found.insert(row.at("id"));
    return found;
  };
  using Ids = std::set<std::string>;
  EXPECT_EQ(ids(""), (Ids{first, second}));
  EXPECT_EQ(ids("?state=open&owner=ada"), Ids{first});
  EXPECT_EQ(ids("?member=ben"), Ids{second});
  EXPECT_EQ(ids("?state=closed"), Ids{});
  EXPECT_EQ(ids("?alert=" + world_.alert_of(World::kOther)), Ids{second});
  EXPECT_EQ(world_.get("/cases?alert=0f", ada_).status, 404);
  for (const char* bad : {"state=gone", "page=0", "limit=201", "owner=", "person=x"})
    EXPECT_EQ(world_.get(std::string("/cases?") + bad, ada_).status, 400) << bad;
  // Another person's alert never joins.
  EXPECT_EQ(
      say(ada_, "/cases/" + first + "/alerts", {{"alert_id", world_.alert_of(World::kOther)}, {"reason", kReason}})
          .status,
      409);
}

TEST_F(CaseRoutes, OnlyMembersMayStartALargeUpload) {
  EXPECT_TRUE(is_evidence_path("/api/v1/cases/0f/evidence"));
  for (const char* other : {"/api/v1/cases//evidence", "/api/v1/cases/evidence", "/api/v1/alerts/0f/evidence",
                            "/api/v1/cases/0f/notes", "/api/v1/cases/0f/evidence/1/file"})
    EXPECT_FALSE(is_evidence_path(other)) << other;
  Request head;
  const auto admitted = [&](const std::string& token) {
    head.headers = {{"cookie", "candor_session=" + token}};
    const auto most = admit_evidence(world_.viewers(), false, head);
    return most ? std::to_string(*most) : most.error().id;
  };
  EXPECT_EQ(admitted(ada_), std::to_string(25 << 20));
  EXPECT_EQ(admitted(""), "api.not_signed_in");
  EXPECT_EQ(admitted(std::string(64, '0')), "access.no_session");
  EXPECT_EQ(admitted(world_.sign_in("eve", "auditor")), "access.not_allowed");
}

}  // namespace
}  // namespace candor::api
