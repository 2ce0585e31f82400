#include "profile/erasures.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/random_bytes.h"

namespace candor {
namespace {

template <typename Id>
Id hash_under(const Keys& keys, std::string_view purpose, std::string_view bytes) {
  const auto derived = keys.derive(purpose);
  Id id;
  static_assert(crypto_shorthash_siphashx24_BYTES == sizeof id.bytes);
  crypto_shorthash_siphashx24(id.bytes.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                              derived.data());
  return id;
}

#define CANDOR_ERASURE_COLUMNS                                                                                 \
  "select e.erasure_id, e.number, e.pseudonym, e.person_hash, e.last_day, e.asked_by, e.agreed_by, e.reason, " \
  "e.begun_at, e.done_at, e.state, e.found, e.left_over, e.from_list, e.person_id from erasures e "

Erasure erasure_row(const Row& row) {
  Erasure one;
  one.id = row.text(0);
  one.number = row.integer(1);
  one.pseudonym = row.text(2);
  one.person_hash = row.id<PersonId>(3);
  one.last_day = static_cast<Day>(row.integer(4));
  one.asked_by = row.text(5);
  one.agreed_by = row.text(6);
  one.reason = row.text(7);
  one.begun_at = row.integer(8);
  one.done_at = row.integer(9);
  one.state = row.text(10);
  one.found = row.text(11);
  one.left_over = row.text(12);
  one.from_list = row.integer(13) != 0;
  if (!row.is_null(14)) one.person = row.id<PersonId>(14);
  return one;
}

}  // namespace

AccountId erased_hash(const Keys& keys, const AccountId& account) {
  return hash_under<AccountId>(keys, "erased account", account.view());
}

PersonId erased_hash(const Keys& keys, const PersonId& person) {
  return hash_under<PersonId>(keys, "erased person", person.view());
}

Result<std::shared_ptr<const ErasedAccounts>> ErasedAccounts::load(Reading& reading, const Keys& keys) {
  auto erased = std::shared_ptr<ErasedAccounts>(new ErasedAccounts(keys));
  CANDOR_TRY_VOID(reading.each("select account_hash, from_day, to_day from erased_accounts", {}, [&](const Row& row) {
    erased->days_[row.id<AccountId>(0)].push_back(
        {.from = static_cast<Day>(row.integer(1)), .to = static_cast<Day>(row.integer(2))});
    return true;
  }));
  return std::shared_ptr<const ErasedAccounts>(std::move(erased));
}

const std::vector<ErasedAccounts::Days>* ErasedAccounts::find(const AccountId& account) const {
  if (days_.empty()) return nullptr;
  const auto found = days_.find(erased_hash(keys_, account));
  return found == days_.end() ? nullptr : &found->second;
}

bool ErasedAccounts::holds(const AccountId& account, Day day) const {
  const auto* days = find(account);
  return days != nullptr &&
         std::ranges::any_of(*days, [&](const Days& one) { return one.from <= day && day <= one.to; });
}

std::optional<Day> ErasedAccounts::last_day(const AccountId& account) const {
  const auto* days = find(account);
  if (days == nullptr) return std::nullopt;
  return std::ranges::max(*days, {}, &Days::to).to;
}

std::string ErasureBook::new_id() {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Result<std::int64_t> ErasureBook::begin(Transaction& work, const Erasure& erasure) const {
  CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from erasures"));
  const std::int64_t number = last->integer(0) + 1;
  CANDOR_TRY_VOID(work.execute(
      "insert into erasures (erasure_id, number, pseudonym, person_hash, last_day, asked_by, agreed_by, reason, "
      "begun_at, done_at, state, found, left_over, from_list, person_id) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
      "0, ?10, ?11, '', ?12, ?13)",
      {erasure.id, number, erasure.pseudonym, erasure.person_hash, erasure.last_day, erasure.asked_by,
       erasure.agreed_by, erasure.reason, erasure.begun_at, ErasureState::kUnderWay, erasure.found,
       erasure.from_list ? 1 : 0, erasure.person}));
  std::vector<ErasedHash> hashes = erasure.hashes;
  for (const OwnedAccount& one : erasure.accounts) {
    CANDOR_TRY_VOID(
        work.execute("insert into erasure_accounts (erasure_id, account_id, from_day, to_day) values (?1, ?2, ?3, ?4)",
                     {erasure.id, one.account, one.from, one.to}));
    if (!erasure.hashes.empty() || one.from > erasure.last_day) continue;
    hashes.push_back(
        {.hash = erased_hash(*keys_, one.account), .from = one.from, .to = std::min(one.to, erasure.last_day)});
  }
  for (const ErasedHash& one : hashes) {
    CANDOR_TRY_VOID(
        work.execute("insert into erased_accounts (erasure_id, account_hash, from_day, to_day) values (?1, ?2, ?3, ?4)",
                     {erasure.id, one.hash, one.from, one.to}));
  }
  return number;
}

Result<void> ErasureBook::removed(Transaction& work, std::string_view id, std::string_view left_over) const {
  CANDOR_TRY_VOID(work.execute("delete from erasure_accounts where erasure_id = ?1", {id}));
  CANDOR_TRY_VOID(work.execute("update erasures set state = ?2, left_over = ?3, person_id = null where erasure_id = ?1",
                               {id, ErasureState::kRemoved, left_over}));
  return {};
}

Result<void> ErasureBook::done(Transaction& work, std::string_view id, TimePoint at) const {
  CANDOR_TRY_VOID(work.execute("update erasures set state = ?2, done_at = ?3 where erasure_id = ?1",
                               {id, ErasureState::kDone, at}));
  return {};
}

Result<void> ErasureBook::read_accounts(Reading& reading, Erasure& erasure) const {
  CANDOR_TRY_VOID(
      reading.each("select account_hash, from_day, to_day from erased_accounts where erasure_id = ?1 order by "
                   "account_hash, from_day",
                   {erasure.id}, [&](const Row& row) {
                     erasure.hashes.push_back({.hash = row.id<AccountId>(0),
                                               .from = static_cast<Day>(row.integer(1)),
                                               .to = static_cast<Day>(row.integer(2))});
                     return true;
                   }));
  return reading.each(
      "select account_id, from_day, to_day from erasure_accounts where erasure_id = ?1 order by account_id, from_day",
      {erasure.id}, [&](const Row& row) {
        erasure.accounts.push_back({.account = row.id<AccountId>(0),
                                    .from = static_cast<Day>(row.integer(1)),
                                    .to = static_cast<Day>(row.integer(2))});
        return true;
      });
}

Result<std::vector<Erasure>> ErasureBook::all(Reading& reading) const {
  CANDOR_TRY(const auto rows, reading.rows(CANDOR_ERASURE_COLUMNS "order by e.number"));
  std::vector<Erasure> all;
  for (const Row& row : rows) {
    all.push_back(erasure_row(row));
    CANDOR_TRY_VOID(read_accounts(reading, all.back()));
  }
  return all;
}

Result<Erasure> ErasureBook::get(Reading& reading, std::int64_t number) const {
  CANDOR_TRY(const auto row, reading.row(CANDOR_ERASURE_COLUMNS "where e.number = ?1", {number}));
  if (!row)
    return fail("profile.no_erasure", "there is no erasure of that number: `candor people erasures` lists them");
  Erasure erasure = erasure_row(*row);
  CANDOR_TRY_VOID(read_accounts(reading, erasure));
  return erasure;
}

Result<bool> ErasureBook::has(Reading& reading, std::string_view id) const {
  CANDOR_TRY(const auto row, reading.row("select 1 from erasures where erasure_id = ?1", {id}));
  return row.has_value();
}

Result<std::vector<Erasure>> ErasureBook::of(Reading& reading, std::string_view pseudonym,
                                             const AccountId& account) const {
  const AccountId hash = erased_hash(*keys_, account);
  CANDOR_TRY(const auto rows,
             reading.rows(CANDOR_ERASURE_COLUMNS
                          "where e.pseudonym = ?1 or exists (select 1 from erased_accounts a where a.erasure_id = "
                          "e.erasure_id and a.account_hash = ?2) order by e.number desc",
                          {pseudonym, hash}));
  std::vector<Erasure> found;
  for (const Row& row : rows) found.push_back(erasure_row(row));
  return found;
}

Result<std::vector<OwnedAccount>> accounts_meant(Reading& reading, const Keys& keys, const std::vector<AccountId>& seen,
                                                 const std::vector<ErasedHash>& hashes) {
  std::map<AccountId, AccountId> known;  // by hash
  for (const AccountId& account : seen) known.emplace(erased_hash(keys, account), account);
  const auto add = [&](const Row& row) {
    const auto account = row.id<AccountId>(0);
    known.emplace(erased_hash(keys, account), account);
    return true;
  };
  CANDOR_TRY_VOID(reading.each("select account_id from accounts", {}, add));
  CANDOR_TRY_VOID(reading.each("select distinct account_id from facts where account_id is not null", {}, add));
  std::vector<OwnedAccount> meant;
  for (const ErasedHash& one : hashes) {
    const auto found = known.find(one.hash);
    if (found != known.end()) meant.push_back({.account = found->second, .from = one.from, .to = one.to});
  }
  return meant;
}

Result<std::optional<PersonId>> person_meant(Reading& reading, const Keys& keys, const PersonId& hash) {
  std::optional<PersonId> found;
  CANDOR_TRY_VOID(reading.each("select person_id from people", {}, [&](const Row& row) {
    const auto person = row.id<PersonId>(0);
    if (erased_hash(keys, person) == hash) found = person;
    return !found;
  }));
  return found;
}

}  // namespace candor
