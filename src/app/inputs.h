#pragma once

#include <string>
#include <vector>

#include "app/io.h"
#include "base/result.h"
#include "sources/file_source.h"

namespace candor {

// list_inputs() for one command: names are relative to its folder, and "-" is its own standard input, which is not the
// process's when the command runs for another process.
Result<std::vector<SourceInput>> list_inputs(const Io& io, const std::vector<std::string>& names);

// Whether this failure makes the command fail. A folder may hold files that are no logs: they are told, and that is
// all. A file that a person named is one.
bool is_failure(const Error& error, bool from_folder);

}  // namespace candor
