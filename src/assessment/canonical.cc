#include <algorithm>

#include "assessment/peer_shares.h"
#include "assessment/run.h"
#include "policy/receipt_json.h"
#include "profile/people.h"

namespace candor {
namespace {

std::string line_of(const std::vector<std::string>& accounts, const AlertOutcome& alert) {
  std::string line = "{\"accounts\":[";
  for (const std::string& account : accounts) line += (&account == &accounts.front() ? "" : ",") + json_text(account);
  line += "],\"policy\":" + json_text(alert.assessment.policy) + ",\"k\":" + std::to_string(alert.k);
  line += ",\"score\":" + std::to_string(alert.assessment.score);
  line += ",\"severity\":" + json_text(to_text(alert.assessment.severity));
  line += ",\"first_day\":" + json_text(format_day(alert.first_day));
  line += ",\"last_day\":" + json_text(format_day(alert.last_day));
  line += ",\"evidence_until\":" + json_text(format_time(alert.evidence_until));
  line += ",\"assessment\":" + to_json(alert.assessment, false) + "}";
  return line;
}

}  // namespace

Result<std::string> canonical_lines(const AssessSources& sources, const std::vector<PolicyHistory>& policies, Said said,
                                    const AssessOptions& options) {
  std::vector<PersonId> everybody;
  CANDOR_TRY_VOID(sources.people.each([&](const PersonId& person) {
    everybody.push_back(person);
    return true;
  }));
  std::vector<std::string> lines;
  CANDOR_TRY(auto peers, peers_of_everybody(sources, policies, options));
  const Assessor assessor(sources, policies, std::move(peers), std::move(said.decisions), std::move(said.expectations));
  CANDOR_TRY_VOID(assessor.people(everybody, options, [&](std::span<const PersonOutcome> outcomes) -> Result<void> {
    for (const PersonOutcome& outcome : outcomes) {
      if (outcome.alerts.empty()) continue;
      CANDOR_TRY(const auto accounts, assessor.account_digests(outcome.person));
      for (const AlertOutcome& alert : outcome.alerts) lines.push_back(line_of(accounts, alert));
    }
    return {};
  }));
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace candor
