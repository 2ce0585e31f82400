#include "api/beside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "api/every_operation_test.h"
#include "api/route.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string name_of(const Route& route) { return std::string(to_text(route.method)) + " " + std::string(route.path); }

// A whole world, and a process beside it: other objects over the same records, and no timeline.
class BesideTest : public ::testing::Test {
 protected:
  BesideTest()
      : all_(world_.context()),
        people_(all_.store, all_.keys),
        facts_(all_.store, all_.keys),
        alerts_(all_.store, all_.clock, [this](const PersonId& person) { return pseudonym(all_.keys, person); }),
        policies_(all_.store, all_.clock, [] { return true; }),
        expectations_(all_.store, all_.clock, [] { return true; }),
        requests_(all_.store, all_.keys, all_.clock, alerts_, [] { return true; }),
        audit_(all_.store, all_.keys, all_.clock),
        lifting_(all_.store, all_.keys, all_.clock, audit_),
        presenter_(all_.store, all_.keys, all_.clock, audit_, lifting_, people_, facts_),
        viewers_(all_.store, all_.keys, all_.clock, audit_, *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml"), {},
                 PasswordCost::least),
        tokens_(all_.store, all_.keys, all_.clock, audit_),
        cases_(all_.store, all_.keys, all_.clock, viewers_, alerts_),
        handler_(make_api_beside(context(), [this](const Request& request) -> Result<Response> {
          asked_.push_back(request);
          if (away_) return fail("api.holder_away", "the holder is away");
          return world_.handler()(request);
        })) {}

  RecordContext context() {
    return {
        .clock = all_.clock,
        .alerts = alerts_,
        .policies = policies_,
        .expectations = expectations_,
        .cases = cases_,
        .requests = requests_,
        .store = all_.store,
        .keys = all_.keys,
        .facts = facts_,
        .viewers = viewers_,
        .lifting = lifting_,
        .presenter = presenter_,
        .audit = audit_,
        .data_kind = [] { return std::string_view("demo"); },
        .version = "test",
        .tokens = &tokens_,
        .provider = all_.provider,
        .beside = [this]() -> BesideState { return {.holder_away = away_, .why = away_ ? "the holder is away" : ""}; }};
  }
  Response get(const std::string& target) {
    Request request{
        .method = Method::get, .target = "/api/v1" + target, .headers = {}, .body = {}, .tls = false, .client = {}};
    return handler_(with_session(request, world_.boss()));
  }

  FullWorld world_;
  const ApiContext all_;
  const People people_;
  const Facts facts_;
  AlertBook alerts_;
  const PolicyBook policies_;
  const ExpectationBook expectations_;
  const RequestBook requests_;
  const AuditLog audit_;
  const Lifting lifting_;
  const Presenter presenter_;
  Viewers viewers_;
  SourceTokens tokens_;
  const CaseBook cases_;
  bool away_ = false;
  std::vector<Request> asked_;  // of the holder
  Handler handler_;
};

// Which operation of the table is answered where is in docs/reference/permissions.md, made from the table.
TEST(BesideTable, WhatChangesSomethingGoesToTheHolderButForTheAccountOfWhoAsks) {
  std::size_t own = 0;
  for (const Route& route : all_routes()) {
    if (!route.needs_records_only()) continue;
    ++own;
    const bool of_account = route.path.starts_with("/session") || route.path.starts_with("/tokens");
    EXPECT_TRUE(route.method == Method::get || of_account) << name_of(route);
  }
  EXPECT_GT(own, 40u);
  EXPECT_LT(own, all_routes().size() / 2);
}

TEST_F(BesideTest, WhatNeedsTheRecordsOnlyIsAnsweredAsByTheHolder) {
  // The world's mass event was written behind the back of the holder's book: it reads both alerts again after this.
  for (const std::string& alert : {world_.alert_of(World::kThief), world_.alert_of(World::kOther)}) {
    ASSERT_TRUE(all_.store.transact([&](Transaction& work) { return AlertBook::assign(work, alert, "boss"); }));
  }
  std::set<std::string> seen;
  for (const Contract::Operation& operation : world_.contract().operations()) {
    const std::string name = operation.method + " " + operation.path;
    if (operation.method != "GET") continue;
    const auto request = request_for(operation, world_.things());
    ASSERT_TRUE(request) << name;
    const Request asked = with_session(*request, world_.boss());
    const std::size_t before = asked_.size();
    const Response beside = handler_(asked);
    if (asked_.size() > before) continue;
    seen.insert(name);
    EXPECT_LT(beside.status, 500) << name << " " << beside.body;
    const Response holder = world_.handler()(asked);
    EXPECT_EQ(beside.status, holder.status) << name << " " << beside.body;
    // The log has one more line, and a verification one more to read.
    if (!operation.path.starts_with("/audit")) {
      EXPECT_EQ(beside.body, holder.body) << name;
    }
    EXPECT_THAT(world_.contract().fault(operation.method, operation.path, beside), IsEmpty()) << name;
  }
  for (const Route& route : all_routes()) {
    if (route.method == Method::get) {
      EXPECT_EQ(route.needs_records_only(), seen.contains(name_of(route)));
    }
  }
}

