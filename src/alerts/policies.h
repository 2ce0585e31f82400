#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/assess.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "policy/policy.h"
#include "store/store.h"

// Policies: every version that was asked for, who agreed to it, and from which UTC day it counts. Over real people a
// version counts only when its lawful start is stated and a second person agreed, or when it surely looks at nobody and
// nothing more than the one before (policy/widening.h). Over invented people every version counts at once.
namespace candor {

// What a row does to its policy from its day on.
enum class PolicyAct : std::uint8_t { active, paused, retired };
std::string_view to_text(PolicyAct act);

// Whether a row counts over real people, and why.
enum class PolicyDecision : std::uint8_t { waits, agreed, not_needed, rejected, replaced };
std::string_view to_text(PolicyDecision decision);  // "", "agreed", ...

// Where a policy is in its life.
enum class PolicyState : std::uint8_t {
  draft,      // never in force: its lawful start is not complete, or it was rejected
  validated,  // never in force: it waits for a second person
  active,
  paused,  // by somebody, or because its review date is over
  retired,
};
std::string_view to_text(PolicyState state);

struct StoredPolicy {
  std::string id;
  int number = 0;  // from 1 within the policy
  std::string name;
  std::string template_name;
  std::string version;  // Policy::version when it was applied
  Day effective_from = 0;
  TimePoint applied_at = 0;
  std::string yaml;     // as applied: what export prints
  std::string content;  // what it was compiled with, policy/policy_content.h; "" for versions from before it was kept
  PolicyAct act = PolicyAct::active;
  std::string asked_by;  // "" of versions from before it was kept
  std::string reason;    // why it was asked for
  PolicyDecision decision = PolicyDecision::waits;
  std::string decided_by;
  TimePoint decided_at = 0;
  std::string decided_reason;
};

// What applying a file changes.
struct PolicyChange {
  enum class Kind : std::uint8_t { added, changed, unchanged };
  std::string id;
  Kind kind = Kind::added;
  std::string from_version;  // "" when added
  std::string to_version;
  // Lines of text: "-old", "+new", " same" around them; empty when unchanged. Only the lines of the content that
  // changed ("-", "+") when the text is the same.
  std::vector<std::string> diff;
  // Over real people: what of it needs a second person (policy/widening.h; one line for a new policy), and the keys of
  // the lawful start that are not stated. Both empty over invented people, and when it counts at once.
  std::vector<std::string> widens;
  std::vector<std::string> lacks;
};

// Who asks for an act or decides on it, for the record.
struct PolicyActor {
  std::string name;  // a viewer's user name, or "local/ACCOUNT"
  std::string reason;
  // Called for each row an act makes or decides, in its transaction, so that the audit line is in it too. `from` is the
  // version before, "" where that is none. May be empty.
  std::function<Result<void>(Transaction&, const StoredPolicy& row, const std::string& from)> also = {};
  // StoredPolicy::number of what was looked at before approving; 0: whatever waits.
  int looked_at = 0;
};

// A policy as it stands.
struct PolicyStanding {
  std::string id;
  PolicyState state = PolicyState::draft;
  std::optional<StoredPolicy> in_force;  // the newest that counts; also while paused or retired
  std::optional<StoredPolicy> waiting;   // asked for later, not decided
  std::vector<std::string> lacks;        // of the waiting one's lawful start; of the one in force when none waits
  std::optional<Day> review_by;          // of the one in force
  const StoredPolicy& newest() const { return waiting ? *waiting : *in_force; }
};

// Which policy comes first where nothing else decides: whose alert heads a person's row of the queue on equal scores,
// and what stands first in lists. No score depends on it.
struct PolicyOrder {
  std::vector<std::string> policies;  // ids of all there are, the first one first

  // Other for every other order, also when a policy was added; 16 hexadecimal digits.
  std::string version() const;
  // From 1; 0 of what is no policy.
  std::size_t place_of(std::string_view id) const;
  // `ids` taken out and put in again, in the order given, the first of them at `place`, from 1. Fails with
  // `alerts.no_policy`, and `policy.bad_place` where there is no such place or an id stands twice.
  Result<PolicyOrder> with(std::span<const std::string> ids, std::size_t place) const;
};

// A change of the order.
struct PolicyPlacing {
  std::vector<std::string> ids;
  std::size_t place = 1;
  std::string looked_at = {};  // PolicyOrder::version() of what was looked at; "": whatever it is
  // Called in the transaction when something moves, so that the audit line is in it too. May be empty.
  std::function<Result<void>(Transaction&, const PolicyOrder& before, const PolicyOrder& after)> also = {};
};

// What policies are read with. All must outlive the call.
struct PolicyContentNow {
  std::span<const IndicatorInfo> indicators;
  const ScoringContent& scoring;
};

// Thread safety: any member from any thread.
class PolicyBook {
 public:
  // `invented`: whether the people of this folder are invented ones, asked at each call.
  PolicyBook(Store& store, const Clock& clock, std::function<bool()> invented)
      : store_(store), clock_(clock), invented_(std::move(invented)) {}

