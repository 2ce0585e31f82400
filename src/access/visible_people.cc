#include "access/visible_people.h"

#include <algorithm>

#include "access/present.h"
#include "profile/ownership.h"

namespace candor {
namespace {

Result<std::vector<std::string>> ids_in(Reading& reading, Sql statement, std::string_view of) {
  std::vector<std::string> ids;
  CANDOR_TRY_VOID(reading.each(statement, {of}, [&](const Row& row) {
    ids.push_back(row.text(0));
    return true;
  }));
  return ids;
}

}  // namespace

Result<std::vector<std::string>> units_of_viewer(Reading& reading, std::string_view user) {
  return ids_in(reading, "select unit_id from viewer_units where user_name = ?1 order by unit_id", user);
}

Result<std::vector<std::string>> groups_of_viewer(Reading& reading, std::string_view user) {
  return ids_in(reading, "select group_id from group_reviewers where user_name = ?1 order by group_id", user);
}

Result<std::vector<std::string>> reviewers_of_group(Reading& reading, std::string_view group) {
  return ids_in(reading, "select user_name from group_reviewers where group_id = ?1 order by user_name", group);
}

Result<HiddenPeople> hidden_from(Reading& reading, const OwnPeople& own, std::string_view user) {
  HiddenPeople hidden(own.people());
  CANDOR_TRY(auto units, units_of_viewer(reading, user));
  if (!units.empty()) hidden.outside_units = std::move(units);
  CANDOR_TRY(hidden.inside_groups, ids_in(reading,
                                          "select unit_id from units where priority = 1 and unit_id not in (select "
                                          "group_id from group_reviewers where user_name = ?1) order by unit_id",
                                          user));
  return hidden;
}

Result<HiddenPeople> hidden_from(Reading& reading, const Keys& keys, std::string_view user) {
  CANDOR_TRY(const OwnPeople own, OwnPeople::of(reading, keys, user));
  return hidden_from(reading, own, user);
}

Result<bool> hides_pseudonym(Reading& reading, const Keys& keys, const HiddenPeople& hidden,
                             std::string_view pseudonym) {
  if (pseudonym.empty()) return false;
  const auto is_it = [&](const PersonId& person) { return candor::pseudonym(keys, person) == pseudonym; };
  if (std::ranges::any_of(hidden.people, is_it)) return true;
  const std::string units = hidden.units_text();
  if (hidden.outside_units) {
    CANDOR_TRY(const auto member, reading.row("select 1 from unit_members um join units un on un.unit_id = um.unit_id "
                                              "where um.pseudonym = ?1 and replace(?2, '|' || um.unit_id || '|', '') "
                                              "<> ?2",
                                              {pseudonym, units}));
    if (!member) return true;
  }
  if (hidden.inside_groups.empty()) return false;
  CANDOR_TRY(const auto member,
             reading.row("select 1 from unit_members um join units un on un.unit_id = um.unit_id where um.pseudonym = "
                         "?1 and replace(?2, '!' || um.unit_id || '!', '') <> ?2",
                         {pseudonym, units}));
  return member.has_value();
}

Result<bool> hides_account(Reading& reading, const HiddenPeople& hidden, const AccountId& account) {
  if (hidden.empty()) return false;
  CANDOR_TRY(const auto owners, owners_of(reading, account));
  for (const Ownership& one : owners) {
    CANDOR_TRY(const bool hides_owner, hides(reading, hidden, one.person));
    if (hides_owner) return true;
  }
  CANDOR_TRY(const auto own, reading.row("select person_id from accounts where account_id = ?1", {account}));
  return own ? hides(reading, hidden, own->id<PersonId>(0)) : Result<bool>(false);
}

}  // namespace candor
