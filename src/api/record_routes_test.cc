#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/source_tokens.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// The routes with tokens and a desk that takes whatever it is handed.
class RecordRoutes : public ::testing::Test {
 protected:
  RecordRoutes() {
    ApiContext context = world_.context();
    context.take_records = [this](const std::string& source, std::string_view body,
                                  const std::optional<FeedForm>& feed) -> Result<IngestSummary> {
      feed_ = feed ? feed->name : "";
      source_ = source;
      body_ = std::string(body);
      return answer_;
    };
    api_ = make_api(context);
  }

  Request post(const std::string& token, const std::string& body) {
    Request request;
    request.method = Method::post;
    request.target = "/api/v1/records";
    request.headers = {{"host", "localhost"}, {"content-type", "application/x-ndjson"}};
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    request.body = body;
    return request;
  }
  Response send(const Request& request) {
    Response response = api_(request);
    EXPECT_EQ(world_.contract().fault("POST", "/records", response), "") << response.body;
    return response;
  }
  std::string token_for(std::string_view source, std::optional<TimePoint> expires = std::nullopt) {
    const auto token = world_.tokens().create("local/test", source, expires);
    EXPECT_TRUE(token) << token.error().message;
    return token.value_or("");
  }

  World world_;
  Handler api_;
  Result<IngestSummary> answer_ = IngestSummary{};
  std::string source_;
  std::string body_;
  std::string feed_;
};

TEST_F(RecordRoutes, TakeRowsOfAFeedThatIsNamed) {
  const std::string token = token_for("shop");
  Request request = post(token, "time;user\n2026-01-02;ann@example.com\n");
  request.headers[1].value = "text/csv";
  EXPECT_EQ(send(request).status, 415) << "a CSV of nobody knows what";
  request.target = "/api/v1/records?feed=business";
  EXPECT_EQ(send(request).status, 200);
  EXPECT_EQ(feed_, "business");
  EXPECT_EQ(source_, "shop");
  for (const char* feed : {"nobody", "", "../x", "m365_audit"}) {
    request.target = std::string("/api/v1/records?feed=") + feed;
    EXPECT_EQ(send(request).status, 400) << feed;
  }
  EXPECT_EQ(send(post(token, "{}")).status, 200);
  EXPECT_EQ(feed_, "");
}

TEST_F(RecordRoutes, TakeTheBodyForTheTokensSource) {
  IngestSummary summary;
  summary.records_read = 3;
  summary.stored = 1;
  summary.repeats = 1;
  summary.rejected["invalid_json"] = 1;
  summary.rejections = {{"the request's body", 2, "invalid_json"}};
  answer_ = summary;
  const Response response = send(post(token_for("m365"), "{}\n{\n{}\n"));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(source_, "m365");
  EXPECT_EQ(body_, "{}\n{\n{}\n");
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer.at("source"), "m365");
  EXPECT_EQ(answer.at("stored"), 1);
  EXPECT_EQ(answer.at("rejected"), json::parse(R"([{"reason":"invalid_json","count":1}])"));
  EXPECT_EQ(answer.at("rejections"), json::parse(R"([{"row":2,"reason":"invalid_json"}])"));
}

TEST_F(RecordRoutes, RefuseEveryOtherToken) {
  const std::string good = token_for("m365");
  const std::string metrics = token_for("");
  const std::string expired = token_for("m365", world_.clock().now() + 1);
  world_.clock().set(world_.clock().now() + 1);
  std::string wrong = good;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  const std::string session = world_.sign_in("boss", "admin");
  for (const std::string& token : {std::string(), std::string("x"), wrong, good + "0", metrics, expired, session}) {
    const Response response = send(post(token, "{}\n"));
    EXPECT_EQ(response.status, 401) << token;
    EXPECT_THAT(response.body, HasSubstr("access.bad_token"));
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer");
  }
  Request basic = post("", "{}\n");
  basic.headers.push_back({"authorization", "Basic " + good});
  EXPECT_EQ(send(basic).status, 401);
  Request twice = post(good, "{}\n");
  twice.headers.push_back({"authorization", "Bearer " + good});
  EXPECT_EQ(send(twice).status, 401);
  EXPECT_EQ(source_, "") << "nothing was taken";

  EXPECT_EQ(send(post(good, "{}\n")).status, 200);
  ASSERT_TRUE(world_.tokens().revoke("local/test", good.substr(7, 16)));
  EXPECT_EQ(send(post(good, "{}\n")).status, 401);
}

TEST_F(RecordRoutes, ATokenOpensNothingElse) {
  Request request = post(token_for("m365"), "");
  request.method = Method::get;
  request.target = "/api/v1/alerts";
  EXPECT_EQ(api_(request).status, 401);
  request.target = "/metrics";
  EXPECT_EQ(api_(request).status, 401);
}

