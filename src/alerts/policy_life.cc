#include "alerts/policies.h"
#include "alerts/policy_rows.h"

namespace candor {
namespace {

std::string named(std::string_view id) { return "policy `" + std::string(id) + "`"; }

Result<PolicyStanding> read_standing(Reading& reading, std::string_view id, bool invented, Day today) {
  CANDOR_TRY(const auto rows, id.empty() ? Result<std::vector<StoredPolicy>>() : policy_rows::read(reading, id));
  if (rows.empty()) return fail("alerts.no_policy", "there is no such policy; `candor policy list` names all");
  return policy_rows::standing_of(rows, invented, today);
}

Result<StoredPolicy> what_waits(const PolicyStanding& standing) {
  if (standing.waiting && standing.waiting->decision == PolicyDecision::waits) return *standing.waiting;
  return fail("policy.nothing_waits", "nothing waits for a decision on " + named(standing.id));
}

Result<void> tell(const PolicyActor& actor, Transaction& transaction, const StoredPolicy& row) {
  return actor.also ? actor.also(transaction, row, row.version) : Result<void>();
}

}  // namespace

Result<StoredPolicy> PolicyBook::approve(std::string_view id, const PolicyActor& actor) {
  const TimePoint now = clock_.now();
  return store_.transact([&](Transaction& transaction) -> Result<StoredPolicy> {
    CANDOR_TRY(const auto standing, read_standing(transaction, id, invented_(), day_of(now)));
    CANDOR_TRY(StoredPolicy row, what_waits(standing));
    if (actor.looked_at != 0 && actor.looked_at != row.number) {
      return fail("policy.changed_meanwhile", "another version of " + named(id) + " waits now: look at it first");
    }
    if (!standing.lacks.empty()) {
      std::string keys;
      for (const std::string& key : standing.lacks) keys += (keys.empty() ? "" : ", ") + key;
      return fail("policy.not_lawful", named(id) + " does not state its lawful start: " + keys +
                                           ". Add them under `lawful_start` and apply it again");
    }
    if (row.asked_by.empty() || row.asked_by == actor.name) {
      return fail("policy.own_request", row.asked_by.empty()
                                            ? named(id) + " is from before requests were kept: apply it again"
                                            : "whoever asks for a policy does not agree to it: a second person must");
    }
    // A row of its own: what was paused meanwhile comes before it.
    CANDOR_TRY_VOID(policy_rows::decide(transaction, row, PolicyDecision::replaced, actor, now));
    row.effective_from = day_of(now);
    row.decision = PolicyDecision::agreed;
    row.decided_by = actor.name;
    row.decided_at = now;
    row.decided_reason = actor.reason;
    CANDOR_TRY_VOID(policy_rows::insert(transaction, row));
    CANDOR_TRY_VOID(tell(actor, transaction, row));
    return row;
  });
}

Result<StoredPolicy> PolicyBook::reject(std::string_view id, const PolicyActor& actor) {
  const TimePoint now = clock_.now();
  return store_.transact([&](Transaction& transaction) -> Result<StoredPolicy> {
    CANDOR_TRY(const auto standing, read_standing(transaction, id, invented_(), day_of(now)));
    CANDOR_TRY(StoredPolicy row, what_waits(standing));
    CANDOR_TRY_VOID(policy_rows::decide(transaction, row, PolicyDecision::rejected, actor, now));
    CANDOR_TRY_VOID(tell(actor, transaction, row));
    return row;
  });
}

Result<StoredPolicy> PolicyBook::stop(std::string_view id, PolicyAct act, const PolicyActor& actor) {
  const TimePoint now = clock_.now();
  return store_.transact([&](Transaction& transaction) -> Result<StoredPolicy> {
    CANDOR_TRY(const auto standing, read_standing(transaction, id, invented_(), day_of(now)));
    const bool stopped =
        standing.in_force && (standing.in_force->act == act || standing.in_force->act == PolicyAct::retired);
    if (!standing.in_force || stopped) {
      return fail("policy.not_in_force", named(id) + " is " + std::string(to_text(standing.state)) + " already");
    }
    StoredPolicy row = *standing.in_force;
    row.act = act;
    row.effective_from = day_of(now) + 1;
    row.applied_at = now;
    row.asked_by = actor.name;
    row.reason = actor.reason;
    row.decision = PolicyDecision::not_needed;
    row.decided_by = row.decided_reason = "";
    row.decided_at = 0;
    CANDOR_TRY_VOID(policy_rows::insert(transaction, row));
    CANDOR_TRY_VOID(tell(actor, transaction, row));
    return row;
  });
}

Result<StoredPolicy> PolicyBook::pause(std::string_view id, const PolicyActor& actor) {
  return stop(id, PolicyAct::paused, actor);
}

Result<StoredPolicy> PolicyBook::retire(std::string_view id, const PolicyActor& actor) {
  return stop(id, PolicyAct::retired, actor);
}

Result<StoredPolicy> PolicyBook::resume(std::string_view id, const PolicyActor& actor) {
  const TimePoint now = clock_.now();
  const bool invented = invented_();
  return store_.transact([&](Transaction& transaction) -> Result<StoredPolicy> {
    CANDOR_TRY(const auto standing, read_standing(transaction, id, invented, day_of(now)));
    if (!standing.in_force || standing.in_force->act == PolicyAct::active) {
      return fail("policy.not_paused", named(id) + " is " + std::string(to_text(standing.state)) +
                                           ": only what somebody paused or retired can be resumed");
    }
    if (!invented && standing.waiting) {
      CANDOR_TRY_VOID(policy_rows::decide(transaction, *standing.waiting, PolicyDecision::replaced, actor, now));
    }
    StoredPolicy row = *standing.in_force;
    row.act = PolicyAct::active;
    row.effective_from = day_of(now);
    row.applied_at = now;
    row.asked_by = actor.name;
    row.reason = actor.reason;
    row.decision = PolicyDecision::waits;
    CANDOR_TRY_VOID(policy_rows::insert(transaction, row));
    CANDOR_TRY_VOID(tell(actor, transaction, row));
    return row;
  });
}

}  // namespace candor
