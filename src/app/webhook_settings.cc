#include "app/webhook_settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/secret_file.h"
#include "base/yaml_reader.h"
#include "cases/decision_feed.h"
#include "outbox/webhook.h"

namespace candor {
namespace {

constexpr std::size_t kMostWebhooks = 20;
constexpr std::size_t kLongestWebhookText = 2000;
const std::vector<std::string> kFormats = {"candor", "teams", "slack", "servicenow", "jira"};

bool is_webhook_name(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Names that differ only by these would share their secrets' environment variables.
std::string as_variable(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// What is said to it can be read on the way.
bool is_plain(std::string_view url) {
  std::string scheme(url.substr(0, url.find(':')));
  for (char& c : scheme) c = static_cast<char>(c | 0x20);
  return scheme == "http";
}

class WebhookReader {
 public:
  WebhookReader(const std::string& file, std::vector<Diagnostic>& faults) : reader_(file, "settings", faults) {}

  std::vector<WebhookSettings> read(const std::string& text) {
    const auto root = reader_.document(text);
    if (!root || !(*root)["webhooks"] || (*root)["webhooks"].IsNull()) return {};
    for (const YAML::Node& row : reader_.list(*root, "webhooks", kMostWebhooks)) take(row);
    return reader_.clean() ? std::move(all_) : std::vector<WebhookSettings>();
  }

 private:
  std::string optional(const YAML::Node& row, const char* key) {
    const auto value = reader_.text(row, key, kLongestWebhookText);
    return value ? value->text : "";
  }

  void take(const YAML::Node& row) {
    if (!reader_.map(row, "a row of `webhooks`",
                     {"name", "url", "events", "format", "secret_file", "authorization_file", "project", "issue_type",
                      "allow_private"})) {
      return;
    }
    WebhookSettings one;
    take_name(row, one);
    take_url(row, one);
    take_events(row, one);
    if (const auto format = reader_.word(row, "format", kFormats)) one.format = static_cast<WebhookFormat>(*format);
    one.secret_file = optional(row, "secret_file");
    one.authorization_file = optional(row, "authorization_file");
    one.project = optional(row, "project");
    if (row["issue_type"]) one.issue_type = optional(row, "issue_type");
    one.allow_private = reader_.boolean(row, "allow_private").value_or(false);
    if (is_plain(one.url) && !one.allow_private && !(one.secret_file + one.authorization_file).empty()) {
      reader_.fault(YamlReader::place_of(row), "plain_secret", "over http everybody on the way can read what proves it",
                    "write https; http with a secret is for a receiver of your own network (`allow_private`)");
    }
    if (one.format == WebhookFormat::jira && one.project.empty()) {
      reader_.fault(YamlReader::place_of(row), "incomplete", "the format jira needs a `project`", "its key, like SEC");
    }
    all_.push_back(std::move(one));
  }

  void take_name(const YAML::Node& row, WebhookSettings& one) {
    const auto name = reader_.required_text(row, "name", kLongestWebhookText);
    if (!name) return;
    if (!is_webhook_name(name->text)) {
      reader_.fault(name->place, "bad_value", "`name` is not of its form", "1 to 40 of a-z, 0-9, - and _");
    } else if (std::ranges::any_of(all_, [&](const WebhookSettings& other) {
                 return as_variable(other.name) == as_variable(name->text);
               })) {
      reader_.fault(name->place, "repeated_name", "another webhook has this `name`, where - and _ are the same");
    }
    one.name = name->text;
  }

  void take_url(const YAML::Node& row, WebhookSettings& one) {
    const auto url = reader_.required_text(row, "url", kLongestWebhookText);
    if (!url) return;
    // The value is not repeated: it may be most of a good address, with its token.
    if (!is_web_address(url->text)) {
      reader_.fault(url->place, "bad_address", "`url` is no address", "write a whole one, https://hooks.example.com/x");
    }
    one.url = url->text;
  }

  void take_events(const YAML::Node& row, WebhookSettings& one) {
    const auto& known = decision_events();
    const auto events = reader_.texts(row, "events", known.size() * 2);
    for (const Placed& event : events) {
      if (std::ranges::find(known, event.text) == known.end()) {
        const std::string near = nearest(event.text, known);
        std::string hint = "they are in docs/reference/webhooks.md";
        if (!near.empty()) hint = "did you mean `" + near + "`?";
        reader_.fault(event.place, "unknown_event", "`events` names something that is none", hint);
      }
      one.events.insert(event.text);
    }
    if (events.empty()) {
      reader_.fault(YamlReader::place_of(row), "incomplete", "a webhook needs `events`", "[alert.high, case.closed]");
    }
  }

  YamlReader reader_;
  std::vector<WebhookSettings> all_;
};

std::string of_environment(const char* what, const std::string& name) {
  return environment_text((what + as_variable(name)).c_str());
}

}  // namespace

std::vector<WebhookSettings> parse_webhooks(const std::string& text, const std::string& file,
                                            std::vector<Diagnostic>& diagnostics) {
  // Most files have none, and what else is wrong in them is told already.
  if (!text.contains("webhooks")) return {};
  std::vector<Diagnostic> faults;
  auto webhooks = WebhookReader(file, faults).read(text);
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return webhooks;
}

std::vector<WebhookSettings> load_webhooks(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_webhooks(text, file.string(), diagnostics);
}

Result<WebhookTarget> webhook_target(const WebhookSettings& settings, const std::filesystem::path& folder) {
  WebhookTarget target;
  target.url = settings.url;
  target.allow_private = settings.allow_private;
  const auto secret_of = [&](const std::string& file, const char* variable, const char* what) {
    return read_secret_of(file.empty() ? std::filesystem::path() : folder / file,
                          of_environment(variable, settings.name), what + settings.name, "app.bad_webhook_secret");
  };
  CANDOR_TRY(target.secret, secret_of(settings.secret_file, "CANDOR_WEBHOOK_SECRET_", "the secret of the webhook "));
  CANDOR_TRY(target.authorization, secret_of(settings.authorization_file, "CANDOR_WEBHOOK_AUTHORIZATION_",
                                             "the authorization of the webhook "));
  if (is_plain(target.url) && !target.allow_private && !(target.secret + target.authorization).empty()) {
    return fail("app.bad_webhook_secret", "the webhook " + settings.name +
                                              " has a secret or an authorization, which is not for http: write "
                                              "https, or allow_private for a receiver of your own network");
  }
  return target;
}

}  // namespace candor
