#include "app/inputs.h"

namespace candor {

Result<std::vector<SourceInput>> list_inputs(const Io& io, const std::vector<std::string>& names) {
  std::vector<std::string> resolved;
  resolved.reserve(names.size());
  std::error_code ignored;
  const bool own_folder = std::filesystem::current_path(ignored) == io.folder;
  for (const std::string& name : names) {
    // Left as typed where that means the same, so that messages name files as the person did.
    resolved.push_back(own_folder || name == "-" ? name : io.resolve(name).string());
  }
  return list_inputs(resolved, io.in);
}

bool is_failure(const Error& error, bool from_folder) { return !from_folder || error.id != "sources.unknown_format"; }

}  // namespace candor
