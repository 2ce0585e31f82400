#include "alerts/policies.h"

#include <algorithm>
#include <map>

#include "policy/policy_content.h"

namespace candor {
namespace {

StoredPolicy stored_row(const Row& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .template_name = row.text(2),
          .version = row.text(3),
          .effective_from = static_cast<Day>(row.integer(4)),
          .applied_at = row.integer(5),
          .yaml = row.text(6),
          .content = row.text(7)};
}

#define CANDOR_POLICY_COLUMNS "policy, name, template, version, effective_from, applied_at, yaml, content"

Result<std::vector<StoredPolicy>> all_versions(Reading& reading) {
  std::vector<StoredPolicy> out;
  CANDOR_TRY(const auto rows, reading.rows("select " CANDOR_POLICY_COLUMNS " from policies order by policy, number"));
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(stored_row(row));
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

// Lines kept, taken away and added, by longest common subsequence of what differs between common head and tail.
std::vector<std::string> diff(const std::string& before, const std::string& after) {
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  constexpr std::size_t kMostLines = 2'000;  // the table is their product
  std::vector<std::string> out;
  if (a.size() > kMostLines || b.size() > kMostLines) {
    for (const auto& line : a) out.push_back("-" + line);
    for (const auto& line : b) out.push_back("+" + line);
    return out;
  }
  std::vector<std::vector<std::uint16_t>> common(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] = a[i] == b[j] ? static_cast<std::uint16_t>(common[i + 1][j + 1] + 1)
                                  : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back(" " + a[i]);
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      out.push_back("-" + a[i++]);
    } else {
      out.push_back("+" + b[j++]);
    }
  }
  return out;
}

Result<std::vector<PolicyChange>> changes(Reading& reading, std::span<const Policy> policies) {
  CANDOR_TRY(const auto stored, all_versions(reading));
  std::map<std::string, const StoredPolicy*> newest;
  for (const StoredPolicy& one : stored) newest[one.id] = &one;
  std::vector<PolicyChange> out;
  for (const Policy& policy : policies) {
    PolicyChange change{.id = policy.id,
                        .kind = PolicyChange::Kind::added,
                        .from_version = "",
                        .to_version = policy.version,
                        .diff = {}};
    const auto known = newest.find(policy.id);
    const std::string before = known == newest.end() ? std::string() : known->second->yaml;
    if (known != newest.end()) {
      change.from_version = known->second->version;
      const bool same = change.from_version == policy.version && before == policy.text;
      change.kind = same ? PolicyChange::Kind::unchanged : PolicyChange::Kind::changed;
    }
    if (change.kind != PolicyChange::Kind::unchanged) change.diff = diff(before, policy.text);
    if (change.kind == PolicyChange::Kind::changed && before == policy.text) {
      change.diff = diff(known->second->content, policy.content);
      std::erase_if(change.diff, [](const std::string& line) { return line.starts_with(' '); });
    }
    out.push_back(std::move(change));
  }
  return out;
}

Result<void> insert_version(Transaction& transaction, const Policy& policy, TimePoint now) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into policies (policy, number, name, template, version, effective_from, applied_at, yaml, content) "
      "values (?1, (select coalesce(max(number), 0) + 1 from policies where policy = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {policy.id, policy.name, policy.template_name, policy.version, day_of(now), now, policy.text, policy.content}));
  return {};
}

// With the content stored beside it. What was stored before content was kept takes today's.
LoadedPolicy compile_version(const StoredPolicy& one, std::span<const IndicatorInfo> indicators,
                             const ScoringContent& scoring) {
  const std::string name = "policy " + one.id;
  if (one.content.empty()) return load_policy(one.yaml, name, indicators, scoring);
  const auto content = policy_content(one.content, scoring.logarithms);
  if (!content) {
    const Error& error = content.error();
    return {.policy = std::nullopt, .diagnostics = {{name, 0, 0, Severity::error, error.id, error.message, ""}}};
  }
  LoadedPolicy loaded = load_policy(one.yaml, name, content->indicators, content->scoring);
  // What the list shows and what receipts name are one, also for a version that another build of Candor stored.
  if (loaded.policy) loaded.policy->version = one.version;
  return loaded;
}

// Names the first indicator a policy scores or watches that content no longer has.
std::optional<std::string> missing_indicator(const Policy& policy, std::span<const IndicatorInfo> indicators) {
  const auto is_missing = [&](IndicatorKey key) {
    return std::ranges::find(indicators, key, &IndicatorInfo::key) == indicators.end();
  };
  // A sequence is there while each of its steps can still be taken.
  const auto is_broken = [&](IndicatorKey key) {
    const auto sequence = std::ranges::find(policy.sequences, key, &Sequence::key);
    return sequence == policy.sequences.end() ? is_missing(key)
                                              : std::ranges::any_of(sequence->steps, [&](const auto& step) {
                                                  return std::ranges::all_of(step, is_missing);
                                                });
  };
  for (const PolicyIndicator& indicator : policy.indicators) {
    if (is_broken(indicator.key)) return indicator.name;
  }
  for (const Trigger& trigger : policy.triggers) {
    for (const Trigger::Watched& watched : trigger.watched) {
      if (is_broken(watched.key)) return watched.name;
    }
  }
  return std::nullopt;
}

