// What is evaluated here: its versions for those who are signed in, and the page for everybody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/every_operation_test.h"
#include "api/public_evaluated.h"
#include "api/site.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class EvaluatedRoutes : public ::testing::Test {
 protected:
  void make_public() {
    const std::string asked = json{{"value", "true"}, {"reason", "agreed in the works council"}}.dump();
    ASSERT_EQ(world_.post("/settings/evaluated.public", root_, asked).status, 200);
  }
  Response anybody(const std::string& target, std::vector<Header> headers = {},
                   const std::string& client = "192.0.2.1") {
    Request request;
    request.target = target;
    request.client = client;
    request.headers = std::move(headers);
    request.headers.push_back({"host", "localhost"});
    return make_site({}, StaticFiles(), world_.handler())(request);
  }

  World world_;
  const std::string root_ = world_.sign_in("root", "admin");
};

TEST_F(EvaluatedRoutes, EveryVersionAndWhatChanged) {
  const std::string council = world_.sign_in("council", "employee_representative");
  const json first = world_.read("/evaluated", council);
  EXPECT_EQ(first.at("number"), 1);
  EXPECT_EQ(first.at("title"), "What is evaluated here");
  EXPECT_FALSE(first.at("public"));
  EXPECT_EQ(first.at("versions").size(), 1U);
  EXPECT_EQ(world_.audit_lines().front().action, "evaluated.viewed");
  EXPECT_EQ(world_.read("/evaluated", council).at("number"), 1);
  const json off = {{"indicator", "usb_copy"}, {"state", "off"}, {"country", "DE"}, {"group", ""}, {"from", ""},
                    {"agreement", "BV 9"}};
  ASSERT_EQ(world_.post("/switches", root_, off.dump()).status, 200);
  const json second = world_.read("/evaluated?language=de", council);
  EXPECT_EQ(second.at("number"), 2);
  EXPECT_EQ(second.at("title"), "Was hier ausgewertet wird");
  EXPECT_NE(second.at("sha256"), first.at("sha256"));
  EXPECT_EQ(world_.read("/evaluated/1", council).at("sha256"), first.at("sha256"));
  const json changes = world_.read("/evaluated/2/changes", council);
  EXPECT_EQ(changes.at("from"), 1);
  EXPECT_THAT(changes.dump(), AllOf(HasSubstr("BV 9"), HasSubstr("on, but off in DE")));
  EXPECT_TRUE(world_.read("/evaluated/2/changes?since=2", council).at("changes").empty());
  World::expect_no_names(second.dump());
}

TEST_F(EvaluatedRoutes, FilesOfAVersion) {
  world_.read("/evaluated", root_);
  const Response pdf = world_.get("/evaluated/1/pdf?language=de", root_);
  ASSERT_EQ(pdf.status, 200);
  EXPECT_THAT(pdf.body, StartsWith("%PDF-"));
  EXPECT_THAT(std::string(pdf.header("content-disposition")), HasSubstr("candor-evaluated-1-de.pdf"));
  EXPECT_EQ(world_.get("/evaluated/1/pdf?language=de", root_).body, pdf.body);
  const Response html = world_.get("/evaluated/1/html", root_);
  EXPECT_THAT(html.body, AllOf(HasSubstr("<h1>What is evaluated here</h1>"), Not(HasSubstr("<script"))));
  const Response statement = world_.get("/evaluated/1/statement", root_);
  const auto read = verified_evaluated(statement.body, world_.context().audit.public_key());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(world_.audit_lines().front().action, "evaluated.exported");
}

TEST_F(EvaluatedRoutes, Refusals) {
  world_.read("/evaluated", root_);
  EXPECT_EQ(world_.get("/evaluated/2", root_).status, 404);
  EXPECT_EQ(world_.get("/evaluated/x/pdf", root_).status, 404);
  EXPECT_EQ(world_.get("/evaluated/1/changes?since=7", root_).status, 404);
  EXPECT_EQ(world_.get("/evaluated?language=fr", root_).status, 400);
  EXPECT_EQ(world_.get("/evaluated?all=1", root_).status, 400);
  EXPECT_EQ(world_.get("/evaluated/1/statement?language=en", root_).status, 400);
}

