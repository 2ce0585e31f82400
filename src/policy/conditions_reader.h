#pragma once

#include <vector>

#include "base/yaml_reader.h"
#include "policy/policy.h"

// Internal to policy: how whom something means is written, in scopes, boosters and units alike.
namespace candor {

// The list of conditions under `key`; each that is no map of attributes is a fault, and left out.
std::vector<Scope::Condition> read_conditions(const YAML::Node& map, const char* key, YamlReader& reader);

}  // namespace candor
