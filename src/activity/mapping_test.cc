#include "activity/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "activity/mapping_program.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::shared_ptr<const FieldCatalogue> few_fields() {
  return FieldCatalogue::create({{"file.name", FieldType::keyword, false, ""},
                                 {"file.size", FieldType::integer, false, ""},
                                 {"email.to.address", FieldType::keywords, false, ""}})
      .value();
}

constexpr std::string_view kHead = R"(source: m365_audit
identity: {id: Id, time: CreationTime, operation: Operation}
fields:
)";

std::vector<std::string> faults(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const auto mapping = Mapping::parse(text, "test.yml", few_fields(), diagnostics);
  EXPECT_EQ(mapping.has_value(), !has_errors(diagnostics));
  if (!mapping) {
    EXPECT_EQ(mapping.error().id, "activity.bad_mapping");
  }
  std::vector<std::string> out;
  for (const Diagnostic& fault : diagnostics) out.push_back(std::to_string(fault.line) + ' ' + fault.id);
  return out;
}
std::vector<std::string> faults_of_rule(const std::string& rule) { return faults(std::string(kHead) + "  - " + rule); }

TEST(Mapping, TakesRulesOfAllForms) {
  EXPECT_TRUE(faults_of_rule("{field: file.name, from: A}").empty());
  EXPECT_TRUE(faults_of_rule("{field: file.name, from: [A, B.C, 'P[x]'], as: lower, when: {W: [x, '']}}").empty());
  EXPECT_TRUE(faults_of_rule("{field: file.name, from: '@file.name', as: extension}").empty());
  EXPECT_TRUE(faults_of_rule("{field: file.name, set: x, when: {W: y}}").empty());
  EXPECT_TRUE(faults_of_rule("{field: email.to.address, from: 'P[*]', as: pairs}").empty());
}

TEST(Mapping, NamesTheLineOfEveryFault) {
  EXPECT_THAT(faults_of_rule("{field: file.nam, from: A}"), ElementsAre("4 activity.unknown_field"));
  EXPECT_THAT(faults_of_rule("{field: file.name, from: A, as: lowr}"), ElementsAre("4 activity.unknown_transform"));
  EXPECT_THAT(faults_of_rule("{field: file.name, from: A, as: integer}"), ElementsAre("4 activity.wrong_type"));
  EXPECT_THAT(faults_of_rule("{field: file.name, frm: A, set: x, when: {a: b}}"),
              ElementsAre("4 activity.unknown_key"));
  EXPECT_THAT(faults_of_rule("{field: file.name}"), ElementsAre("4 activity.no_source"));
  EXPECT_THAT(
      faults_of_rule("{field: file.name, from: A..B}\n  - {field: file.name, from: 'P['}"),
      ElementsAre("4 activity.bad_path", "4 activity.no_source", "5 activity.bad_path", "5 activity.no_source"));
  EXPECT_THAT(faults_of_rule("{field: file.name, from: ['@file.name', A]}"), ElementsAre("4 activity.bad_source"));
  EXPECT_THAT(faults("source: mail\nidentity: {operation: O}\n"),
              ElementsAre("1 activity.unknown_source", "2 activity.no_time"));
  EXPECT_THAT(faults("source: badge\nidentity: {time: T}\n"), ElementsAre("2 activity.no_operation"));
  EXPECT_THAT(faults("source: [\n"), ElementsAre(HasSubstr("activity.bad_yaml")));
  EXPECT_THAT(
      faults("source: badge\nidentity: {time: T, operation: O}\naccount:\n  rows: [{kind: robot, equals: x}]\n"),
      ElementsAre("4 activity.unknown_kind"));
}

TEST(Mapping, SetRefusesTwoForOneSource) {
  std::vector<Diagnostic> diagnostics;
  const auto catalogue = few_fields();
  const auto one = Mapping::parse(std::string(kHead) + "  - {field: file.name, from: A}", "a", catalogue, diagnostics);
  ASSERT_TRUE(one.has_value());
  EXPECT_TRUE(MappingSet::create({*one}).has_value());
  EXPECT_FALSE(MappingSet::create({*one, *one}).has_value());
  EXPECT_FALSE(MappingSet::create({}).has_value());
  EXPECT_EQ(MappingSet::load("/nowhere", catalogue, diagnostics).error().id, "activity.bad_mapping");
}

TEST(PathTree, GivesTheSamePathTheSameSlot) {
  PathTree tree;
  SlotId a = 0;
  SlotId b = 0;
  SlotId c = 0;
  EXPECT_TRUE(tree.add("Item.Subject", a));
  EXPECT_TRUE(tree.add("Item.Subject", b));
  EXPECT_TRUE(tree.add("P[x]", c));
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  for (const char* bad : {"", ".", "A.", ".A", "A[", "[x]", "A[]"}) EXPECT_FALSE(tree.add(bad, a)) << bad;
  bool added = true;
  for (std::size_t i = 0; added; ++i) added = tree.add("k" + std::to_string(i), a);
  EXPECT_EQ(tree.slot_count(), kMaxSlots);
}

}  // namespace
}  // namespace candor
