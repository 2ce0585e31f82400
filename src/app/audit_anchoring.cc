#include "app/audit_anchoring.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "access/audit_anchor.h"

namespace candor {
namespace {

constexpr const char* kAnchored = "audit.anchored";
constexpr const char* kFailed = "audit.anchor_failed";
constexpr std::chrono::minutes kUntilTriedAgain{1};

AuditEntry entry_of(const char* action, const nlohmann::ordered_json& details) {
  AuditEntry entry;
  entry.action = action;
  entry.object_kind = "audit";
  entry.details = details.dump();
  return entry;
}

// The action of the last line; "" of an empty log.
Result<std::string> last_action(const AuditLog& audit) {
  AuditQuery query;
  query.limit = 1;
  CANDOR_TRY(const AuditPage page, audit.lines(query));
  return page.lines.empty() ? std::string() : page.lines.front().action;
}

Result<void> bring(const AuditAnchor& anchor, const AnchoringOptions& options, const std::function<bool()>& cancelled) {
  Result<void> kept;
  if (!options.folder.empty()) kept = keep_anchor(options.folder, anchor);
  if (options.webhook) {
    // Both are tried whatever becomes of one of them.
    auto posted = Webhook(*options.webhook).post(to_json(anchor), cancelled);
    if (kept) kept = std::move(posted);
  }
  return kept;
}

void run(const AuditLog& audit, const AnchoringOptions& options, const Io& io, const std::stop_token& stop) {
  std::string said;
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto done = anchor_once(audit, options, [&] { return stop.stop_requested(); });
    if (stop.stop_requested()) return;
    if (!done && done.error().message != said) {
      said = done.error().message;
      complain(io, "candor: anchors of the audit log: " + said + "; it is tried again [" + done.error().id + "]\n");
    } else if (done && !said.empty()) {
      complain(io, "candor: anchors of the audit log: kept again\n");
      said.clear();
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, done ? options.every : std::min(options.every, kUntilTriedAgain), [] { return false; });
  }
}

}  // namespace

Result<bool> anchor_once(const AuditLog& audit, const AnchoringOptions& options,
                         const std::function<bool()>& cancelled) {
  CANDOR_TRY(const std::string last, last_action(audit));
  // Its own line is no news; a failure is, for it is still to be brought.
  if (last.empty() || last == kAnchored) return false;
  CANDOR_TRY(const AuditAnchor anchor, audit.anchor());
  const auto brought = bring(anchor, options, cancelled);
  if (!brought) {
    if (last != kFailed) {
      CANDOR_TRY_VOID(audit.append(entry_of(kFailed, {{"anchor", anchor.number}, {"id", brought.error().id}})));
    }
    return std::unexpected(brought.error());
  }
  CANDOR_TRY_VOID(audit.append(entry_of(
      kAnchored,
      {{"anchor", anchor.number}, {"folder", !options.folder.empty()}, {"webhook", options.webhook.has_value()}})));
  return true;
}

AuditAnchoring::AuditAnchoring(const AuditLog& audit, AnchoringOptions options, const Io& io)
    : thread_([&audit, options = std::move(options), &io](const std::stop_token& stop) {
        run(audit, options, io, stop);
      }) {}

}  // namespace candor
