#pragma once

#include <string>
#include <vector>

#include "activity/field.h"
#include "sigma/document.h"
#include "sigma/expression.h"

// Which operations a rule is about, for people. Part of step 2 (collect.h).
namespace candor {

// The texts that `event.action` must have for the rule to hold, in the order and spelling of the rule; those it rules
// out are not among them. Empty when it asks for none.
std::vector<std::string> operations_of(const sigma::Expression& expression,
                                       const std::vector<sigma::Selection>& selections,
                                       const FieldCatalogue& catalogue);

}  // namespace candor