TEST_F(RecordRoutes, RefuseWhatTheyDoNotKnow) {
  const std::string token = token_for("m365");
  Request request = post(token, "{}\n");
  request.target += "?source=other";
  EXPECT_EQ(send(request).status, 400);
  request = post(token, "{}\n");
  request.headers[1].value = "text/csv";
  EXPECT_EQ(send(request).status, 415);
  request.headers[1].value = "Application/JSON; charset=utf-8";
  EXPECT_EQ(send(request).status, 200);
  request.headers.push_back({"content-encoding", "br"});
  EXPECT_EQ(send(request).status, 415);
  request = post(token, "{}\n");
  request.headers.push_back({"sec-fetch-site", "cross-site"});
  EXPECT_EQ(send(request).status, 403);
}

TEST_F(RecordRoutes, SayWhenToComeAgain) {
  answer_ = fail("ingest.queue_full", "too many");
  const Response response = send(post(token_for("m365"), "{}\n"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.header("Retry-After"), "1");
  answer_ = fail("sources.too_large", "too large");
  EXPECT_EQ(send(post(token_for("m365"), "{}\n")).status, 413);
  answer_ = fail("timeline.disk_full", "full");
  EXPECT_EQ(send(post(token_for("m365"), "{}\n")).status, 507);
}

TEST_F(RecordRoutes, HostileSourceNamesGetNoToken) {
  const std::vector<std::string> names = {"A", "../x", "a b", "a\"}", "a\n", std::string(65, 'a'), "-a", "\xC3\xA4"};
  for (const std::string& name : names) {
    EXPECT_FALSE(world_.tokens().create("local/test", name, std::nullopt)) << name;
  }
  for (const AuditLine& line : world_.audit_lines()) EXPECT_NE(line.action, "token.created");
}

Arrivals arrivals(TimePoint at, std::uint64_t records) {
  Arrivals out;
  out.feed = SourceFeed::requests;
  out.first_received = out.last_received = at;
  out.last_created = at - 90 * kMicrosPerSecond;
  out.counts = {{"records", records}, {"stored", records - 2}, {"repeats", 1}, {"rejected invalid_json", 1}};
  out.created.add(90 * kMicrosPerSecond, records);
  out.delay.add(4'000, records);
  return out;
}

TEST_F(RecordRoutes, SourcesShowTheirHealthToWhoeverIsSignedIn) {
  const std::string token = world_.sign_in("ann", "analyst");
  EXPECT_TRUE(world_.read("/sources", token).at("sources").empty());
  ASSERT_TRUE(world_.sources().record("m365", arrivals(world_.clock().now(), 10)));
  world_.clock().set(world_.clock().now() + 60 * kMicrosPerSecond);
  const json source = world_.read("/sources", token).at("sources").at(0);
  EXPECT_EQ(source.at("source"), "m365");
  EXPECT_EQ(source.at("state"), "learning");
  EXPECT_EQ(source.at("records_last_day"), 10);
  EXPECT_EQ(source.at("stored"), 8);
  EXPECT_EQ(source.at("silent_seconds"), 60);
  EXPECT_EQ(source.at("rejected").at(0).at("reason"), "invalid_json");
}

TEST_F(RecordRoutes, MetricsAreForThisMachineOrATokenMadeForThem) {
  ASSERT_TRUE(world_.sources().record("m365", arrivals(world_.clock().now(), 10)));
  Request request;
  request.target = "/metrics";
  request.headers = {{"host", "localhost"}};
  for (const char* stranger : {"", "192.0.2.1", "2001:db8::1", "127.0.0.1.example", "::ffff:127.0.0.1"}) {
    request.client = stranger;
    EXPECT_EQ(api_(request).status, 401) << stranger;
  }
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1"}) {
    request.client = here;
    EXPECT_EQ(api_(request).status, 200) << here;
  }
  const std::string text = api_(request).body;
  EXPECT_THAT(text, HasSubstr("# TYPE candor_source_records_total counter"));
  EXPECT_THAT(text, HasSubstr(R"(candor_source_records_total{source="m365",outcome="stored",reason=""} 8)"));
  EXPECT_THAT(text, HasSubstr(R"(candor_source_silent{source="m365"} 0)"));
  EXPECT_EQ(text.find('@'), std::string::npos) << "no identities";
  request.headers.push_back({"authorization", "Bearer " + token_for("m365")});
  EXPECT_EQ(api_(request).status, 401) << "a token for records reads no metrics, from this machine neither";
  request.headers.back().value = "Bearer " + token_for("");
  request.client = "192.0.2.1";
  EXPECT_EQ(api_(request).status, 200);
}

}  // namespace
}  // namespace candor::api
