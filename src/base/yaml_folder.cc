#include "base/yaml_folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace candor {

void each_yaml_file(const std::filesystem::path& folder, const std::string& fault_prefix,
                    std::vector<Diagnostic>& diagnostics,
                    const std::function<void(const std::string& text, const std::string& file)>& visit) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".yml") files.push_back(at->path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) {
      diagnostics.push_back(
          {.file = file.string(), .id = fault_prefix + ".unreadable", .message = "it cannot be read", .hint = {}});
    } else {
      visit(text, file.string());
    }
  }
}

}  // namespace candor
