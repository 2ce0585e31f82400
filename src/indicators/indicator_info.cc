#include "indicators/indicator_info.h"

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

}  // namespace candor