// The version in force against today's content. False when the policy cannot be computed with it.
bool check_in_force(const StoredPolicy& stored, const Policy& policy, std::span<const IndicatorInfo> indicators,
                    const ScoringContent& scoring, std::vector<Diagnostic>& diagnostics) {
  const std::string name = "policy " + stored.id;
  LoadedPolicy today = load_policy(stored.yaml, name, indicators, scoring);
  const bool sound = today.policy.has_value();
  std::ranges::move(today.diagnostics, std::back_inserter(diagnostics));
  if (!sound) return false;
  if (const auto missing = missing_indicator(policy, indicators)) {
    diagnostics.push_back({name, 0, 0, Severity::error, "policy.indicator_gone",
                           "it counts the indicator `" + *missing +
                               "`, which content no longer has; its alerts stay "
                               "as they are",
                           "put the indicator back, or apply the policy again to go on without it"});
    return false;
  }
  if (today.policy->version != stored.version) {
    diagnostics.push_back({name, 0, 0, Severity::warning, "policy.content_changed",
                           "content has changed since it was applied; it counts with the levels and scoring values "
                           "of " +
                               format_day(stored.effective_from),
                           "`candor policy apply` puts today's in force from today on"});
  }
  return true;
}

// nullopt when a version does not compile: with days missing nothing can be said about the policy's alerts.
std::optional<PolicyHistory> compile_history(std::span<const StoredPolicy> stored,
                                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring,
                                             std::vector<Diagnostic>& diagnostics) {
  PolicyHistory history{.id = stored.front().id, .versions = {}};
  auto& versions = history.versions;
  for (const StoredPolicy& one : stored) {
    LoadedPolicy loaded = compile_version(one, indicators, scoring);
    if (!loaded.policy) {
      std::ranges::move(loaded.diagnostics, std::back_inserter(diagnostics));
      return std::nullopt;
    }
    if (&one == &stored.back() && !check_in_force(one, *loaded.policy, indicators, scoring, diagnostics)) {
      return std::nullopt;
    }
    auto policy = std::make_shared<const Policy>(std::move(*loaded.policy));
    // Applied twice on one day: the later one holds for the whole day.
    if (!versions.empty() && versions.back().effective_from >= one.effective_from) versions.pop_back();
    // Other words around the same values: no day of its own.
    if (!versions.empty() && versions.back().policy->version == policy->version) {
      versions.back().policy = std::move(policy);
    } else {
      versions.push_back({.effective_from = one.effective_from, .policy = std::move(policy)});
    }
  }
  return history;
}

}  // namespace

Result<std::vector<PolicyChange>> PolicyBook::compare(std::span<const Policy> policies) const {
  CANDOR_TRY(Reading reading, store_.read());
  return changes(reading, policies);
}

Result<std::vector<PolicyChange>> PolicyBook::apply(std::span<const Policy> policies) {
  const TimePoint now = clock_.now();
  return store_.transact([&](Transaction& transaction) -> Result<std::vector<PolicyChange>> {
    CANDOR_TRY(auto planned, changes(transaction, policies));
    for (std::size_t i = 0; i < policies.size(); ++i) {
      if (planned[i].kind == PolicyChange::Kind::unchanged) continue;
      CANDOR_TRY_VOID(insert_version(transaction, policies[i], now));
    }
    return planned;
  });
}

Result<std::vector<StoredPolicy>> PolicyBook::list() const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto stored, all_versions(reading));
  std::vector<StoredPolicy> out;
  for (const StoredPolicy& one : stored) {
    if (!out.empty() && out.back().id == one.id) {
      out.back() = one;
    } else {
      out.push_back(one);
    }
  }
  return out;
}

Result<StoredPolicy> PolicyBook::get(std::string_view id) const {
  CANDOR_TRY(auto all, versions(id));
  return std::move(all.back());
}

Result<std::vector<StoredPolicy>> PolicyBook::versions(std::string_view id) const {
  CANDOR_TRY(Reading reading, store_.read());
  std::vector<StoredPolicy> out;
  CANDOR_TRY(const auto rows,
             reading.rows("select " CANDOR_POLICY_COLUMNS " from policies where policy = ?1 order by number", {id}));
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(stored_row(row));
  if (out.empty()) return fail("alerts.no_policy", "there is no such policy; `candor policy list` names all");
  return out;
}

Result<PolicyBook::Compiled> PolicyBook::compile(std::span<const IndicatorInfo> indicators,
                                                 const ScoringContent& scoring) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto stored, all_versions(reading));
  Compiled out;
  for (auto first = stored.begin(); first != stored.end();) {
    const auto next = std::find_if(first, stored.end(), [&](const StoredPolicy& one) { return one.id != first->id; });
    auto history = compile_history({first, next}, indicators, scoring, out.diagnostics);
    if (history) {
      out.policies.push_back(std::move(*history));
    } else {
      out.unusable.push_back(first->id);
    }
    first = next;
  }
  return out;
}

}  // namespace candor
