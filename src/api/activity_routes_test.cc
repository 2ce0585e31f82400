#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ActivityRoutes : public ::testing::Test {
 protected:
  std::string path(const std::string& rest) const { return "/alerts/" + alert_ + rest; }
  // All pages, one after the other.
  std::vector<json> all(const std::string& query, int limit) {
    std::vector<json> activities;
    std::string cursor;
    for (int page = 0; page < 1000; ++page) {
      const json one = world_.read(path("/activities?" + query + "&limit=" + std::to_string(limit) + cursor), ivy_);
      for (const json& activity : one.at("activities")) activities.push_back(activity);
      if (one.at("next_cursor").is_null()) break;
      cursor = "&cursor=" + one.at("next_cursor").get<std::string>();
    }
    return activities;
  }

  World world_;
  const std::string ivy_ = world_.sign_in("ivy", "investigator");
  const std::string alert_ = world_.alert_of(World::kThief);
};

TEST_F(ActivityRoutes, PagesHoldEachActivityOnceInOrder) {
  const std::vector<json> whole = all("scope=all&columns=file.name", 500);
  EXPECT_EQ(whole.size(), 181u);  // 3 days of 60, one without a match
  for (const int limit : {1, 7, 180, 181}) {
    const std::vector<json> paged = all("scope=all&columns=file.name", limit);
    EXPECT_EQ(paged, whole) << limit;
  }
  std::vector<json> upwards = all("scope=all&columns=file.name&sort=time", 13);
  std::ranges::reverse(upwards);
  EXPECT_EQ(upwards, whole);
}

TEST_F(ActivityRoutes, FiltersNarrow) {
  const auto count = [&](const std::string& query) { return all(query, 500).size(); };
  EXPECT_EQ(count("scope=matched"), 180u);
  EXPECT_EQ(count("scope=all&indicator=usb_copy"), 90u);
  EXPECT_EQ(count("scope=all&category=collection"), 90u);
  EXPECT_EQ(count("scope=all&category=collection&indicator=usb_copy"), 0u);
  EXPECT_EQ(count("scope=all&operation=FileAccessed"), 1u);
  EXPECT_EQ(count("scope=all&operation=FileAccessed&operation=FileDownloaded"), 91u);
  EXPECT_EQ(count("scope=all&from=2026-05-24&to=2026-05-24"), 60u);
  EXPECT_EQ(count("scope=all&from=2026-05-25"), 61u);
  EXPECT_EQ(count("scope=all&to=2026-01-01"), 0u);
  EXPECT_EQ(count("scope=all&from=2026-05-25&to=2026-05-24"), 0u);
  for (const char* bad :
       {"scope=more", "indicator=nothing", "category=nothing", "from=now", "sort=name", "limit=0", "limit=501",
        "cursor=abc", "columns=nothing", "columns=file.name,", "columns=a%27b", "operation="})
    EXPECT_EQ(world_.get(path(std::string("/activities?") + bad), ivy_).status, 400) << bad;
}

TEST_F(ActivityRoutes, AlertScopeIsWhatTheReceiptCounts) {
  const json alert = world_.read("/alerts/" + alert_, ivy_);
  std::int64_t counted = 0;
  for (const json& part : alert.at("receipt").at("parts"))
    if (part.at("kind") == "insight") counted += part.at("count").get<std::int64_t>();
  const std::vector<json> activities = all("scope=alert", 500);
  EXPECT_EQ(static_cast<std::int64_t>(activities.size()), counted);
  EXPECT_TRUE(std::ranges::all_of(activities, [](const json& one) { return one.at("in_alert").get<bool>(); }));
}

TEST_F(ActivityRoutes, ValuesAreMaskedUntilLifted) {
  const std::string target = path("/activities?scope=all&columns=user.email,file.name,email.to.address,file.size");
  const Response masked = world_.get(target, ivy_);
  World::expect_no_names(masked.body);
  EXPECT_THAT(masked.body, HasSubstr("nothing \xef\xbf\xbd special.txt"));
  const Response lifted = world_.post(path("/lift"), ivy_, R"({"reason":"interview on Monday"})");
  ASSERT_EQ(lifted.status, 201) << lifted.body;
  const Response open = world_.get(target, ivy_);
  EXPECT_THAT(open.body, HasSubstr("mallory.thief@example.com"));
  EXPECT_THAT(open.body, HasSubstr("rival@example.net"));
  // Only for the viewer who lifted it.
  World::expect_no_names(world_.get(target, world_.sign_in("ada", "analyst")).body);
}

