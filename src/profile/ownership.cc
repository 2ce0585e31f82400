#include "profile/ownership.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace candor {
namespace {

// What is stored of an account that was seen, or named by human resources.
struct Seen {
  std::optional<PersonId> own;
  std::optional<AccountId> base;
};

Result<Seen> seen_account(Reading& reading, const AccountId& account) {
  CANDOR_TRY(const auto row, reading.row("select person_id, base_id from accounts where account_id = ?1", {account}));
  Seen seen;
  if (!row) return seen;
  seen.own = row->id<PersonId>(0);
  if (!row->is_null(1)) seen.base = row->id<AccountId>(1);
  return seen;
}

// The facts about one account; takes their versions in the order they became known.
class Links {
 public:
  // Columns: fact_id, person_id, valid_from, valid_to, withdrawn.
  void take(const Row& row) {
    auto& link = newest_[row.text(0)];
    link.reset();
    if (row.integer(4) != 0) return;
    const Day from = static_cast<Day>(row.integer(2));
    // A link that was there from the beginning begins on day 0.
    link = Ownership{.person = row.id<PersonId>(1),
                     .from = from <= 0 ? kFirstOwnedDay : from,
                     .to = static_cast<Day>(row.optional_integer(3).value_or(kLastOwnedDay))};
  }

  // Those that count, ascending by their first day.
  std::vector<Ownership> effective() const {
    std::multimap<Day, Ownership> by_day;  // of one day in the order of their ids
    for (const auto& [id, link] : newest_) {
      if (link) by_day.emplace(link->from, *link);
    }
    std::vector<Ownership> links;
    links.reserve(by_day.size());
    for (const auto& [day, link] : by_day) links.push_back(link);
    return links;
  }

 private:
  std::map<std::string, std::optional<Ownership>> newest_;  // by fact; nullopt: withdrawn
};

std::vector<Ownership> laid_over(const std::optional<PersonId>& own, const std::vector<Ownership>& links) {
  std::vector<Ownership> days;
  if (own) days.push_back({.person = *own});
  for (const Ownership& link : links) lay_over(days, link);
  return days;
}

Result<std::vector<Ownership>> links_of(Reading& reading, const AccountId& account, TimePoint known_at) {
  Links links;
  CANDOR_TRY_VOID(reading.each(
      "select fact_id, person_id, valid_from, valid_to, withdrawn from facts where account_id = ?1 and known_since <= "
      "?2 order by known_since, version",
      {account, known_at}, [&](const Row& row) {
        links.take(row);
        return true;
      }));
  return links.effective();
}

Result<std::vector<AccountId>> accounts_in(Reading& reading, Sql sql, const Parameters& parameters) {
  std::vector<AccountId> accounts;
  CANDOR_TRY_VOID(reading.each(sql, parameters, [&](const Row& row) {
    accounts.push_back(row.id<AccountId>(0));
    return true;
  }));
  return accounts;
}

// Accounts that are the person's on some day, as far as can be told without looking at each.
Result<std::set<AccountId>> candidates(Reading& reading, const PersonId& person) {
  CANDOR_TRY(const auto own, accounts_in(reading, "select account_id from accounts where person_id = ?1", {person}));
  CANDOR_TRY(
      const auto linked,
      accounts_in(reading, "select distinct account_id from facts where person_id = ?1 and account_id is not null",
                  {person}));
  std::set<AccountId> all(own.begin(), own.end());
  all.insert(linked.begin(), linked.end());
  for (const AccountId& base : linked) {
    CANDOR_TRY(const auto tagged, accounts_in(reading, "select account_id from accounts where base_id = ?1", {base}));
    all.insert(tagged.begin(), tagged.end());
  }
  return all;
}

}  // namespace

TimePoint begin_of(const OwnedAccount& owned) {
  return owned.from == kFirstOwnedDay ? std::numeric_limits<TimePoint>::min() : start_of(owned.from);
}

