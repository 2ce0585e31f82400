#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/every_operation_test.h"
#include "api/world_test.h"

// Saved views of the queue over HTTP: whose they are, who sees them, and that they name nobody.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kNoView = "/queue-views/00000000000000000000000000000000";

class QueueViewRoutes : public ::testing::Test {
 protected:
  static json view(const std::string& name, const std::string& sharing = "private",
                   const std::string& query = "severity=high") {
    return {{"name", name}, {"sharing", sharing}, {"query", query}, {"columns", "policy,severity,id"}};
  }
  Response add(const std::string& token, const json& body) { return world_.post("/queue-views", token, body.dump()); }
  std::string added(const std::string& token, const json& body) {
    const Response response = add(token, body);
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body, nullptr, false).value("id", "");
  }
  Response change(const std::string& token, const std::string& id, const json& body) {
    return world_.call(Method::put, "/queue-views/" + id, token, body.dump());
  }
  Response remove(const std::string& token, const std::string& id) {
    return world_.call(Method::del, "/queue-views/" + id, token);
  }
  Response choose(const std::string& token, const std::string& columns, const std::string& opens_with) {
    return world_.call(Method::put, "/queue-choice", token,
                       json{{"columns", columns}, {"opens_with", opens_with}}.dump());
  }
  std::vector<std::string> names(const std::string& token) {
    std::vector<std::string> out;
    const json read = world_.read("/queue-views", token);
    for (const json& one : read.at("views")) out.push_back(one.at("name"));
    return out;
  }
  std::int64_t lines(const std::string& action) {
    return world_.read("/audit?action=" + action, root_).at("total").get<std::int64_t>();
  }

  World world_;
  const std::string root_ = world_.sign_in("root", "admin");
  const std::string ana_ = world_.sign_in("ana", "analyst");
  const std::string ian_ = world_.sign_in("ian", "investigator");
};

TEST_F(QueueViewRoutes, APrivateOneIsItsOwnersAlone) {
  const std::string id = added(ana_, view("  Mine  "));
  const json all = world_.read("/queue-views", ana_);
  ASSERT_EQ(all.at("views").size(), 1u);
  const json one = all.at("views")[0];
  EXPECT_EQ(one.at("id"), id);
  EXPECT_EQ(one.at("name"), "Mine");
  EXPECT_EQ(one.at("is_mine"), true);
  EXPECT_EQ(one.at("query"), "severity=high");
  EXPECT_EQ(one.at("columns"), json({"policy", "severity", "id"}));
  EXPECT_THAT(names(ian_), IsEmpty());
  EXPECT_EQ(error_id(change(ian_, id, view("Theirs"))), "queue_views.not_found");
  EXPECT_EQ(error_id(remove(root_, id)), "queue_views.not_found") << "whoever asks";
  EXPECT_EQ(error_id(choose(ian_, "", id)), "queue_views.not_found");
  EXPECT_EQ(change(ana_, id, view("High ones", "private", "severity=high&sort=-updated")).status, 200);
  EXPECT_THAT(names(ana_), ElementsAre("High ones"));
  EXPECT_EQ(lines("queue_view.shared") + lines("queue_view.changed"), 0) << "what is private is not logged";
  EXPECT_EQ(remove(ana_, id).status, 204);
  EXPECT_EQ(error_id(remove(ana_, id)), "queue_views.not_found");
}

TEST_F(QueueViewRoutes, ASharedOneIsThereForAllAndInTheAuditLog) {
  const std::string id = added(ana_, view("Everybody's", "shared"));
  EXPECT_THAT(names(ian_), ElementsAre("Everybody's"));
  const json seen = world_.read("/queue-views", ian_).at("views")[0];
  EXPECT_EQ(seen.at("is_mine"), false);
  EXPECT_EQ(seen.at("may_delete"), false);
  EXPECT_EQ(seen.at("owner"), "ana");
  EXPECT_EQ(error_id(change(ian_, id, view("Mine now"))), "access.not_allowed");
  EXPECT_EQ(error_id(remove(ian_, id)), "access.not_allowed");
  EXPECT_EQ(choose(ian_, "policy,score", id).status, 204);
  EXPECT_EQ(world_.read("/queue-views", ian_).at("opens_with"), id);
  EXPECT_EQ(world_.read("/queue-views", ian_).at("columns"), json({"policy", "score"}));

  EXPECT_EQ(change(ana_, id, view("All of ours", "shared")).status, 200);
  EXPECT_EQ(change(ana_, id, view("All of ours")).status, 200);
  EXPECT_THAT(names(ian_), IsEmpty());
  EXPECT_EQ(world_.read("/queue-views", ian_).at("opens_with"), "") << "it is not there for them any more";
  EXPECT_EQ(change(ana_, id, view("All of ours", "shared")).status, 200);
  EXPECT_EQ(remove(root_, id).status, 204) << "who changes viewers tidies up";
  EXPECT_EQ(lines("queue_view.shared"), 2);
  EXPECT_EQ(lines("queue_view.changed"), 1);
  EXPECT_EQ(lines("queue_view.unshared"), 1);
  EXPECT_EQ(lines("queue_view.deleted"), 1);
  EXPECT_THAT(world_.read("/audit?action=queue_view.deleted", root_).at("lines")[0].at("detail").get<std::string>(),
              HasSubstr("All of ours"));
}

