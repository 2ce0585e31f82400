#include "assessment/trace_people.h"

#include <algorithm>

#include "profile/ownership.h"
#include "profile/people.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

std::optional<std::uint32_t> owner_of(const std::vector<TracePeople::Owner>& owners, Day day) {
  for (const TracePeople::Owner& one : owners) {
    if (one.from <= day && day <= one.to) return one.person;
  }
  return std::nullopt;
}

}  // namespace

Result<TracePeople> TracePeople::load(const TraceSources& sources, const HiddenPeople& without) {
  TracePeople out;
  out.keys_ = &sources.keys;
  std::vector<AccountId> accounts;
  CANDOR_TRY_VOID(sources.timeline.for_each_account([&](const AccountInfo& info) {
    accounts.push_back(info.id);
    return true;
  }));
  CANDOR_TRY(Reading reading, sources.store.read());
  std::vector<std::pair<AccountId, std::vector<Ownership>>> owned;
  for (const AccountId& account : accounts) {
    CANDOR_TRY(auto owners, owners_of(reading, account));
    if (owners.empty()) ++out.of_nobody_;
    owned.emplace_back(account, std::move(owners));
  }
  // Whoever did nothing may have been given something.
  CANDOR_TRY_VOID(each_linked_account(reading, [&](const AccountId& account, const std::vector<Ownership>& owners) {
    if (!std::ranges::binary_search(accounts, account)) owned.emplace_back(account, owners);
  }));
  CANDOR_TRY(const UnitSight sight, unit_sight(reading, without));
  absl::flat_hash_map<PersonId, std::uint32_t> numbers;
  for (const auto& [account, owners] : owned) {
    std::vector<Owner> days;
    for (const Ownership& one : owners) {
      const auto [found, added] = numbers.try_emplace(one.person, static_cast<std::uint32_t>(out.people_.size()));
      if (added) {
        out.people_.push_back({.id = one.person,
                               .own = std::ranges::binary_search(without.people, one.person),
                               .hidden = sight.hides(one.person)});
      }
      days.push_back({.person = found->second, .from = one.from, .to = one.to});
    }
    if (days.empty()) continue;
    out.owners_.emplace(account, days);
    if (std::ranges::binary_search(accounts, account)) out.accounts_.push_back({account, std::move(days)});
  }
  return out;
}

std::optional<std::uint32_t> TracePeople::owner(const Account& account, Day day) const {
  return owner_of(account.owners, day);
}

std::optional<std::uint32_t> TracePeople::at_address(std::string_view address, Day day) const {
  const std::string name = normalise_account_name(address);
  auto found = owners_.find(keys_->account(name));
  if (found == owners_.end()) {
    const std::string base = without_tag(name);
    if (base.empty()) return std::nullopt;
    found = owners_.find(keys_->account(base));
  }
  return found == owners_.end() ? std::nullopt : owner_of(found->second, day);
}

}  // namespace candor
