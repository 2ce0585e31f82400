#include "api/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor::api {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Target, TakesPathAndQueryApart) {
  const auto target = Target::parse("/alerts/7?sort=-score&text=a+b%2Bc&empty=&bare&&x=1=2#part");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/alerts/7");
  EXPECT_THAT(target->query, ElementsAre(Pair("sort", "-score"), Pair("text", "a b+c"), Pair("empty", ""),
                                         Pair("bare", ""), Pair("x", "1=2")));
}

TEST(Target, DecodesUtf8InPaths) {
  const auto target = Target::parse("/policies/f%C3%BCr%20alle");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/policies/f\xc3\xbcr alle");
}

TEST(Target, RefusesWhatMightMeanSomethingElse) {
  for (const char* text : {"",          "alerts",      "http://other.example/",
                           "/a%",       "/a%2",        "/a%zz",
                           "/a%00",     "/a%0d%0ab",   "/a%2fb",
                           "/a%5cb",    "/..",         "/a/../b",
                           "/%2e%2e/b", "/.",          "//a",
                           "/a//b",     "/a\\b",       "/a%ff",
                           "/a%c0%af",  "/a%ed%a0%80", "/a?b=%0a",
                           "/a?b=%",    "/a?b=%ff"}) {
    const auto target = Target::parse(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().id, "api.bad_target") << text;
  }
}

TEST(Target, BoundsTheNumberOfParameters) {
  std::string text = "/a?";
  for (int i = 0; i < 100; ++i) text += "b=1&";
  EXPECT_TRUE(Target::parse(text));
  EXPECT_FALSE(Target::parse(text + "b=1"));
}

TEST(QueryReader, ReadsWhatIsAskedFor) {
  const auto target = Target::parse("/a?page=3&status=open&status=closed&from=2026-03-04");
  ASSERT_TRUE(target);
  QueryReader query(*target);
  EXPECT_EQ(query.integer("page", 1, 10, 1), 3);
  EXPECT_EQ(query.integer("limit", 1, 10, 7), 7);
  EXPECT_THAT(query.texts("status", 5, 10), ElementsAre("open", "closed"));
  EXPECT_EQ(query.day("from"), parse_day("2026-03-04"));
  EXPECT_EQ(query.day("to"), std::nullopt);
  EXPECT_EQ(query.text("text", 10), std::nullopt);
  EXPECT_TRUE(query.done());
}

TEST(QueryReader, NamesTheFirstFault) {
  struct Row {
    const char* target;
    const char* id;
    const char* name;
  };
  for (const Row& row :
       {Row{"/a?page=0", "api.bad_parameter", "`page`"}, Row{"/a?page=11", "api.bad_parameter", "`page`"},
        Row{"/a?page=+1", "api.bad_parameter", "`page`"}, Row{"/a?page=1x", "api.bad_parameter", "`page`"},
        Row{"/a?page=1&page=2", "api.bad_parameter", "`page`"},
        Row{"/a?page=99999999999999999999", "api.bad_parameter", "`page`"},
        Row{"/a?from=2026-02-30", "api.bad_parameter", "`from`"}, Row{"/a?from=today", "api.bad_parameter", "`from`"},
        Row{"/a?text=", "api.bad_parameter", "`text`"}, Row{"/a?text=12345678901", "api.bad_parameter", "`text`"},
        Row{"/a?status=1&status=2&status=3", "api.bad_parameter", "`status`"},
        Row{"/a?page=1&secret=x", "api.unknown_parameter", "parameter 2"}}) {
    const auto target = Target::parse(row.target);
    ASSERT_TRUE(target) << row.target;
    QueryReader query(*target);
    query.integer("page", 1, 10, 1);
    query.day("from");
    query.text("text", 10);
    query.texts("status", 2, 10);
    const auto done = query.done();
    ASSERT_FALSE(done) << row.target;
    EXPECT_EQ(done.error().id, row.id) << row.target;
    EXPECT_THAT(done.error().message, ::testing::HasSubstr(row.name));
    EXPECT_THAT(done.error().message, ::testing::Not(::testing::HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace candor::api
