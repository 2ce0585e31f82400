#include "disclosure/evaluated_facts.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace candor {
namespace {

// A country of which no decision speaks: ISO 3166 leaves it to everybody's own use.
constexpr const char* kNoCountry = "ZZ";

struct RoleWord {
  Permission permission;
  const char* word;
};
constexpr std::array kRoleWords = {
    RoleWord{Permission::alerts_read, "may.alerts"},     RoleWord{Permission::alerts_decide, "may.decide"},
    RoleWord{Permission::cases_work, "may.cases"},       RoleWord{Permission::people_lift, "may.names"},
    RoleWord{Permission::raw_read, "may.raw"},           RoleWord{Permission::policies_write, "may.configure"},
    RoleWord{Permission::policies_approve, "may.agree"}, RoleWord{Permission::audit_read, "may.audit"},
    RoleWord{Permission::requests_approve, "may.agree"}, RoleWord{Permission::settings_read, "may.settings"},
    RoleWord{Permission::viewers_write, "may.viewers"},
};

bool is_evaluated(const SwitchSet& set, const IndicatorInfo& info, const std::string& country, Day day) {
  const AccountPlace place{.country = country, .groups = std::set<std::string, std::less<>>()};
  return is_switched_on(set.switches(), info.name, info.intrusion, place, day);
}

void add_indicators(const SwitchSet& set, Day today, EvaluatedFacts& facts) {
  std::map<std::string, std::set<std::string>, std::less<>> countries;  // by indicator
  std::set<std::string, std::less<>> with_groups;
  for (const Switch& one : set.switches()) {
    if (!one.country.empty()) countries[one.indicator].insert(one.country);
    if (!one.group.empty()) with_groups.insert(one.indicator);
  }
  for (const IndicatorInfo& info : set.indicators().indicators()) {
    EvaluatedFacts::Indicator one{.name = info.name,
                                  .title = info.title,
                                  .category = info.category,
                                  .intrusion = info.intrusion,
                                  .on = is_evaluated(set, info, kNoCountry, today),
                                  .otherwise = {},
                                  .groups_differ = with_groups.contains(info.name)};
    for (const std::string& country : countries[info.name]) {
      if (is_evaluated(set, info, country, today) != one.on) one.otherwise.push_back(country);
    }
    facts.indicators.push_back(std::move(one));
  }
  std::ranges::sort(facts.indicators, {}, [](const auto& one) { return std::tie(one.title, one.intrusion); });
}

// The last decision for each indicator and place. Which group it is about is not told: a group may be a few people.
void add_decisions(const SwitchSet& set, Day today, EvaluatedFacts& facts) {
  std::map<std::string, std::string, std::less<>> titles;
  for (const IndicatorInfo& info : set.indicators().indicators()) titles[info.name] = info.title;
  std::map<std::tuple<std::string, std::string, std::string>, Switch> last;  // ascending by number: the last one stays
  for (const Switch& one : set.switches()) {
    if (one.from <= today) last[{one.indicator, one.country, one.group}] = one;
  }
  for (const auto& [key, one] : last) {
    const auto title = titles.find(one.indicator);
    if (title == titles.end()) continue;  // it waits for an indicator that there is not
    facts.decisions.push_back({.name = one.indicator,
                               .title = title->second,
                               .on = one.on,
                               .country = one.country,
                               .groups = !one.group.empty(),
                               .from = one.from,
                               .agreement = one.agreement});
  }
  const auto order = [](const EvaluatedFacts::Decision& one) {
    return std::tie(one.title, one.name, one.country, one.groups, one.from, one.on, one.agreement);
  };
  std::ranges::sort(facts.decisions, {}, order);
  const auto repeated = std::ranges::unique(facts.decisions);
  facts.decisions.erase(repeated.begin(), repeated.end());
}

bool counted(const StoredPolicy& version) {
  return version.decision == PolicyDecision::agreed || version.decision == PolicyDecision::not_needed;
}

Result<void> add_policies(const PolicyBook& book, EvaluatedFacts& facts) {
  CANDOR_TRY(const auto standings, book.standings());
  for (const PolicyStanding& standing : standings) {
    const bool paused = standing.state == PolicyState::paused;
    if (!standing.in_force || (standing.state != PolicyState::active && !paused)) continue;
    CANDOR_TRY(const auto versions, book.versions(standing.id));
    std::optional<Day> since;
    for (const StoredPolicy& version : versions) {
      if (!counted(version)) continue;
      const Day day = day_of(version.decided_at == 0 ? version.applied_at : version.decided_at);
      since = since ? std::min(*since, day) : day;
    }
    // Over invented people nobody agrees: what was applied counts.
    if (!since) since = day_of(standing.in_force->applied_at);
    facts.policies.push_back({.template_name = standing.in_force->template_name,
                              .paused = paused,
                              .start = lawful_start_of(standing.in_force->yaml),
                              .since = since});
  }
  return {};
}

void add_left_out(const IntakeRules& intake, EvaluatedFacts& facts) {
  for (const IntakeRule& rule : intake.rules) {
    if (!rule.people.empty() || !rule.groups.empty()) {
      ++facts.left_out_of_some;
      continue;
    }
    facts.left_out.push_back(
        {.name = rule.name, .reason = rule.reason, .countries = {rule.countries.begin(), rule.countries.end()}});
  }
  facts.protected_parties = intake.parties.size();
}

void add_roles(const Roles& roles, EvaluatedFacts& facts) {
  for (const std::string& name : roles.names()) {
    EvaluatedFacts::Role role{.name = name, .may = {}};
    for (const RoleWord& one : kRoleWords) {
      const bool said = std::ranges::find(role.may, one.word) != role.may.end();
      if (!said && allows(roles.permissions(name), one.permission)) role.may.emplace_back(one.word);
    }
    if (!role.may.empty()) facts.roles.push_back(std::move(role));
  }
}

}  // namespace

Result<EvaluatedFacts> evaluated_facts(const EvaluatedParts& parts) {
  EvaluatedFacts facts;
  facts.invented = parts.invented;
  CANDOR_TRY(const auto states, parts.sources.all());
  for (const SourceState& one : states) {
    facts.sources.push_back({.name = one.source, .since = day_of(one.first_received)});
  }
  add_indicators(parts.switches, parts.today, facts);
  add_decisions(parts.switches, parts.today, facts);
  CANDOR_TRY_VOID(add_policies(parts.policies, facts));
  add_left_out(parts.intake, facts);
  add_roles(parts.roles, facts);
  const Settings& settings = parts.settings;
  if (!settings.silence.webhook.empty()) facts.leaves.emplace_back("leaves.silence");
  if (!settings.mail.server.empty()) facts.leaves.emplace_back("leaves.mail");
  if (parts.webhooks) facts.leaves.emplace_back("leaves.webhooks");
  if (!settings.audit.anchor_folder.empty() || !settings.audit.anchor_webhook.empty())
    facts.leaves.emplace_back("leaves.anchor");
  facts.kept = settings.retention;
  facts.analytics = settings.analytics.enabled;
  facts.contact = settings.evaluated.contact;
  return facts;
}

}  // namespace candor
