#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "activity/organisation_fact.h"
#include "base/diagnostics.h"

namespace YAML {
class Node;
}  // namespace YAML

namespace candor {

// Facts as content/organisation.yml and `candor organisation import` write them
// (content/schemas/organisation.schema.json).
inline constexpr std::size_t kMaxOrganisationBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMostOrganisationFacts = 200'000;

// Every valid fact of the text, in its order; each fault with file, line and column in `diagnostics`. `file` names the
// text in messages and as the source of its facts. Safe for hostile text: size, nesting and number are bounded.
// Messages repeat no value, which may be a person's address.
std::vector<OrganisationFact> read_organisation_text(const std::string& text, const std::string& file,
                                                     std::vector<Diagnostic>& diagnostics);
// The same of a part of a file that was parsed already: the map of sections.
std::vector<OrganisationFact> read_organisation_sections(const YAML::Node& sections, const std::string& file,
                                                         std::vector<Diagnostic>& diagnostics);

// Faults between facts: said twice, two answers for one day, a parent, place or order that leads nowhere. Warnings.
void check_between(const std::vector<OrganisationFact>& facts, std::vector<Diagnostic>& diagnostics);

// A fault at the place where a fact was said.
Diagnostic fault_of(const OrganisationFact& fact, Severity severity, std::string id, std::string message,
                    std::string hint);

}  // namespace candor