TEST_F(ActivityRoutes, TextTakenOverFromRecordsIsMaskedWhateverItsField) {
  const std::string columns =
      "user.id,user.domain,user.target.domain,candor.operation,rule.name,candor.dlp.policies,"
      "candor.recipient.domains";
  const json activities = world_.read(path("/activities?scope=all&limit=1&columns=" + columns), ivy_).at("activities");
  const json values = activities.at(0).at("values");
  ASSERT_EQ(values.size(), 7u);
  World::expect_no_names(values.dump());
  EXPECT_THAT(values.at("user.id").get<std::string>(), StartsWith("Anon-"));
  EXPECT_THAT(values.dump(), Not(HasSubstr("10032001A2B3C4D5")));
}

TEST_F(ActivityRoutes, CsvIsMaskedAndFormulaSafe) {
  const Response csv = world_.get(path("/activities.csv?scope=all&columns=file.name,user.email,file.size"), ivy_);
  ASSERT_EQ(csv.status, 200);
  World::expect_no_names(csv.body);
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(std::string(csv.header("Content-Disposition")), HasSubstr("candor-demo-activities-" + alert_ + ".csv"));
  EXPECT_THAT(csv.body, StartsWith("time,operation,in_alert,indicators,file.name,user.email,file.size\r\n"));
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 182);
  EXPECT_THAT(csv.body, HasSubstr(",'=cmd|' /C calc'!0.xlsx,"));
  EXPECT_THAT(csv.body, Not(HasSubstr(",=")));
  EXPECT_EQ(world_.audit_lines().front().action, "activities.exported");
  EXPECT_EQ(world_.get(path("/activities.csv?limit=5"), ivy_).status, 400);
}

TEST_F(ActivityRoutes, TheAuditLogTellsWhatWasTakenOut) {
  const std::string query =
      "scope=all&columns=file.name,user.email&indicator=usb_copy&operation=Mallory.Thief&from=2026-05-25";
  ASSERT_EQ(world_.get(path("/activities.csv?" + query), ivy_).status, 200);
  const AuditLine none = world_.audit_lines().front();
  EXPECT_EQ(none.action, "activities.exported");
  World::expect_no_names(none.details);
  const json asked = json::parse(none.details);
  EXPECT_EQ(asked.at("scope"), "all");
  EXPECT_EQ(asked.at("from"), "2026-05-25");
  EXPECT_EQ(asked.at("indicators"), json({"usb_copy"}));
  EXPECT_EQ(asked.at("columns"), json({"file.name", "user.email"}));
  EXPECT_EQ(asked.at("rows"), 0);
  ASSERT_EQ(world_.get(path("/activities?scope=all&limit=7"), ivy_).status, 200);
  const json seen = json::parse(world_.audit_lines().front().details);
  EXPECT_EQ(seen.at("rows"), 7);
  EXPECT_EQ(seen.at("more"), true);
  ASSERT_EQ(world_.get("/alerts?status=needs_review&text=mallory", ivy_).status, 200);
  EXPECT_EQ(json::parse(world_.audit_lines().front().details),
            json({{"status", {"needs_review"}}, {"searched", true}, {"rows", 0}, {"total", 0}}));
  const std::string auditor = world_.sign_in("aud", "auditor");
  ASSERT_EQ(world_.get("/audit.csv?action=queue.viewed", auditor).status, 200);
  EXPECT_EQ(json::parse(world_.audit_lines().front().details),
            json({{"actions", {"queue.viewed"}}, {"rows", 1}, {"total", 1}}));
}

