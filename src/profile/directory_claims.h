#pragma once

#include <string>
#include <vector>

#include "profile/directory_entry.h"

namespace candor {

// What all entries of one export come to together. A pure function of the entries, whatever their order.
struct DirectoryClaims {
  // One entry an id; accounts are those that no other entry has a surer claim on; `manager` is an attribute where it is
  // known. Ascending by id.
  std::vector<DirectoryEntry> entries;
  std::int64_t repeats = 0;    // entries that say what another one with their id says
  std::int64_t conflicts = 0;  // told in the diagnostics of `entries_read`
};

// Takes `read.entries`; what contradicts itself becomes warnings in `read`:
// `profile.directory_contradiction` (two entries with one id that differ: the one whose content sorts last counts),
// `profile.directory_claimed_twice` (two entries claim one account: the surer claim counts, of equals none),
// `profile.directory_no_manager` (the manager is not in the export; an address or GUID stays as it is).
DirectoryClaims settle_claims(DirectoryEntries& read);

}  // namespace candor
