#include "document/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "document/changes.h"
#include "document/html.h"
#include "document/template.h"

namespace candor {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TextDocument sample() {
  return {.title = "What is evaluated",
          .language = "en",
          .blocks = {heading(1, "Sources"), paragraph("Logs & more."), points({"one", "two"}),
                     table({"source", "since"}, {{"mail", "2026-01-01"}}), values({{"kept", "30 days"}})}};
}

TEST(TextDocument, PlainLinesShowWhatTheyAre) {
  EXPECT_EQ(plain_line("Größe – 文"), "Größe – 文");
  EXPECT_EQ(plain_line("a\r\nb\tc\x01"), "a  b c ");
  EXPECT_EQ(plain_line("gpj\xE2\x80\xAE.exe"), "gpj\xEF\xBF\xBD.exe") << "a right-to-left override";
  EXPECT_EQ(plain_line("a\xE2\x80\x8B"), "a\xEF\xBF\xBD") << "a blank that nobody sees";
  for (const char* broken : {"\xFF", "\xC3", "\xE2\x82", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    const std::string shown = plain_line(std::string("x") + broken + "y");
    EXPECT_THAT(shown, AllOf(HasSubstr("x\xEF\xBF\xBD"), HasSubstr("y")));
  }
}

TEST(TextDocument, PlainLinesOfAnyBytesAreText) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 2'000; ++turn) {
    std::string bytes(random() % 30, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string line = plain_line(bytes);
    EXPECT_EQ(plain_line(line), line.find("\xEF\xBF\xBD") == std::string::npos ? line : plain_line(line));
    TextDocument document{.title = line, .language = "en", .blocks = {}};
    EXPECT_EQ(document_from_json(to_json(document)), document);
  }
}

TEST(TextDocument, JsonAndBack) {
  const std::string json = to_json(sample());
  EXPECT_EQ(document_from_json(json), sample());
  EXPECT_EQ(to_json(*document_from_json(json)), json);
  for (
      const char* bad :
      {"", "[]", "{}", R"({"title":1,"language":"en","blocks":[]})",
       R"({"title":"t","language":"en","blocks":[{"kind":"script","level":0,"text":"","cells":[],"rows":[]}]})",
       R"({"title":"t","language":"en","blocks":[{"kind":"heading","level":9,"text":"","cells":[],"rows":[]}]})",
       R"({"title":"t","language":"en","blocks":[{"kind":"table","level":0,"text":"","cells":["a"],"rows":[["a","b"]]}]})"}) {
    const auto read = document_from_json(bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().id, "document.bad_json");
  }
}

TEST(TextDocument, MarkdownEscapesWhatSomebodyTyped) {
  const std::string text = to_markdown(
      {.title = "T", .language = "en", .blocks = {paragraph("<b>*x*|"), table({"a", "b"}, {{"1|2", "3"}})}});
  EXPECT_THAT(text, HasSubstr("\\<b>\\*x\\*\\|"));
  EXPECT_THAT(text, HasSubstr("| 1\\|2 | 3 |\n"));
}

TEST(TextDocument, HtmlEscapesAndLoadsNothing) {
  TextDocument document = sample();
  document.blocks.push_back(paragraph("</p><script>alert('1')</script>\"&"));
  document.blocks.push_back(table({"\" onload=\"x"}, {{"<img src=x>"}}));
  const std::string page = to_html(document, "<foot>");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\" onload=\"")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">mail</th><td data-of=\"since\">2026-01-01</td>"));
  EXPECT_THAT(page, HasSubstr("&lt;foot&gt;"));
  EXPECT_THAT(html_content_policy(),
              AllOf(HasSubstr("default-src 'none'"), HasSubstr("style-src 'sha256-"), Not(HasSubstr("unsafe"))));
}

TEST(DocumentChanges, SayWhatIsOtherAndWhere) {
  const TextDocument before = sample();
  TextDocument after = sample();
  after.blocks[1].text = "Logs.";
  after.blocks[3].rows.push_back({"badge", "2026-02-01"});
  after.blocks[4].rows[0][1] = "90 days";
  EXPECT_THAT(document_changes(before, after),
              ElementsAre(DocumentChange{"Sources", false, "Logs & more."}, DocumentChange{"Sources", true, "Logs."},
                          DocumentChange{"Sources", false, "kept: 30 days"},
                          DocumentChange{"Sources", true, "badge; since: 2026-02-01"},
                          DocumentChange{"Sources", true, "kept: 90 days"}));
  EXPECT_THAT(document_changes(before, before), IsEmpty());
  EXPECT_EQ(document_changes({}, after).size(), 9U) << "an empty title for this one, and each line";
}

// Leaving out what is gone and putting in what is new gives the later one.
TEST(DocumentChanges, AreNoMoreThanNeeded) {
  std::mt19937 random(11);
  const auto text = [&] {
    std::vector<std::string> lines;
    for (std::size_t i = random() % 12; i > 0; --i)
      lines.push_back(std::string(1, static_cast<char>('a' + random() % 5)));
    return lines;
  };
  for (int turn = 0; turn < 1'000; ++turn) {
    const TextDocument before{.title = "t", .language = "en", .blocks = {points(text())}};
    const TextDocument after{.title = "t", .language = "en", .blocks = {points(text())}};
    const auto changes = document_changes(before, after);
    const auto added = std::ranges::count(changes, true, &DocumentChange::added);
    const auto gone = static_cast<std::ptrdiff_t>(changes.size()) - added;
    EXPECT_EQ(static_cast<std::ptrdiff_t>(before.blocks[0].cells.size()) - gone + added,
              static_cast<std::ptrdiff_t>(after.blocks[0].cells.size()));
    EXPECT_EQ(changes.empty(), before == after);
  }
}

TEST(Template, BecomesADocument) {
  const TemplateBlocks blocks = {{"list", {points({"x"})}}, {"nothing", {}}};
  const auto document = filled_document(
      "# Title\n\nfirst\nline\n\n## Part\n\n- one\n  goes on\n- two\n\n{{list}}\n{{nothing}}\n### Small\nlast", "t.md",
      "en", blocks);
  ASSERT_TRUE(document.has_value()) << document.error().message;
  EXPECT_EQ(document->title, "Title");
  EXPECT_THAT(document->blocks, ElementsAre(paragraph("first line"), heading(1, "Part"), points({"one goes on", "two"}),
                                            points({"x"}), heading(2, "Small"), paragraph("last")));
}

TEST(Template, FaultsNameTheLine) {
  const TemplateBlocks blocks = {{"list", {}}};
  const auto fault = [&](const std::string& text) {
    const auto read = filled_document(text, "t.md", "en", blocks);
    EXPECT_FALSE(read.has_value()) << text;
    return read ? "" : read.error().message;
  };
  EXPECT_EQ(fault("# T\n\n{{lost}}\n"), "t.md:3: there is no place `lost`; there are: list");
  EXPECT_THAT(fault("# T\nsay {{list}} here\n"), HasSubstr("t.md:2: a place"));
  EXPECT_THAT(fault("text\n"), HasSubstr("t.md:1: the text begins with"));
  EXPECT_THAT(fault(""), HasSubstr("begins with"));
  EXPECT_THAT(fault("# T\n\xFF\n"), HasSubstr("t.md:2: this is not UTF-8"));
}

}  // namespace
}  // namespace candor
