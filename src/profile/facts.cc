#include "profile/facts.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "profile/ownership.h"

namespace candor {
namespace {

void append_number(std::string& out, std::int64_t number) {
  for (int shift = 0; shift < 64; shift += 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
  }
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

std::string encode(const std::map<std::string, std::string>& attributes) {
  std::string bytes;
  for (const auto& [name, value] : attributes) {
    append_text(bytes, name);
    append_text(bytes, value);
  }
  return bytes;
}

// False when `bytes` is not what encode() makes; cannot happen behind the seal, but is not trusted either.
bool decode(std::string_view bytes, std::map<std::string, std::string>& attributes) {
  const auto take = [&](std::string& text) {
    if (bytes.size() < 8) return false;
    std::uint64_t size = 0;
    for (int i = 7; i >= 0; --i) size = size << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    bytes.remove_prefix(8);
    if (size > bytes.size()) return false;
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
  };
  while (!bytes.empty()) {
    std::string name;
    if (!take(name) || !take(attributes[name])) return false;
  }
  return true;
}

std::string seal_context(const Fact& fact) { return fact.fact_id + "/" + std::to_string(fact.version); }

// What a version says, without who said it and when.
auto content(const Fact& fact) {
  return std::tie(fact.person, fact.kind, fact.valid_from, fact.valid_to, fact.occurred, fact.attributes);
}

bool in_order(const Fact& left, const Fact& right) {
  return std::tie(left.known_since, left.version) < std::tie(right.known_since, right.version);
}

// The version that counts at `time`.
const Fact* effective(const std::vector<Fact>& versions, TimePoint time) {
  const Fact* found = nullptr;
  for (const Fact& version : versions) {
    if (version.known_since <= time && (found == nullptr || in_order(*found, version))) found = &version;
  }
  return found;
}

TimePoint instant(const std::vector<Fact>& versions, KnownSince known) {
  if (known.stated) return known.time;
  TimePoint time = known.time;
  for (const Fact& version : versions) time = std::max(time, version.known_since + 1);
  return time;
}

// Whether some version that `withdrawal` took back says what `fact` says: an old file is no news.
bool was_said(const std::vector<Fact>& versions, const Fact& fact, const Fact& withdrawal) {
  return std::ranges::any_of(versions, [&](const Fact& version) {
    return !in_order(withdrawal, version) && content(version) == content(fact);
  });
}

// Facts of one kind that each hold until the next begins, in order of their days.
void chain(std::vector<Fact>& facts, FactKind kind) {
  Fact* before = nullptr;
  for (Fact& fact : facts) {
    if (fact.kind != kind) continue;
    if (before != nullptr && !before->valid_to && before->valid_from < fact.valid_from) {
      before->valid_to = fact.valid_from - 1;
    }
    before = &fact;
  }
  const auto first = std::ranges::find(facts, kind, &Fact::kind);
  if (first != facts.end()) first->valid_from = std::min<Day>(first->valid_from, 0);
}

std::int64_t next_version(const std::vector<Fact>& versions) {
  std::int64_t version = 0;
  for (const Fact& other : versions) version = std::max(version, other.version);
  return version + 1;
}

constexpr Sql kFactColumns =
    "select fact_id, version, person_id, kind, valid_from, valid_to, known_since, occurred, withdrawn, source, "
    "sealed_attributes, account_id from facts ";

}  // namespace

std::string fact_id(const Keys& keys, const AccountId& account, FactKind kind, Day day) {
  std::string about(account.view());
  append_number(about, static_cast<std::int64_t>(kind));
  append_number(about, day);
  const auto key = keys.derive("fact id");
  std::array<std::uint8_t, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(about.data()), about.size(),
                     key.data(), key.size());
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

Result<Facts::Recorded> Facts::record(Transaction& work, const Fact& fact, KnownSince known, bool reinstate) const {
  CANDOR_TRY(const auto versions, history(work, fact.fact_id));
  Fact added = fact;
  added.withdrawn = false;
  added.version = next_version(versions);
  added.known_since = instant(versions, known);
  const Fact* now = effective(versions, added.known_since);
  const bool same = now != nullptr && content(*now) == content(added);
  if (now != nullptr && now->withdrawn && !reinstate && was_said(versions, added, *now)) return Recorded::withdrawn;
  const bool repeat = same && !now->withdrawn;
  // What was told for a stated instant is kept even when it says nothing new: an earlier one may still come between.
  if (repeat && (!known.stated || now->known_since == added.known_since)) return Recorded::repeat;
  // Two versions for the same stated instant: the outcome must not depend on which was told first.
  if (now != nullptr && !same && now->known_since == added.known_since && content(added) < content(*now)) {
    return Recorded::repeat;
  }
  CANDOR_TRY_VOID(append(work, added));
  if (repeat) return Recorded::repeat;
  return versions.empty() ? Recorded::first : Recorded::correction;
}

Result<bool> Facts::withdraw(Transaction& work, const std::string& fact_id, KnownSince known) const {
  CANDOR_TRY(const auto versions, history(work, fact_id));
  const TimePoint time = instant(versions, known);
  const Fact* now = effective(versions, time);
  if (now == nullptr || now->withdrawn) return false;
  Fact gone = *now;
  gone.withdrawn = true;
  gone.version = next_version(versions);
  gone.known_since = time;
  CANDOR_TRY_VOID(append(work, gone));
  return true;
}

Result<void> Facts::append(Transaction& work, const Fact& fact) const {
  CANDOR_TRY_VOID(work.execute("update fact_counter set last = last + 1 where id = 1"));
  CANDOR_TRY(const auto counter, work.row("select last from fact_counter where id = 1"));
  const std::string sealed = seal(keys_->derive("facts"), encode(fact.attributes), seal_context(fact));
  CANDOR_TRY_VOID(work.execute(
      "insert into facts (fact_id, version, person_id, kind, valid_from, valid_to, known_since, occurred, withdrawn, "
      "source, sealed_attributes, change, account_id) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      {fact.fact_id, fact.version, fact.person, static_cast<int>(fact.kind), fact.valid_from, fact.valid_to,
       fact.known_since, fact.occurred, fact.withdrawn ? 1 : 0, fact.source, Blob{sealed}, counter->integer(0),
       fact.account}));
  return {};
}

Result<Fact> Facts::read(const Row& row) const {
  Fact fact;
  fact.fact_id = row.text(0);
  fact.version = row.integer(1);
  fact.person = row.id<PersonId>(2);
  fact.kind = static_cast<FactKind>(row.integer(3));
  fact.valid_from = static_cast<Day>(row.integer(4));
  if (const auto day = row.optional_integer(5)) fact.valid_to = static_cast<Day>(*day);
  fact.known_since = row.integer(6);
  fact.occurred = row.optional_integer(7);
  fact.withdrawn = row.integer(8) != 0;
  fact.source = row.text(9);
  if (!row.is_null(11)) fact.account = row.id<AccountId>(11);
  CANDOR_TRY(const auto attributes, unseal(keys_->derive("facts"), row.text(10), seal_context(fact)));
  if (!decode(attributes, fact.attributes)) return fail("base.seal_broken", "the attributes of a fact are damaged");
  return fact;
}

Result<std::map<std::string, Fact>> Facts::newest(Reading& reading, Sql query, const PersonId& person,
                                                  TimePoint known_at) const {
  CANDOR_TRY(const auto rows, reading.rows(query, {person, known_at}));
  std::map<std::string, Fact> newest;
  for (const Row& row : rows) {
    CANDOR_TRY(auto fact, read(row));
    newest.insert_or_assign(fact.fact_id, std::move(fact));
  }
  return newest;
}

Result<std::map<std::string, Fact>> Facts::versions(Reading& reading, const PersonId& person,
                                                    TimePoint known_at) const {
  static const SqlBuilder kQuery =
      SqlBuilder().add(kFactColumns).add("where person_id = ?1 and known_since <= ?2 order by known_since, version");
  return newest(reading, kQuery.sql(), person, known_at);
}

Result<void> Facts::take_owned(Reading& reading, const PersonId& told_of, const std::vector<OwnedAccount>& owned,
                               TimePoint known_at, Profile& profile) const {
  static const SqlBuilder kQuery =
      SqlBuilder()
          .add(kFactColumns)
          .add("where person_id = ?1 and known_since <= ?2 and account_id is null order by known_since, version");
  CANDOR_TRY(auto facts, newest(reading, kQuery.sql(), told_of, known_at));
  CANDOR_TRY(const auto own, reading.rows("select account_id from accounts where person_id = ?1", {told_of}));
  for (auto& [id, fact] : facts) {
    if (fact.withdrawn) continue;
    const auto told_about = [&](const AccountId& account) {
      return fact_id(*keys_, account, fact.kind, fact.valid_from) == id;
    };
    // Human resources tell of an account: the fact is of whoever owned it on the fact's day.
    const bool is_owned = std::ranges::any_of(owned, [&](const OwnedAccount& one) {
      return one.from <= fact.valid_from && fact.valid_from <= one.to && told_about(one.account);
    });
    const bool is_of_person = told_of == profile.person && std::ranges::none_of(own, [&](const Row& row) {
                                return told_about(row.id<AccountId>(0));
                              });
    if (is_owned || is_of_person) profile.facts.push_back(std::move(fact));
  }
  return {};
}

Result<Profile> Facts::profile(Reading& reading, const PersonId& person, TimePoint known_at) const {
  Profile profile{.person = person, .facts = {}};
  CANDOR_TRY(const auto owned, owned_accounts(reading, person, known_at));
  std::set<PersonId> told_of = {person};
  for (const OwnedAccount& one : owned) {
    CANDOR_TRY(const auto row, reading.row("select person_id from accounts where account_id = ?1", {one.account}));
    if (row) told_of.insert(row->id<PersonId>(0));
  }
  for (const PersonId& one : told_of) CANDOR_TRY_VOID(take_owned(reading, one, owned, known_at, profile));
  const auto by_day = [](const Fact& left, const Fact& right) {
    return std::tie(left.valid_from, left.kind, left.fact_id) < std::tie(right.valid_from, right.kind, right.fact_id);
  };
  std::ranges::sort(profile.facts, by_day);
  chain(profile.facts, FactKind::employee_profile);
  chain(profile.facts, FactKind::directory);
  std::ranges::sort(profile.facts, by_day);
  return profile;
}

Result<Profile> Facts::profile(const PersonId& person, TimePoint known_at) const {
  CANDOR_TRY(auto reading, store_->read());
  return profile(reading, person, known_at);
}

Result<std::vector<Fact>> Facts::all_versions(Reading& reading, const PersonId& person) const {
  static const SqlBuilder kQuery =
      SqlBuilder().add(kFactColumns).add("where person_id = ?1 order by known_since, version");
  CANDOR_TRY(const auto rows, reading.rows(kQuery.sql(), {person}));
  std::vector<Fact> versions;
  versions.reserve(rows.size());
  for (const Row& row : rows) {
    CANDOR_TRY(auto fact, read(row));
    versions.push_back(std::move(fact));
  }
  return versions;
}

Result<std::vector<Fact>> Facts::of_account(Reading& reading, const AccountId& account, TimePoint known_at) const {
  static const SqlBuilder kQuery =
      SqlBuilder().add(kFactColumns).add("where account_id = ?1 and known_since <= ?2 order by known_since, version");
  CANDOR_TRY(const auto rows, reading.rows(kQuery.sql(), {account, known_at}));
  std::map<std::string, Fact> newest;
  for (const Row& row : rows) {
    CANDOR_TRY(auto fact, read(row));
    newest.insert_or_assign(fact.fact_id, std::move(fact));
  }
  std::vector<Fact> facts;
  facts.reserve(newest.size());
  for (auto& [id, fact] : newest) {
    if (!fact.withdrawn) facts.push_back(std::move(fact));
  }
  std::ranges::sort(facts, {}, &Fact::valid_from);
  return facts;
}

Result<void> Facts::each_of_directory(Reading& reading, const std::function<void(Fact)>& visit) const {
  static const SqlBuilder kQuery =
      SqlBuilder().add(kFactColumns).add("where kind = ?1 order by person_id, known_since, version");
  std::optional<Error> damaged;
  CANDOR_TRY_VOID(reading.each(kQuery.sql(), {static_cast<int>(FactKind::directory)}, [&](const Row& row) {
    auto fact = read(row);
    if (!fact) {
      damaged = std::move(fact).error();
      return false;
    }
    visit(*std::move(fact));
    return true;
  }));
  if (damaged) return std::unexpected(*std::move(damaged));
  return {};
}

Result<std::int64_t> Facts::take_out(Transaction& work, FactKind kind, const std::string& attribute,
                                     const std::function<bool(const Fact&, const std::string& value)>& is) const {
  static const SqlBuilder kQuery = SqlBuilder().add(kFactColumns).add("where kind = ?1 order by fact_id, version");
  std::vector<Fact> found;
  std::optional<Error> damaged;
  CANDOR_TRY_VOID(work.each(kQuery.sql(), {static_cast<int>(kind)}, [&](const Row& row) {
    auto fact = read(row);
    if (!fact) {
      damaged = std::move(fact).error();
      return false;
    }
    const auto value = fact->attributes.find(attribute);
    if (value != fact->attributes.end() && is(*fact, value->second)) found.push_back(*std::move(fact));
    return true;
  }));
  if (damaged) return std::unexpected(*std::move(damaged));
  for (Fact& fact : found) {
    fact.attributes.erase(attribute);
    const std::string sealed = seal(keys_->derive("facts"), encode(fact.attributes), seal_context(fact));
    CANDOR_TRY_VOID(work.execute("update facts set sealed_attributes = ?3 where fact_id = ?1 and version = ?2",
                                 {fact.fact_id, fact.version, Blob{sealed}}));
  }
  return static_cast<std::int64_t>(found.size());
}

Result<std::vector<Fact>> Facts::history(Reading& reading, const std::string& fact_id) const {
  static const SqlBuilder kQuery =
      SqlBuilder().add(kFactColumns).add("where fact_id = ?1 order by known_since, version");
  CANDOR_TRY(const auto rows, reading.rows(kQuery.sql(), {fact_id}));
  std::vector<Fact> versions;
  for (const Row& row : rows) {
    CANDOR_TRY(auto fact, read(row));
    versions.push_back(std::move(fact));
  }
  return versions;
}

Result<std::map<FactKind, Facts::Told>> Facts::told(Reading& reading) const {
  CANDOR_TRY(const auto rows, reading.rows("select kind, count(distinct fact_id), max(known_since) from facts where "
                                           "withdrawn = 0 group by kind"));
  std::map<FactKind, Told> out;
  for (const Row& row : rows) {
    out[static_cast<FactKind>(row.integer(0))] = {.facts = row.integer(1), .last_told = row.integer(2)};
  }
  return out;
}

Result<Facts::Changes> Facts::changed_since(std::int64_t mark) const {
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto counter, reading.row("select last from fact_counter where id = 1"));
  Changes changes{.people = {}, .upto = counter->integer(0)};
  CANDOR_TRY_VOID(reading.each("select distinct person_id from facts where change > ?1 order by person_id", {mark},
                               [&](const Row& row) {
                                 changes.people.push_back(row.id<PersonId>(0));
                                 return true;
                               }));
  return changes;
}

}  // namespace candor
