#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "outbox/webhook_target.h"

namespace candor {

enum class WebhookFormat : std::uint8_t { candor, teams, slack, servicenow, jira };

// One row of `webhooks` of content/settings.yml, without its secrets.
struct WebhookSettings {
  std::string name;  // a-z, 0-9, - and _; once
  std::string url;   // a secret: it may hold a token
  std::set<std::string, std::less<>> events;
  WebhookFormat format = WebhookFormat::candor;
  std::string secret_file;          // relative to the content folder; "": none
  std::string authorization_file;   // likewise, of the header Authorization
  std::string project;              // jira: key of the project
  std::string issue_type = "Task";  // jira
  bool allow_private = false;
};

// The rows of the settings' file; faults with their places, ids `settings.*`; none of them when there is one. The other
// sections are load_settings()' affair.
std::vector<WebhookSettings> load_webhooks(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics);
std::vector<WebhookSettings> parse_webhooks(const std::string& text, const std::string& file,
                                            std::vector<Diagnostic>& diagnostics);

// With its secrets: of the environment (CANDOR_WEBHOOK_SECRET_NAME, CANDOR_WEBHOOK_AUTHORIZATION_NAME; the name in
// capitals, `-` as `_`), else of its files. Fails with `app.bad_webhook_secret`.
Result<WebhookTarget> webhook_target(const WebhookSettings& settings, const std::filesystem::path& folder);

}  // namespace candor
