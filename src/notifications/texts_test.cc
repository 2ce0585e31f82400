#include "notifications/texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string shipped() {
  std::ifstream in(CANDOR_SOURCE_DIR "/content/notifications/en.yml");
  return {std::istreambuf_iterator<char>(in), {}};
}

// The ids of the faults of the shipped text with something in it replaced.
std::vector<std::string> faults(const std::string& from, const std::string& to) {
  std::string text = shipped();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  std::vector<Diagnostic> diagnostics;
  const auto read = NotificationTexts::parse(text, "content/en.yml", diagnostics);
  EXPECT_EQ(read.has_value(), diagnostics.empty());
  std::vector<std::string> ids;
  for (const Diagnostic& one : diagnostics) {
    EXPECT_GT(one.line, 0) << one.id;
    ids.push_back(one.id);
  }
  return ids;
}

TEST(NotificationTexts, EveryShippedLanguageSaysEverything) {
  std::vector<Diagnostic> diagnostics;
  const auto texts = NotificationTexts::load(CANDOR_SOURCE_DIR "/content/notifications", diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  std::vector<std::string> languages;
  for (const NotificationLanguage& one : texts.all()) {
    languages.push_back(one.id);
    EXPECT_EQ(one.texts.size(), notification_texts().size());
  }
  EXPECT_THAT(languages, ElementsAre("de", "en"));
  EXPECT_EQ(texts.find("de")->id, "de");
  EXPECT_EQ(texts.find("fr")->id, "en");
  EXPECT_FALSE(texts.has("fr"));
  EXPECT_EQ(NotificationTexts().find("en"), nullptr);
}

TEST(NotificationTexts, FaultsHaveTheirPlaces) {
  EXPECT_THAT(faults("language: en", "language: fr"), ElementsAre("notifications.other_language"));
  EXPECT_THAT(faults("{{policy}}", "{{file}}"), ElementsAre("notifications.unknown_field"));
  EXPECT_THAT(faults("  weekly_cases:\n    line: \"Open cases: {{count}}\"\n", ""),
              ElementsAre("notifications.missing"));
  EXPECT_THAT(faults("\"Open cases: {{count}}\"", "\"Open\\ncases\""), ElementsAre("notifications.lines"));
  EXPECT_THAT(faults("  weekly_cases:\n", "  weekly_cases:\n    text: x\n"), ElementsAre("notifications.unknown_key"));
}

TEST(NotificationTexts, AMailIsTextAndHtmlWithLinks) {
  const NotificationText text{.subject = "Case {{case}}", .text = "Of {{who}}.\n\n{{gone}}\n\n{{link}}\n", .line = ""};
  const FieldValues values = {
      {"case", {"7\r\nBcc: x"}}, {"who", {"<b>"}}, {"link", {"https://candor.example.com/cases/1f"}}};
  const auto mail = rendered_mail(text, values, "https://candor.example.com");
  EXPECT_EQ(mail.subject, "Case 7  Bcc: x");
  EXPECT_EQ(mail.text, "Of <b>.\n\nhttps://candor.example.com/cases/1f");
  EXPECT_THAT(mail.html, HasSubstr("<a href=\"https://candor.example.com/cases/1f\">"
                                   "https://candor.example.com/cases/1f</a>"));
  EXPECT_THAT(mail.html, HasSubstr("Of &lt;b&gt;."));
  const auto without = rendered_mail(text, {{"who", {"x"}}}, "");
  EXPECT_EQ(without.text, "Of x.");
  EXPECT_THAT(without.html, Not(HasSubstr("<a ")));
}

}  // namespace
}  // namespace candor