TEST_F(ActivityRoutes, AnExportThatIsCutSaysSo) {
  ApiContext context = world_.context();
  context.most_export_rows = 5;
  const Handler api = make_api(context);
  const auto ask = [&](const std::string& target) {
    Request request;
    request.target = "/api/v1" + target;
    request.headers = {{"cookie", "candor_session=" + ivy_}};
    return api(request);
  };
  const Response cut = ask(path("/activities.csv?scope=all"));
  EXPECT_EQ(cut.header("X-Candor-Cut"), "5");
  EXPECT_EQ(std::ranges::count(cut.body, '\n'), 7);
  EXPECT_THAT(cut.body, HasSubstr("\r\nCUT OFF after 5 rows: there are more"));
  const Response whole = ask(path("/activities.csv?scope=all&operation=FileAccessed"));
  EXPECT_EQ(whole.header("X-Candor-Cut"), "");
  EXPECT_EQ(std::ranges::count(whole.body, '\n'), 2);
}

TEST_F(ActivityRoutes, OneActivityHasAllItsFields) {
  const std::string id = world_.activity_id(alert_, "special", ivy_);
  const Response one = world_.get(path("/activities/" + id), ivy_);
  ASSERT_EQ(one.status, 200) << one.body;
  World::expect_no_names(one.body);
  const json values = json::parse(one.body).at("values");
  for (const char* field : {"user.email", "user.id", "file.name", "file.size", "email.to.address", "rule.name"})
    EXPECT_TRUE(values.contains(field)) << field;
  EXPECT_EQ(world_.audit_lines().front().action, "activity.viewed");
  EXPECT_EQ(world_.get("/alerts/" + world_.alert_of(World::kOther) + "/activities/" + id, ivy_).status, 404);
  EXPECT_EQ(world_.get(path("/activities/" + std::string(64, '0')), ivy_).status, 404);
}

TEST_F(ActivityRoutes, RawRecordOnDemand) {
  const std::string id = world_.activity_id(alert_, "special", ivy_);
  ASSERT_EQ(id.size(), 64u);
  const Response raw = world_.get(path("/activities/" + id + "/raw"), ivy_);
  ASSERT_EQ(raw.status, 200) << raw.body;
  World::expect_no_names(raw.body);
  EXPECT_THAT(json::parse(raw.body).at("record").get<std::string>(), HasSubstr("special.txt"));
  EXPECT_EQ(world_.audit_lines().front().action, "raw_record.viewed");
  EXPECT_EQ(world_.audit_lines().front().alert, alert_);
  // Nobody else's records, and nothing that is not there.
  const std::string other = world_.alert_of(World::kOther);
  EXPECT_EQ(world_.get("/alerts/" + other + "/activities/" + id + "/raw", ivy_).status, 404);
  for (const std::string& bad : {std::string("0"), std::string(64, '0'), std::string(64, 'f'), std::string(64, 'x')})
    EXPECT_EQ(world_.get(path("/activities/" + bad + "/raw"), ivy_).status, 404) << bad;
}

TEST_F(ActivityRoutes, ChartShowsBubbles) {
  const json chart = world_.read(path("/activity-chart"), ivy_);
  EXPECT_EQ(chart.at("months"), 3);
  EXPECT_EQ(chart.at("bubbles").size(), 6u);
  const json alert = world_.read("/alerts/" + alert_, ivy_);
  double points = 0;
  for (const json& bubble : chart.at("bubbles")) {
    EXPECT_EQ(bubble.at("in_alert"), !bubble.at("points").is_null());
    if (bubble.at("in_alert")) points += bubble.at("points").get<double>();
    if (bubble.at("indicator").at("name") == "usb_copy" && bubble.at("day") == "2026-05-25") {
      EXPECT_EQ(bubble.at("count"), 30);
    }
  }
  EXPECT_NEAR(points, alert.at("score").get<double>(), 1e-6);
  EXPECT_EQ(world_.read(path("/activity-chart?months=1"), ivy_).at("bubbles").size(), 4u);
  EXPECT_EQ(world_.read(path("/activity-chart?months=1"), ivy_).at("from"), "2026-04-26");
  for (const char* bad : {"2", "0", "7", "x"})
    EXPECT_EQ(world_.get(path(std::string("/activity-chart?months=") + bad), ivy_).status, 400) << bad;
}

TEST_F(ActivityRoutes, FieldsAreTheCatalogue) {
  const json fields = world_.read("/activity-fields", ivy_).at("fields");
  EXPECT_EQ(fields.size(), world_.context().catalogue->size());
  EXPECT_TRUE(std::ranges::any_of(fields, [](const json& field) { return field.at("default").get<bool>(); }));
}

}  // namespace
}  // namespace candor::api
