#include "activity/activity.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

std::shared_ptr<const FieldCatalogue> catalogue() {
  auto made = FieldCatalogue::create({{"user.email", FieldType::keyword, false, ""},
                                      {"email.to.address", FieldType::keywords, false, ""},
                                      {"file.size", FieldType::integer, true, ""}});
  return made.value();
}

TEST(FieldCatalogue, KnowsTheShippedFields) {
  const auto shipped = FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml");
  ASSERT_TRUE(shipped.has_value()) << shipped.error().message;
  const FieldId extension = (*shipped)->require("file.extension");
  EXPECT_EQ((**shipped)[extension].type, FieldType::keyword);
  EXPECT_FALSE((*shipped)->find("file.extensio").has_value());
  EXPECT_EQ((*shipped)->names().size(), (*shipped)->size());
}

TEST(FieldCatalogue, RefusesTheSameNameTwice) {
  const auto made = FieldCatalogue::create({{"a", FieldType::ip, false, ""}, {"a", FieldType::ip, false, ""}});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().id, "activity.bad_field_catalogue");
}

TEST(FieldCatalogue, RefusesMoreFieldsThanAnActivityHolds) {
  std::vector<Field> fields;
  for (std::size_t i = 0; i <= kMaxFields; ++i) fields.push_back({std::to_string(i), FieldType::keyword, false, ""});
  EXPECT_FALSE(FieldCatalogue::create(fields).has_value());
}

TEST(Activity, HoldsTextsNumbersAndLists) {
  Activity activity(catalogue());
  EXPECT_FALSE(activity.has(0));
  EXPECT_EQ(activity.text(0), "");
  activity.set_text(0, "a@example.com");
  const std::array<std::string_view, 2> to = {"b@example.com", "c@example.org"};
  activity.set_list(1, to);
  activity.set_number(2, -7);
  EXPECT_EQ(activity.text(0), "a@example.com");
  ASSERT_EQ(activity.list(0).size(), 1U);
  EXPECT_EQ(activity.list(0)[0], "a@example.com");
  ASSERT_EQ(activity.list(1).size(), 2U);
  EXPECT_EQ(activity.list(1)[1], "c@example.org");
  EXPECT_EQ(activity.text(1), "b@example.com");
  EXPECT_EQ(activity.number(2), -7);
  activity.set_text(0, "");
  EXPECT_FALSE(activity.has(0));
  activity.clear();
  EXPECT_FALSE(activity.has(1));
  EXPECT_TRUE(activity.list(1).empty());
  EXPECT_EQ(activity.number(2), 0);
}

TEST(Activity, KeepsBytesOfAnySizeUntilCleared) {
  Activity activity(catalogue());
  const std::string large(200'000, 'x');
  const std::string_view kept_large = activity.keep(large);
  std::vector<std::string_view> kept;
  for (int i = 0; i < 3000; ++i) kept.push_back(activity.keep(std::string(40, static_cast<char>('a' + i % 26))));
  EXPECT_EQ(kept_large, large);
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(kept[static_cast<std::size_t>(i)], std::string(40, static_cast<char>('a' + i % 26)));
  }
}

}  // namespace
}  // namespace candor
