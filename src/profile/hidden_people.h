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
  // And the members of these priority groups, ascending: those that this viewer does not review.
  std::vector<std::string> inside_groups = {};

  bool empty() const { return people.empty() && !outside_units && inside_groups.empty(); }
  bool is_limited() const { return outside_units.has_value(); }
  bool operator==(const HiddenPeople&) const = default;
  // Without `people`: what units and priority groups alone hide.
  HiddenPeople outside_only() const {
    HiddenPeople out;
    out.outside_units = outside_units;
    out.inside_groups = inside_groups;
    return out;
  }

  // As CANDOR_SHOWN takes them: "|HEX||HEX|", and "||UNIT|!GROUP!": "" when nothing is hidden by either, a bar first
  // when it is limited to units.
  std::string people_text() const;
  std::string units_text() const;
};

// Whether a person is one of them. Look-ups by index, however many people there are.
Result<bool> hides(Reading& reading, const HiddenPeople& hidden, const PersonId& person);

// What units and priority groups hide (not `people`), person by person, for who walks over everybody anyway.
struct UnitSight {
  std::optional<std::vector<PersonId>> only = {};  // ascending; nullopt: not limited to units
  std::vector<PersonId> without = {};              // ascending

  bool hides(const PersonId& person) const;
};
Result<UnitSight> unit_sight(Reading& reading, const HiddenPeople& hidden);

// The rows of units and unit_members are access/unit_members.h's; statements of earlier folders read them by these
// texts and no other way.
//
// Members of the units, or of the priority groups, in the parameter `units` (units_text()): for `... in (...)`, by one
// of person_id, person_hex and pseudonym. Read once for a statement, along an index: as many rows as there are members.
#define CANDOR_MEMBERS_BY(mark, column, units)                                                               \
  "(select um." column " from units un join unit_members um on um.unit_id = un.unit_id where replace(" units \
  ", '" mark "' || un.unit_id || '" mark "', '') <> " units ")"
#define CANDOR_UNIT_MEMBERS(column, units) CANDOR_MEMBERS_BY("|", column, units)
#define CANDOR_GROUP_MEMBERS(column, units) CANDOR_MEMBERS_BY("!", column, units)
// Who is in sight for units and groups, by a value and the column of unit_members that it is compared with.
#define CANDOR_IN_SIGHT(value, column, units)                     \
  "(" units " = '' or ((substr(" units ", 1, 1) <> '|' or " value \
  " in " CANDOR_UNIT_MEMBERS(column, units) ") and " value " not in " CANDOR_GROUP_MEMBERS(column, units) "))"
// The rows of people who are not hidden, by a column with the person's digits.
#define CANDOR_SHOWN(hex, people, units)                                          \
  "((" people " = '' or replace(" people ", '|' || " hex " || '|', '') = " people \
  ") and " CANDOR_IN_SIGHT(hex, "person_hex", units) ")"

}  // namespace candor
