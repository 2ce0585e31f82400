#include "policy/unit.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/yaml_reader.h"
#include "policy/condition.h"
#include "policy/conditions_reader.h"
#include "profile/profile.h"

namespace candor {
namespace {

constexpr std::size_t kMostUnits = 1'000;

// What a rule may ask: what tells where somebody belongs, and not who they are.
const std::vector<std::string> kUnitAttributes = {"company", "country",   "department", "employee_type", "groups",
                                                  "office",  "time_zone", "title",      "working_hours"};

bool is_unit_id(const std::string& text) {
  return !text.empty() && text.front() != '-' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void check_unit_conditions(const YAML::Node& node, const std::vector<Scope::Condition>& conditions,
                           YamlReader& reader) {
  for (const Scope::Condition& condition : conditions) {
    for (const auto& [attribute, values] : condition) {
      if (std::ranges::find(kUnitAttributes, attribute) == kUnitAttributes.end()) {
        const std::string near = nearest(attribute, kUnitAttributes);
        std::string names;
        for (const std::string& one : kUnitAttributes) names += (names.empty() ? "" : ", ") + one;
        reader.fault(YamlReader::place_of(node), "unknown_attribute",
                     "`" + attribute + "` is not what a unit's rule may ask",
                     near.empty() ? "one of " + names : "did you mean `" + near + "`?");
      }
      if (values.empty() || std::ranges::find(values, "") != values.end()) {
        reader.fault(YamlReader::place_of(node), "no_value", "`" + attribute + "` has no value, or an empty one",
                     "such as `" + attribute + ": [...]`");
      }
    }
  }
}

std::optional<Unit> read_unit(const YAML::Node& node, YamlReader& reader, const char* what) {
  if (!reader.map(node, what, {"id", "name", "description", "where", "except"})) return std::nullopt;
  const auto id = reader.required_text(node, "id", 64);
  const auto name = reader.required_text(node, "name", 100);
  const auto description = reader.text(node, "description", 500);
  if (!id || !name) return std::nullopt;
  if (!is_unit_id(id->text)) {
    reader.fault(id->place, "bad_id", "an id has small letters, digits, `-` and `_` only, not `-` first");
  }
  Unit unit{.id = id->text, .name = name->text, .description = description ? description->text : "", .who = {}};
  unit.who.where = read_conditions(node, "where", reader);
  unit.who.except = read_conditions(node, "except", reader);
  check_unit_conditions(node, unit.who.where, reader);
  check_unit_conditions(node, unit.who.except, reader);
  if (unit.who.where.empty()) {
    reader.fault(YamlReader::place_of(node), "no_rule", std::string(what) + " says who is in it",
                 "`where: [{country: [DE]}]`; a viewer without units sees everybody");
  }
  return unit;
}

// Whether `except` may mean the person: it does, or what it asks is not told and nothing told speaks against it.
bool may_meet(const Fact& directory, const Scope::Condition& condition) {
  return std::ranges::all_of(condition, [&](const auto& one) {
    return attribute_of(&directory, one.first).empty() || has_value(directory, one.first, one.second);
  });
}

std::string conditions_in_words(const std::vector<Scope::Condition>& conditions) {
  std::string text;
  for (const Scope::Condition& condition : conditions) {
    text += text.empty() ? "" : " or ";
    bool first = true;
    for (const auto& [attribute, values] : condition) {
      text += (first ? "" : "; ") + attribute + ": ";
      first = false;
      for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + values[i];
    }
  }
  return text;
}

// `what` with its article. `ids`: of everything read so far, and `twice` those of them that came again.
std::vector<Unit> read_list(const YAML::Node& root, const char* key, const char* what, YamlReader& reader,
                            const std::vector<Diagnostic>& faults, std::set<std::string>& ids,
                            std::set<std::string>& twice) {
  std::vector<Unit> out;
  for (const YAML::Node& node : reader.list(root, key, kMostUnits)) {
    const std::size_t before = faults.size();
    auto unit = read_unit(node, reader, what);
    if (!unit) continue;
    if (!ids.insert(unit->id).second) {
      reader.fault(YamlReader::place_of(node), "repeated", "there are two `" + unit->id + "`",
                   "neither holds until one of them has another id");
      twice.insert(unit->id);
    }
    if (faults.size() == before) out.push_back(std::move(*unit));
  }
  return out;
}

const Unit* unit_of(const std::vector<Unit>& units, std::string_view id) {
  const auto found = std::ranges::find(units, id, &Unit::id);
  return found == units.end() ? nullptr : &*found;
}

}  // namespace

const Unit* Units::find(std::string_view id) const { return unit_of(units, id); }

const Unit* Units::find_group(std::string_view id) const { return unit_of(groups, id); }

Units read_units(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics) {
  Units out;
  std::vector<Diagnostic> faults;
  YamlReader reader(file, "units", faults);
  const auto root = reader.document(text);
  if (root && reader.map(*root, "the file", {"units", "priority_groups"})) {
    std::set<std::string> ids;
    std::set<std::string> twice;
    out.units = read_list(*root, "units", "a unit", reader, faults, ids, twice);
    out.groups = read_list(*root, "priority_groups", "a priority group", reader, faults, ids, twice);
    for (std::vector<Unit>* list : {&out.units, &out.groups}) {
      std::erase_if(*list, [&](const Unit& unit) { return twice.contains(unit.id); });
      std::ranges::sort(*list, {}, &Unit::id);
    }
  }
  out.faulty = !faults.empty();
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return out;
}

bool is_member(const Unit& unit, const Fact* directory) {
  if (directory == nullptr || directory->kind != FactKind::directory || directory->withdrawn) return false;
  return meets(*directory, unit.who.where) &&
         std::ranges::none_of(unit.who.except, [&](const Scope::Condition& one) { return may_meet(*directory, one); });
}

std::string rule_in_words(const Unit& unit) {
  return conditions_in_words(unit.who.where) +
         (unit.who.except.empty() ? "" : " - except " + conditions_in_words(unit.who.except));
}

}  // namespace candor
