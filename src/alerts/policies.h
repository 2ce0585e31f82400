#pragma once

#include <filesystem>
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

// Policies in force: every applied version is kept, with the UTC day from which it counts.
namespace candor {

struct StoredPolicy {
  std::string id;
  std::string name;
  std::string template_name;
  std::string version;  // Policy::version when it was applied
  Day effective_from = 0;
  TimePoint applied_at = 0;
  std::string yaml;     // as applied: what export prints
  std::string content;  // what it was compiled with, policy/policy_content.h; "" for versions from before it was kept
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
};

// Thread safety: any member from any thread.
class PolicyBook {
 public:
  PolicyBook(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // What apply() would do; changes nothing.
  Result<std::vector<PolicyChange>> compare(std::span<const Policy> policies) const;
  // Stores new versions, in force from the clock's UTC day on, each with the content it counts with; the same text and
  // version again changes nothing. One transaction.
  Result<std::vector<PolicyChange>> apply(std::span<const Policy> policies);
  // The version in force of every policy, ascending by id.
  Result<std::vector<StoredPolicy>> list() const;
  // `alerts.no_policy` when there is none.
  Result<StoredPolicy> get(std::string_view id) const;
  // All versions, oldest first.
  Result<std::vector<StoredPolicy>> versions(std::string_view id) const;

  // All of them compiled, each version with the content stored beside it, for the Assessor. `indicators` and `scoring`
  // are today's content: a policy in force that does not compile with it, or scores an indicator that is gone, is left
  // out whole and named in `unusable` and `diagnostics`; one that would count otherwise is noted there too.
  struct Compiled {
    std::vector<PolicyHistory> policies;  // ascending by id
    std::vector<std::string> unusable;    // ids, ascending: nothing can be said about their alerts
    std::vector<Diagnostic> diagnostics;
  };
  Result<Compiled> compile(std::span<const IndicatorInfo> indicators, const ScoringContent& scoring) const;

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace candor
