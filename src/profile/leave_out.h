#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Internal to profile: lists without some people.
namespace candor {

// Adds conditions to the `where` of a statement on rows `a` with a person_id, and their parameters, behind the
// statement's own ?1 and ?2. `units` is hidden.units_text(), which must outlive them. Fails with
// `profile.too_many_left_out` beyond 16 people: a list must not show who should not be in it.
inline Result<void> leave_out(SqlBuilder& sql, Parameters& parameters, const HiddenPeople& hidden,
                              const std::string& units) {
  static constexpr std::array<Sql, 16> kPieces = {
      " and a.person_id <> ?4",  " and a.person_id <> ?5",  " and a.person_id <> ?6",  " and a.person_id <> ?7",
      " and a.person_id <> ?8",  " and a.person_id <> ?9",  " and a.person_id <> ?10", " and a.person_id <> ?11",
      " and a.person_id <> ?12", " and a.person_id <> ?13", " and a.person_id <> ?14", " and a.person_id <> ?15",
      " and a.person_id <> ?16", " and a.person_id <> ?17", " and a.person_id <> ?18", " and a.person_id <> ?19"};
  const std::vector<PersonId>& people = hidden.people;
  sql.add(" and " CANDOR_IN_SIGHT("a.person_id", "person_id", "?3"));
  parameters.emplace_back(units);
  if (people.size() > kPieces.size()) {
    return fail("profile.too_many_left_out", "a list leaves out at most 16 people; unlink accounts of this viewer");
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    sql.add(kPieces[i]);
    parameters.emplace_back(people[i]);
  }
  return {};
}

}  // namespace candor
