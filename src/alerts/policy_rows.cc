#include "alerts/policy_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/policy_content.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 3> kActs = {"active", "paused", "retired"};
constexpr std::array<std::string_view, 5> kDecisions = {"", "agreed", "not_needed", "rejected", "replaced"};
constexpr std::array<std::string_view, 5> kPolicyStates = {"draft", "validated", "active", "paused", "retired"};

template <typename Enum, std::size_t n>
Enum named(const std::array<std::string_view, n>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  // A word that a later Candor wrote: the strictest reading of each list stands last.
  return static_cast<Enum>(found == words.end() ? n - 1 : static_cast<std::size_t>(found - words.begin()));
}

}  // namespace

std::string_view to_text(PolicyAct act) { return kActs[static_cast<std::size_t>(act)]; }
std::string_view to_text(PolicyDecision decision) { return kDecisions[static_cast<std::size_t>(decision)]; }
std::string_view to_text(PolicyState state) { return kPolicyStates[static_cast<std::size_t>(state)]; }

namespace policy_rows {

Result<std::vector<StoredPolicy>> read(Reading& reading, std::string_view policy) {
  std::vector<StoredPolicy> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select policy, number, name, template, version, effective_from, applied_at, yaml, content, "
                          "act, asked_by, reason, decision, decided_by, decided_at, decided_reason from policies "
                          "where ?1 = '' or policy = ?1 order by policy, number",
                          {policy}));
  out.reserve(rows.size());
  for (const Row& row : rows) {
    out.push_back({.id = row.text(0),
                   .number = static_cast<int>(row.integer(1)),
                   .name = row.text(2),
                   .template_name = row.text(3),
                   .version = row.text(4),
                   .effective_from = static_cast<Day>(row.integer(5)),
                   .applied_at = row.integer(6),
                   .yaml = row.text(7),
                   .content = row.text(8),
                   .act = named<PolicyAct>(kActs, row.text(9)),
                   .asked_by = row.text(10),
                   .reason = row.text(11),
                   .decision = named<PolicyDecision>(kDecisions, row.text(12)),
                   .decided_by = row.text(13),
                   .decided_at = row.integer(14),
                   .decided_reason = row.text(15)});
  }
  return out;
}

Result<void> insert(Transaction& transaction, const StoredPolicy& row) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into policies (policy, number, name, template, version, effective_from, applied_at, yaml, content, act, "
      "asked_by, reason, decision, decided_by, decided_at, decided_reason) values (?1, (select coalesce(max(number), "
      "0) + 1 from policies where policy = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      {row.id, row.name, row.template_name, row.version, row.effective_from, row.applied_at, row.yaml, row.content,
       to_text(row.act), row.asked_by, row.reason, to_text(row.decision), row.decided_by, row.decided_at,
       row.decided_reason}));
  CANDOR_TRY_VOID(
      transaction.execute("insert into policy_order (policy_id, position) values (?1, (select "
                          "coalesce(max(position), 0) + 1 from policy_order)) on conflict (policy_id) do "
                          "nothing",
                          {row.id}));
  return {};
}

Result<PolicyOrder> read_order(Reading& reading) {
  CANDOR_TRY(const auto rows, reading.rows("select policy_id from policy_order order by position, policy_id", {}));
  PolicyOrder order;
  for (const Row& row : rows) order.policies.push_back(row.text(0));
  return order;
}

Result<void> write_order(Transaction& transaction, const PolicyOrder& order) {
  std::int64_t position = 0;
  for (const std::string& id : order.policies) {
    CANDOR_TRY_VOID(
        transaction.execute("update policy_order set position = ?2 where policy_id = ?1", {id, ++position}));
  }
  return {};
}

Result<void> decide(Transaction& transaction, const StoredPolicy& row, PolicyDecision decision,
                    const PolicyActor& actor, TimePoint at) {
  CANDOR_TRY_VOID(transaction.execute(
      "update policies set decision = ?3, decided_by = ?4, decided_at = ?5, decided_reason = ?6 where policy = ?1 and "
      "number = ?2",
      {row.id, row.number, to_text(decision), actor.name, at, actor.reason}));
  return {};
}

bool counts(const StoredPolicy& row, bool invented) {
  switch (row.decision) {
    case PolicyDecision::agreed:
    case PolicyDecision::not_needed:
      return true;
    case PolicyDecision::waits:
      return invented;
    case PolicyDecision::rejected:
    case PolicyDecision::replaced:
      return false;
  }
  return false;
}

PolicyStanding standing_of(std::span<const StoredPolicy> rows, bool invented, Day today) {
  PolicyStanding out;
  out.id = rows.front().id;
  for (const StoredPolicy& row : rows) {
    if (counts(row, invented)) {
      out.in_force = row;
    } else if (row.decision == PolicyDecision::waits) {
      out.waiting = row;
    }
  }
  if (!out.in_force && !out.waiting) out.waiting = rows.back();  // all were rejected
  const LawfulStart lawful = lawful_start_of(out.newest().yaml);
  out.lacks = lawful.lacks();
  if (!out.in_force) {
    const bool waits = out.waiting->decision == PolicyDecision::waits;
    out.state = waits && out.lacks.empty() ? PolicyState::validated : PolicyState::draft;
    return out;
  }
  const LawfulStart running = out.waiting ? lawful_start_of(out.in_force->yaml) : lawful;
  out.review_by = running.review_by;
  const auto last = running.last_day();
  const bool over = last && *last < today;
  const bool stops = out.in_force->act != PolicyAct::active;
  out.state = out.in_force->act == PolicyAct::retired ? PolicyState::retired
              : stops || over                         ? PolicyState::paused
                                                      : PolicyState::active;
  return out;
}

void by_policy(std::span<const StoredPolicy> rows, const std::function<void(std::span<const StoredPolicy>)>& with) {
  for (auto first = rows.begin(); first != rows.end();) {
    const auto next = std::find_if(first, rows.end(), [&](const StoredPolicy& one) { return one.id != first->id; });
    with({first, next});
    first = next;
  }
}

LoadedPolicy compile_version(const StoredPolicy& row, std::span<const IndicatorInfo> indicators,
                             const ScoringContent& scoring) {
  const std::string name = "policy " + row.id;
  if (row.content.empty()) return load_policy(row.yaml, name, indicators, scoring);
  const auto content = policy_content(row.content, scoring.logarithms);
  if (!content) {
    const Error& error = content.error();
    return {.policy = std::nullopt, .diagnostics = {{name, 0, 0, Severity::error, error.id, error.message, ""}}};
  }
  LoadedPolicy loaded = load_policy(row.yaml, name, content->indicators, content->scoring);
  // What the list shows and what receipts name are one, also for a version that another build of Candor stored.
  if (loaded.policy) loaded.policy->version = row.version;
  return loaded;
}

}  // namespace policy_rows
}  // namespace candor
