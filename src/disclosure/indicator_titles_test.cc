#include "disclosure/indicator_titles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

namespace candor {
namespace {

namespace fs = std::filesystem;

// The names of the shipped rules, as their files have them.
std::set<std::string> shipped_names() {
  std::set<std::string> names;
  const std::regex name(R"(^\s*name:\s*([a-z0-9_]+)\s*$)");
  for (const char* folder : {"indicators", "variants"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(CANDOR_SOURCE_DIR) / "content" / folder)) {
      if (entry.path().extension() != ".yml" || entry.path().string().ends_with(".examples.yml")) continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        std::smatch found;
        if (std::regex_match(line, found, name)) names.insert(found[1]);
      }
    }
  }
  return names;
}

TEST(IndicatorTitles, EveryShippedIndicatorHasAGermanOneAndNoOtherHas) {
  const auto titles = IndicatorTitles::load(fs::path(CANDOR_SOURCE_DIR) / "content" / "documents", Language::de);
  ASSERT_TRUE(titles) << titles.error().message;
  std::set<std::string> translated;
  for (const auto& [name, title] : titles->all()) translated.insert(name);
  const std::set<std::string> names = shipped_names();
  ASSERT_GT(names.size(), 200u);
  EXPECT_EQ(translated, names);
  EXPECT_EQ(titles->of("usb_copy", "Copy or create files on USB"), "Dateien auf USB kopiert oder dort angelegt");
  EXPECT_EQ(titles->of("of_our_own", "Our own"), "Our own");
}

TEST(IndicatorTitles, WithoutAFileAllKeepTheirOwn) {
  const auto titles = IndicatorTitles::load(fs::path(CANDOR_SOURCE_DIR) / "content" / "documents", Language::en);
  ASSERT_TRUE(titles);
  EXPECT_EQ(titles->of("usb_copy", "Copy or create files on USB"), "Copy or create files on USB");
}

TEST(IndicatorTitles, WhatCannotBeUnderstoodIsNamed) {
  const fs::path folder = fs::path(::testing::TempDir()) / "indicator_titles";
  fs::create_directories(folder);
  for (const auto& [text, says] :
       {std::pair("- a\n", "yml:1: it maps names"), std::pair("a: b\nc: [d]\n", "yml:2: a title is"),
        std::pair("a: \"\"\n", "yml:1: a title has"), std::pair("a: {\n", "yml:"),
        std::pair("a: b\na: c\n", "yml:2: the name")}) {
    std::ofstream(folder / "indicators.de.yml") << text;
    const auto titles = IndicatorTitles::load(folder, Language::de);
    ASSERT_FALSE(titles) << text;
    EXPECT_EQ(titles.error().id, "documents.bad_titles");
    EXPECT_THAT(titles.error().message, ::testing::HasSubstr(says));
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace candor
