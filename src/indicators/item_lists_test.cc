#include "indicators/item_lists.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "indicators/activity_values.h"
#include "indicators/test_lists.h"

namespace candor {
namespace {

struct ItemRow {
  ItemKind kind;
  std::vector<std::string> items;
  std::map<std::string, std::vector<std::string>> activity;
  bool some;
  bool every;
};

TEST(ItemLists, MeetWhatTheyList) {
  const auto catalogue = list_catalogue();
  const std::vector<ItemRow> rows = {
      {ItemKind::domains, {"*.example.com"}, {{"destination.domain", {"A.Example.com"}}}, true, true},
      {ItemKind::domains, {"example.com"}, {{"candor.recipient.domains", {"example.com", "b.test"}}}, true, false},
      {ItemKind::domains,
       {"example.com"},
       {{"candor.recipient.domains", {"b.test"}}, {"url.domain", {"example.com"}}},
       false,
       false},
      {ItemKind::domains, {"example.com"}, {}, false, false},
      {ItemKind::sites,
       {"https://Example.sharepoint.com/sites/Plan/"},
       {{"candor.site", {"https://example.sharepoint.com/sites/plan/sub"}}},
       true,
       true},
      {ItemKind::sites,
       {"example.sharepoint.com/sites/plan"},
       {{"candor.site", {"https://example.sharepoint.com/sites/planner"}}},
       false,
       false},
      {ItemKind::paths, {R"(\Users\*\AppData)"}, {{"file.path", {R"(C:\Users\Ada\AppData\Local\x.tmp)"}}}, true, true},
      {ItemKind::paths, {R"(\Users\*\AppData)"}, {{"file.path", {R"(\\?\D:\users\bo\appdata)"}}}, true, true},
      {ItemKind::paths, {R"(\Users\*\AppData)"}, {{"file.path", {R"(C:\Users\AppData\x)"}}}, false, false},
      {ItemKind::paths, {R"(\Users\*\AppData)"}, {{"file.path", {R"(C:\Old\Users\Ada\AppData\x)"}}}, false, false},
      {ItemKind::paths, {R"(C:\Temp)"}, {{"file.path", {R"(D:\Temp\x)"}}}, false, false},
      {ItemKind::paths, {R"(\\files\public)"}, {{"file.path", {R"(\\FILES\public\x)"}}}, true, true},
      {ItemKind::paths, {R"(\\files\public)"}, {{"file.path", {R"(C:\files\public\x)"}}}, false, false},
      {ItemKind::paths, {R"(\files\public)"}, {{"file.path", {R"(\\files\public\x)"}}}, false, false},
      {ItemKind::paths, {"Shared Documents/Menu"}, {{"file.directory", {"shared documents/menu/2026"}}}, true, true},
      {ItemKind::paths, {"/export/*/tmp"}, {{"file.path", {"/export/ada/tmp/x"}}}, true, true},
      {ItemKind::file_types, {".DOCX"}, {{"file.extension", {"docx"}}}, true, true},
      {ItemKind::file_types, {"docx"}, {{"email.attachments.file.name", {"a.docx", "b.zip"}}}, true, false},
      {ItemKind::attachments,
       {"image???.png", "logo.gif"},
       {{"email.attachments.file.name", {"Image001.PNG", "logo.gif"}}},
       true,
       true},
      {ItemKind::attachments,
       {"image???.png"},
       {{"email.attachments.file.name", {"image001.png", "plan.docx"}}},
       true,
       false},
      {ItemKind::attachments, {"image???.png"}, {{"email.attachments.file.name", {"image0001.png"}}}, false, false},
      {ItemKind::attachments, {"*.ics"}, {{"email.attachments.file.name", {"invite.ics"}}}, true, true},
      {ItemKind::keywords, {"canteen menu"}, {{"email.subject", {"The Canteen Menu of May"}}}, true, true},
      {ItemKind::keywords, {"menu"}, {{"email.subject", {"plans"}}, {"file.name", {"submenus.txt"}}}, true, true},
      {ItemKind::keywords, {"menu"}, {{"email.subject", {"men u"}}}, false, false},
      {ItemKind::sensitive_info_types,
       {"Credit Card Number"},
       {{"candor.sensitive_info.types", {"credit card number"}}},
       true,
       true},
      {ItemKind::sensitive_info_types, {"a"}, {{"candor.sensitive_info.types", {"a", "b"}}}, true, false},
      {ItemKind::classifiers, {"Threat", "Profanity"}, {{"candor.classifiers", {"Threat, profanity"}}}, true, true},
      {ItemKind::classifiers, {"Threat"}, {{"candor.classifiers", {"Threat, Harassment"}}}, true, false},
  };
  for (const ItemRow& row : rows) {
    ItemLists lists(std::make_shared<ItemFields>(*catalogue));
    for (const std::string& item : row.items) EXPECT_EQ(lists.add(row.kind, item), "") << item;
    lists.finish();
    const Held held(catalogue, row.activity);
    ActivityValues values(*catalogue, static_cast<FieldId>(catalogue->size()));
    values.start(held.activity);
    const std::string about = std::string(to_text(row.kind)) + " " + row.items.front();
    EXPECT_EQ(lists.met(values, Extent::some), row.some) << about;
    EXPECT_EQ(lists.met(values, Extent::every), row.every) << about;
    EXPECT_EQ(lists.why(values, Extent::every) != "", row.every) << about;
  }
}

TEST(ItemLists, RefuseWhatIsNoItem) {
  ItemLists lists(std::make_shared<ItemFields>(*list_catalogue()));
  const std::pair<ItemKind, const char*> rows[] = {
      {ItemKind::domains, "a b"},    {ItemKind::domains, ""},       {ItemKind::paths, "/"},
      {ItemKind::paths, R"(\a*\b)"}, {ItemKind::file_types, "a.b"}, {ItemKind::file_types, "."},
      {ItemKind::sites, "nowhere"},  {ItemKind::keywords, "  "},
  };
  for (const auto& [kind, item] : rows) EXPECT_NE(lists.add(kind, item), "") << to_text(kind) << " " << item;
  EXPECT_EQ(lists.size(), 0u);
}

TEST(ItemLists, FingerprintDependsOnItemsAlone) {
  const auto print = [](std::vector<std::pair<ItemKind, std::string>> items) {
    ItemLists lists(std::make_shared<ItemFields>(*list_catalogue()));
    for (const auto& [kind, item] : items) EXPECT_EQ(lists.add(kind, item), "");
    lists.finish();
    return lists.fingerprint();
  };
  const auto wanted = print({{ItemKind::keywords, "a"}, {ItemKind::classifiers, "b"}});
  EXPECT_EQ(wanted, print({{ItemKind::classifiers, "B"}, {ItemKind::keywords, "a"}, {ItemKind::keywords, "a"}}));
  EXPECT_NE(wanted, print({{ItemKind::keywords, "b"}, {ItemKind::classifiers, "a"}}));
  EXPECT_NE(wanted, print({{ItemKind::keywords, "a"}}));
}

TEST(KeywordSet, FindsWhatASearchOneByOneFinds) {
  std::mt19937_64 random(11);
  const auto text = [&](std::size_t least, std::size_t most) {
    std::string made;
    for (std::size_t left = least + random() % (most - least + 1); left > 0; --left) {
      made += static_cast<char>('a' + random() % 3);
    }
    return made;
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> keywords;
    for (std::size_t left = random() % 6; left > 0; --left) keywords.push_back(text(1, 7));
    const KeywordSet set(keywords);
    for (int each = 0; each < 40; ++each) {
      const std::string where = text(0, 20);
      bool wanted = false;
      for (const std::string& keyword : keywords) wanted = wanted || where.find(keyword) != std::string::npos;
      const std::string* found = set.find(where);
      ASSERT_EQ(found != nullptr, wanted) << where;
      ASSERT_TRUE(found == nullptr || where.find(*found) != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace candor
