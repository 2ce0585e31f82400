#include "timeline/expected.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "timeline/row.h"

namespace candor {
namespace {

constexpr Day kExpectedDay = 20'000;

TEST(DestinationForm, IsWhatIsComparedOrNothing) {
  struct Case {
    Towards towards;
    std::string_view written;
    std::optional<std::string> form;
  };
  for (const Case& one : std::initializer_list<Case>{
           {Towards::domain, " Partner.Example ", "partner.example"},
           {Towards::domain, "partner", std::nullopt},
           {Towards::domain, "https://partner.example", std::nullopt},
           {Towards::domain, "a@partner.example", std::nullopt},
           {Towards::domain, "a.example\nb.example", std::nullopt},
           {Towards::site, "https://Example.SharePoint.example/Sites/A/", "example.sharepoint.example/sites/a"},
           {Towards::site, "sites", std::nullopt},
           {Towards::medium, "SN-0042", "sn-0042"},
           {Towards::medium, "  ", std::nullopt},
           {Towards::medium, std::string_view("a\0b", 3), std::nullopt},
           {Towards::anything, "partner.example", std::nullopt}}) {
    EXPECT_EQ(destination_form(one.towards, one.written), one.form) << to_text(one.towards) << " " << one.written;
  }
  EXPECT_FALSE(destination_form(Towards::medium, std::string(513, 'x')));
}

class Destinations : public testing::Test {
 protected:
  const std::shared_ptr<const FieldCatalogue> catalogue_ =
      *FieldCatalogue::create({{"destination.domain", FieldType::keyword, false, ""},
                               {"candor.recipient.domains", FieldType::keywords, false, ""},
                               {"url.domain", FieldType::keyword, false, ""},
                               {"candor.site", FieldType::keyword, false, ""},
                               {"candor.removable_media.serial", FieldType::keyword, false, ""}});
  const DestinationFields fields_{*catalogue_};
  const std::array<IndicatorKey, 3> matches_ = {300, 500, 700};

  Cell text(std::string_view field, std::string_view value) { return Cell::of_text(catalogue_->require(field), value); }
  // What counts of an activity with these cells when `expected` is.
  std::vector<IndicatorKey> left(const std::vector<Cell>& cells, const Expected& expected, Day day = kExpectedDay) {
    ActivityRow row;
    row.time = start_of(day) + 1;
    row.matches = matches_;
    row.cells = cells;
    return fields_.counting(row, {&expected, 1});
  }
  static Expected towards(Towards kind, std::vector<std::string> destinations) {
    return {.from = kExpectedDay,
            .to = kExpectedDay + 1,
            .indicators = {},
            .towards = kind,
            .destinations = std::move(destinations)};
  }
};

TEST_F(Destinations, TheFirstFieldThatSaysWhereDecides) {
  const Expected partner = towards(Towards::domain, {"partner.example"});
  EXPECT_TRUE(left({text("destination.domain", "partner.example")}, partner).empty());
  EXPECT_TRUE(left({text("url.domain", "files.partner.example")}, partner).empty());
  EXPECT_EQ(left({text("destination.domain", "other.example"), text("url.domain", "partner.example")}, partner).size(),
            3U);
  EXPECT_EQ(left({text("url.domain", "xpartner.example")}, partner).size(), 3U);
  EXPECT_EQ(left({}, partner).size(), 3U) << "nobody knows where it went";
}

TEST_F(Destinations, SitesHoldThoseBelowThemAndMediaNothingElse) {
  const Expected site = towards(Towards::site, {"example.sharepoint.example/sites/a"});
  EXPECT_TRUE(left({text("candor.site", "https://example.sharepoint.example/Sites/A/")}, site).empty());
  EXPECT_TRUE(left({text("candor.site", "https://example.sharepoint.example/sites/a/team")}, site).empty());
  EXPECT_EQ(left({text("candor.site", "https://example.sharepoint.example/sites/ab/")}, site).size(), 3U);
  const Expected medium = towards(Towards::medium, {"sn-1"});
  EXPECT_TRUE(left({text("candor.removable_media.serial", "SN-1")}, medium).empty());
  EXPECT_EQ(left({text("candor.removable_media.serial", "sn-11")}, medium).size(), 3U);
}

TEST_F(Destinations, OnlyOnItsDaysAndOfItsIndicators) {
  Expected all = towards(Towards::anything, {});
  EXPECT_EQ(left({}, all, kExpectedDay - 1).size(), 3U);
  EXPECT_TRUE(left({}, all, kExpectedDay).empty());
  EXPECT_TRUE(left({}, all, kExpectedDay + 1).empty());
  EXPECT_EQ(left({}, all, kExpectedDay + 2).size(), 3U);
  all.indicators = {500, 600};
  EXPECT_THAT(left({}, all), testing::ElementsAre(300, 700));
}

}  // namespace
}  // namespace candor
