#include <algorithm>
#include <utility>

#include "sources/file_source.h"

namespace candor {

SourceInput SourceInput::file(const std::filesystem::path& path, bool from_folder) {
  return {.path = path, .descriptor = -1, .name = path.string(), .from_folder = from_folder};
}

SourceInput SourceInput::opened(int descriptor, std::string name) {
  return {.path = {}, .descriptor = descriptor, .name = std::move(name), .from_folder = false};
}

SourceInput SourceInput::text(std::string_view bytes, std::string name) {
  return {.path = {}, .descriptor = -1, .name = std::move(name), .from_folder = false, .bytes = bytes};
}

Result<std::vector<SourceInput>> list_inputs(const std::vector<std::string>& names, int standard_input) {
  namespace fs = std::filesystem;
  std::vector<SourceInput> inputs;
  for (const std::string& name : names) {
    std::error_code error;
    if (name == "-") {
      inputs.push_back(SourceInput::opened(standard_input, "standard input"));
      continue;
    }
    if (!fs::is_directory(name, error)) {
      if (!fs::exists(name, error)) return fail("sources.unreadable", name + ": there is no such file");
      inputs.push_back(SourceInput::file(name));
      continue;
    }
    std::vector<fs::path> below;
    for (fs::recursive_directory_iterator at(name, error), end; !error && at != end; at.increment(error)) {
      const bool hidden = at->path().filename().string().starts_with('.');
      if (hidden && at->is_directory(error)) at.disable_recursion_pending();
      if (!hidden && at->is_regular_file(error)) below.push_back(at->path());
    }
    if (error) return fail("sources.unreadable", name + ": " + error.message());
    if (below.empty()) return fail("sources.no_files", name + ": the folder has no files");
    std::sort(below.begin(), below.end());
    for (const fs::path& path : below) inputs.push_back(SourceInput::file(path, true));
  }
  return inputs;
}

}  // namespace candor
