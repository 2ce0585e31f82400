#include "access/masked_names.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

MaskedNames jack() {
  MaskedNames names;
  names.add_account("jack.qualtz@contoso.example");
  names.add_person("Jack", "Qualtz");
  return names;
}

struct Case {
  std::string_view text;
  std::string_view shown;
};

class MaskedNamesTest : public testing::TestWithParam<Case> {};

TEST_P(MaskedNamesTest, HidesNamesAndLeavesTheRest) {
  EXPECT_EQ(jack().masked(GetParam().text, "P"), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, MaskedNamesTest,
    testing::Values(Case{"", ""}, Case{"report.docx", "report.docx"}, Case{"jack.qualtz@contoso.example", "P"},
                    Case{"To: JACK.Qualtz@Contoso.Example.", "To: P"},
                    Case{"sent to jqualtz@gmail.com, x@y.example", "sent to •••@gmail.com, •••@y.example"},
                    Case{"jack.qualtz%40contoso.example&a=b", "P&a=b"}, Case{"u=bob%40example.org", "•••@example.org"},
                    Case{"https://c-my.example/personal/jack_qualtz_contoso_example/Documents/plan.xlsx",
                         "https://c-my.example/personal/P/Documents/plan.xlsx"},
                    Case{"https://c-my.example/personal/mary_jones_contoso_example/Documents/x",
                         "https://c-my.example/personal/•••/Documents/x"},
                    Case{"https://c-my.example/personal/jack_miller_contoso_example/x",
                         "https://c-my.example/personal/•••/x"},
                    Case{"C:\\Users\\mjones\\Desktop\\a.txt", "C:\\Users\\•••\\Desktop\\a.txt"},
                    Case{"c:\\USERS\\jackqualtz\\a", "c:\\USERS\\P\\a"}, Case{"/home/mjones", "/home/•••"},
                    Case{"JackQualtzResume.docx", "PResume.docx"}, Case{"cv-qualtz-2026.pdf", "cv-P-2026.pdf"},
                    Case{"Jack's list", "P's list"}, Case{"QualtzJ", "PJ"}, Case{"JQualtz-laptop", "P-laptop"},
                    Case{"hijacking blackjack jackets", "hijacking blackjack jackets"}, Case{"a @ b", "a @ b"},
                    Case{"@everyone", "@everyone"}, Case{"x@", "x@"},
                    Case{"jane_gmail.com#ext#@contoso.onmicrosoft.com", "•••@contoso.onmicrosoft.com"},
                    Case{"/o=Labs/cn=recipients/cn=0f-jack.qualtz", "/o=Labs/cn=recipients/cn=0f-P"}));

TEST(MaskedNames, ShortUserNamesOnlyAsWords) {
  MaskedNames names;
  names.add_account("CONTOSO\\li");
  EXPECT_EQ(names.masked("li listed line-li", "P"), "P listed line-P");
  MaskedNames plain;
  plain.add_account("sarad@contoso.example");
  EXPECT_EQ(plain.masked("xsaradx SARAD", "P"), "xPx P");
}

TEST(MaskedNames, LettersWithAccentsWhateverTheCase) {
  MaskedNames names;
  names.add_account("x1@contoso.example");
  names.add_person("José", "Muñoz");
  EXPECT_EQ(names.masked("JOSÉ MUÑOZ josé Joséphine", "P"), "P P Joséphine");
}

TEST(MaskedNames, AnInvisibleByteInTheTextInventsNoName) {
  EXPECT_EQ(MaskedNames().masked(std::string("a\x01"), "P"), "a\x01");
  EXPECT_EQ(MaskedNames().masked("nobody known", "P"), "nobody known");
}

struct Spelling {
  std::string_view first;
  std::string_view last;
  std::string_view text;
  std::string_view shown;
};

class MaskedSpellingsTest : public testing::TestWithParam<Spelling> {};

TEST_P(MaskedSpellingsTest, HidesTheNameHoweverItIsWritten) {
  const Spelling& spelling = GetParam();
  MaskedNames names;
  names.add_person(spelling.first, spelling.last);
  EXPECT_EQ(names.masked(spelling.text, "P"), spelling.shown);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, MaskedSpellingsTest,
    testing::Values(Spelling{"Jürgen", "Groß", "juergen, GROSS, Jurgen gross, JÜRGEN, groß", "P, P, P, P, P"},
                    Spelling{"Mueller", "Jost", "Müller-Muller-Mueller.txt", "P-P-P.txt"},
                    Spelling{"Søren", "Łukasz", "soren, lukasz, Soeren", "P, P, P"},
                    // Decomposed: the mark goes with its letter.
                    Spelling{"José", "Muñoz", "Jose\xcc\x81 Mun\xcc\x83oz! Mun\xcc\x83oz", "P! P"},
                    // Soft hyphen, zero width space and joiner, byte order mark.
                    Spelling{"Jack", "Qualtz",
                             "Qu\xc2\xad"
                             "altz Qual\xe2\x80\x8btz\xe2\x80\x8d Qual\xef\xbb\xbftz",
                             "P P P"},
                    // Full width, ligature, bold mathematical letters.
                    Spelling{"Jack", "Qualtz", "ＪＡＣＫ, ｑｕａｌｔｚ", "P, P"},
                    Spelling{"Steffi", "Fink", "steﬃ, ﬁnk", "P, P"}, Spelling{"Jack", "Qualtz", "𝐉𝐚𝐜𝐤", "P"},
                    Spelling{"Jack", "Qualtz", "x?q=jack%20qualtz&n=%4Aack&m=%254aack", "x?q=P&n=P&m=P"},
                    Spelling{"Jürgen", "Groß", "J%C3%BCrgen%20Gro%c3%9f.docx", "P.docx"},
                    Spelling{"Иван", "Петров", "ivan, ИВАН, petrov", "P, P, P"},
                    Spelling{"伟", "王", "王伟的文件", "P的文件"},
                    Spelling{"Sue", "Lee", "suggest le loi", "suggest le loi"},
                    Spelling{"Mark", "Odey", "marketing%20melody Benchmark", "marketing%20melody Benchmark"}));

TEST(MaskedNames, AddressesHoweverTheyAreWritten) {
  for (const std::string_view text : {"jack.qualtz＠contoso.example",
                                      "jack.qu\xc2\xad"
                                      "altz@contoso.example",
                                      "jack%2Equaltz%2540contoso.example"}) {
    EXPECT_EQ(jack().masked(text, "P"), "P") << text;
  }
  EXPECT_EQ(jack().masked("/personal%2Fmary_jones%2Fx", "P"), "/personal%2F•••%2Fx");
}

TEST(MaskedNames, PartsOfAnAccountAlsoJoined) {
  MaskedNames names;
  names.add_account("yazia.salwen@contoso.example");
  EXPECT_EQ(names.masked("yaziasalwen.docx ysalwen-laptop SalwenYazia yazia_salwen", "P"), "P.docx P-laptop P P");
}

TEST(MaskedNames, IdsAsAWhole) {
  MaskedNames names;
  names.add_id("10032001A2B3C4D5");
  EXPECT_EQ(names.masked("i:0h.f|membership|10032001a2b3c4d5@live.com", "P"), "i:0h.f|membership|•••@live.com");
  EXPECT_EQ(names.masked("key 10032001A2B3C4D5, 1003", "P"), "key P, 1003");
}

// Whatever surrounds it, the address is never shown.
TEST(MaskedNames, PropertyTheAddressNeverShows) {
  std::mt19937 random(7);
  static constexpr std::string_view kAround = "aZ@%40./\\_- \"'<>\xc3\xa9\x01{}:=+";
  const MaskedNames names = jack();
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const auto noise = [&] {
      for (auto n = random() % 6; n > 0; --n) text += kAround[random() % kAround.size()];
    };
    noise();
    for (int i = 0; i < 2; ++i) {
      for (const char c : std::string_view("jack.qualtz@contoso.example")) {
        text += random() % 2 != 0 && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      }
      noise();
    }
    std::string shown = names.masked(text, "Anon-0000");
    for (char& c : shown) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    EXPECT_EQ(shown.find("jack.qualtz"), std::string::npos) << text;
    EXPECT_EQ(shown.find("qualtz@"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace candor
