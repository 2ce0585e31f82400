#pragma once

#include <memory>
#include <string>
#include <vector>

#include "activity/mapping_program.h"
#include "base/diagnostics.h"

namespace candor {

// Reads the text of a mapping file. Collects every fault; the program is usable when none is an error. `organisation`:
// as Mapping::load().
std::unique_ptr<MappingProgram> read_mapping(const std::string& yaml, const std::string& name,
                                             std::shared_ptr<const FieldCatalogue> catalogue,
                                             std::shared_ptr<const Organisation> organisation,
                                             std::vector<Diagnostic>& diagnostics);

}  // namespace candor
