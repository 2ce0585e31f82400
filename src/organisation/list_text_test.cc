// How lists are written and read.
#include "organisation/list_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ListInfo named(const char* name) {
  const auto list = list_info(name);
  EXPECT_TRUE(list.has_value());
  return *list;
}

struct ReadList {
  std::vector<ListEntry> entries;
  std::vector<Diagnostic> faults;
};
ReadList read(const char* list, const std::string& text, bool csv = false) {
  ReadList out;
  out.entries = read_list(named(list), text, "text", csv, out.faults);
  return out;
}

TEST(ListText, EveryListHasANameAndAFile) {
  EXPECT_EQ(list_infos().size(), kOrganisationFactKinds + 2);
  EXPECT_EQ(list_info("nonsense").error().id, "lists.unknown");
  for (const ListInfo& list : list_infos()) EXPECT_FALSE(fields_of(list).empty()) << list.name;
  EXPECT_FALSE(named("holidays").second_person);
  EXPECT_TRUE(named("domains").second_person);
}

TEST(ListText, FactsOfYamlAndCsvAreTheSameEntries) {
  const auto yaml = read("domains",
                         "domains:\n"
                         "  - {domain: Partner.Example, stance: allowed, from: 2026-01-01}\n"
                         "  - {stance: unallowed, domain: '**.onion'}\n");
  ASSERT_THAT(yaml.faults, IsEmpty());
  ASSERT_EQ(yaml.entries.size(), 2U);
  EXPECT_EQ(yaml.entries[0].name, "partner.example@2026-01-01");
  EXPECT_EQ(yaml.entries[0].text, R"({"domain":"partner.example","stance":"allowed","from":"2026-01-01"})");
  EXPECT_EQ(yaml.entries[1].name, "**.onion");
  const auto csv =
      read("domains", "domain,stance,from\npartner.example,allowed,2026-01-01\n**.onion,unallowed,\n", true);
  ASSERT_THAT(csv.faults, IsEmpty());
  ASSERT_EQ(csv.entries.size(), 2U);
  EXPECT_EQ(csv.entries[0].text, yaml.entries[0].text);
  EXPECT_EQ(csv.entries[1].text, yaml.entries[1].text);
}

TEST(ListText, EveryFaultHasItsPlaceAndNoValue) {
  const auto read_one =
      read("domains", "domains:\n  - {domain: jane@example.com, stance: allowed}\n  - {domain: b.example}\n");
  ASSERT_EQ(read_one.faults.size(), 2U);
  EXPECT_EQ(read_one.faults[0].line, 2);
  EXPECT_EQ(read_one.faults[0].message.find("jane"), std::string::npos);
  EXPECT_EQ(read_one.faults[1].line, 3);
  EXPECT_EQ(read("domains", "sites: [{url: a.example}]").faults.front().id, "lists.other_list");
  EXPECT_EQ(read("domains", "domains: [{domain: a.example, stance: allowed}, {domain: a.example, stance: unallowed}]")
                .faults.front()
                .id,
            "lists.said_twice");
  EXPECT_EQ(read("groups", "groups: [{name: a}, {name: a}]").faults.front().id, "lists.said_twice");
  EXPECT_EQ(read("groups", "groups: [a]").faults.front().id, "lists.bad_entry");
  EXPECT_EQ(read("groups", "domains: []").faults.front().id, "lists.bad_text");
  EXPECT_EQ(read("groups", "groups: [{name: a, domains: [{b: c}]}]").faults.front().id, "lists.bad_entry");
  EXPECT_EQ(read("groups", "groups: [").faults.front().id, "lists.bad_yaml");
  EXPECT_EQ(read("groups", std::string(kMostListBytes + 1, ' ')).faults.front().id, "lists.too_large");
  EXPECT_EQ(read("exclusions", "name\na\n", true).faults.front().id, "lists.bad_csv");
}

TEST(ListText, GroupsOfCsvAreTheirRowsTogether) {
  const auto groups = read("groups",
                           "name,title,list,entry\n"
                           "caterers,Caterers,domains,b.example\n"
                           "caterers,,domains,a.example\n"
                           "caterers,,keywords,\"menu, weekly\"\n"
                           "drawings,,colours,blue\n",
                           true);
  ASSERT_EQ(groups.faults.size(), 1U);
  EXPECT_EQ(groups.faults[0].line, 5);
  ASSERT_EQ(groups.entries.size(), 1U);
  EXPECT_EQ(
      groups.entries[0].text,
      R"({"name":"caterers","title":"Caterers","domains":["a.example","b.example"],"keywords":["menu, weekly"]})");
}

TEST(ListText, WhatIsWrittenReadsAsTheSame) {
  for (const auto& [list, text] :
       {std::pair("groups",
                  "groups:\n  - name: x\n    domains: [b.example, a.example, a.example]\n    title: 'A: \"b\" #c'\n"),
        std::pair("exclusions", "exclusions: [{name: y, reason: 'yes', keywords: menu, unless_keywords: [salary]}]"),
        std::pair("labels", "labels: [{id: a-1, name: 'Top: secret', order: 3, worth: high}]"),
        std::pair("clouds", "clouds: [{domain: dropspace.example, sanctioned: no}]")}) {
    const auto first = read(list, text);
    ASSERT_THAT(first.faults, IsEmpty()) << first.faults.front().message;
    std::map<std::string, std::string> entries;
    for (const ListEntry& entry : first.entries) entries[entry.name] = entry.text;
    const auto again = read(list, list_text(named(list), entries));
    ASSERT_THAT(again.faults, IsEmpty()) << again.faults.front().message;
    ASSERT_EQ(again.entries.size(), first.entries.size());
    for (const ListEntry& entry : again.entries) EXPECT_EQ(entry.text, entries[entry.name]);
  }
  EXPECT_EQ(list_text(named("groups"), {}), "groups: []\n");
}

TEST(ListText, ADifferenceSaysWhatIsMoreAndLess) {
  std::string many = R"({"name":"a","domains":[)";
  for (int i = 0; i < 30; ++i) many += (i > 0 ? "," : "") + ("\"" + std::to_string(1000 + i) + ".example\"");
  many += "]}";
  const EntryDifference changed =
      difference_of("a", std::string(R"({"name":"a","domains":["1000.example","old.example"]})"), many);
  EXPECT_EQ(changed.kind, EntryDifference::Kind::changed);
  ASSERT_EQ(changed.fields.size(), 1U);
  EXPECT_EQ(changed.fields[0].added_count, 29);
  EXPECT_EQ(changed.fields[0].added.size(), FieldDifference::kMostTold);
  EXPECT_THAT(changed.fields[0].removed, ElementsAre("old.example"));
  EXPECT_EQ(difference_of("a", std::nullopt, many).kind, EntryDifference::Kind::added);
  EXPECT_EQ(difference_of("a", many, std::nullopt).kind, EntryDifference::Kind::removed);
}

TEST(ListText, AHundredThousandEntriesAreRead) {
  std::string text = "domain,stance\n";
  for (int i = 0; i < 100'000; ++i) text += "d" + std::to_string(i) + ".example,unallowed\n";
  const auto all = read("domains", text, true);
  EXPECT_THAT(all.faults, IsEmpty());
  EXPECT_EQ(all.entries.size(), 100'000U);
}

}  // namespace
}  // namespace candor
