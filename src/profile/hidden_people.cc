#include "profile/hidden_people.h"

#include <algorithm>

namespace candor {

std::string HiddenPeople::people_text() const {
  std::string text;
  for (const PersonId& person : people) text += "|" + to_hex(person) + "|";
  return text;
}

std::string HiddenPeople::units_text() const {
  if (!outside_units) return "";
  // Not "" for no units: nobody is in them.
  std::string text = "|";
  // An id has no bar; what has one must not be read as another id.
  for (const std::string& unit : *outside_units) {
    if (unit.find('|') == std::string::npos) text += "|" + unit + "|";
  }
  return text;
}

Result<std::vector<PersonId>> members_of_units(Reading& reading, const HiddenPeople& hidden) {
  std::vector<PersonId> members;
  CANDOR_TRY_VOID(
      reading.each("select distinct um.person_id from units un join unit_members um on um.unit_id = "
                   "un.unit_id where replace(?1, '|' || un.unit_id || '|', '') <> ?1 order by um.person_id",
                   {hidden.units_text()}, [&](const Row& row) {
                     members.push_back(row.id<PersonId>(0));
                     return true;
                   }));
  return members;
}

Result<bool> hides(Reading& reading, const HiddenPeople& hidden, const PersonId& person) {
  if (std::ranges::binary_search(hidden.people, person)) return true;
  if (!hidden.outside_units) return false;
  CANDOR_TRY(const auto member,
             reading.row("select 1 from unit_members um join units un on un.unit_id = um.unit_id where um.person_id = "
                         "?1 and replace(?2, '|' || um.unit_id || '|', '') <> ?2",
                         {person, hidden.units_text()}));
  return !member.has_value();
}

}  // namespace candor
