#include "access/recipient.h"

#include <algorithm>
#include <array>
#include <vector>

#include "access/person_names.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

// How well an account of that use stands for a mailbox; less is better.
std::size_t rank_of(const std::string& use) {
  constexpr std::array<std::string_view, 3> kUses = {"mail", "sign_in", "account"};
  return static_cast<std::size_t>(std::ranges::find(kUses, use) - kUses.begin());
}

Result<std::string> told_address(Store& store, const Facts& facts, const PersonId& person, TimePoint now) {
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(const auto versions, facts.versions(reading, person, now));
  const Day today = day_of(now);
  std::string best;
  std::size_t best_rank = 0;
  for (const auto& [id, fact] : versions) {
    const bool holds = fact.kind == FactKind::account && !fact.withdrawn && fact.valid_from <= today &&
                       (!fact.valid_to || *fact.valid_to >= today);
    const auto name = fact.attributes.find("name");
    if (!holds || name == fact.attributes.end() || !is_mail_address(name->second)) continue;
    const auto use = fact.attributes.find("use");
    const std::size_t rank = rank_of(use == fact.attributes.end() ? "" : use->second);
    if (!best.empty() && (rank > best_rank || (rank == best_rank && name->second >= best))) continue;
    best = name->second;
    best_rank = rank;
  }
  return best;
}

// "" when none is one.
std::string first_address(const std::vector<std::string>& accounts) {
  std::string first;
  for (const std::string& account : accounts) {
    if (is_mail_address(account) && (first.empty() || account < first)) first = account;
  }
  return first;
}

std::string name_of(const PersonNames& names) {
  std::string name = names.first + (names.first.empty() || names.last.empty() ? "" : " ") + names.last;
  if (name.empty() && !names.display_names.empty()) name = names.display_names.back();
  return name;
}

}  // namespace

Result<std::optional<Recipient>> recipient_of(Store& store, const Keys& keys, const People& people, const Facts& facts,
                                              const PersonId& person, TimePoint now) {
  CANDOR_TRY(const PersonNames names, names_of(store, keys, people, facts, person, now));
  CANDOR_TRY(std::string address, told_address(store, facts, person, now));
  if (address.empty()) address = first_address(names.accounts);
  if (address.empty()) return std::nullopt;
  std::string name = name_of(names);
  return Recipient{.address = address, .name = name.empty() ? address : std::move(name)};
}

}  // namespace candor
