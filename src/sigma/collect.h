#pragma once

#include <optional>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/detection.h"
#include "sigma/document.h"
#include "sigma/rule_set.h"

// Step 2 of 3: documents as written to a checked set. Knows modifiers, conditions, correlations, filters, and which
// fields there are.
namespace candor::sigma {

// The valid ones in the order of the documents, filters applied. Every fault found is added to `diagnostics`; what is
// valid stays. Of two rules with one id the one read first stays.
RuleSet collect(const std::vector<Document>& documents, FieldScope& scope, std::vector<Diagnostic>& diagnostics);

bool is_uuid(std::string_view text);

}  // namespace candor::sigma
