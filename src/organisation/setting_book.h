#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Changes of settings as people asked for them, on disk. What they mean is organisation/running_settings.h's.
namespace candor {

enum class SettingDecision : std::uint8_t { waits, agreed, not_needed, rejected, replaced, withdrawn };
std::string_view to_text(SettingDecision decision);  // "waits", "agreed", ...

struct SettingChange {
  std::int64_t number = 0;           // from 1, in the order asked for
  std::string setting;               // "retention.raw_days"
  std::optional<std::string> value;  // as the file would say it; nullopt: what the file says
  std::string asked_by;
  std::string reason;
  TimePoint asked_at = 0;
  SettingDecision decision = SettingDecision::waits;
  std::string decided_by;  // "" when nobody had to
  std::string decided_reason;
  TimePoint decided_at = 0;  // from when on it holds, if it does

  bool is_in_force() const { return decision == SettingDecision::agreed || decision == SettingDecision::not_needed; }
};

// Who acts, for the record.
struct SettingActor {
  std::string name;  // a viewer's user name, or "local/ACCOUNT"
  std::string reason;
  // Called in the act's transaction, so that the audit line is in it too. May be empty.
  std::function<Result<void>(Transaction&, const SettingChange&)> also = {};
};

// Thread safety: any member from any thread.
class SettingBook {
 public:
  SettingBook(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // All, ascending by number.
  Result<std::vector<SettingChange>> all() const;
  // Stores a request. `waits`: for decide(); else it is in force. One that waited for the same setting is replaced.
  Result<SettingChange> ask(const std::string& setting, const std::optional<std::string>& value, bool waits,
                            const SettingActor& actor);
  // The same in the caller's transaction.
  Result<SettingChange> ask(Transaction& work, const std::string& setting, const std::optional<std::string>& value,
                            bool waits, const SettingActor& actor) const;
  // `decision`: agreed, rejected or withdrawn. `settings.nothing_waits`; `settings.changed_meanwhile` when another one
  // waits than `number`; `settings.own_request` when the one who asked agrees; `settings.not_own` when somebody else
  // withdraws.
  Result<SettingChange> decide(const std::string& setting, std::int64_t number, SettingDecision decision,
                               const SettingActor& actor);

  // Of each setting the newest that is in force.
  static std::map<std::string, SettingChange> in_force(const std::vector<SettingChange>& all);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace candor