  // What apply() would do; changes nothing.
  Result<std::vector<PolicyChange>> compare(std::span<const Policy> policies, const PolicyContentNow& content) const;
  // Stores new versions, each with the content it counts with; the same text and version again changes nothing. Over
  // real people those that look at more wait for approve(). One transaction.
  Result<std::vector<PolicyChange>> apply(std::span<const Policy> policies, const PolicyContentNow& content,
                                          const PolicyActor& actor);
  // The same in the caller's transaction.
  Result<std::vector<PolicyChange>> apply(Transaction& transaction, std::span<const Policy> policies,
                                          const PolicyContentNow& content, const PolicyActor& actor);
  // Lets what waits count from today on. Fails with `policy.nothing_waits`, with `policy.changed_meanwhile` when
  // another version waits than was looked at, with `policy.not_lawful` naming what is not stated, and with
  // `policy.own_request` when the one who asked for it decides.
  Result<StoredPolicy> approve(std::string_view id, const PolicyActor& actor);
  // Drops what waits; whoever asked for it may. `policy.nothing_waits`.
  Result<StoredPolicy> reject(std::string_view id, const PolicyActor& actor);
  // From tomorrow on the policy scores nobody: today's alerts stay. Retiring also takes it off the list of what runs.
  // `alerts.no_policy`, `policy.not_in_force`.
  Result<StoredPolicy> pause(std::string_view id, const PolicyActor& actor);
  Result<StoredPolicy> retire(std::string_view id, const PolicyActor& actor);
  // Asks for what was in force to go on: waits like apply(). `policy.not_paused`.
  Result<StoredPolicy> resume(std::string_view id, const PolicyActor& actor);

  // A policy that is new comes last.
  Result<PolicyOrder> order() const;
  // PolicyOrder::with(), stored; placing what stands there changes nothing. `policy.order_changed` when another order
  // holds than was looked at.
  Result<PolicyOrder> place(const PolicyPlacing& placing);

  // Every policy as it stands, in their order.
  Result<std::vector<PolicyStanding>> standings() const;
  // `alerts.no_policy` when there is none.
  Result<PolicyStanding> standing(std::string_view id) const;
  // The version in force of every policy, in their order; of one that never was, the newest.
  Result<std::vector<StoredPolicy>> list() const;
  // `alerts.no_policy` when there is none.
  Result<StoredPolicy> get(std::string_view id) const;
  // All versions and acts, oldest first.
  Result<std::vector<StoredPolicy>> versions(std::string_view id) const;

  // All of them compiled, each version with the content stored beside it, for the Assessor. `content` is today's: a
  // policy in force that does not compile with it, or scores an indicator that is gone, is left out whole and named in
  // `unusable` and `diagnostics`; one that would count otherwise is noted there too.
  struct Compiled {
    std::vector<PolicyHistory> policies;  // ascending by id
    std::vector<std::string> unusable;    // ids, ascending: nothing can be said about their alerts
    std::vector<std::string> waiting;     // never agreed to: they do not run, and alerts from before stay as they are
    std::vector<std::shared_ptr<const Policy>> proposed;  // what waits, ascending by id
    std::vector<Diagnostic> diagnostics;
  };
  // Of what compile() found unusable, why: the message for people.
  static std::map<std::string, std::string> why_unusable(const Compiled& compiled);
  Result<Compiled> compile(std::span<const IndicatorInfo> indicators, const ScoringContent& scoring) const;

 private:
  Result<StoredPolicy> stop(std::string_view id, PolicyAct act, const PolicyActor& actor);

  Store& store_;
  const Clock& clock_;
  const std::function<bool()> invented_;
};

// Lines kept (" "), taken away ("-") and added ("+").
std::vector<std::string> diff_lines(const std::string& before, const std::string& after);

}  // namespace candor
