#include "policy/conditions_reader.h"

namespace candor {

std::vector<Scope::Condition> read_conditions(const YAML::Node& map, const char* key, YamlReader& reader) {
  std::vector<Scope::Condition> out;
  for (const YAML::Node& node : reader.list(map, key, 100)) {
    if (!node.IsMap() || node.size() == 0 || node.size() > 16) {
      reader.fault(YamlReader::place_of(node), "bad_scope", "a condition is a map of attributes of the directory",
                   "such as {department: [Finance], country: [DE]}");
      continue;
    }
    Scope::Condition condition;
    for (const auto& attribute : node) {
      if (!attribute.first.IsScalar()) continue;
      const std::string& name = attribute.first.Scalar();
      // An attribute without values is one that nobody has: left out, it would be asked of nobody.
      std::vector<std::string>& values = condition[name];
      for (Placed& value : reader.texts(node, name.c_str(), 10'000)) values.push_back(std::move(value.text));
    }
    out.push_back(std::move(condition));
  }
  return out;
}

}  // namespace candor
