#include "timeline/account.h"

#include <algorithm>
#include <cstring>

#include "timeline/byte_stream.h"

namespace candor {

bool AccountState::knows(Day day) const {
  if (day >= known_from) return true;
  return !known_months.empty() && std::ranges::find(known_months, month_of(day)) != known_months.end();
}

void AccountState::forget() {
  stored = {};
  corrections = {};
  known_months = {};
  // An account from an earlier run has days that this one has not seen.
  if (known_from != std::numeric_limits<Day>::max()) known_from = std::max(known_from, last_day + 1);
  for (const auto& buffer : rows) {
    for (const std::string_view packed : buffer) {
      const auto identity = packed_identity(packed);
      const auto [found, is_new] = stored.try_emplace(identity.first, identity.second);
      if (!is_new && found->second != identity.second) corrections.insert(identity);
    }
  }
}

ActorKind merge_actor(ActorKind a, ActorKind b) {
  // The order of the enumeration, with `unknown` last.
  const auto rank = [](ActorKind kind) { return kind == ActorKind::unknown ? 255 : static_cast<int>(kind); };
  return rank(a) <= rank(b) ? a : b;
}

std::string seal_account(const AccountState& account, const Keys& keys) {
  std::string plain(1, static_cast<char>(account.actor));
  put_word(plain, static_cast<std::uint32_t>(account.kept_from));
  plain.append(reinterpret_cast<const char*>(account.key.data()), account.key.size());
  plain.append(account.name);
  return seal(keys.derive("accounts"), plain, account.id.view());
}

Result<std::unique_ptr<AccountState>> unseal_account(const AccountId& id, std::string_view sealed, const Keys& keys) {
  CANDOR_TRY(const std::string plain, unseal(keys.derive("accounts"), sealed, id.view()));
  auto account = std::make_unique<AccountState>();
  ByteReader reader(plain);
  account->id = id;
  account->actor = static_cast<ActorKind>(reader.byte());
  account->kept_from = static_cast<Day>(reader.word<std::uint32_t>());
  const std::string_view key = reader.bytes(account->key.size());
  if (!reader.ok()) return fail("timeline.corrupt", "the row of an account is damaged");
  std::memcpy(account->key.data(), key.data(), key.size());
  account->name = reader.bytes(reader.left());
  return account;
}

}  // namespace candor
