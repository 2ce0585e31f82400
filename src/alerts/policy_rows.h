#pragma once

#include <string_view>
#include <vector>

#include "alerts/policies.h"

// The table of policies. For src/alerts only.
namespace candor::policy_rows {

// Ascending by (policy, number); of one policy, or of all with "".
Result<std::vector<StoredPolicy>> read(Reading& reading, std::string_view policy = "");
// All policies there are.
Result<PolicyOrder> read_order(Reading& reading);
Result<void> write_order(Transaction& transaction, const PolicyOrder& order);
// Gives it the next number of its policy; a policy that is new comes last in the order.
Result<void> insert(Transaction& transaction, const StoredPolicy& row);
Result<void> decide(Transaction& transaction, const StoredPolicy& row, PolicyDecision decision,
                    const PolicyActor& actor, TimePoint at);

// Whether a row counts: over invented people all but those taken back.
bool counts(const StoredPolicy& row, bool invented);
// Rows of one policy. Never empty.
PolicyStanding standing_of(std::span<const StoredPolicy> rows, bool invented, Day today);
// Calls `with` with the rows of each policy.
void by_policy(std::span<const StoredPolicy> rows, const std::function<void(std::span<const StoredPolicy>)>& with);

// The policy with the content stored beside it. What was stored before content was kept takes today's.
LoadedPolicy compile_version(const StoredPolicy& row, std::span<const IndicatorInfo> indicators,
                             const ScoringContent& scoring);

}  // namespace candor::policy_rows
