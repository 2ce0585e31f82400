#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/organisation_fact.h"
#include "base/diagnostics.h"

namespace candor {

// Facts out of a CSV file with a header: `Get-Label | Export-Csv` (ImmutableId or Guid, DisplayName, Priority,
// ParentId), `Get-DlpSensitiveInformationType | Export-Csv` (Id, Name), or any kind with columns named like its
// attributes, `from` and `to`. Letter case, blanks, dashes and underscores in column names do not matter.
// `kind`: what all rows are; nullopt: told from the columns of the first two. Every valid row becomes a fact; each
// fault is named with its line, without the row's values. Safe for hostile text.
std::vector<OrganisationFact> read_organisation_csv(std::string_view text, const std::string& file,
                                                    std::optional<OrganisationFactKind> kind,
                                                    std::vector<Diagnostic>& diagnostics);

}  // namespace candor
