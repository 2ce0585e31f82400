#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "policy/policy.h"
#include "profile/fact.h"

// Administrative units: parts of the organisation that a viewer may be limited to. Priority groups: people whom only
// viewers named as their reviewers see. Who is in one is a rule over what the directory says of a person, written as a
// policy's `scope` is.
namespace candor {

struct Unit {
  std::string id;    // "germany"; never given to another: viewers are limited to ids, and named as reviewers of them
  std::string name;  // for people
  std::string description = {};
  Scope who;  // `where` is never empty
};

// content/units.yml. Immutable; both ascending by id, and no id is in both.
struct Units {
  std::vector<Unit> units;
  std::vector<Unit> groups;  // priority groups
  // Something in the file was not understood: a priority group that is not in `groups` may be meant to be there.
  bool faulty = false;

  const Unit* find(std::string_view id) const;        // null: there is no such unit
  const Unit* find_group(std::string_view id) const;  // null: there is no such priority group
};

// Reads the file's text; every fault, id `units.*`, into `diagnostics`. A unit with a fault is left out, and nobody is
// in it: a half-understood rule must not show people to anybody. So is a priority group; who was in it stays in it
// (UnitMembers).
Units read_units(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics);

// Whether a person is in it, by the directory's fact of the day; null: no directory tells of the person, who is in
// none. What is not known never brings anybody in: neither by `where`, nor past an `except` whose attributes are not
// told.
bool is_member(const Unit& unit, const Fact* directory);

// The rule in one line, the same for the same rule: "country: DE; department: Finance, Sales - except title: Head".
std::string rule_in_words(const Unit& unit);

}  // namespace candor
