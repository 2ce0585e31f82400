#include "access/recipient.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "access/person_names.h"
#include "access/present.h"
#include "outbox/mail_text.h"
#include "profile/ownership.h"

namespace candor {
namespace {

// How well an account of that use stands for a mailbox; less is better.
std::size_t rank_of(const std::string& use) {
  constexpr std::array<std::string_view, 3> kUses = {"mail", "sign_in", "account"};
  return static_cast<std::size_t>(std::ranges::find(kUses, use) - kUses.begin());
}

// The accounts that are theirs today, whoever told it last: an address that was handed on, or linked to somebody else
// by a person's decision, is not.
class TheirsToday {
 public:
  TheirsToday(const Keys& keys, std::vector<OwnedAccount> owned, Day today)
      : keys_(keys), owned_(std::move(owned)), today_(today) {}

  bool holds(const std::string& name) const {
    const AccountId account = keys_.account(normalise_account_name(name));
    return std::ranges::any_of(owned_, [&](const OwnedAccount& one) {
      return one.account == account && one.from <= today_ && today_ <= one.to;
    });
  }

 private:
  const Keys& keys_;
  const std::vector<OwnedAccount> owned_;
  const Day today_;
};

std::string told_address(const std::map<std::string, Fact>& versions, const TheirsToday& theirs, Day today) {
  std::string best;
  std::size_t best_rank = 0;
  for (const auto& [id, fact] : versions) {
    const bool holds = fact.kind == FactKind::account && !fact.withdrawn && fact.valid_from <= today &&
                       (!fact.valid_to || *fact.valid_to >= today);
    const auto name = fact.attributes.find("name");
    if (!holds || name == fact.attributes.end() || !is_mail_address(name->second) || !theirs.holds(name->second)) {
      continue;
    }
    const auto use = fact.attributes.find("use");
    const std::size_t rank = rank_of(use == fact.attributes.end() ? "" : use->second);
    if (!best.empty() && (rank > best_rank || (rank == best_rank && name->second >= best))) continue;
    best = name->second;
    best_rank = rank;
  }
  return best;
}

// "" when none is one.
std::string first_address(const std::vector<std::string>& accounts, const TheirsToday& theirs) {
  std::string first;
  for (const std::string& account : accounts) {
    if (is_mail_address(account) && theirs.holds(account) && (first.empty() || account < first)) first = account;
  }
  return first;
}

std::string name_of(const PersonNames& names) {
  std::string name = names.first + (names.first.empty() || names.last.empty() ? "" : " ") + names.last;
  if (name.empty() && !names.display_names.empty()) name = names.display_names.back();
  return is_mail_address(name) ? "" : name;
}

}  // namespace

Result<std::optional<Recipient>> recipient_of(Store& store, const Keys& keys, const People& people, const Facts& facts,
                                              const PersonId& person, TimePoint now) {
  CANDOR_TRY(const PersonNames names, names_of(store, keys, people, facts, person, now));
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(auto owned, owned_accounts(reading, person, now));
  CANDOR_TRY(const auto versions, facts.versions(reading, person, now));
  const TheirsToday theirs(keys, std::move(owned), day_of(now));
  std::string address = told_address(versions, theirs, day_of(now));
  if (address.empty()) address = first_address(names.accounts, theirs);
  if (address.empty()) return std::nullopt;
  std::string name = name_of(names);
  return Recipient{.address = address, .name = name.empty() ? pseudonym(keys, person) : std::move(name)};
}

}  // namespace candor