TEST_F(QueueViewRoutes, NamesNobody) {
  EXPECT_EQ(error_id(add(ana_, view("Somebody", "private", "text=mallory.thief"))), "queue_views.names_somebody");
  const std::string pseudonym =
      world_.read("/alerts/" + world_.alert_of(World::kThief), root_).at("person").at("pseudonym");
  added(ana_, view("One person", "shared", "view=all&text=" + pseudonym));
  EXPECT_THAT(names(ian_), ElementsAre("One person"));
  EXPECT_EQ(world_.read("/audit?action=queue_view.shared", root_).at("lines")[0].at("pseudonym"), pseudonym);
  const std::string thief = world_.sign_in(World::kThief, "admin");
  EXPECT_THAT(names(thief), IsEmpty()) << "it is about them";
  EXPECT_EQ(world_.read("/audit?action=queue_view.shared", thief).at("total"), 0);
}

TEST_F(QueueViewRoutes, RefusesWhatDoesNotFit) {
  for (const char* name : {"", "   ", "two\nlines", "a\x7f"}) {
    EXPECT_EQ(add(ana_, view(name)).status, 400) << name;
  }
  EXPECT_EQ(add(ana_, view(std::string(61, 'x'))).status, 400);
  std::string sixty;
  for (int i = 0; i < 60; ++i) sixty += "\xC3\xA4";
  EXPECT_EQ(add(ana_, view(sixty)).status, 201) << "characters, not bytes";
  for (const char* hostile :
       {"<script>alert(1)</script>", "=1+1", "\xE2\x80\xAE gnp.exe", "'; drop table queue_views"}) {
    EXPECT_EQ(add(ana_, view(hostile, "shared")).status, 201) << hostile;
  }
  EXPECT_EQ(error_id(add(ana_, view("=1+1"))), "queue_views.name_taken");
  EXPECT_EQ(add(ian_, view("=1+1")).status, 201) << "somebody else's";
  for (const char* columns :
       {"score", "policy,policy", "policy,", ",policy", "policy;score", "policy,name", "policy score"}) {
    json body = view("Columns");
    body["columns"] = columns;
    EXPECT_EQ(error_id(add(ana_, body)), "queue_views.bad_columns") << columns;
    EXPECT_EQ(error_id(choose(ana_, columns, "")), "queue_views.bad_columns") << columns;
  }
  EXPECT_EQ(add(ana_, view("Sharing", "public ")).status, 400);
  EXPECT_EQ(error_id(add(ana_, view("Query", "private", "page=2"))), "queue_views.bad_query");
  EXPECT_EQ(world_.call(Method::put, kNoView, ana_, view("None").dump()).status, 404);
  EXPECT_EQ(world_.call(Method::put, "/queue-views/%27%20or%201=1", ana_, view("None").dump()).status, 404);
  EXPECT_EQ(world_.get("/queue-views?page=1", ana_).status, 400);
  EXPECT_EQ(world_.get("/queue-views", world_.sign_in("aud", "auditor")).status, 403);
}

TEST_F(QueueViewRoutes, ThereAreOnlySoMany) {
  for (int i = 0; i < 50; ++i) added(ana_, view("View " + std::to_string(i)));
  EXPECT_EQ(error_id(add(ana_, view("One more"))), "queue_views.too_many");
  EXPECT_EQ(add(ian_, view("One more")).status, 201);
  const std::string id = world_.read("/queue-views", ana_).at("views")[0].at("id");
  EXPECT_EQ(change(ana_, id, view("Renamed")).status, 200) << "what is there can be changed";
  EXPECT_EQ(remove(ana_, id).status, 204);
  EXPECT_EQ(add(ana_, view("One more")).status, 201);
}

}  // namespace
}  // namespace candor::api
