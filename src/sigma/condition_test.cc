#include "sigma/condition.h"

#include <gtest/gtest.h>

namespace candor::sigma {
namespace {

// A selection that stands for its letter: a test on field number (letter - 'a').
std::map<std::string, Expression> selections() {
  std::map<std::string, Expression> result;
  const std::pair<const char*, int> rows[] = {{"a", 0},  {"b", 1},        {"c", 2},
                                              {"_d", 3}, {"filter_x", 4}, {"filter_y", 5}};
  for (const auto& [name, field] : rows) {
    Test test;
    test.field = static_cast<FieldIndex>(field);
    result[name] = Expression::of(test);
  }
  return result;
}

std::string shown(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::test) return std::to_string(expression.test.field);
  std::string text = expression.kind == Kind::negation ? "!" : expression.kind == Kind::all_of ? "&" : "|";
  if (expression.kind == Kind::at_least) text = std::to_string(expression.count) + "of";
  text += '(';
  for (const Expression& part : expression.parts) text += shown(part) + (&part == &expression.parts.back() ? "" : " ");
  return text + ')';
}

TEST(Condition, Grammar) {
  const std::pair<const char*, const char*> rows[] = {
      {"a", "0"},
      {"a and b or c", "|(&(0 1) 2)"},
      {"a or b and c", "|(0 &(1 2))"},
      {"(a or b) and c", "&(|(0 1) 2)"},
      {"not a and b", "&(!(0) 1)"},
      {"not (a and b)", "!(&(0 1))"},
      {"not not a", "!(!(0))"},
      {"A AND b", nullptr},  // names keep their case
      {"a AND NOT b", "&(0 !(1))"},
      {"1 of filter_*", "|(4 5)"},
      {"all of filter_*", "&(4 5)"},
      {"any of filter_x", "|(4)"},
      {"2 of filter_*", "2of(4 5)"},
      {"3 of filter_*", nullptr},
      {"0 of them", nullptr},
      {"1 of them", "|(0 1 2 4 5)"},  // without _d
      {"all of _*", "&(3)"},
      {"a and not 1 of filter_*", "&(0 !(|(4 5)))"},
      {"  a\n and\tb ", "&(0 1)"},
      {"((((a))))", "0"},
  };
  for (const auto& [text, expected] : rows) {
    std::set<std::string> used;
    const auto parsed = parse_condition(text, selections(), used);
    ASSERT_EQ(parsed.has_value(), expected != nullptr) << text;
    if (parsed) {
      EXPECT_EQ(shown(*parsed), expected) << text;
    }
  }
}

TEST(Condition, FaultsNameTheirPlace) {
  struct Row {
    std::string text;
    const char* id;
    std::size_t offset;
  };
  const Row rows[] = {
      {"", "sigma.bad_condition", 0},
      {"a and", "sigma.bad_condition", 5},
      {"and a", "sigma.bad_condition", 0},
      {"a b", "sigma.bad_condition", 2},
      {"(a", "sigma.bad_condition", 2},
      {"a)", "sigma.bad_condition", 1},
      {"a or or b", "sigma.bad_condition", 5},
      {"9 of them", "sigma.bad_condition", 5},
      {"some of them", "sigma.bad_condition", 0},
      {"1 of nothing*", "sigma.unknown_selection", 5},
      {"a and filter_z", "sigma.unknown_selection", 6},
      {"a | count() > 5", "sigma.unsupported", 2},
      {std::string(500, '('), "sigma.too_deep", 61},
  };
  for (const Row& row : rows) {
    std::set<std::string> used;
    const auto parsed = parse_condition(row.text, selections(), used);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(parsed.error().id, row.id) << row.text;
    EXPECT_EQ(parsed.error().offset, row.offset) << row.text;
  }
}

TEST(Condition, CopiesOfSelectionsAreBounded) {
  std::string text = "1 of them";
  for (int i = 0; i < 20'000; ++i) text += " or 1 of them";
  std::set<std::string> used;
  const auto parsed = parse_condition(text, selections(), used);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().id, "sigma.too_large");
}

TEST(Condition, TellsWhatItUsed) {
  std::set<std::string> used;
  ASSERT_TRUE(parse_condition("a and not 1 of filter_*", selections(), used));
  EXPECT_EQ(used, (std::set<std::string>{"a", "filter_x", "filter_y"}));
}

}  // namespace
}  // namespace candor::sigma
