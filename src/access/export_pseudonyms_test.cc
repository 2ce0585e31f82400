#include "access/export_pseudonyms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/access_fixture.h"
#include "access/exports.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kUsual = "Anon-AB12-CD34-EF56";
constexpr const char* kHexId = "0123456789abcdef0123456789abcdef";

class ExportPseudonymsTest : public testing::Test {
 protected:
  const Keys keys_ = Keys::from_master({1, 2, 3});
  const ExportPseudonyms one_{keys_, 1};
  const ExportPseudonyms two_{keys_, 2};
};

TEST_F(ExportPseudonymsTest, TheSameWithinOneAndAnotherInEveryOther) {
  EXPECT_THAT(one_.of(kUsual), MatchesRegex("Anon(-[0-9A-HJKMNP-TV-Z]{4}){3}"));
  EXPECT_EQ(one_.of(kUsual), ExportPseudonyms(keys_, 1).of("anon-ab12-cd34-ef56"));
  EXPECT_NE(one_.of(kUsual), kUsual);
  EXPECT_NE(one_.of(kUsual), two_.of(kUsual));
  EXPECT_NE(one_.of(kUsual), one_.of("Anon-AB12-CD34-EF57"));
  EXPECT_NE(one_.of(kUsual), ExportPseudonyms(Keys::from_master({4}), 1).of(kUsual)) << "keyed";
  EXPECT_NE(one_.id("case", "1"), one_.id("request", "1"));
  EXPECT_NE(ExportPseudonyms(keys_, 1).id("a", "11"), ExportPseudonyms(keys_, 11).id("a", "1"));
  EXPECT_EQ(one_.id("case", ""), "");
}

TEST_F(ExportPseudonymsTest, TextsHoldNothingThatStandsElsewhere) {
  const std::string own = one_.of(kUsual);
  const std::string id = one_.id("id", kHexId);
  const struct {
    std::string text;
    std::string expected;
  } rows[] = {
      {"", ""},
      {"nothing of it", "nothing of it"},
      {kUsual, own},
      {"a," + std::string(kUsual) + ",b", "a," + own + ",b"},
      {"anon-ab12-cd34-ef56.docx", own + ".docx"},
      {"Anon-AB12 and Anon-AB12-CD34!", "Anon-••• and Anon-•••!"},
      {"Anon-ymous, anon-1, Anon-", "Anon-ymous, anon-1, Anon-"},
      {"alerts/" + std::string(kHexId) + ".json", "alerts/" + id + ".json"},
      {"0123456789ABCDEF0123456789ABCDEF", id},
      {"0123456789abcde", "0123456789abcde"},
      {"x0123456789abcdef", "x0123456789abcdef"},
      {"2026-05-24T10:00:00Z", "2026-05-24T10:00:00Z"},
      {"{8f14e45f-ceea-467f-a9e7-9c1b2d3e4f50}", "{" + one_.id("id", "8f14e45f-ceea-467f-a9e7-9c1b2d3e4f50") + "}"},
      {"8f14e45f-ceea-467f-a9e7", "8f14e45f-ceea-467f-a9e7"},
      {"\xF0\x9F\x92\xA9 \xE2\x80\xAE =1+1", "\xF0\x9F\x92\xA9 \xE2\x80\xAE =1+1"},
  };
  for (const auto& row : rows) EXPECT_EQ(one_.text(row.text), row.expected) << row.text;
  // Nothing between them, or letters beside them: no boundary keeps a pseudonym in.
  for (const std::string& glued :
       {std::string(kUsual) + kUsual, "x" + std::string(kUsual), kUsual + std::string("x")}) {
    EXPECT_THAT(one_.text(glued), Not(HasSubstr(kUsual))) << glued;
  }
}

