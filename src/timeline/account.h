#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/keys.h"
#include "timeline/block_store.h"
#include "timeline/row.h"

namespace candor {

// What the engine keeps in memory of an account: who it is, its rows not yet in blocks, and what it needs to tell a
// repeat from something new. The timeline's mutex guards it.
struct alignas(64) AccountState {
  // What each record asks for comes first, in as few cache lines as may be: accounts are many, and each record is of
  // another one.
  // Packed rows, by buffer: one is filled while the other is flushed.
  std::vector<std::string_view> rows[2];
  Day known_from = std::numeric_limits<Day>::max();  // see `stored`
  Day last_day = std::numeric_limits<Day>::min();    // of all rows taken in this run
  std::uint64_t touched = 0;                         // the epoch it was touched in; 0: settled
  Day kept_from = std::numeric_limits<Day>::min();   // retention has taken earlier days
  ActorKind actor = ActorKind::unknown;
  bool row_dirty = false;  // differs from the row on disk
  bool touch_dirty = false;

  // Identity and content of what is stored, complete for days from `known_from` on and for `known_months`.
  absl::flat_hash_map<ActivityId, std::uint64_t> stored;                  // the first content of each identity
  absl::flat_hash_set<std::pair<ActivityId, std::uint64_t>> corrections;  // further ones
  std::vector<Month> known_months;

  AccountId id;
  std::string name;
  std::array<std::uint8_t, 32> key{};  // seals its blocks

  bool knows(Day day) const;
  // Forgets the identities of all rows but those in buffers: the rest is in blocks, to be read again when a row of
  // their days comes. Later days need none of them.
  void forget();
  std::size_t known() const { return stored.size() + corrections.size(); }
};

// The kind an account is: a person if any of its records says so, whatever the others say, in whatever order.
ActorKind merge_actor(ActorKind a, ActorKind b);

// All accounts by id.
using Accounts = absl::flat_hash_map<AccountId, std::unique_ptr<AccountState>>;

// An account's row on disk: kind, key and name, sealed.
std::string seal_account(const AccountState& account, const Keys& keys);
Result<std::unique_ptr<AccountState>> unseal_account(const AccountId& id, std::string_view sealed, const Keys& keys);

}  // namespace candor
