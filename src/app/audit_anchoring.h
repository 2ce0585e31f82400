#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "access/audit_log.h"
#include "app/io.h"
#include "outbox/webhook.h"

namespace candor {

struct AnchoringOptions {
  std::filesystem::path folder;           // empty: none
  std::optional<WebhookOptions> webhook;  // nullopt: none
  std::chrono::minutes every{60};
};

// One round: where the log has grown since the last anchor it makes one, brings it to the folder and the webhook and
// says so in the log (`audit.anchored`). False when there was nothing to do. Fails with what went wrong first, after
// trying both; then the log says `audit.anchor_failed`, once until it works again.
Result<bool> anchor_once(const AuditLog& audit, const AnchoringOptions& options,
                         const std::function<bool()>& cancelled);

// Does that for as long as it lives, on a thread of its own; what failed is tried again after a minute, and said on
// io.err once for each fault that lasts.
class AuditAnchoring {
 public:
  // Both must outlive this object.
  AuditAnchoring(const AuditLog& audit, AnchoringOptions options, const Io& io);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace candor
