#include "sigma/literal_index.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sigma/event_matcher.h"

namespace candor::sigma {
namespace {

TEST(LiteralIndex, APieceThatAMatchNeedNotHoldIsNone) {
  EXPECT_EQ(needed_piece("user=[a-z]+;name"), "user=");
  EXPECT_EQ(needed_piece("(?i)ABC.*"), "abc");
  EXPECT_EQ(needed_piece("abcd?e{2}"), "abc");
  // Optional altogether, though a bracket in quotes seems to close the group.
  EXPECT_EQ(needed_piece(R"((?:\Q)abc\E)?)"), "");
  // References: what follows is their name.
  EXPECT_EQ(needed_piece(R"((ab)\g1cdef)"), "");
  EXPECT_EQ(needed_piece(R"((ab)\g<1>cdef)"), "");
  EXPECT_EQ(needed_piece(R"((ab)\k'n'cdef)"), "");
  // The search ends before.
  EXPECT_EQ(needed_piece("foo(*ACCEPT)barbaz"), "");
  EXPECT_EQ(needed_piece("(f(*ACCEPT)x)barbaz"), "");
}

std::size_t matches(const std::string& rule, const std::string& record) {
  const auto loaded = EventProgram::parse("r.yml", "title: T\nlogsource: {product: x}\ndetection:\n" + rule, {});
  EXPECT_FALSE(has_errors(loaded.diagnostics));
  Event event = loaded.program->new_event();
  EXPECT_TRUE(event.load(record));
  EventMatcher matcher(loaded.program);
  std::vector<RuleIndex> matched;
  matcher.match(event, matched);
  return matched.size();
}

TEST(LiteralIndex, ReferencesAndVerbsInARegex) {
  EXPECT_EQ(matches("  s: {a|re: '(ab)\\g1cdef'}\n  condition: s\n", R"({"a": "ababcdef"})"), 1u);
  EXPECT_EQ(matches("  s: {a|re: 'foo(*ACCEPT)barbaz'}\n  condition: s\n", R"({"a": "foo"})"), 1u);
}

// Expressions no piece is certain of are screened by Hyperscan, which reads some of them otherwise than RE2.
TEST(LiteralIndex, RegexesWithoutAPieceAreFoundWhereverRe2FindsThem) {
  const auto rule = [](const std::string& line) { return "  s: {" + line + "}\n  condition: s\n"; };
  EXPECT_EQ(matches(rule(R"(a|re: '[ab]\S[cd]')"), R"({"a": "a\u000bd"})"), 1u);
  EXPECT_EQ(matches(rule(R"(a|re: '[ab][^\v][cd]')"), R"({"a": "a\nd"})"), 1u);
  EXPECT_EQ(matches(rule(R"(a|re|m: '^$')"), R"({"a": "b\n"})"), 1u);
  EXPECT_EQ(matches(rule(R"(a|re: "[0-9]x\0{0}|yz")"), R"({"a": "yz"})"), 1u);
  EXPECT_EQ(matches(rule(R"(a|re: '^$|[0-9]')"), R"({"a": ""})"), 1u);
  EXPECT_EQ(matches("  keywords: {'|re': '[a-c][0-9]+'}\n  condition: keywords\n", R"({"a": "x b7"})"), 1u);
}

// Alone each compiles.
TEST(LiteralIndex, ManyLargeRegexesOfOneField) {
  std::string rules;
  for (int i = 0; i < 300; ++i) {
    rules += "---\ntitle: T\nlogsource: {product: x}\ndetection: {s: {a|re: '[a-z]{1," + std::to_string(200 + i) +
             "}[0-9]{2,90}|[x-z]{3,80}'}, condition: s}\n";
  }
  const auto loaded = EventProgram::parse("r.yml", rules.substr(4), {});
  EXPECT_FALSE(has_errors(loaded.diagnostics));
  Event event = loaded.program->new_event();
  ASSERT_TRUE(event.load(R"({"a": "abc123"})"));
  EventMatcher matcher(loaded.program);
  std::vector<RuleIndex> matched;
  matcher.match(event, matched);
  EXPECT_EQ(matched.size(), 300u);
}

TEST(KeywordScreen, ANumberWithAnExponentIsTheNumber) {
  const std::string rule = "  keywords: [1234]\n  condition: keywords\n";
  EXPECT_EQ(matches(rule, R"({"a": 1234})"), 1u);
  EXPECT_EQ(matches(rule, R"({"a": 1.234e3})"), 1u);
  EXPECT_EQ(matches(rule, R"({"a": [1.234E+3]})"), 1u);
  EXPECT_EQ(matches(rule, R"({"a": "1.234e3"})"), 0u);  // a text is what it is
}

}  // namespace
}  // namespace candor::sigma
