#pragma once

#include <string>

#include "app/webhook_settings.h"
#include "cases/decision_feed.h"

namespace candor {

// What a webhook is told, as JSON in the form its receiver reads. `site`: where browsers reach Candor, for a link; "":
// none. Docs: docs/reference/webhooks.md.
std::string webhook_body(const DecisionNews& news, const WebhookSettings& settings, const std::string& site);

}  // namespace candor
