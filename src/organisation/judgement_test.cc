#include "organisation/judgement.h"

#include <gtest/gtest.h>

#include "activity/organisation_text.h"

namespace candor {
namespace {

IndicatorInfo indicator(const char* name, std::vector<std::string> needs, std::vector<Dimension> dimensions = {}) {
  IndicatorInfo info;
  info.name = name;
  info.needs = std::move(needs);
  for (const Dimension each : dimensions) info.has_levels[static_cast<int>(each)] = true;
  return info;
}

std::vector<std::string> judged(const std::vector<IndicatorInfo>& indicators, const std::string& text, Day day) {
  std::vector<Diagnostic> faults;
  std::vector<std::string> all;
  const auto organisation = Organisation::build(read_organisation_text(text, "", faults));
  for (const Judgement& each : judge(indicators, *organisation, day)) {
    all.push_back(each.indicator->name + " " + std::string(each.dimension) + " " +
                  std::string(schema_of(each.kind).need) + " " + std::string(to_text(each.state)));
  }
  return all;
}

TEST(Judgement, NamesWhatIsMissingForWhom) {
  const std::vector<IndicatorInfo> indicators = {
      indicator("foreign_stick", {"removable_media"}), indicator("mail_out", {"own_domains"}, {Dimension::unallowed}),
      indicator("download", {}, {Dimension::priority}), indicator("plain", {})};
  using All = std::vector<std::string>;
  EXPECT_EQ(judged(indicators, "own_domains: []", 0),
            (All{"download priority sites missing", "foreign_stick  removable_media missing",
                 "mail_out  own_domains missing", "mail_out unallowed clouds missing"}));
  EXPECT_EQ(judged(indicators,
                   "own_domains: [a.example]\nsites: [a.example/s]\nremovable_media: [X]\n"
                   "clouds: [{domain: c.example, sanctioned: true, from: 1970-01-02}]",
                   0),
            (All{"mail_out unallowed clouds missing"}));
  EXPECT_EQ(judged(indicators,
                   "own_domains: [a.example]\nsites: [a.example/s]\nremovable_media: [X]\n"
                   "clouds: [{domain: c.example, sanctioned: true, from: 1970-01-02}]",
                   1),
            All{});
}

TEST(Judgement, EveryAssumptionIsPutIntoWords) {
  ShippedLists lists;
  lists.personal_mail = {"freemail.example"};
  lists.label_rank = {{"public", 0}};
  const auto organisation = Organisation::build({}, std::move(lists));
  for (const OrganisationFactSchema& schema : organisation_fact_schemas()) {
    EXPECT_EQ(organisation->state(schema.kind, 0) == FactState::assumed, !assumption_of(schema.kind).empty())
        << schema.section;
  }
}

}  // namespace
}  // namespace candor
