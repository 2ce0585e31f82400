#include "organisation/settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/yaml_reader.h"
#include "organisation/setting_table.h"
#include "outbox/mail_server.h"
#include "outbox/mail_text.h"
#include "outbox/webhook.h"

namespace candor {
namespace {

constexpr std::size_t kMostTextBytes = 500;
constexpr std::size_t kMostTexts = 20;
constexpr std::size_t kMostGroups = 500;
constexpr std::size_t kMostAddressBytes = 2000;
constexpr std::size_t kMostPathBytes = 1000;

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) {
    if (names.empty() || names.back() != setting.section) names.emplace_back(setting.section);
  }
  return names;
}

std::vector<std::string> names_in(const std::string& section) {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) {
    if (setting.section == section) names.emplace_back(setting.name);
  }
  return names;
}

// Puts the value of one setting where it belongs.
class Take {
 public:
  Take(YamlReader& reader, const YAML::Node& section, const char* name, Settings& settings)
      : reader_(reader), section_(section), name_(name), settings_(settings) {}

  void operator()(const WholeNumber& kind) {
    if (const auto value = reader_.integer(section_, name_, kind.least, kind.most)) kind.of(settings_) = *value;
  }
  void operator()(const YesOrNo& kind) {
    if (const auto value = reader_.boolean(section_, name_)) kind.of(settings_) = *value;
  }
  void operator()(const FolderPath& kind) {
    const auto value = reader_.text(section_, name_, kMostPathBytes);
    if (!value) return;
    if (value->text.empty() || value->text.starts_with('/')) {
      kind.of(settings_) = value->text;
    } else {
      reader_.fault(value->place, "bad_folder", "`" + std::string(name_) + "` is a whole path", "it begins with `/`");
    }
  }
  void operator()(const WebAddress& kind) {
    const auto value = reader_.text(section_, name_, kMostAddressBytes);
    if (!value) return;
    if (value->text.empty() || is_web_address(value->text)) {
      kind.of(settings_) = value->text;
    } else {
      // The value is not repeated: it may be most of a good address, with its token.
      reader_.fault(value->place, "bad_address", "`" + std::string(name_) + "` is no address",
                    "write a whole one like https://hooks.example.com/candor, or \"\" for none");
    }
  }
  void operator()(const Text& kind) {
    const auto value = reader_.text(section_, name_, kMostTextBytes);
    if (!value) return;
    if (value->text.empty() || kind.fits(value->text)) {
      kind.of(settings_) = value->text;
    } else {
      reader_.fault(value->place, "bad_value", "`" + std::string(name_) + "` is not of its form", kind.hint);
    }
  }
  void operator()(const Texts& kind) {
    if (!section_[name_]) return;
    std::vector<std::string> texts;
    for (const Placed& one : reader_.texts(section_, name_, kMostTexts)) {
      if (one.text.empty() || one.text.size() > kMostTextBytes || one.text.contains(' ')) {
        reader_.fault(one.place, "bad_value", "`" + std::string(name_) + "` holds a value that is not one word",
                      "write a list: [one, another]");
      } else {
        texts.push_back(one.text);
      }
    }
    kind.of(settings_) = std::move(texts);
  }
  void operator()(const WhichLocalAccounts&) {
    const auto which = reader_.word(section_, name_, {"all", "administrators"});
    if (which) settings_.oidc.local_accounts = *which == 0 ? LocalAccounts::all : LocalAccounts::administrators;
  }
  void operator()(const RolesOfGroups&) {
    for (const YAML::Node& row : reader_.list(section_, name_, kMostGroups)) {
      if (!reader_.map(row, "a row of `roles`", {"group", "role"})) continue;
      const auto group = reader_.required_text(row, "group", kMostTextBytes);
      const auto role = reader_.required_text(row, "role", kMostTextBytes);
      if (!group || !role) continue;
      const bool again =
          std::ranges::any_of(settings_.oidc.roles, [&](const GroupRole& one) { return one.group == group->text; });
      if (again) {
        reader_.fault(group->place, "repeated_group", "a group has one role, here it has a second one",
                      "people in several groups have the role of the row that comes first");
      } else {
        settings_.oidc.roles.push_back({.group = group->text, .role = role->text});
      }
    }
  }

 private:
  YamlReader& reader_;
  const YAML::Node& section_;
  const char* name_;
  Settings& settings_;
};

void read_section(YamlReader& reader, const YAML::Node& section, const std::string& name, Settings& settings) {
  if (!section || section.IsNull()) return;
  if (!reader.map(section, "`" + name + "`", names_in(name))) return;
  for (const Setting& setting : kSettings) {
    if (setting.section == name) std::visit(Take(reader, section, setting.name, settings), setting.kind);
  }
}

