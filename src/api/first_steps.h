#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "access/viewers.h"
#include "alerts/policies.h"
#include "base/result.h"
#include "base/time.h"
#include "ingest/source_health.h"
#include "organisation/book.h"
#include "organisation/settings.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"

// What has to be in place before Candor can be relied on, told from what is there: nobody ticks it off.
namespace candor {

// What it is told from; all must outlive the call.
struct FirstStepSources {
  const Clock& clock;
  Store& store;
  const Keys& keys;
  const People& people;
  const Facts& facts;
  const OrganisationBook& organisation;
  PolicyBook& policies;
  const Viewers& viewers;
  const AuditLog& audit;
  SourceHealth* sources = nullptr;  // null: none is known
  const Settings& settings;
  bool key_is_sealed = false;  // MasterKeyState::sealed
};

enum class StepState : std::uint8_t { done, look, open };  // look: there, but something about it wants attention
std::string_view to_text(StepState state);

struct FirstStep {
  // people, leavers, own_domains, priority_content, sources, second_person, policies, tried, mail, anchor, key, backup
  std::string_view id;
  StepState state = StepState::open;
  std::int64_t count = 0;              // how many there are of what it is about; 0 where nothing is counted
  std::int64_t wanting = 0;            // of them, those that want attention
  std::optional<TimePoint> last = {};  // when it happened last; nullopt: never, or no matter
};

// In the order in which they are done.
Result<std::vector<FirstStep>> first_steps(const FirstStepSources& from);

}  // namespace candor
