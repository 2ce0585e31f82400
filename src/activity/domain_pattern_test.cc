#include "activity/domain_pattern.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace candor {
namespace {

TEST(DomainPattern, MeansLevels) {
  struct Row {
    const char* pattern;
    const char* domain;
    bool holds;
  };
  constexpr Row kRows[] = {
      {"example.com", "example.com", true},
      {"example.com", "a.b.example.com", true},
      {"example.com", "anexample.com", false},
      {"example.com", "com", false},
      {"*.example.com", "example.com", false},
      {"*.example.com", "a.example.com", true},
      {"*.example.com", "a.b.example.com", false},
      {"*.*.example.com", "a.example.com", false},
      {"*.*.example.com", "a.b.example.com", true},
      {"*.*.example.com", "a.b.c.example.com", false},
      {"**.example.com", "example.com", false},
      {"**.example.com", "a.example.com", true},
      {"**.example.com", "a.b.c.example.com", true},
      {"**.onion", "hidden.onion", true},
      {"**.onion", "onion", false},
      {"*.onion", "a.b.onion", false},
  };
  for (const Row& row : kRows) {
    DomainSet set;
    ASSERT_TRUE(set.add(row.pattern)) << row.pattern;
    EXPECT_EQ(set.holds(row.domain), row.holds) << row.pattern << " " << row.domain;
  }
}

TEST(DomainPattern, RefusesWhatIsNone) {
  DomainSet set;
  for (const char* text : {"", "example", "*", "*.", "**", "**.", "*example.com", "a.*.example.com", "**.*.example.com",
                           "*.**.example.com", "a@example.com", "https://example.com", "example.com/", ".example.com",
                           "*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.example.com"}) {
    EXPECT_FALSE(set.add(text)) << text;
  }
  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.holds("example.com"));
  EXPECT_FALSE(set.holds(""));
}

std::vector<std::string> labels_of(std::string text) {
  std::vector<std::string> labels;
  for (;;) {
    const auto dot = text.find('.');
    labels.push_back(text.substr(0, dot));
    if (dot == std::string::npos) return labels;
    text = text.substr(dot + 1);
  }
}

// The meaning as it is written down, one pattern at a time.
bool plainly(const std::string& pattern, const std::string& domain) {
  std::vector<std::string> wanted = labels_of(pattern);
  const std::vector<std::string> there = labels_of(domain);
  std::size_t stars = 0;
  while (wanted[stars] == "*" || wanted[stars] == "**") ++stars;
  const bool deep = wanted[0] == "**";
  wanted.erase(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(stars));
  if (there.size() < wanted.size()) return false;
  const std::size_t below = there.size() - wanted.size();
  if (!std::equal(wanted.begin(), wanted.end(), there.begin() + static_cast<std::ptrdiff_t>(below))) return false;
  if (stars == 0) return true;
  return deep ? below > 0 : below == stars;
}

TEST(DomainPattern, AgreesWithThePlainMeaning) {
  std::mt19937_64 random(7);
  const auto name = [&](std::size_t least) {
    std::string text;
    for (std::size_t left = least + random() % 4; left > 0; --left) {
      text += (text.empty() ? "" : ".") + std::string(1, static_cast<char>('a' + random() % 3));
    }
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    DomainSet set;
    std::vector<std::string> patterns;
    for (std::size_t left = 1 + random() % 4; left > 0; --left) {
      const std::size_t kind = random() % 4;
      patterns.push_back((kind == 0 ? "" : kind == 1 ? "*." : kind == 2 ? "*.*." : "**.") + name(kind == 0 ? 2 : 1));
      ASSERT_TRUE(set.add(patterns.back())) << patterns.back();
    }
    for (int each = 0; each < 60; ++each) {
      const std::string domain = name(1);
      bool wanted = false;
      for (const std::string& pattern : patterns) wanted = wanted || plainly(pattern, domain);
      EXPECT_EQ(set.holds(domain), wanted) << domain;
    }
  }
}

}  // namespace
}  // namespace candor