// What no setting can say of itself.
void check_retention(YamlReader& reader, const YAML::Node& root, Settings::Retention& retention) {
  if (retention.raw_days <= retention.activity_days) return;
  const YAML::Node section = root["retention"];
  const YAML::Node given = section["raw_days"] ? section["raw_days"] : section["activity_days"];
  reader.fault(YamlReader::place_of(given), "raw_outlives_activity",
               "raw records would be kept " + std::to_string(retention.raw_days) + " days, longer than the " +
                   std::to_string(retention.activity_days) + " of the activities made of them",
               "`raw_days` is at most `activity_days`; left out they are " +
                   std::to_string(Settings::Retention().raw_days) + " and " +
                   std::to_string(Settings::Retention().activity_days));
  retention = {};
}

void check_oidc(YamlReader& reader, const YAML::Node& root, ProviderSettings& oidc) {
  if (oidc.issuer.empty()) return;
  const Place place = YamlReader::place_of(root["oidc"]["issuer"]);
  const auto needed = [&](bool there, const char* name, const char* hint) {
    if (!there) reader.fault(place, "incomplete", std::string("with an issuer `") + name + "` is needed", hint);
    return there;
  };
  bool complete = needed(!oidc.client_id.empty(), "client_id", "the provider gives it to a registered client");
  complete &= needed(!oidc.public_address.empty(), "public_address",
                     "where browsers reach Candor, for the provider to send them back to");
  complete &= needed(!oidc.roles.empty(), "roles", "without a row {group: ..., role: ...} nobody may sign in");
  complete &= needed(!oidc.groups_claim.empty(), "groups_claim", "the claim that names groups, usually `groups`");
  complete &=
      needed(!oidc.user_claim.empty(), "user_claim", "the claim of the user name, usually `preferred_username`");
  complete &= needed(std::ranges::find(oidc.scopes, "openid") != oidc.scopes.end(), "scopes: [openid, ...]",
                     "without `openid` the provider signs nobody in");
  if (!complete) oidc = {};
  if (oidc.name.empty()) oidc.name = "single sign-on";
  if (oidc.public_address.ends_with('/')) oidc.public_address.pop_back();
}

void check_mail(YamlReader& reader, const YAML::Node& root, Settings::Mail& mail) {
  if (mail.server.empty()) return;
  const Place place = YamlReader::place_of(root["mail"]["server"]);
  bool complete = true;
  if (mail.from.empty()) {
    reader.fault(place, "incomplete", "with a server `from` is needed", "the address Candor's mail comes from");
    complete = false;
  }
  if (mail.server.starts_with("smtp://") && !mail.starttls && !mail.user.empty() && !is_this_machine(mail.server)) {
    reader.fault(place, "plain_password", "without `starttls` the password would cross the network for all to read",
                 "leave `starttls` at true, or use smtps://");
    complete = false;
  }
  if (!complete) mail = {};
}

// Nothing but blanks and comments: everything is as it is by default.
bool says_nothing(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t first = text.find_first_not_of(" \t\r", at);
    if (first != std::string::npos && first < end && text[first] != '#') return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  names.reserve(kSettings.size());
  for (const Setting& setting : kSettings) names.push_back(std::string(setting.section) + "." + setting.name);
  return names;
}

Settings parse_settings(const std::string& text, const std::string& file, std::vector<Diagnostic>& diagnostics) {
  Settings settings;
  if (says_nothing(text)) return settings;
  std::vector<Diagnostic> faults;  // of their own: the reader takes a hundred in all
  YamlReader reader(file, "settings", faults);
  if (const auto root = reader.document(text)) {
    std::vector<std::string> sections = section_names();
    sections.emplace_back("webhooks");  // a list: load_webhooks()
    reader.map(*root, "the settings", sections);
    for (const std::string& name : section_names()) {
      const std::size_t before = faults.size();
      read_section(reader, (*root)[name], name, settings);
      if (name == "retention" && faults.size() == before) check_retention(reader, *root, settings.retention);
      if (name == "mail" && faults.size() == before) check_mail(reader, *root, settings.mail);
      if (name == "oidc" && faults.size() == before) check_oidc(reader, *root, settings.oidc);
      if (name == "oidc" && faults.size() != before) settings.oidc = {};
    }
  }
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return settings;
}

Settings load_settings(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return {};
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    diagnostics.push_back({.file = file.string(),
                           .id = "settings.unreadable",
                           .message = "the settings cannot be read",
                           .hint = "let the account that runs candor read the file"});
    return {};
  }
  return parse_settings(text, file.string(), diagnostics);
}

}  // namespace candor
