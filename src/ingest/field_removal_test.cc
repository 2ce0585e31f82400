#include "ingest/field_removal.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct RemovalRow {
  std::string record;
  std::string path;
  std::string dropped;  // "": unchanged
  std::string masked;
};

class FieldRemovalTest : public testing::TestWithParam<RemovalRow> {
 protected:
  static std::string remove(const std::string& record, const std::string& path, Removal removal) {
    RecordTree tree;
    EXPECT_TRUE(tree.parse(record)) << record;
    FieldRemoval fields{.paths = {*FieldPath::parse(path)}, .removal = removal};
    std::vector<bool> did;
    const auto out = remove_fields(tree, {&fields}, did);
    EXPECT_EQ(did.at(0), out.has_value());
    RecordTree again;
    EXPECT_TRUE(!out || again.parse(*out)) << *out;
    return out.value_or("");
  }
};

TEST_P(FieldRemovalTest, DropsAndMasks) {
  const RemovalRow& row = GetParam();
  EXPECT_EQ(remove(row.record, row.path, Removal::drop), row.dropped);
  EXPECT_EQ(remove(row.record, row.path, Removal::mask), row.masked);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FieldRemovalTest,
    testing::Values(
        RemovalRow{R"({"a":1,"b":2})", "c", "", ""},
        // The fuzzer's: the record is one text that begins like JSON and is none.
        RemovalRow{R"("[{ a")", "a", "{}", R"("[masked]")"},
        RemovalRow{R"({"a":1, "b" : 2})", "a", R"({"b":2})", R"({"a":"[masked]","b":2})"},
        RemovalRow{R"({"A":{"x":[1,2]},"b":"\u00e4"})", "a", R"({"b":"\u00e4"})", R"({"A":"[masked]","b":"\u00e4"})"},
        // A name written with escapes, and one that is there twice.
        RemovalRow{R"({"\u0061":1,"a":2,"b":3})", "a", R"({"b":3})", R"({"\u0061":"[masked]","a":"[masked]","b":3})"},
        RemovalRow{R"({"i":{"s":"x","t":1}})", "i.s", R"({"i":{"t":1}})", R"({"i":{"s":"[masked]","t":1}})"},
        RemovalRow{R"({"i":[{"s":1},{"t":2},{"s":3}]})", "i.s", R"({"i":[{},{"t":2},{}]})",
                   R"({"i":[{"s":"[masked]"},{"t":2},{"s":"[masked]"}]})"},
        RemovalRow{R"({"p":[{"Name":"To","Value":"x"},{"Name":"Cc","Value":"y"}]})", "p[to]",
                   R"({"p":[{"Name":"Cc","Value":"y"}]})",
                   R"({"p":[{"Name":"To","Value":"[masked]"},{"Name":"Cc","Value":"y"}]})"},
        RemovalRow{R"({"p":[{"Value":"x","Name":"To"}],"q":1})", "p[*]", R"({"p":[],"q":1})",
                   R"({"p":[{"Value":"[masked]","Name":"To"}],"q":1})"},
        // A wrapped record, and a member that is JSON in a text.
        RemovalRow{R"({"AuditData":"{\"s\":\"x\",\"t\":1}"})", "s", R"({"AuditData":"{\"t\":1}"})",
                   R"({"AuditData":"{\"s\":\"[masked]\",\"t\":1}"})"},
        RemovalRow{R"({"m":"[{\"s\":\"x\"}]"})", "m.s", R"({"m":"[{}]"})", R"({"m":"[{\"s\":\"[masked]\"}]"})"},
        RemovalRow{R"({"w":"{\"p\":[{\"Name\":\"To\",\"Value\":\"x\"}]}"})", "p[To]", R"({"w":"{\"p\":[]}"})",
                   R"({"w":"{\"p\":[{\"Name\":\"To\",\"Value\":\"[masked]\"}]}"})"},
        // Begins like JSON and is none: goes as a whole. Only looks like it: stays.
        RemovalRow{R"({"m":"{\"s\":\"x\""})", "m.s", "{}", R"({"m":"[masked]"})"},
        RemovalRow{R"({"m":"[EXT] minutes"})", "s", "", ""}));

TEST(FieldPath, NamesFields) {
  for (const char* good : {"a", "Item.Subject", "Parameters[Subject]", "p[*]", "Über.x"}) {
    EXPECT_TRUE(FieldPath::parse(good)) << good;
  }
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x", "a]b", "a b", "a[x].b"}) {
    EXPECT_FALSE(FieldPath::parse(bad)) << bad;
  }
}

TEST(FieldRemoval, DropGoesBeforeMask) {
  RecordTree tree;
  ASSERT_TRUE(tree.parse(R"({"a":1,"b":2})"));
  const FieldRemoval mask{.paths = {*FieldPath::parse("a"), *FieldPath::parse("b")}, .removal = Removal::mask};
  const FieldRemoval drop{.paths = {*FieldPath::parse("a")}, .removal = Removal::drop};
  std::vector<bool> did;
  EXPECT_EQ(remove_fields(tree, {&mask, &drop}, did), R"({"b":"[masked]"})");
  EXPECT_EQ(did, (std::vector<bool>{true, true}));
}

TEST(RecordTree, RefusesWhatIsNoJson) {
  for (const std::string& bad : {std::string(), std::string("{"), std::string("{}x"), std::string(R"({"a" 1})"),
                                 std::string(R"({"a":1,})"), std::string(R"({"a":"x})"), std::string("[1 2]"),
                                 std::string("{a:1}"), std::string(200, '[') + std::string(200, ']')}) {
    EXPECT_FALSE(RecordTree().parse(bad)) << bad;
  }
}

TEST(RecordTree, ReadsEveryValueAtAPath) {
  RecordTree tree;
  ASSERT_TRUE(tree.parse(R"({"i":[{"s":"x"},{"s":2}],"p":[{"Name":"To","Value":"y"}],"w":"{\"i\":{\"s\":\"z\"}}"})"));
  EXPECT_EQ(values_at(tree, *FieldPath::parse("I.S")), (std::vector<std::string>{"x", "2", "z"}));
  EXPECT_EQ(values_at(tree, *FieldPath::parse("p[to]")), (std::vector<std::string>{"y"}));
}

}  // namespace
}  // namespace candor
