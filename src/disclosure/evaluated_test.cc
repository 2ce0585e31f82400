#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "access/access_fixture.h"
#include "disclosure/evaluated_book.h"
#include "disclosure/evaluated_document.h"
#include "document/changes.h"

namespace candor {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kTexts = CANDOR_SOURCE_DIR "/content/documents/evaluated";

EvaluatedFacts some_facts() {
  EvaluatedFacts facts;
  facts.sources = {{.name = "m365_audit", .since = 20'000}};
  facts.indicators = {{.name = "usb_copy",
                       .title = "Copy to USB",
                       .category = Category::exfiltration,
                       .intrusion = 1,
                       .on = true,
                       .otherwise = {},
                       .groups_differ = false},
                      {.name = "deleted_much",
                       .title = "Deleted much",
                       .category = Category::deletion,
                       .intrusion = 1,
                       .on = true,
                       .otherwise = {"DE", "FR"},
                       .groups_differ = false},
                      {.name = "reads_chats",
                       .title = "Reads chats",
                       .category = Category::collection,
                       .intrusion = 3,
                       .on = false,
                       .otherwise = {},
                       .groups_differ = true}};
  facts.decisions = {{.name = "deleted_much",
                      .title = "Deleted much",
                      .on = false,
                      .country = "DE",
                      .groups = false,
                      .from = 20'100,
                      .agreement = "BV 7/2026"}};
  facts.policies = {{.template_name = "data_leaks",
                     .paused = false,
                     .start = {.purpose = "protect_confidential_information",
                               .legal_basis = "works_agreement",
                               .agreement = "BV 7/2026",
                               .impact_assessment = "DSFA-3",
                               .owner = "Mallory Thief",
                               .countries = {"DE"},
                               .all_countries = false,
                               .review_by = 21'000},
                     .since = 20'050}};
  facts.left_out = {{.name = "private", .reason = "nobody's business", .countries = {"DE"}}};
  facts.left_out_of_some = 2;
  facts.protected_parties = 1;
  facts.roles = {{.name = "analyst", .may = {"may.alerts", "may.decide"}}};
  facts.leaves = {"leaves.mail"};
  facts.kept.raw_days = 12;
  facts.kept.activity_days = 90;
  facts.kept.request_days = 0;
  facts.contact = "Datenschutz, dsb@example.com";
  return facts;
}

TextDocument page(const EvaluatedFacts& facts, Language language = Language::en) {
  auto document = evaluated_document(facts, language, kTexts);
  EXPECT_TRUE(document.has_value()) << document.error().message;
  return *std::move(document);
}
std::string text_of(const EvaluatedFacts& facts, Language language = Language::en) {
  return to_markdown(page(facts, language));
}

TEST(EvaluatedDocument, SaysWhatIsSet) {
  const std::string text = text_of(some_facts());
  for (const char* said : {"# What is evaluated here",
                           "| m365\\_audit | 2024-10-04 |",
                           "| Looked for everywhere (1) | Copy to USB |",
                           "Deleted much (on, but off in DE, FR)",
                           "Reads chats (may be otherwise for some groups)",
                           "| Deleted much | off | DE | 2025-01-12 | BV 7/2026 |",
                           "### Leaks of information",
                           "keep trade secrets and confidential information in the organisation",
                           "GDPR article 88: a collective or works agreement",
                           "DSFA-3",
                           "2027-07-01",
                           "private: nobody's business (only in DE)",
                           "2 further rules leave out",
                           "one of 1 protected parties",
                           "| analyst | see alerts, by pseudonym; decide on alerts |",
                           "12 days from their arrival",
                           "120 days from when they were closed",
                           "requests to see more of a person | without end",
                           "Datenschutz, dsb@example.com",
                           "measuring of performance",
                           "by mail"}) {
    EXPECT_THAT(text, HasSubstr(said));
  }
  EXPECT_THAT(text, Not(HasSubstr("Mallory"))) << "an owner may be a name";
  EXPECT_THAT(text, Not(HasSubstr("invented")));
  EvaluatedFacts sample = some_facts();
  sample.invented = true;
  EXPECT_THAT(text_of(sample), HasSubstr("The people of this installation are invented ones"));
}

TEST(EvaluatedDocument, SaysTheSameInGerman) {
  const TextDocument en = page(some_facts());
  const TextDocument de = page(some_facts(), Language::de);
  const std::string text = to_markdown(de);
  for (const char* said :
       {"# Was hier ausgewertet wird", "Abfluss von Informationen", "Überall ausgewertet (1)", "an, aber aus in DE, FR",
        "Leistung wird nicht gemessen", "12 Tage ab ihrem Eingang", "Meldungen sehen, unter Pseudonym", "BV 7/2026"}) {
    EXPECT_THAT(text, HasSubstr(said));
  }
  ASSERT_EQ(en.blocks.size(), de.blocks.size());
  for (std::size_t i = 0; i < en.blocks.size(); ++i) {
    EXPECT_EQ(en.blocks[i].kind, de.blocks[i].kind) << i;
    EXPECT_EQ(en.blocks[i].rows.size(), de.blocks[i].rows.size()) << i;
    EXPECT_EQ(en.blocks[i].cells.size(), de.blocks[i].cells.size()) << i;
  }
}

TEST(EvaluatedDocument, NothingIsSetYet) {
  for (const Language language : all_languages()) {
    const std::string text = text_of({}, language);
    EXPECT_THAT(text, HasSubstr(Words(language)("no_source")));
    EXPECT_THAT(text, HasSubstr(Words(language)("no_policy")));
    EXPECT_THAT(text, HasSubstr(Words(language)("leaves.nothing")));
    EXPECT_THAT(text, HasSubstr(Words(language)("no_contact")));
  }
}

TEST(EvaluatedDocument, HostileTextsStayTexts) {
  EvaluatedFacts facts = some_facts();
  facts.contact =
      "a\xE2\x80\xAE"
      "b\n# not a heading\xFF" +
      std::string(5'000, 'x');
  facts.decisions[0].agreement = "{{roles}} <script>";
  const TextDocument document = page(facts);
  EXPECT_THAT(document.blocks.back().text, AllOf(HasSubstr("a\xEF\xBF\xBD"
                                                           "b # not a heading\xEF\xBF\xBD"),
                                                 Not(HasSubstr("\n"))));
  EXPECT_LT(document.blocks.back().text.size(), 500U);
  EXPECT_THAT(to_markdown(document), HasSubstr("{{roles}} \\<script>"));
  EXPECT_EQ(document_from_json(to_json(document)), document);
}

TEST(EvaluatedDocument, AMissingOrFaultyTextIsNamed) {
  EXPECT_EQ(evaluated_document({}, Language::en, "/nowhere/evaluated").error().id, "documents.no_text");
  std::string pattern = (std::filesystem::temp_directory_path() / "candor_texts_XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::ofstream(folder / "en.md") << "# T\n\n{{everybody}}\n";
  const auto fault = evaluated_document({}, Language::en, folder);
  ASSERT_FALSE(fault.has_value());
  EXPECT_THAT(fault.error().message, HasSubstr("en.md:3: there is no place `everybody`"));
  std::filesystem::remove_all(folder);
}

// The templates that ship, as `template: NAME` of their files.
std::vector<std::string> shipped_templates() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(CANDOR_SOURCE_DIR "/content/policies")) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("template: ")) out.push_back(line.substr(10));
    }
  }
  return out;
}

// Every word that policies may say has its words in each language.
TEST(Words, KnowWhatContentSays) {
  for (const Language language : all_languages()) {
    const Words words(language);
    for (const auto& [word, meaning] : purposes()) EXPECT_NE(words.or_itself("purpose", word), word);
    for (const auto& [word, meaning] : legal_bases()) EXPECT_NE(words.or_itself("basis", word), word);
    for (const Category one : all_categories()) EXPECT_FALSE(words("category." + std::string(to_text(one))).empty());
    for (const std::string& one : shipped_templates()) EXPECT_NE(words.or_itself("template", one), one);
    EXPECT_EQ(words.or_itself("template", "our_own"), "our_own");
  }
  EXPECT_EQ(language_named("fr"), std::nullopt);
}

class EvaluatedBookTest : public AccessTest {
 protected:
  static DocumentsByLanguage documents(const EvaluatedFacts& facts) {
    return {{Language::en, page(facts)}, {Language::de, page(facts, Language::de)}};
  }
  EvaluatedVersion keep(const EvaluatedFacts& facts) {
    auto kept = book_.keep(documents(facts), "test");
    EXPECT_TRUE(kept.has_value()) << kept.error().message;
    return *std::move(kept);
  }
  const EvaluatedBook book_{*store_, audit_, clock_};
};

TEST_F(EvaluatedBookTest, AChangeIsAVersionAndTheSameIsNone) {
  EXPECT_EQ(*book_.newest(), std::nullopt);
  EXPECT_EQ(keep(some_facts()).number, 1);
  clock_.set(kNow + kMicrosPerSecond);
  EXPECT_EQ(keep(some_facts()).number, 1);
  EvaluatedFacts other = some_facts();
  other.kept.raw_days = 30;
  const EvaluatedVersion second = keep(other);
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.since, kNow + kMicrosPerSecond);
  const EvaluatedVersion third = keep(some_facts());
  EXPECT_EQ(third.number, 3) << "what comes back holds from another day on";
  EXPECT_EQ(third.hash, book_.version(1)->hash);
  EXPECT_NE(third.hash, second.hash);
  const auto all = book_.list(10);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->front().number, 3);
  EXPECT_EQ(book_.version(4).error().id, "evaluated.no_version");
  EXPECT_EQ(
      std::ranges::count_if(audit_lines(), [](const auto& line) { return line.starts_with("evaluated.changed"); }), 3);
  EXPECT_THAT(
      document_changes(*document_of(*book_.version(1), Language::de), *document_of(*book_.version(2), Language::de)),
      ElementsAre(DocumentChange{"Wie lange es aufbewahrt wird", false,
                                 "Aufzeichnungen im Original; wie lange: 12 Tage ab ihrem Eingang"},
                  DocumentChange{"Wie lange es aufbewahrt wird", true,
                                 "Aufzeichnungen im Original; wie lange: 30 Tage ab ihrem Eingang"}));
}

TEST_F(EvaluatedBookTest, ASignedFileIsCheckedByItself) {
  const EvaluatedVersion version = keep(some_facts());
  const auto read = verified_evaluated(version.statement, audit_.public_key());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->number, 1);
  EXPECT_EQ(read->since, kNow);
  EXPECT_EQ(document_of(*read, Language::de), page(some_facts(), Language::de));
  for (std::size_t at = 0; at < version.statement.size(); at += 97) {
    std::string changed = version.statement;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(verified_evaluated(changed, audit_.public_key()).has_value()) << at;
  }
  EXPECT_FALSE(verified_evaluated(version.statement, std::string(64, 'a')).has_value());
}

TEST_F(EvaluatedBookTest, ThePdfIsTheSameEachTime) {
  const EvaluatedVersion version = keep(some_facts());
  const auto pdf = evaluated_pdf(version, Language::de, audit_.public_key());
  ASSERT_TRUE(pdf.has_value()) << pdf.error().message;
  EXPECT_EQ(evaluated_pdf(version, Language::de, audit_.public_key()), *pdf);
  EXPECT_NE(evaluated_pdf(version, Language::en, audit_.public_key()), *pdf);
}

}  // namespace
}  // namespace candor
