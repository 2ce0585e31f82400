#include "profile/hidden_people.h"

#include <algorithm>

namespace candor {

std::string HiddenPeople::people_text() const {
  std::string text;
  for (const PersonId& person : people) text += "|" + to_hex(person) + "|";
  return text;
}

std::string HiddenPeople::units_text() const {
  // A bar even for no units: nobody is in them.
  std::string text = outside_units ? "|" : "";
  // An id has no mark; what has one must not be read as another id.
  const auto add = [&text](const std::string& mark, const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (id.find_first_of("|!") == std::string::npos) text += mark + id + mark;
    }
  };
  if (outside_units) add("|", *outside_units);
  add("!", inside_groups);
  return text;
}

bool UnitSight::hides(const PersonId& person) const {
  return (only && !std::ranges::binary_search(*only, person)) || std::ranges::binary_search(without, person);
}

Result<UnitSight> unit_sight(Reading& reading, const HiddenPeople& hidden) {
  UnitSight sight;
  const std::string units = hidden.units_text();
  const auto members = [&](Sql statement) -> Result<std::vector<PersonId>> {
    std::vector<PersonId> found;
    CANDOR_TRY_VOID(reading.each(statement, {units}, [&](const Row& row) {
      found.push_back(row.id<PersonId>(0));
      return true;
    }));
    return found;
  };
  if (hidden.outside_units) {
    CANDOR_TRY(sight.only, members("select distinct person_id from unit_members where person_id in "  //
                                   CANDOR_UNIT_MEMBERS("person_id", "?1") " order by person_id"));
  }
  if (!hidden.inside_groups.empty()) {
    CANDOR_TRY(sight.without, members("select distinct person_id from unit_members where person_id in "  //
                                      CANDOR_GROUP_MEMBERS("person_id", "?1") " order by person_id"));
  }
  return sight;
}

Result<bool> hides(Reading& reading, const HiddenPeople& hidden, const PersonId& person) {
  if (std::ranges::binary_search(hidden.people, person)) return true;
  const std::string units = hidden.units_text();
  if (hidden.outside_units) {
    CANDOR_TRY(const auto member, reading.row("select 1 from unit_members um join units un on un.unit_id = um.unit_id "
                                              "where um.person_id = ?1 and replace(?2, '|' || um.unit_id || '|', '') "
                                              "<> ?2",
                                              {person, units}));
    if (!member) return true;
  }
  if (hidden.inside_groups.empty()) return false;
  CANDOR_TRY(const auto member,
             reading.row("select 1 from unit_members um join units un on un.unit_id = um.unit_id where um.person_id = "
                         "?1 and replace(?2, '!' || um.unit_id || '!', '') <> ?2",
                         {person, units}));
  return member.has_value();
}

}  // namespace candor