TEST_F(BesideTest, AllElseIsSentOnAsItCameAndOnce) {
  away_ = true;
  for (const Contract::Operation& operation : world_.contract().operations()) {
    const std::string name = operation.method + " " + operation.path;
    const auto request = request_for(operation, world_.things());
    ASSERT_TRUE(request) << name;
    const Request asked = with_session(*request, "whoever asks");
    asked_.clear();
    const Response response = handler_(asked);
    for (const Route& route : all_routes()) {
      if (name_of(route) != name) continue;
      ASSERT_EQ(asked_.size(), route.needs_records_only() ? 0u : 1u) << name;
    }
    if (asked_.empty()) continue;
    EXPECT_EQ(asked_.front().target, asked.target);
    EXPECT_EQ(asked_.front().body, asked.body);
    if (name == "GET /status" || name == "GET /session/provider/callback") continue;  // answered with what is left
    EXPECT_EQ(response.status, 503) << name;
    EXPECT_EQ(error_id(response), "api.holder_away") << name;
    EXPECT_THAT(world_.contract().fault(operation.method, operation.path, response), IsEmpty()) << name;
  }
}

TEST_F(BesideTest, NothingIsOlderThanWhatTheHolderWrote) {
  const std::string alert = world_.things().alert;
  ASSERT_THAT(get("/alerts?assigned_to=boss").body, HasSubstr("\"total\":0"));
  ASSERT_TRUE(all_.store.transact([&](Transaction& work) { return AlertBook::assign(work, alert, "boss"); }));
  const json page = json::parse(get("/alerts?assigned_to=boss").body);
  ASSERT_EQ(page.at("alerts").size(), 1u);
  EXPECT_EQ(page.at("alerts").at(0).at("id"), alert);
  EXPECT_THAT(asked_, IsEmpty());
  const auto note = world_.act("/cases/" + world_.things().case_id + "/notes", {{"text", "seen beside"}});
  EXPECT_THAT(get("/cases/" + world_.things().case_id + "/notes").body, HasSubstr("seen beside"));
}

TEST_F(BesideTest, ASessionIsOneOfBoth) {
  Request in{
      .method = Method::post, .target = "/api/v1/session", .headers = {}, .body = {}, .tls = false, .client = {}};
  in.headers = {{"content-type", "application/json"}, {"x-candor-request", "1"}};
  in.body = R"({"user":"boss","password":")" + std::string(World::kPassword) + R"("})";
  in.client = "192.0.2.7";
  const Response signed_in = handler_(in);
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  const std::string cookie(signed_in.header("Set-Cookie"));
  const std::string token = cookie.substr(cookie.find('=') + 1, 64);
  EXPECT_EQ(world_.get("/session", token).status, 200);
  EXPECT_EQ(world_.call(Method::del, "/session", token).status, 204);
  Request who{
      .method = Method::get, .target = "/api/v1/session", .headers = {}, .body = {}, .tls = false, .client = {}};
  EXPECT_EQ(handler_(with_session(who, token)).status, 401);
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(BesideTest, StatusTellsWhichProcessItIsAndWhatIsMissing) {
  const json here = json::parse(world_.get("/status", world_.boss()).body);
  EXPECT_EQ(here.at("process"), "holder");
  EXPECT_TRUE(here.at("holder_away").is_null());
  away_ = true;
  const Response alone = get("/status");
  ASSERT_EQ(alone.status, 200) << alone.body;
  EXPECT_THAT(world_.contract().fault("GET", "/status", alone), IsEmpty());
  const json status = json::parse(alone.body);
  EXPECT_EQ(status.at("process"), "beside");
  EXPECT_EQ(status.at("holder_away"), "the holder is away");
  EXPECT_TRUE(status.at("activities").is_null());
  EXPECT_EQ(status.at("alerts"), here.at("alerts"));
  // Nobody who may not see it.
  Request stranger{
      .method = Method::get, .target = "/api/v1/status", .headers = {}, .body = {}, .tls = false, .client = {}};
  EXPECT_EQ(handler_(stranger).status, 401);
}

TEST_F(BesideTest, WhoComesBackFromTheProviderIsToldByThePage) {
  away_ = true;
  Request back{
      .method = Method::get,
      .target = "/api/v1/session/provider/callback?code=a&state=b",
      .headers = {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "document"}},
      .body = {},
      .tls = false,
      .client = {}};
  const Response response = handler_(back);
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.header("Location"), "/?sign_in_failed=api.holder_away");
}