TEST_F(EvaluatedRoutes, NobodyReadsItWhileItIsNotPublic) {
  world_.read("/evaluated", root_);
  for (const char* target : {"/evaluated", "/evaluated.pdf", "/evaluated?language=de"}) {
    const Response answer = anybody(target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_THAT(answer.body, Not(HasSubstr("evaluated")));
    EXPECT_EQ(answer.header("cache-control"), "no-store");
  }
}

TEST_F(EvaluatedRoutes, EverybodyReadsItWhereThatIsSet) {
  make_public();
  world_.read("/evaluated", root_);
  const Response page = anybody("/evaluated");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, AllOf(HasSubstr("What is evaluated here"), Not(HasSubstr("<script"))));
  EXPECT_EQ(page.header("set-cookie"), "");
  EXPECT_EQ(page.header("cache-control"), "public, max-age=300");
  EXPECT_THAT(std::string(page.header("content-security-policy")),
              AllOf(StartsWith("default-src 'none'; style-src 'sha256-"), Not(HasSubstr("unsafe"))));
  EXPECT_EQ(page.header("x-frame-options"), "DENY");
  World::expect_no_names(page.body);
  const std::string etag(page.header("etag"));
  EXPECT_EQ(anybody("/evaluated", {{"if-none-match", etag}}).status, 304);
  EXPECT_THAT(anybody("/evaluated", {{"accept-language", "fr-FR, de;q=0.8, en;q=0.5"}}).body,
              HasSubstr("<html lang=\"de\">"));
  EXPECT_THAT(anybody("/evaluated.pdf?language=de").body, StartsWith("%PDF-"));
  EXPECT_EQ(anybody("/evaluated?language=xx").status, 400);
  EXPECT_EQ(anybody("/evaluated?number=1").status, 400) << "only what holds";
  Request post;
  post.method = Method::post;
  post.target = "/evaluated";
  post.headers = {{"host", "localhost"}};
  EXPECT_EQ(make_site({}, StaticFiles(), world_.handler())(post).status, 405);
}

TEST_F(EvaluatedRoutes, EverybodyReadsTheNewestVersion) {
  make_public();
  world_.read("/evaluated", root_);
  const std::string before = anybody("/evaluated").body;
  const json off = {{"indicator", "usb_copy"}, {"state", "off"}, {"country", ""}, {"group", ""}, {"from", ""},
                    {"agreement", ""}};
  ASSERT_EQ(world_.post("/switches", root_, off.dump()).status, 200);
  EXPECT_EQ(anybody("/evaluated").body, before) << "nobody from outside makes a version";
  world_.read("/evaluated", root_);
  EXPECT_NE(anybody("/evaluated").body, before);
}

TEST_F(EvaluatedRoutes, OneAddressAsksOnlySoOften) {
  make_public();
  world_.read("/evaluated", root_);
  for (int i = 0; i < RequestLimits().anybody.of_one; ++i) ASSERT_EQ(anybody("/evaluated").status, 200);
  const Response refused = anybody("/evaluated");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "60");
  EXPECT_EQ(anybody("/evaluated", {}, "192.0.2.2").status, 200);
  world_.clock().set(world_.clock().now() + 60 * kMicrosPerSecond);
  EXPECT_EQ(anybody("/evaluated").status, 200);
}

TEST(WantedLanguage, IsTheFirstOfOurs) {
  EXPECT_EQ(wanted_language(""), Language::en);
  EXPECT_EQ(wanted_language("DE-at"), Language::de);
  EXPECT_EQ(wanted_language("fr, nl;q=0.4"), Language::en);
  EXPECT_EQ(wanted_language("en-GB,de"), Language::en);
  EXPECT_EQ(wanted_language(",,;;=,"), Language::en);
}

}  // namespace
}  // namespace candor::api
