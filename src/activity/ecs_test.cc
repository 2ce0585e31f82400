#include "activity/ecs.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Ecs, NestsInAFixedOrderAndWritesListsAsArrays) {
  const auto catalogue = FieldCatalogue::create({{"file.name", FieldType::keyword, false, ""},
                                                 {"candor.x", FieldType::boolean, false, ""},
                                                 {"file.hash.sha1", FieldType::keyword, false, ""},
                                                 {"event.action", FieldType::keyword, false, ""},
                                                 {"event.category", FieldType::keywords, false, ""},
                                                 {"source.ip", FieldType::ip, false, ""},
                                                 {"candor.y.z", FieldType::integer, false, ""},
                                                 {"email.attachments.file.name", FieldType::keywords, false, ""}})
                             .value();
  Activity activity(catalogue);
  activity.time = parse_time("2026-01-02T03:04:05.5").value();
  activity.set_text(0, "a\"\n\xFF");
  activity.set_number(1, 1);
  activity.set_text(2, "00");
  activity.set_text(3, "Send");
  const std::string_view one = "email";
  activity.set_list(4, {&one, 1});
  activity.set_text(5, "::1");
  activity.set_number(6, -3);
  activity.set_list(7, {&one, 1});
  std::string out;
  append_ecs_json(activity, out);
  EXPECT_EQ(out, R"({"@timestamp":"2026-01-02T03:04:05.500000Z","ecs":{"version":"8.11.0"},)"
                 R"("event":{"kind":"event","action":"Send","category":["email"]},)"
                 R"("file":{"name":"a\"\n)"
                 "\xEF\xBF\xBD"
                 R"(","hash":{"sha1":"00"}},"candor":{"x":true,"y":{"z":-3}},"source":{"ip":"::1"},)"
                 R"("email":{"attachments":[{"file":{"name":"email"}}]},"related":{"ip":["::1"]}})"
                 "\n");
  activity.clear();
  out.clear();
  append_ecs_json(activity, out);
  EXPECT_EQ(
      out,
      "{\"@timestamp\":\"1970-01-01T00:00:00Z\",\"ecs\":{\"version\":\"8.11.0\"},\"event\":{\"kind\":\"event\"}}\n");
}

TEST(Ecs, AddsTheAccountsNameAndWhatIsRelated) {
  const auto catalogue = FieldCatalogue::create({{"user.email", FieldType::keyword, false, ""},
                                                 {"user.name", FieldType::keyword, false, ""},
                                                 {"user.target.email", FieldType::keyword, false, ""},
                                                 {"source.ip", FieldType::ip, false, ""},
                                                 {"host.name", FieldType::keyword, false, ""},
                                                 {"email.to.address", FieldType::keywords, false, ""}})
                             .value();
  Activity activity(catalogue);
  activity.account = "ann@example.com";
  activity.set_text(0, "ann@example.com");
  activity.set_text(2, "bob@example.com");
  activity.set_text(3, "203.0.113.7");
  activity.set_text(4, "pc-1");
  const std::string_view to[] = {"ann@example.com", "bob@example.com", "joe@partner.example"};
  activity.set_list(5, to);
  std::string out;
  append_ecs_json(activity, out);
  EXPECT_NE(out.find(R"("user":{"email":"ann@example.com","name":"ann@example.com","target":)"), std::string::npos)
      << out;
  EXPECT_NE(out.find(R"("related":{"user":["ann@example.com","bob@example.com","joe@partner.example"],)"
                     R"("ip":["203.0.113.7"],"hosts":["pc-1"]}})"),
            std::string::npos)
      << out;
}

TEST(Ecs, RefusesACatalogueThatCannotBeNested) {
  EXPECT_FALSE(
      FieldCatalogue::create({{"a.b", FieldType::keyword, false, ""}, {"a.b.c", FieldType::keyword, false, ""}}));
}

}  // namespace
}  // namespace candor
