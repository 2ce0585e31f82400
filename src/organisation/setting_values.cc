#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>

#include "organisation/setting_table.h"

// What can be said of settings besides reading them: values in words, lines, other values in a text.
namespace candor {
namespace {

std::string name_of(const Setting& setting) { return std::string(setting.section) + "." + setting.name; }

std::string joined_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// The table hands out references into settings that may be changed: a copy is.
class InWords {
 public:
  explicit InWords(const Settings& settings) : settings_(settings) {}

  std::string operator()(const WholeNumber& kind) { return std::to_string(kind.of(settings_)); }
  std::string operator()(const YesOrNo& kind) { return kind.of(settings_) ? "true" : "false"; }
  std::string operator()(const FolderPath& kind) { return kind.of(settings_); }
  std::string operator()(const WebAddress& kind) { return kind.of(settings_).empty() ? "" : "set"; }
  std::string operator()(const Text& kind) { return kind.of(settings_); }
  std::string operator()(const Texts& kind) { return joined_words(kind.of(settings_)); }
  std::string operator()(const WhichLocalAccounts&) {
    return settings_.oidc.local_accounts == LocalAccounts::all ? "all" : "administrators";
  }
  std::string operator()(const RolesOfGroups&) {
    std::vector<std::string> rows;
    for (const GroupRole& row : settings_.oidc.roles) rows.push_back(row.group + ": " + row.role);
    return joined_words(rows);
  }

 private:
  Settings settings_;
};

// In the order of the variant in Setting.
constexpr std::array kKinds = {SettingKind::whole_number, SettingKind::yes_or_no, SettingKind::address,
                               SettingKind::text,         SettingKind::texts,     SettingKind::word,
                               SettingKind::roles,        SettingKind::folder};

bool is_map(const YAML::Node& node) { return node && node.IsMap(); }

// A text of nothing but comments is no map, and neither is a section that says nothing.
YAML::Node map_of(const std::string& text) {
  YAML::Node root = YAML::Load(text);
  return is_map(root) ? root : YAML::Node(YAML::NodeType::Map);
}

}  // namespace

std::string_view to_text(SettingChanges changes) {
  constexpr std::array<std::string_view, 3> kTexts = {"in_file_only", "with_second_person",
                                                      "second_person_switches_on"};
  return kTexts.at(static_cast<std::size_t>(changes));
}

std::string_view to_text(SettingKind kind) {
  constexpr std::array<std::string_view, 8> kTexts = {"whole_number", "yes_or_no", "text", "texts",
                                                      "address",      "folder",    "word", "roles"};
  return kTexts.at(static_cast<std::size_t>(kind));
}

std::vector<SettingInfo> setting_infos() {
  std::vector<SettingInfo> out;
  out.reserve(kSettings.size());
  for (const Setting& setting : kSettings) {
    SettingInfo info;
    info.name = name_of(setting);
    info.kind = kKinds.at(setting.kind.index());
    info.changes = setting.changes;
    info.secret = std::holds_alternative<WebAddress>(setting.kind);
    if (const auto* const number = std::get_if<WholeNumber>(&setting.kind)) {
      info.least = number->least;
      info.most = number->most;
    }
    out.push_back(std::move(info));
  }
  return out;
}

std::string setting_value(const Settings& settings, const std::string& name) {
  const auto* const found = std::ranges::find(kSettings, name, name_of);
  return found == kSettings.end() ? "" : std::visit(InWords(settings), found->kind);
}

std::map<std::string, int> setting_lines(const std::string& text) {
  std::map<std::string, int> out;
  for (const auto& section : map_of(text)) {
    if (!is_map(section.second)) continue;
    for (const auto& entry : section.second) {
      out[section.first.Scalar() + "." + entry.first.Scalar()] = entry.first.Mark().line + 1;
    }
  }
  return out;
}

std::string with_values(const std::string& text, const std::map<std::string, std::string>& values) {
  if (values.empty()) return text;
  YAML::Node root = map_of(text);
  for (const auto& [name, value] : values) {
    const std::size_t dot = name.find('.');
    const std::string section = name.substr(0, dot);
    if (!is_map(root[section])) root[section] = YAML::Node(YAML::NodeType::Map);
    root[section][name.substr(dot + 1)] = value;
  }
  YAML::Emitter out;
  out << root;
  return out.c_str();
}

}  // namespace candor
