#include "app/webhook_body.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace candor {
namespace {

using WebhookJson = nlohmann::ordered_json;

std::string event_in_words(const std::string& event) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kWords = {
      {"alert.high", "An alert of high severity waits for review"},
      {"alert.confirmed", "An alert was confirmed"},
      {"alert.dismissed", "An alert was dismissed"},
      {"case.opened", "A case was opened"},
      {"case.alert_added", "An alert was added to a case"},
      {"case.handed_over", "A case was handed over"},
      {"case.closed", "A case was closed"},
      {"case.reopened", "A case was reopened"},
      {"case.notice_sent", "A notice was sent to the person of a case"},
      {"mass_event.released", "The alerts of a mass event were released"},
      {"mass_event.explained", "A mass event was explained"},
      {"person.lifted", "A person's name was lifted"}};
  for (const auto& [name, words] : kWords) {
    if (name == event) return std::string(words);
  }
  return event;
}

std::string link_of(const DecisionNews& news, const std::string& site) {
  if (site.empty()) return "";
  if (news.object_kind == "case") return site + "/cases/" + news.object_id;
  return news.alert.empty() ? site + "/" : site + "/alerts/" + news.alert;
}

using ToldFact = std::pair<std::string, std::string>;

// In the order people read them; without empty ones.
std::vector<ToldFact> facts_of(const DecisionNews& news, const std::string& link) {
  std::vector<ToldFact> facts;
  for (auto& [name, value] : std::vector<ToldFact>{{"Policy", news.policy},
                                                   {"Severity", news.severity},
                                                   {"Person", news.pseudonym},
                                                   {"By", news.viewer},
                                                   {"At", format_time(news.at)},
                                                   {"Link", link}}) {
    if (!value.empty()) facts.emplace_back(name, value);
  }
  return facts;
}

std::string in_lines(const DecisionNews& news, const std::string& link) {
  std::string text = event_in_words(news.event) + ".";
  for (const auto& [name, value] : facts_of(news, link)) text += "\n" + name + ": " + value;
  return text;
}

WebhookJson own_body(const DecisionNews& news, const std::string& link) {
  const auto or_null = [](const std::string& text) { return text.empty() ? WebhookJson(nullptr) : WebhookJson(text); };
  return {{"event", news.event},
          {"at", format_time(news.at)},
          {"object", {{"kind", news.object_kind}, {"id", news.object_id}}},
          {"alert", or_null(news.alert)},
          {"policy", or_null(news.policy)},
          {"severity", or_null(news.severity)},
          {"person", or_null(news.pseudonym)},
          {"viewer", or_null(news.viewer)},
          {"link", or_null(link)}};
}

// An adaptive card: its facts are text, whatever they hold.
WebhookJson teams_body(const DecisionNews& news, const std::string& link) {
  WebhookJson facts = WebhookJson::array();
  for (const auto& [name, value] : facts_of(news, link)) facts.push_back({{"title", name}, {"value", value}});
  const WebhookJson title = {
      {"type", "TextBlock"}, {"text", "Candor: " + event_in_words(news.event)}, {"weight", "Bolder"}, {"wrap", true}};
  const WebhookJson content = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                               {"type", "AdaptiveCard"},
                               {"version", "1.4"},
                               {"body", WebhookJson::array({title, {{"type", "FactSet"}, {"facts", facts}}})}};
  const WebhookJson attachment = {{"contentType", "application/vnd.microsoft.card.adaptive"}, {"content", content}};
  return {{"type", "message"}, {"attachments", WebhookJson::array({attachment})}};
}

// The three signs that mean something to Slack.
std::string for_slack(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

WebhookJson jira_body(const DecisionNews& news, const WebhookSettings& settings, const std::string& link) {
  return {{"fields",
           {{"project", {{"key", settings.project}}},
            {"issuetype", {{"name", settings.issue_type}}},
            {"summary", "Candor: " + event_in_words(news.event)},
            {"description", in_lines(news, link)},
            {"labels", WebhookJson::array({"candor"})}}}};
}

}  // namespace

std::string webhook_body(const DecisionNews& news, const WebhookSettings& settings, const std::string& site) {
  const std::string link = link_of(news, site);
  WebhookJson body;
  switch (settings.format) {
    case WebhookFormat::candor:
      body = own_body(news, link);
      break;
    case WebhookFormat::teams:
      body = teams_body(news, link);
      break;
    case WebhookFormat::slack:
      body = {{"text", for_slack("Candor: " + in_lines(news, link))}};
      break;
    case WebhookFormat::servicenow:
      body = {{"short_description", "Candor: " + event_in_words(news.event)},
              {"description", in_lines(news, link)},
              {"correlation_id", news.object_id},
              {"correlation_display", "Candor"}};
      break;
    case WebhookFormat::jira:
      body = jira_body(news, settings, link);
      break;
  }
  return body.dump(-1, ' ', false, WebhookJson::error_handler_t::replace);
}

}  // namespace candor
