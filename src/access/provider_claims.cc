#include "access/provider_claims.h"

#include <algorithm>

#include "access/strict_json.h"

namespace candor {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestToldText = 256;

const Json* claim_at(const Json& claims, std::string_view name) {
  const auto whole = claims.find(name);
  if (whole != claims.end()) return &*whole;
  const Json* at = &claims;
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (!at->is_object()) return nullptr;
    const auto next = at->find(name.substr(0, dot));
    if (next == at->end()) return nullptr;
    at = &*next;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return at;
}

}  // namespace

ToldGroups told_groups(const Json& claims, const std::string& claim) {
  ToldGroups told;
  const Json* groups = claim_at(claims, claim);
  if (groups == nullptr) {
    const auto names = claims.find("_claim_names");
    const bool overage = names != claims.end() && names->is_object() && names->contains(claim);
    const auto has = claims.find("hasgroups");
    const bool says_so = has != claims.end() && claim == "groups" && (*has == Json(true) || *has == Json("true"));
    if (overage || says_so) told.state = ToldGroups::State::elsewhere;
    return told;
  }
  told.state = ToldGroups::State::told;
  if (groups->is_string()) told.groups.push_back(groups->get<std::string>());
  if (!groups->is_array()) return told;
  for (const Json& one : *groups) {
    if (one.is_string() && told.groups.size() < kMostToldGroups) told.groups.push_back(one.get<std::string>());
  }
  return told;
}

std::string role_of_groups(const std::vector<GroupRole>& rows, const std::vector<std::string>& groups) {
  for (const GroupRole& row : rows) {
    if (holds(groups, row.group)) return row.role;
  }
  return {};
}

bool used_second_factor(const Json& claims, const ProviderSettings& settings) {
  const std::string acr = text_member(claims, "acr");
  if (!acr.empty() && holds(settings.second_factor_acr, acr)) return true;
  return std::ranges::any_of(texts_member(claims, "amr"),
                             [&](const std::string& one) { return holds(settings.second_factor_amr, one); });
}

std::string told_text(const Json& claims, const std::string& claim) {
  const Json* found = claim_at(claims, claim);
  if (found == nullptr || !found->is_string()) return {};
  std::string text = found->get<std::string>();
  if (text.size() > kLongestToldText) {
    std::size_t end = kLongestToldText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    text.resize(end);
  }
  // Names are shown in lines.
  std::erase_if(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  return text;
}

std::vector<std::string> told_accounts(const Json& claims, const ProviderSettings& settings) {
  std::vector<std::string> accounts;
  for (const std::string& claim : {settings.user_claim, std::string("preferred_username"), std::string("email"),
                                   std::string("upn"), std::string("unique_name")}) {
    std::string account = told_text(claims, claim);
    if (!account.empty() && !holds(accounts, account)) accounts.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace candor
