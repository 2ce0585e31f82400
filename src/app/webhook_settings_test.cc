#include "app/webhook_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "app/webhook_body.h"

namespace candor {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> faults_in(const std::string& rows) {
  std::vector<Diagnostic> faults;
  const auto webhooks = parse_webhooks("webhooks:\n" + rows, "settings.yml", faults);
  EXPECT_EQ(webhooks.empty(), !faults.empty());
  std::vector<std::string> ids;
  for (const Diagnostic& fault : faults) {
    ids.push_back(std::to_string(fault.line) + " " + fault.id);
    EXPECT_THAT(fault.message + fault.hint, Not(HasSubstr("hidden")));
  }
  return ids;
}

TEST(WebhookSettings, AreReadAsWritten) {
  std::vector<Diagnostic> faults;
  const auto webhooks = parse_webhooks(
      "retention: {raw_days: 7}\nwebhooks:\n"
      "  - {name: soc-1, url: 'https://hooks.example.com/x', events: [case.closed, alert.high], format: slack,\n"
      "     secret_file: s, allow_private: true}\n"
      "  - {name: jira, url: 'http://jira.example.com/', events: case.opened, format: jira, project: SEC}\n",
      "settings.yml", faults);
  EXPECT_THAT(faults, IsEmpty());
  ASSERT_EQ(webhooks.size(), 2U);
  EXPECT_EQ(webhooks[0].name, "soc-1");
  EXPECT_THAT(webhooks[0].events, ElementsAre("alert.high", "case.closed"));
  EXPECT_EQ(webhooks[0].format, WebhookFormat::slack);
  EXPECT_TRUE(webhooks[0].allow_private);
  EXPECT_EQ(webhooks[1].project, "SEC");
  EXPECT_EQ(webhooks[1].issue_type, "Task");
  EXPECT_FALSE(webhooks[1].allow_private);
  for (const char* none : {"", "webhooks:\n", "webhooks: []\n", "retention:\n"}) {
    EXPECT_THAT(parse_webhooks(none, "settings.yml", faults), IsEmpty());
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST(WebhookSettings, FaultsHaveTheirPlaces) {
  const std::string url = "url: 'https://example.com/'";
  EXPECT_THAT(faults_in("  - {name: a, " + url + ", events: [case.close]}\n"), ElementsAre("2 settings.unknown_event"));
  EXPECT_THAT(faults_in("  - {name: a, " + url + "}\n"), ElementsAre("2 settings.incomplete"));
  EXPECT_THAT(faults_in("  - {name: A b, " + url + ", events: [case.closed]}\n"), ElementsAre("2 settings.bad_value"));
  EXPECT_THAT(faults_in("  - {name: a, url: 'ftp://x/hidden', events: [case.closed]}\n"),
              ElementsAre("2 settings.bad_address"));
  EXPECT_THAT(faults_in("  - {name: a, " + url + ", events: [case.closed], format: jira}\n"),
              ElementsAre("2 settings.incomplete"));
  EXPECT_THAT(faults_in("  - {name: a, " + url + ", events: [case.closed]}\n  - {name: a, " + url +
                        ", events: [case.closed]}\n"),
              ElementsAre("3 settings.repeated_name"));
  EXPECT_EQ(faults_in("  - {name: a, " + url + ", events: [case.closed], secret: hidden}\n").size(), 1U);
  EXPECT_EQ(faults_in("  soc: {}\n").size(), 1U);
  EXPECT_EQ(faults_in("  - soc\n").size(), 1U);
}

TEST(WebhookSettings, TheSchemaKnowsTheSameEvents) {
  std::ifstream in(CANDOR_SOURCE_DIR "/content/schemas/settings.schema.json");
  const json row = json::parse(in).at("properties").at("webhooks").at("items");
  EXPECT_EQ(row.at("additionalProperties"), false);
  const auto events = row.at("properties").at("events").at("items").at("enum").get<std::vector<std::string>>();
  EXPECT_THAT(events, testing::UnorderedElementsAreArray(decision_events()));
}

DecisionNews news() {
  return {.event = "case.closed",
          .at = 1'795'000'000LL * kMicrosPerSecond,
          .object_kind = "case",
          .object_id = "0f",
          .alert = {},
          .pseudonym = "Anon-7K2M-9QXD-H4TB",
          .viewer = "ada",
          .policy = "Leaks <!channel> & \"more\"",
          .severity = {}};
}

json body_of(WebhookFormat format) {
  WebhookSettings settings;
  settings.format = format;
  settings.project = "SEC";
  return json::parse(webhook_body(news(), settings, "https://candor.example.com"));
}

TEST(WebhookBody, HasTheFormItsReceiverReads) {
  const json own = body_of(WebhookFormat::candor);
  EXPECT_EQ(own.at("event"), "case.closed");
  EXPECT_EQ(own.at("at"), "2026-11-18T11:06:40Z");
  EXPECT_EQ(own.at("person"), "Anon-7K2M-9QXD-H4TB");
  EXPECT_TRUE(own.at("alert").is_null());
  EXPECT_EQ(own.at("link"), "https://candor.example.com/cases/0f");
  const json card = body_of(WebhookFormat::teams).at("attachments").at(0);
  EXPECT_EQ(card.at("contentType"), "application/vnd.microsoft.card.adaptive");
  EXPECT_EQ(card.at("content").at("body").at(1).at("facts").at(0).at("value"), "Leaks <!channel> & \"more\"");
  const std::string slack = body_of(WebhookFormat::slack).at("text");
  EXPECT_THAT(slack, HasSubstr("Candor: A case was closed."));
  EXPECT_THAT(slack, HasSubstr("Leaks &lt;!channel&gt; &amp;"));
  const json row = body_of(WebhookFormat::servicenow);
  EXPECT_EQ(row.at("short_description"), "Candor: A case was closed");
  EXPECT_EQ(row.at("correlation_id"), "0f");
  const json issue = body_of(WebhookFormat::jira).at("fields");
  EXPECT_EQ(issue.at("project").at("key"), "SEC");
  EXPECT_EQ(issue.at("issuetype").at("name"), "Task");
  EXPECT_THAT(issue.at("description").get<std::string>(), HasSubstr("By: ada"));
}

TEST(WebhookBody, EveryEventHasWords) {
  for (const std::string& event : decision_events()) {
    DecisionNews one = news();
    one.event = event;
    WebhookSettings settings;
    settings.format = WebhookFormat::slack;
    EXPECT_THAT(webhook_body(one, settings, ""), Not(HasSubstr(event)));
    EXPECT_THAT(webhook_body(one, settings, ""), Not(HasSubstr("Link")));
  }
}

}  // namespace
}  // namespace candor
