#include "sigma/event_matcher.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace candor::sigma {
namespace {

// What a record is asked does not depend on the record before it.
TEST(EventMatcher, AnEmptyListIsNoAbsentField) {
  FieldMapping mapping;
  mapping.name = "test";
  mapping.products = {"windows"};
  mapping.log_sources = {
      {.source = {.product = "windows", .service = "security", .category = ""}, .any = {{{"Channel", {"Security"}}}}}};
  const auto loaded =
      EventProgram::parse("r.yml", "title: T\nlogsource: {product: linux}\ndetection: {s: {User: a}, condition: s}\n",
                          {.mapping = mapping, .placeholders = {}});
  ASSERT_FALSE(has_errors(loaded.diagnostics));
  EventMatcher matcher(loaded.program);
  Event event = loaded.program->new_event();
  std::vector<RuleIndex> matched;
  const auto matches = [&](const std::string& record) {
    EXPECT_TRUE(event.load(record));
    matcher.match(event, matched);
    return matched.size();
  };
  EXPECT_EQ(matches(R"({"User":"a","Channel":[]})"), 0u);  // it tells a channel, though none
  EXPECT_EQ(matches(R"({"User":"a"})"), 1u);
  EXPECT_EQ(matches(R"({"User":"a","Channel":"System"})"), 0u);
}

}  // namespace
}  // namespace candor::sigma
