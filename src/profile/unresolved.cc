#include "profile/unresolved.h"

#include "profile/leave_out.h"

namespace candor {
namespace {

// Accounts of own domains without a fact that counts, about themselves or, with a tag, about the address without it.
// The newest version of a fact is the one that counts now.
constexpr Sql kWhere =
    " from accounts a join directory_domains d on d.domain_id = a.domain_id where not exists (select 1 from facts f "
    "where (f.account_id = a.account_id or f.account_id = a.base_id) and f.withdrawn = 0 and not exists (select 1 from "
    "facts g where g.fact_id = f.fact_id and (g.known_since > f.known_since or (g.known_since = f.known_since and "
    "g.version > f.version))))";

}  // namespace

Result<UnresolvedPage> unresolved_accounts(Reading& reading, const UnresolvedQuery& query) {
  static const SqlBuilder kCount =
      SqlBuilder().add("select count(*)").add(kWhere).add(" and " CANDOR_IN_SIGHT("a.person_id", "person_id", "?1"));
  static const SqlBuilder kOf = SqlBuilder().add("select count(*)").add(kWhere).add(" and a.person_id = ?1");
  UnresolvedPage page;
  const std::string units = query.without.units_text();
  CANDOR_TRY(const auto count, reading.row(kCount.sql(), {units}));
  page.total = count ? count->integer(0) : 0;
  for (const PersonId& person : query.without.people) {
    CANDOR_TRY(const bool outside, hides(reading, query.without.outside_only(), person));
    if (outside) continue;
    CANDOR_TRY(const auto theirs, reading.row(kOf.sql(), {person}));
    page.total -= theirs ? theirs->integer(0) : 0;
  }
  SqlBuilder rows = SqlBuilder().add("select a.account_id, a.person_id, a.sealed_name").add(kWhere);
  Parameters parameters = {query.limit, query.offset};
  CANDOR_TRY_VOID(leave_out(rows, parameters, query.without, units));
  rows.add(" order by a.account_id limit ?1 offset ?2");
  CANDOR_TRY_VOID(reading.each(rows.sql(), parameters, [&](const Row& row) {
    const auto account = row.id<AccountId>(0);
    page.accounts.push_back(
        {.account = account, .person = row.id<PersonId>(1), .name = {.account = account, .bytes = row.text(2)}});
    return true;
  }));
  return page;
}

Result<std::optional<People::Account>> unresolved_account(Reading& reading, const Keys& keys,
                                                          const AccountId& account) {
  static const SqlBuilder kRow = SqlBuilder().add("select a.sealed_name").add(kWhere).add(" and a.account_id = ?1");
  CANDOR_TRY(const auto row, reading.row(kRow.sql(), {account}));
  if (!row) return std::nullopt;
  CANDOR_TRY(auto name, unseal(keys.derive("identity"), row->text(0), account.view()));
  return People::Account{.id = account, .name = std::move(name)};
}

}  // namespace candor
