#include "indicators/answer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "indicators/test_rules.h"

namespace candor {
namespace {

// * and ? stand for the bytes the compiled pattern has.
std::string pattern(std::string text) {
  for (char& c : text) c = c == '*' ? kAnyRun : c == '?' ? kAnyOne : c;
  return text;
}

TEST(Wildcard, WholeLettersOnly) {
  const std::tuple<const char*, const char*, bool> rows[] = {
      {"*", "", true},
      {"", "", true},
      {"?", "", false},
      {"?", "日", true},
      {"??", "日", false},
      {"*??", "日", false},
      {"*??", "日本", true},
      {"日*", "日本", true},
      {"*本", "日本", true},
      {"?本", "日本", true},
      {"*?本", "本", false},
      {"a*b*c", "axxbxxc", true},
      {"a*b*c", "axxbxx", false},
      {"*ab", "aab", true},
      {"*a?c*", "xxabcx", true},
      {"a**c", "ac", true},
  };
  for (const auto& [wild, text, matches] : rows)
    EXPECT_EQ(wildcard_match(pattern(wild), text), matches) << wild << " " << text;
}

TEST(Wildcard, ManyStarsOnALongTextTakeNoTime) {
  std::string wild;
  for (int i = 0; i < 200; ++i) wild += "*a";
  EXPECT_FALSE(wildcard_match(pattern(wild + "*b"), std::string(20'000, 'a')));
}

// The vector search against the plain one, at every length around the vectors' and at the end of what may be read.
TEST(Contains, SameAsThePlainSearch) {
  const auto catalogue = small_catalogue();
  const FieldId field = catalogue->require("file.name");
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string wanted(1 + random() % 5, 'a');
    for (char& c : wanted) c = static_cast<char>('a' + random() % 2);
    const auto loaded = IndicatorSet::parse({rule_on("file.name|contains", wanted)}, catalogue);
    Matcher matcher(loaded.set);
    Activity activity(catalogue);
    std::vector<IndicatorIndex> matched;
    for (int i = 0; i < 40; ++i) {
      std::string text(random() % 100, 'a');
      for (char& c : text) c = static_cast<char>('a' + (random() % 7 == 0 ? 1 : 0));
      activity.set_text(field, text);
      matcher.match(activity, IndicatorMask(1, true), matched);
      ASSERT_EQ(matched.size(), text.find(wanted) != std::string::npos ? 1u : 0u) << text << " " << wanted;
    }
  }
}

}  // namespace
}  // namespace candor