TEST_F(BesideTest, MetricsAreItsOwn) {
  Request request{.method = Method::get, .target = "/metrics", .headers = {}, .body = {}, .tls = false, .client = {}};
  request.client = "127.0.0.1";
  EXPECT_THAT(handler_(request).body, HasSubstr("candor_process{process=\"beside\"} 1\n"));
  EXPECT_THAT(handler_(request).body, HasSubstr("candor_holder_away 0\n"));
  away_ = true;
  EXPECT_THAT(handler_(request).body, HasSubstr("candor_holder_away 1\n"));
  EXPECT_THAT(world_.handler()(request).body, HasSubstr("candor_process{process=\"holder\"} 1\n"));
  request.client = "192.0.2.1";
  EXPECT_EQ(handler_(request).status, 401);
}

// --- at the holder

class AcceptTest : public ::testing::Test {
 protected:
  Response ask(Request request) {
    return accept_beside(gate_, clock_, [this](const Request& seen) {
      seen_ = seen;
      return Response{};
    })(request);
  }
  Request sealed(Request request) const {
    request.headers.push_back({std::string(kBesideHeader), gate_.seal().seal(sent_on(request), clock_.now())});
    return request;
  }

  const Keys keys_ = Keys::from_master({4});
  FixedClock clock_{1'700'000'000 * kMicrosPerSecond};
  BesideGate gate_{BesideSeal(keys_, "token")};
  std::optional<Request> seen_;
};

Request upload() {
  return {.method = Method::post,
          .target = "/api/v1/cases/x/evidence",
          .headers = {{"cookie", "candor_session=a"}},
          .body = std::string(10 << 20, 'x'),
          .tls = false,
          .client = "192.0.2.7"};
}

TEST_F(AcceptTest, WhoAsksIsWhoAskedThere) {
  Request request = sealed(upload());
  request.client = "203.0.113.1";  // of the connection
  EXPECT_EQ(ask(request).status, 200);
  ASSERT_TRUE(seen_);
  EXPECT_EQ(seen_->client, "192.0.2.7");
  EXPECT_TRUE(seen_->beside);
  EXPECT_EQ(seen_->count(kBesideHeader), 0u);
  EXPECT_EQ(seen_->body.size(), std::size_t{10} << 20);
  seen_.reset();
  EXPECT_EQ(ask(request).status, 403) << "once";
  EXPECT_FALSE(seen_);
}

TEST_F(AcceptTest, NobodyElseIsTrusted) {
  Request plain = upload();
  EXPECT_EQ(ask(plain).status, 200);
  EXPECT_FALSE(seen_->beside);
  EXPECT_EQ(seen_->client, "192.0.2.7");
  seen_.reset();
  Request forged = upload();
  forged.headers.push_back(
      {std::string(kBesideHeader), "1700000000000000." + std::string(32, '0') + ".127.0.0.1." + std::string(64, '0')});
  EXPECT_EQ(ask(forged).status, 403);
  Request changed = sealed(upload());
  changed.body += "x";
  EXPECT_EQ(ask(changed).status, 403);
  Request twice = sealed(upload());
  twice.headers.push_back(twice.headers.back());
  EXPECT_EQ(ask(twice).status, 403);
  EXPECT_FALSE(seen_);
}

TEST_F(AcceptTest, TheHelloProvesTheHolderToItsOwnOnly) {
  const Request hello = sealed({.method = Method::get,
                                .target = std::string(kHelloPath),
                                .headers = {},
                                .body = {},
                                .tls = false,
                                .client = {}});
  const std::string seal(hello.header(kBesideHeader));
  const Response answer = ask(hello);
  EXPECT_EQ(answer.status, 204);
  EXPECT_TRUE(gate_.seal().is_proof(seal, answer.header(kHolderHeader)));
  EXPECT_FALSE(seen_);
  // A stranger's goes to the interface, which has nothing there.
  ask({.method = Method::get,
       .target = std::string(kHelloPath),
       .headers = {},
       .body = {},
       .tls = false,
       .client = {}});
  EXPECT_TRUE(seen_);
}

}  // namespace
}  // namespace candor::api
