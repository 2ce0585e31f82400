#include <algorithm>
#include <cstdint>

#include "alerts/policies.h"
#include "alerts/policy_rows.h"
#include "base/ids.h"
#include "base/running_hash.h"

namespace candor {

std::string PolicyOrder::version() const {
  RunningHash hash;
  for (const std::string& id : policies) {
    hash.add(id);
    hash.add(std::string_view("\0", 1));
  }
  const std::uint64_t value = hash.value();
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFF);
  return to_hex(bytes);
}

std::size_t PolicyOrder::place_of(std::string_view id) const {
  const auto found = std::ranges::find(policies, id);
  return found == policies.end() ? 0 : static_cast<std::size_t>(found - policies.begin()) + 1;
}

Result<PolicyOrder> PolicyOrder::with(std::span<const std::string> ids, std::size_t place) const {
  PolicyOrder out = *this;
  for (auto id = ids.begin(); id != ids.end(); ++id) {
    if (place_of(*id) == 0) return fail("alerts.no_policy", "there is no such policy; `candor policy list` names all");
    if (std::find(ids.begin(), id, *id) != id) return fail("policy.bad_place", "policy `" + *id + "` stands twice");
    std::erase(out.policies, *id);
  }
  if (place < 1 || place > out.policies.size() + 1) {
    return fail("policy.bad_place",
                "the first place is 1, the last one here " + std::to_string(out.policies.size() + 1));
  }
  out.policies.insert(out.policies.begin() + static_cast<std::ptrdiff_t>(place - 1), ids.begin(), ids.end());
  return out;
}

Result<PolicyOrder> PolicyBook::order() const {
  CANDOR_TRY(Reading reading, store_.read());
  return policy_rows::read_order(reading);
}

Result<PolicyOrder> PolicyBook::place(const PolicyPlacing& placing) {
  return store_.transact([&](Transaction& transaction) -> Result<PolicyOrder> {
    CANDOR_TRY(const PolicyOrder before, policy_rows::read_order(transaction));
    if (!placing.looked_at.empty() && placing.looked_at != before.version()) {
      return fail("policy.order_changed", "somebody else changed the order of policies meanwhile: look at it again");
    }
    CANDOR_TRY(PolicyOrder after, before.with(placing.ids, placing.place));
    if (after.policies == before.policies) return after;
    CANDOR_TRY_VOID(policy_rows::write_order(transaction, after));
    if (placing.also) CANDOR_TRY_VOID(placing.also(transaction, before, after));
    return after;
  });
}

}  // namespace candor
