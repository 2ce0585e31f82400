#include "indicators/indicator_info.h"

#include <algorithm>

namespace candor {

std::string_view to_text(Category category) {
  switch (category) {
    case Category::access:
      return "access";
    case Category::deletion:
      return "deletion";
    case Category::collection:
      return "collection";
    case Category::exfiltration:
      return "exfiltration";
    case Category::infiltration:
      return "infiltration";
    case Category::obfuscation:
      return "obfuscation";
    case Category::security:
      return "security";
  }
  return "access";
}

std::vector<Category> all_categories() {
  return {Category::access,       Category::deletion,    Category::collection, Category::exfiltration,
          Category::infiltration, Category::obfuscation, Category::security};
}

std::string_view to_text(Stage stage) {
  switch (stage) {
    case Stage::access:
      return "access";
    case Stage::collection:
      return "collection";
    case Stage::obfuscation:
      return "obfuscation";
    case Stage::exfiltration:
      return "exfiltration";
    case Stage::cleanup:
      return "cleanup";
  }
  return "access";
}

std::vector<Stage> all_stages() {
  return {Stage::access, Stage::collection, Stage::obfuscation, Stage::exfiltration, Stage::cleanup};
}

std::string_view to_text(Licence licence) {
  switch (licence) {
    case Licence::any:
      return "any";
    case Licence::e3:
      return "e3";
    case Licence::e5:
      return "e5";
    case Licence::defender:
      return "defender";
    case Licence::entra_p2:
      return "entra_p2";
    case Licence::copilot:
      return "copilot";
    case Licence::power_bi:
      return "power_bi";
    case Licence::fabric:
      return "fabric";
    case Licence::purview_payg:
      return "purview_payg";
  }
  return "any";
}

std::vector<Licence> all_licences() {
  return {Licence::any,     Licence::e3,       Licence::e5,     Licence::defender,    Licence::entra_p2,
          Licence::copilot, Licence::power_bi, Licence::fabric, Licence::purview_payg};
}

std::string_view to_text(Dimension dimension) {
  switch (dimension) {
    case Dimension::all:
      return "all";
    case Dimension::sensitive:
      return "sensitive";
    case Dimension::priority:
      return "priority";
    case Dimension::unallowed:
      return "unallowed";
  }
  return "all";
}

std::vector<std::string> techniques_of(const IndicatorInfo& info) {
  constexpr std::string_view kPrefix = "attack.t";
  std::vector<std::string> techniques;
  for (const std::string& tag : info.tags) {
    const bool is_one = tag.starts_with(kPrefix) && tag.size() > kPrefix.size() && tag[kPrefix.size()] >= '0' &&
                        tag[kPrefix.size()] <= '9';
    if (is_one) techniques.push_back("T" + tag.substr(kPrefix.size()));
  }
  std::ranges::sort(techniques);
  return techniques;
}

std::string shown_file(const IndicatorInfo& info) {
  for (const std::string_view folder : {"/indicators/", "/variants/"}) {
    const std::size_t at = info.file.rfind(folder);
    if (at != std::string::npos) return info.file.substr(at + 1);
  }
  return info.file.substr(info.file.rfind('/') + 1);
}

}  // namespace candor
