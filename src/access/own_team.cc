#include "access/own_team.h"

#include <algorithm>
#include <optional>

#include "profile/directory_import.h"
#include "profile/ownership.h"

namespace candor {
namespace {

constexpr int kMostManagers = 16;  // above one another; a directory may hold a circle
constexpr std::string_view kLocal = "local/";

// Whom the directory calls somebody's manager today.
Result<std::optional<PersonId>> manager_of(const TeamSources& sources, const PersonId& person) {
  CANDOR_TRY(const Profile profile, sources.facts.profile(person, kKnownNow));
  const auto manager = attribute_of(profile.directory_on(sources.today), "manager");
  if (manager.empty()) return std::nullopt;
  CANDOR_TRY(auto reading, sources.store.read());
  CANDOR_TRY(const auto owners, owners_of(reading, sources.keys.account(manager)));
  const auto now = std::ranges::find_if(
      owners, [today = sources.today](const Ownership& one) { return one.from <= today && today <= one.to; });
  return now == owners.end() ? std::nullopt : std::optional(now->person);
}

// Whether they lead the person, by however many steps, or the person leads them.
Result<bool> is_own_team(const TeamSources& sources, const OwnPeople& own, const PersonId& person) {
  PersonId at = person;
  for (int step = 0; step < kMostManagers; ++step) {
    CANDOR_TRY(const auto manager, manager_of(sources, at));
    if (!manager) break;
    if (own.contains(*manager)) return true;
    at = *manager;
  }
  for (const PersonId& self : own.people()) {
    CANDOR_TRY(const auto manager, manager_of(sources, self));
    if (manager == person) return true;
  }
  return false;
}

}  // namespace

Result<void> refuse_own_team(const TeamSources& sources, const OwnPeople& own, const PersonId& person) {
  if (own.empty()) return {};
  CANDOR_TRY(const bool theirs, is_own_team(sources, own, person));
  if (!theirs) return {};
  return fail("access.own_team", "by the directory you lead this person, or they lead you: somebody else must do it");
}

Result<void> refuse_one_person(Store& store, const Keys& keys, const OwnPeople& own, std::string_view asker,
                               const char* own_request) {
  if (own.empty() || asker.empty()) return {};
  if (asker.starts_with(kLocal)) asker.remove_prefix(kLocal.size());
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(const OwnPeople other, OwnPeople::of(reading, keys, asker));
  if (!own.share(other)) return {};
  return fail(own_request, "whoever asked for it is, by the accounts, the same person: a second one must agree");
}

}  // namespace candor
