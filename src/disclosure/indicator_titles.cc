#include "disclosure/indicator_titles.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>

namespace candor {
namespace {

constexpr std::size_t kLargestTitles = 1u << 20;  // bytes of a file
constexpr std::size_t kLongestTitle = 200;        // bytes

}  // namespace

Result<IndicatorTitles> IndicatorTitles::load(const std::filesystem::path& folder, Language language) {
  const std::string name = "indicators." + std::string(to_text(language)) + ".yml";
  IndicatorTitles out;
  std::error_code ignored;
  if (!std::filesystem::exists(folder / name, ignored)) return out;
  std::ifstream in(folder / name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string shown = "content/documents/" + name;
  const auto bad = [&shown](int line, const std::string& why) {
    return fail("documents.bad_titles", shown + ":" + std::to_string(line) + ": " + why);
  };
  if (text.size() > kLargestTitles) return bad(1, "the file is too large");
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) return bad(1, "it maps names of indicators to titles: `usb_copy: Dateien auf USB kopiert`");
    for (const auto& entry : root) {
      const int line = entry.first.Mark().line + 1;
      if (!entry.first.IsScalar() || !entry.second.IsScalar()) return bad(line, "a title is a text");
      const std::string title = entry.second.Scalar();
      if (title.empty() || title.size() > kLongestTitle) return bad(line, "a title has 1 to 200 bytes");
      if (!out.titles_.emplace(entry.first.Scalar(), title).second) return bad(line, "the name is there twice");
    }
  } catch (const YAML::Exception& fault) {
    return bad(fault.mark.line + 1, fault.msg);
  }
  return out;
}

std::string IndicatorTitles::of(std::string_view name, std::string_view own) const {
  const auto found = titles_.find(name);
  return found == titles_.end() ? std::string(own) : found->second;
}

}  // namespace candor
