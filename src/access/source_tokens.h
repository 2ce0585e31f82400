#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// A token of a machine. It opens one thing only: sending records of its source, or reading the metrics.
struct SourceToken {
  std::string id;      // tells nothing about the token: safe to show
  std::string source;  // "" for the metrics
  std::string created_by;
  TimePoint created = 0;
  std::optional<TimePoint> expires;
  std::optional<TimePoint> last_used;  // to within an hour
  std::optional<TimePoint> revoked;

  bool is_for_metrics() const { return source.empty(); }
};

// Tokens of machines, kept as keyed hashes; making and revoking one is in the audit log.
// Thread safety: any member from any thread.
class SourceTokens {
 public:
  // All must outlive this object.
  SourceTokens(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit);

  // A new token, to be shown once: nobody can ask for it again. `source` "" is for the metrics; it ends at `expires`,
  // or never. Fails with `sources.bad_name`, `access.bad_expiry` (not in the future), `store.*`.
  Result<std::string> create(const std::string& actor, std::string_view source, std::optional<TimePoint> expires);
  // All of them, revoked and expired ones too, by source and time of making.
  Result<std::vector<SourceToken>> list() const;
  // At once and for good; nothing when it is revoked already. `access.unknown_token`.
  Result<void> revoke(const std::string& actor, std::string_view id);
  // Whose token that is. `access.bad_token` for whatever is none, expired or revoked: which of these is not told. Takes
  // the same time for every wrong secret.
  Result<SourceToken> check(std::string_view token);

 private:
  Store* store_;
  const Clock* clock_;
  const AuditLog* audit_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace candor
