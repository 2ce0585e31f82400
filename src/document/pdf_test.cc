#include "document/pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Read by somebody else's tools (poppler).
class Pdf : public testing::Test {
 protected:
  Pdf() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_pdf_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Pdf() override { std::filesystem::remove_all(folder_); }

  std::string made(const TextDocument& document, const PdfOptions& options = {.foot = "Version 3"}) {
    auto pdf = to_pdf(document, options);
    EXPECT_TRUE(pdf.has_value()) << pdf.error().message;
    std::ofstream(folder_ / "a.pdf", std::ios::binary) << *pdf;
    return *std::move(pdf);
  }
  std::string read(const std::string& command) {
    const std::string line = command + " 2>&1";
    FILE* const out = ::popen(line.c_str(), "r");
    std::string text;
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), out)) > 0;) text.append(part.data(), n);
    EXPECT_EQ(::pclose(out), 0) << text;
    return text;
  }
  std::string words() { return read("pdftotext -layout " + (folder_ / "a.pdf").string() + " -"); }
  std::string info(const std::string& options = "") {
    return read("pdfinfo " + options + " " + (folder_ / "a.pdf").string());
  }

  std::filesystem::path folder_;
};

TextDocument of(std::vector<Block> blocks) {
  return {.title = "Was hier ausgewertet wird", .language = "de", .blocks = std::move(blocks)};
}

TEST_F(Pdf, HoldsItsWordsTitleAndStructure) {
  const std::string pdf =
      made(of({heading(1, "Löschen"), paragraph("Größe, Straße, Übermaß – „schön“ und Łódź, Ελλάδα, Ж."),
               points({"erstens", "zweitens"}), table({"Quelle", "seit"}, {{"m365_audit", "2026-01-01"}}),
               values({{"Aufbewahrung", "30 Tage"}})}),
           {.foot = "Fassung 3", .page = "Seite", .of = "von", .made_at = 1'795'000'000'000'000});
  EXPECT_THAT(pdf, StartsWith("%PDF-1."));
  const std::string text = words();
  for (const char* word :
       {"Was hier ausgewertet wird", "Löschen", "Größe, Straße, Übermaß – „schön“ und Łódź, Ελλάδα, Ж.", "erstens",
        "Quelle", "m365_audit", "2026-01-01", "30 Tage", "Fassung 3", "Seite 1 von 1"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
  const std::string about = info();
  EXPECT_THAT(about, HasSubstr("Was hier ausgewertet wird"));
  EXPECT_THAT(about, testing::ContainsRegex("Tagged: +yes"));
  EXPECT_THAT(about, testing::ContainsRegex("Page size: +595.* x 841.*A4"));
  EXPECT_THAT(about, testing::ContainsRegex("JavaScript: +no"));
  EXPECT_THAT(about, HasSubstr("2026"));
  const std::string structure = info("-struct-text");
  for (const char* tag : {"H1", "H2", "P", "L", "LI", "Table", "TR", "TH", "TD"})
    EXPECT_THAT(structure, HasSubstr(tag));
  EXPECT_THAT(structure, HasSubstr("m365_audit"));
}

TEST_F(Pdf, TheSameGivesTheSameBytes) {
  const TextDocument document = of({heading(1, "A"), paragraph("b"), table({"c"}, {{"d"}})});
  const PdfOptions options{.foot = "f", .made_at = 1'795'000'000'000'000};
  EXPECT_EQ(made(document, options), made(document, options));
  EXPECT_NE(made(document, options), made(document, {.foot = "g", .made_at = 1'795'000'000'000'000}));
}

TEST_F(Pdf, LongTablesAndTextsGoOnOverleaf) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 150; ++i) rows.push_back({"row" + std::to_string(i) + "end", "text"});
  rows.push_back({"tall", ""});
  for (int i = 0; i < 3'000; ++i) rows.back()[1] += "w" + std::to_string(i) + " ";
  std::string prose;
  for (int i = 0; i < 3'000; ++i) prose += "p" + std::to_string(i) + " ";
  made(of({table({"name of it", "what"}, rows), heading(1, "Prose"), paragraph(prose)}), {.foot = "f"});
  const std::string text = words();
  for (const char* word : {"row0end", "row149end", "w0 ", "w2999", "p0 ", "p2999", "page 1 of "})
    EXPECT_THAT(text, HasSubstr(word));
  std::size_t heads = 0;
  for (std::size_t at = text.find("name of it"); at != std::string::npos; at = text.find("name of it", at + 1)) ++heads;
  EXPECT_GT(heads, 4U) << "its head stands on each page";
}

TEST_F(Pdf, HostileTextStaysText) {
  made(of({paragraph("gpj\xE2\x80\xAE"
                     "exe <b>&amp;</b> \xFF\x01 (unbalanced \\) %%EOF"),
           points({std::string(5'000, 'x')}), table({"a", "b"}, {{"=cmd|' /C calc'!A0", "\xF0\x9F\x98\x80"}}),
           heading(1, ""), paragraph("")}));
  const std::string text = words();
  EXPECT_THAT(text, HasSubstr("<b>&amp;</b>"));
  EXPECT_THAT(text, HasSubstr("(unbalanced \\) %%EOF"));
  EXPECT_THAT(text, HasSubstr("=cmd|' /C calc'!A0"));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(Pdf, TooLongIsRefused) {
  std::string line;
  for (int i = 0; i < 40'000; ++i) line += "word ";
  std::vector<Block> blocks(40, paragraph(line));
  const auto pdf = to_pdf(of(std::move(blocks)), {});
  ASSERT_FALSE(pdf.has_value());
  EXPECT_EQ(pdf.error().id, "document.too_long");
}

}  // namespace
}  // namespace candor
