#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "policy/policy.h"
#include "profile/fact.h"

// Administrative units: parts of the organisation that a viewer may be limited to. Who is in one is a rule over what
// the directory says of a person, written as a policy's `scope` is.
namespace candor {

struct Unit {
  std::string id;    // "germany"; never given to another unit: viewers are limited to ids
  std::string name;  // for people
  std::string description = {};
  Scope who;  // `where` is never empty
};

// content/units.yml. Immutable; ascending by id.
struct Units {
  std::vector<Unit> units;
  const Unit* find(std::string_view id) const;  // null: there is none
};

// Reads the file's text; every fault, id `units.*`, into `diagnostics`. A unit with a fault is left out, and nobody is
// in it: a half-understood rule must not show people to anybody.
Units read_units(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics);

// Whether a person is in it, by the directory's fact of the day; null: no directory tells of the person, who is in
// none. What is not known never brings anybody in: neither by `where`, nor past an `except` whose attributes are not
// told.
bool is_member(const Unit& unit, const Fact* directory);

// The rule in one line, the same for the same rule: "country: DE; department: Finance, Sales - except title: Head".
std::string rule_in_words(const Unit& unit);

}  // namespace candor