TEST_F(ExportPseudonymsTest, DocumentsLoseTheirNumbersToo) {
  const std::string document =
      R"({"id":")" + std::string(kHexId) + R"(","number":7,"person":{"pseudonym":")" + kUsual +
      R"("},"counts":{"number":3},"case":7,"request":4,"devices":["LAP-1"],"host.name":"LAP-1","notes":["of )" +
      kUsual + R"("],")" + kUsual + R"(":1})";
  const std::string out = one_.json(document);
  for (const char* gone : {kUsual, kHexId, "LAP-1", "\"number\":7", "\"case\":7", "\"request\":4"}) {
    EXPECT_THAT(out, Not(HasSubstr(gone)));
  }
  EXPECT_THAT(out, HasSubstr(R"("number":")" + one_.id("case", "7")));
  EXPECT_THAT(out, HasSubstr(R"("case":")" + one_.id("case", "7")));
  EXPECT_THAT(out, HasSubstr(R"("counts":{"number":3})")) << "it counts something";
  EXPECT_THAT(out, HasSubstr(R"("devices":[")" + one_.id("device", "LAP-1")));
  EXPECT_THAT(out, HasSubstr("\"" + one_.of(kUsual) + "\":1"));
  EXPECT_THAT(one_.numbers(document), HasSubstr(kUsual));
  EXPECT_THAT(one_.numbers(document), Not(HasSubstr("\"case\":7")));
  EXPECT_EQ(one_.json(std::string("no JSON of ") + kUsual), "no JSON of " + one_.of(kUsual));
  EXPECT_EQ(one_.numbers("no JSON"), "no JSON");
  const std::string deep = std::string(100'000, '[') + "\"" + kUsual + "\"" + std::string(100'000, ']');
  EXPECT_THAT(one_.json(deep), Not(HasSubstr(kUsual))) << "as text";
}

class ExportsTest : public AccessTest {
 protected:
  Result<OwnExport> begin(const std::string& recipient) {
    return exports_.begin("activities", recipient, {.viewer = "ivy"});
  }
  const Exports exports_{*store_, keys_, clock_, audit_};
};

TEST_F(ExportsTest, EachHasANumberAndItsLineBeforeAnythingLeaves) {
  ASSERT_TRUE(begin("  Outside counsel, the spring case  ").has_value());
  const auto second = begin("Works council");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->number, 2);
  EXPECT_EQ(exports_.get(1)->recipient, "Outside counsel, the spring case");
  EXPECT_EQ(exports_.newest(10)->front().number, 2);
  EXPECT_EQ(exports_.newest(1)->size(), 1u);
  EXPECT_EQ(exports_.get(3).error().id, "exports.not_found");
  const auto page = audit_.lines({.actions = {"export.begun"}});
  ASSERT_EQ(page->total, 2);
  EXPECT_EQ(page->lines[0].object_id, "2");
  EXPECT_EQ(page->lines[0].viewer, "ivy");
  EXPECT_EQ(page->lines[0].details, R"({"what":"activities","recipient":"Works council"})");
  for (const std::string& bad : {std::string(), std::string("    "), std::string("ab"), std::string(201, 'x'),
                                 std::string("two\nlines"), std::string("nul\0byte", 8)}) {
    EXPECT_EQ(begin(bad).error().id, "exports.bad_recipient") << bad;
  }
  EXPECT_EQ(exports_.newest(10)->size(), 2u) << "a refused one takes no number";
}

TEST_F(ExportsTest, FindsWhomAPseudonymStandsForInThatExportOnly) {
  const PersonId jack = person("jack@example.com");
  person("jill@example.com");
  ASSERT_TRUE(begin("Outside counsel").has_value());
  ASSERT_TRUE(begin("Works council").has_value());
  const std::string own = ExportPseudonyms(keys_, 1).of(pseudonym(keys_, jack));
  EXPECT_EQ(*exports_.person_of(1, own), jack);
  std::string small = " " + own + " ";
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  EXPECT_EQ(*exports_.person_of(1, small), jack);
  EXPECT_EQ(exports_.person_of(2, own).error().id, "exports.unknown_pseudonym");
  EXPECT_EQ(exports_.person_of(3, own).error().id, "exports.not_found");
  for (const std::string& bad : {std::string(), pseudonym(keys_, jack), std::string("Anon-"), own + own,
                                 std::string("jack@example.com"), std::string(10'000, '-')}) {
    EXPECT_EQ(exports_.person_of(1, bad).error().id, "exports.unknown_pseudonym") << bad;
  }
}

TEST_F(ExportsTest, AViewerWhoMakesOneHasLiftedNothingAndTheirLinesNameIt) {
  const Session ivy = signed_in("ivy", "investigator");
  const PersonId jack = person("jack@example.com");
  ASSERT_TRUE(lifting_.lift(ivy.viewer, jack, "", "legal asked for it").has_value());
  const Viewer making = ivy.viewer.for_export(7);
  EXPECT_TRUE(ivy.viewer.may(Permission::people_lift));
  EXPECT_FALSE(making.may(Permission::people_lift));
  EXPECT_TRUE(making.may(Permission::activities_export));
  auto usual = presenter_.view(ivy.viewer, Permission::activities_export, {.action = "activities.exported"});
  EXPECT_TRUE(usual->present(jack)->name.has_value());
  auto viewing = presenter_.view(making, Permission::activities_export, {.action = "activities.exported"});
  EXPECT_FALSE(viewing->present(jack)->name.has_value());
  EXPECT_FALSE(viewing->mask(jack)->lifted());
  EXPECT_EQ(audit_.lines({.actions = {"activities.exported"}})->lines[0].details, R"({"export":7})");
}

}  // namespace
}  // namespace candor