TimePoint end_of(const OwnedAccount& owned) {
  return owned.to == kLastOwnedDay ? std::numeric_limits<TimePoint>::max() : start_of(owned.to + 1);
}

void lay_over(std::vector<Ownership>& days, const Ownership& over) {
  if (over.from > over.to) return;
  std::vector<Ownership> out;
  out.reserve(days.size() + 2);
  for (const Ownership& one : days) {
    if (one.from < over.from) out.push_back({one.person, one.from, std::min(one.to, over.from - 1)});
    if (one.to > over.to) out.push_back({one.person, std::max(one.from, over.to + 1), one.to});
  }
  out.push_back(over);
  std::ranges::sort(out, {}, &Ownership::from);
  days.clear();
  for (const Ownership& one : out) {
    const bool goes_on = !days.empty() && days.back().person == one.person && days.back().to + 1 == one.from;
    if (goes_on) {
      days.back().to = one.to;
    } else {
      days.push_back(one);
    }
  }
}

Result<std::vector<Ownership>> owners_of(Reading& reading, const AccountId& account, TimePoint known_at) {
  CANDOR_TRY(const Seen seen, seen_account(reading, account));
  CANDOR_TRY(auto links, links_of(reading, account, known_at));
  if (links.empty() && seen.base) {
    CANDOR_TRY(links, links_of(reading, *seen.base, known_at));
  }
  return laid_over(seen.own, links);
}

Result<void> each_linked_account(Reading& reading,
                                 const std::function<void(const AccountId&, const std::vector<Ownership>&)>& visit) {
  std::optional<AccountId> account;
  std::optional<PersonId> own;
  Links links;
  const auto finish = [&] {
    if (account) visit(*account, laid_over(own, links.effective()));
    links = Links();
  };
  CANDOR_TRY_VOID(reading.each(
      "select facts.fact_id, facts.person_id, facts.valid_from, facts.valid_to, facts.withdrawn, facts.account_id, "
      "accounts.person_id from facts left join accounts on accounts.account_id = facts.account_id where "
      "facts.account_id is not null order by facts.account_id, facts.known_since, facts.version",
      {}, [&](const Row& row) {
        const auto id = row.id<AccountId>(5);
        if (account != id) {
          finish();
          account = id;
          own = row.is_null(6) ? std::nullopt : std::optional(row.id<PersonId>(6));
        }
        links.take(row);
        return true;
      }));
  finish();
  return {};
}

Result<std::vector<OwnedAccount>> owned_accounts(Reading& reading, const PersonId& person, TimePoint known_at) {
  CANDOR_TRY(const auto accounts, candidates(reading, person));
  std::vector<OwnedAccount> owned;
  for (const AccountId& account : accounts) {
    CANDOR_TRY(const auto owners, owners_of(reading, account, known_at));
    for (const Ownership& one : owners) {
      if (one.person == person) owned.push_back({.account = account, .from = one.from, .to = one.to});
    }
  }
  return owned;
}

Result<std::vector<PersonId>> related_to(Reading& reading, const PersonId& person) {
  CANDOR_TRY(const auto accounts, candidates(reading, person));
  std::set<PersonId> related = {person};
  const auto add = [&](const Row& row) {
    related.insert(row.id<PersonId>(0));
    return true;
  };
  for (const AccountId& account : accounts) {
    // All versions: whoever a fact named before has lost the account now.
    CANDOR_TRY_VOID(reading.each("select distinct person_id from facts where account_id = ?1", {account}, add));
    CANDOR_TRY_VOID(
        reading.each("select person_id from accounts where account_id = ?1 or base_id = ?1", {account}, add));
    CANDOR_TRY_VOID(reading.each(
        "select distinct facts.person_id from facts join accounts on accounts.base_id = facts.account_id where "
        "accounts.account_id = ?1",
        {account}, add));
  }
  return std::vector<PersonId>(related.begin(), related.end());
}

}  // namespace candor
