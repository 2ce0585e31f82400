#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// Whom a look must not find: nothing about them is shown, counted or told of. Every list, count and look takes one, so
// that there is one place where it is decided (access/visible_people.h); made by hand it is for tests.
// Thread safety: immutable once made.
struct HiddenPeople {
  HiddenPeople() = default;
  explicit HiddenPeople(std::vector<PersonId> these) : people(std::move(these)) {}

  std::vector<PersonId> people = {};  // ascending
  // Everybody but the members of these units, too: of units there are none of, nobody is a member. nullopt: nobody
  // else.
  std::optional<std::vector<std::string>> outside_units = {};

  bool empty() const { return people.empty() && !outside_units; }
  bool is_limited() const { return outside_units.has_value(); }
  bool operator==(const HiddenPeople&) const = default;
  // Without `people`: what the units alone hide.
  HiddenPeople outside_only() const {
    HiddenPeople out;
    out.outside_units = outside_units;
    return out;
  }

  // As CANDOR_SHOWN takes them: "|HEX||HEX|", and "|ID||ID|" ("" when not limited).
  std::string people_text() const;
  std::string units_text() const;
};

// Whether a person is one of them. Two look-ups by index, however many people there are.
Result<bool> hides(Reading& reading, const HiddenPeople& hidden, const PersonId& person);

// The members of the units it limits to, ascending; none where it limits to nothing. For who walks over everybody
// anyway.
Result<std::vector<PersonId>> members_of_units(Reading& reading, const HiddenPeople& hidden);

// The rows of units and unit_members are access/unit_members.h's; statements of earlier folders read them by these two
// texts and no other way.
//
// Members of the units in the parameter `units` (units_text()): for `... in (...)`, by one of person_id, person_hex and
// pseudonym. Read once for a statement, along an index: as many rows as the units have members.
#define CANDOR_UNIT_MEMBERS(column, units)                                                                   \
  "(select um." column " from units un join unit_members um on um.unit_id = un.unit_id where replace(" units \
  ", '|' || un.unit_id || '|', '') <> " units ")"
// The rows of people who are not hidden, by a column with the person's digits.
#define CANDOR_SHOWN(hex, people, units)                                                                          \
  "((" people " = '' or replace(" people ", '|' || " hex " || '|', '') = " people ") and (" units " = '' or " hex \
  " in " CANDOR_UNIT_MEMBERS("person_hex", units) "))"

}  // namespace candor
