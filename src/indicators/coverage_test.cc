#include "indicators/coverage.h"

#include <gtest/gtest.h>

#include <fstream>

namespace candor {
namespace {

IndicatorInfo indicator(const std::string& name, std::vector<std::string> tags, std::vector<Licence> licences) {
  IndicatorInfo info;
  info.name = name;
  info.workload = "office";
  info.category = Category::collection;
  info.tags = std::move(tags);
  for (const Licence licence : licences) {
    info.feeds.push_back({.source = "m365_audit", .record_types = {}, .setting = "", .licence = licence});
  }
  return info;
}

std::vector<std::string> names(const std::vector<const IndicatorInfo*>& found) {
  std::vector<std::string> result;
  for (const IndicatorInfo* one : found) result.push_back(one->name);
  return result;
}

using NameList = std::vector<std::string>;

const std::vector<IndicatorInfo> kSome = {
    indicator("a", {"attack.collection", "attack.t1213.002"}, {Licence::e5}),
    indicator("b", {"attack.t1213"}, {Licence::e5, Licence::defender}),
    indicator("c", {"attack.t1213", "attack.t1114"}, {Licence::any}),
    indicator("d", {"candor.no_attack"}, {Licence::e3}),
};

TEST(Coverage, WithoutALicenceIsLiteral) {
  const Coverage coverage = coverage_of(kSome, {Licence::e5});
  EXPECT_EQ(coverage.total.all, 4);
  EXPECT_EQ(coverage.total.left, 3);
  EXPECT_EQ(names(coverage.lost), NameList{"a"});
  EXPECT_EQ(coverage.categories.at(Category::collection).left, 3);
  EXPECT_EQ(coverage.categories.at(Category::deletion).all, 0);
  EXPECT_EQ(names(coverage_of(kSome, {Licence::e5, Licence::defender}).lost), (NameList{"a", "b"}));
}

TEST(Coverage, ASubTechniqueCountsForItsTechniqueOnlyWhereAsked) {
  EXPECT_EQ(coverage_of(kSome, {}).techniques.at("T1213").all, 2);
  EXPECT_EQ(names(covering(kSome, "T1213", {})), (NameList{"a", "b", "c"}));
  EXPECT_EQ(names(covering(kSome, "T1213.002", {})), NameList{"a"});
  EXPECT_EQ(names(covering(kSome, "T1213", {Licence::e5})), (NameList{"b", "c"}));
  EXPECT_TRUE(covering(kSome, "T121", {}).empty());
}

TEST(InsiderTechniques, FaultsNameTheLine) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "techniques.yml";
  const std::string head = "source: s\nlicence: l\ntechniques:\n";
  const std::string row = "  - {id: T1, name: n, frequency: frequent}\n";
  const auto outcome = [&](const std::string& text) {
    std::ofstream(file) << text;
    const auto loaded = load_insider_techniques(file);
    return loaded ? "ok" : loaded.error().id + loaded.error().message.substr(file.string().size());
  };
  EXPECT_EQ(outcome(head + row), "ok");
  EXPECT_EQ(outcome(head + row + row), "indicators.bad_techniques:5: T1 is there twice");
  EXPECT_EQ(outcome(head + "  - {id: T1, name: n, frequency: often}\n").substr(0, 27), "indicators.bad_techniques:4");
  EXPECT_EQ(outcome(row), "indicators.bad_techniques:0: is no map");
  EXPECT_EQ(outcome("techniques: []\n"), "indicators.bad_techniques:1: names no `source` or `licence`");
}

}  // namespace
}  // namespace candor
