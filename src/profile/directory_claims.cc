#include "profile/directory_claims.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "profile/people.h"

namespace candor {
namespace {

bool says_less(const DirectoryEntry& left, const DirectoryEntry& right) {
  const auto names = [](const DirectoryEntry& entry) {
    std::vector<std::pair<AccountUse, std::string>> out;
    out.reserve(entry.accounts.size());
    for (const auto& one : entry.accounts) out.emplace_back(one.use, one.name);
    return out;
  };
  return std::tuple(left.attributes, names(left), left.employee_number, left.manager) <
         std::tuple(right.attributes, names(right), right.employee_number, right.manager);
}

std::string spot(const EntryPlace& place) {
  if (place.line == 0) return "entry " + std::to_string(place.number) + " of " + place.file;
  return place.file + ":" + std::to_string(place.line);
}

// One entry an id.
void choose(DirectoryEntries& read, DirectoryClaims& out) {
  std::map<std::string, DirectoryEntry> by_id;
  for (DirectoryEntry& entry : read.entries) {
    const auto place = by_id.find(entry.id);
    if (place == by_id.end()) {
      std::string id = entry.id;
      by_id.emplace(std::move(id), std::move(entry));
      continue;
    }
    DirectoryEntry& kept = place->second;
    if (!says_less(kept, entry) && !says_less(entry, kept)) {
      ++out.repeats;
      continue;
    }
    if (says_less(kept, entry)) std::swap(kept, entry);
    ++out.conflicts;
    read.warn(entry.place, "profile.directory_contradiction",
              spot(kept.place) + " has the same id and says something else; that one is taken",
              "leave only one of them in the export");
  }
  read.entries.clear();
  out.entries.reserve(by_id.size());
  for (auto& [id, entry] : by_id) out.entries.push_back(std::move(entry));
}

// Who has the surest claim on an account so far.
struct Claim {
  std::size_t entry = 0;
  AccountUse use = AccountUse::alias;
  bool is_contested = false;  // another entry claims it just as surely
};

using Claims = std::unordered_map<std::string, Claim>;

Claims collect(const std::vector<DirectoryEntry>& entries) {
  Claims claims;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const auto& account : entries[i].accounts) {
      const auto [place, added] = claims.emplace(account.name, Claim{.entry = i, .use = account.use});
      Claim& claim = place->second;
      if (added || claim.entry == i) continue;
      if (account.use < claim.use) {
        claim = {.entry = i, .use = account.use};
      } else if (account.use == claim.use) {
        claim.is_contested = true;
      }
    }
  }
  return claims;
}

void drop_lost_claims(const Claims& claims, DirectoryEntries& read, DirectoryClaims& out) {
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    DirectoryEntry& entry = out.entries[i];
    std::erase_if(entry.accounts, [&](const DirectoryEntry::Account& account) {
      const Claim& claim = claims.at(account.name);
      const bool contested = claim.is_contested && account.use == claim.use;
      if (claim.entry == i && !contested) return false;
      ++out.conflicts;
      const std::string other = claim.entry == i ? "another entry" : spot(out.entries[claim.entry].place);
      read.warn(entry.place, "profile.directory_claimed_twice",
                "its " + std::string(to_text(account.use)) + " is also claimed by " + other +
                    (contested ? " just as surely: neither gets it" : " with a surer claim: that one gets it"),
                "correct the directory, or decide by `candor people link`");
      return true;
    });
  }
}

void name_managers(DirectoryEntries& read, DirectoryClaims& out) {
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    by_name.emplace(out.entries[i].id, i);
    if (!out.entries[i].tree_place.empty()) by_name.emplace(out.entries[i].tree_place, i);
    for (const auto& account : out.entries[i].accounts) by_name.emplace(account.name, i);
  }
  for (DirectoryEntry& entry : out.entries) {
    if (entry.manager.empty()) continue;
    const auto found = by_name.find(entry.manager);
    if (found != by_name.end() && !out.entries[found->second].accounts.empty()) {
      entry.attributes["manager"] = out.entries[found->second].accounts.front().name;
    } else if (!domain_of_account(entry.manager).empty()) {
      entry.attributes["manager"] = entry.manager;
    } else {
      read.warn(entry.place, "profile.directory_no_manager", "its manager is not in the export and is left out",
                "export the managers as well");
    }
  }
}

}  // namespace

DirectoryClaims settle_claims(DirectoryEntries& read) {
  DirectoryClaims out;
  choose(read, out);
  const Claims claims = collect(out.entries);
  name_managers(read, out);
  drop_lost_claims(claims, read, out);
  return out;
}

}  // namespace candor
