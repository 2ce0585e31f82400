#include "api/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor::api {
namespace {

Request posted(std::string body, std::string type = "application/json") {
  Request request;
  request.method = Method::post;
  request.headers.push_back({"content-type", std::move(type)});
  request.body = std::move(body);
  return request;
}

Result<Body> read(const std::string& body) { return read_body(posted(body), {{"reason", 1, 10}, {"note", 0, 5}}); }

TEST(Body, ReadsAnObjectOfTexts) {
  const auto body = read_body(posted(R"({"reason":"expected","note":"f\u00fcnf!"})", "Application/JSON; charset=utf-8"),
                              {{"reason", 1, 10}, {"note", 0, 5}});
  ASSERT_TRUE(body);
  EXPECT_EQ(body->at("reason"), "expected");
  EXPECT_EQ(body->at("note"), "f\xc3\xbcnf!");
}

TEST(Body, RefusesEverythingElse) {
  struct Row {
    const char* body;
    const char* id;
  };
  for (const Row& row :
       {Row{"", "api.bad_json"}, Row{"null", "api.bad_json"}, Row{"[]", "api.bad_json"}, Row{"\"x\"", "api.bad_json"},
        Row{"{", "api.bad_json"}, Row{R"({"reason":"a","note":""} x)", "api.bad_json"},
        Row{R"({"reason":"a","note":"",})", "api.bad_json"},
        Row{R"({"reason":"a","reason":"b","note":""})", "api.bad_json"},
        Row{"{\"reason\":\"a\xff\",\"note\":\"\"}", "api.bad_json"}, Row{R"({"reason":"a"})", "api.bad_property"},
        Row{R"({"reason":1,"note":""})", "api.bad_property"}, Row{R"({"reason":null,"note":""})", "api.bad_property"},
        Row{R"({"reason":{"a":"b"},"note":""})", "api.bad_property"},
        Row{R"({"reason":["a"],"note":""})", "api.bad_property"}, Row{R"({"reason":"","note":""})", "api.bad_property"},
        Row{R"({"reason":"12345678901","note":""})", "api.bad_property"},
        Row{R"({"reason":"a\u0000b","note":""})", "api.bad_property"},
        Row{R"({"reason":"a","note":"","admin":"yes"})", "api.unknown_property"}}) {
    const auto body = read(row.body);
    ASSERT_FALSE(body) << row.body;
    EXPECT_EQ(body.error().id, row.id) << row.body;
    EXPECT_THAT(body.error().message, ::testing::Not(::testing::HasSubstr("admin")));
  }
}

TEST(Body, DeepNestingEndsAtOnce) { EXPECT_FALSE(read("{\"reason\":" + std::string(60'000, '['))); }

TEST(Body, NeedsItsContentType) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
    const auto body = read_body(posted(R"({})", type), {});
    ASSERT_FALSE(body) << type;
    EXPECT_EQ(body.error().id, "api.bad_content_type");
  }
}

TEST(Body, NoneWhereNoneIsTaken) {
  EXPECT_TRUE(refuse_body(posted("")));
  EXPECT_FALSE(refuse_body(posted("{}")));
}

}  // namespace
}  // namespace candor::api
