#include "activity/mapping_reader.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <utility>

#include "activity/json_text.h"
#include "activity/operation_name.h"
#include "activity/text_transforms.h"
#include "base/fold.h"
#include "sources/feed.h"

namespace candor {
namespace {

constexpr std::array kSources = {
    std::pair{std::string_view("m365_audit"), SourceKind::m365_audit},
    std::pair{std::string_view("badge"), SourceKind::badge},
    std::pair{std::string_view("feed"), SourceKind::feed},
};
constexpr std::array kKinds = {ActorKind::unknown, ActorKind::person,      ActorKind::guest, ActorKind::service,
                               ActorKind::system,  ActorKind::application, ActorKind::policy};

class MappingReader {
 public:
  MappingReader(const std::string& name, MappingProgram& program, std::shared_ptr<const Organisation> organisation,
                std::vector<Diagnostic>& diagnostics)
      : name_(name), program_(program), organisation_(std::move(organisation)), diagnostics_(diagnostics) {}

  void read(const YAML::Node& root) {
    allow(root, {"source", "feed", "envelopes", "left_out", "dataset", "identity", "organisation", "account", "fields",
                 "derived", "record_types", "operations", "operation_prefixes"});
    read_source(root["source"]);
    read_feed(root);
    program_.dataset = text(root["dataset"]);
    read_identity(root["identity"]);
    read_organisation(root["organisation"], root["derived"]);
    if (root["account"]) read_account(root["account"]);
    for (const YAML::Node& row : root["fields"]) read_rule(row);
    for (const auto& entry : root["record_types"]) {
      const std::vector<std::string> names = texts(entry.second);  // more than one: it was renamed
      if (names.empty()) continue;
      const RecordTypeInfo info{.number = entry.first.as<std::string>(), .name = names.front()};
      program_.record_types[info.number] = info;
      for (const std::string& name : names) program_.record_types[ascii_lowered(name)] = info;
    }
    read_operations(root);
    if (root["derived"]) read_derived(root["derived"]);
    find_own_fields();
  }

 private:
  void complain(const YAML::Node& node, std::string id, std::string message, std::string hint = "") {
    diagnostics_.push_back({.file = name_,
                            .line = node.Mark().line + 1,
                            .column = node.Mark().column + 1,
                            .severity = Severity::error,
                            .id = std::move(id),
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  void allow(const YAML::Node& map, std::initializer_list<const char*> keys) {
    const std::vector<std::string> known(keys.begin(), keys.end());
    for (const auto& entry : map) {
      const auto key = entry.first.as<std::string>();
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        const std::string near = nearest(key, known);
        complain(entry.first, "activity.unknown_key", "`" + key + "` means nothing here",
                 near.empty() ? "" : "did you mean `" + near + "`?");
      }
    }
  }

  static std::string text(const YAML::Node& node) { return node.IsDefined() ? node.as<std::string>() : ""; }
  static std::vector<std::string> texts(const YAML::Node& node) {
    std::vector<std::string> all;
    if (!node.IsDefined()) return all;
    if (node.IsScalar()) {
      all.push_back(node.as<std::string>());
    } else {
      for (const YAML::Node& entry : node) all.push_back(entry.as<std::string>());
    }
    return all;
  }
  static std::vector<std::string> lower_texts(const YAML::Node& node) {
    std::vector<std::string> all = texts(node);
    for (std::string& entry : all) entry = ascii_lowered(entry);
    return all;
  }

  std::optional<SlotId> slot(const YAML::Node& node, const std::string& path) {
    SlotId slot = 0;
    if (program_.tree.add(path, slot)) return slot;
    complain(
        node, "activity.bad_path",
        "`" + path + "` is no path, or there are more than " + std::to_string(kMaxSlots) + " of them",
        "paths look like Item.Subject, Members.UPN, Parameters[ForwardTo], Parameters[*], \"a.key with dots\".Name");
    return std::nullopt;
  }
  std::vector<SlotId> slots(const YAML::Node& node) {
    std::vector<SlotId> all;
    for (const std::string& path : texts(node)) {
      if (const auto made = slot(node, path)) all.push_back(*made);
    }
    return all;
  }
  std::optional<SlotId> one_slot(const YAML::Node& node) {
    if (!node.IsDefined()) return std::nullopt;
    return slot(node, node.as<std::string>());
  }

  std::optional<FieldId> field(const YAML::Node& node, const std::string& name) {
    if (const auto found = program_.catalogue->find(name)) return found;
    const std::string near = nearest(name, program_.catalogue->names());
    complain(node, "activity.unknown_field", "there is no field `" + name + "`",
             near.empty() ? "" : "did you mean `" + near + "`?");
    return std::nullopt;
  }

  void read_source(const YAML::Node& node) {
    for (const auto& [name, kind] : kSources) {
      if (name == text(node)) {
        program_.source = kind;
        return;
      }
    }
    complain(node, "activity.unknown_source", "`source` is one of m365_audit, badge, feed");
  }

  // The name is the file's too, so that whoever looks for a feed finds it.
  void read_feed(const YAML::Node& root) {
    program_.feed = text(root["feed"]);
    program_.envelopes = texts(root["envelopes"]);
    program_.left_out = texts(root["left_out"]);
    if (program_.source != SourceKind::feed) {
      for (const char* key : {"feed", "envelopes", "left_out"}) {
        if (root[key])
          complain(root[key], "activity.unknown_key", std::string("only `source: feed` has `") + key + "`");
      }
      return;
    }
    if (!is_feed_name(program_.feed)) {
      complain(
          root, "activity.bad_feed_name",
          "a feed needs a `feed` of 1 to 64 lower-case letters, digits and `_`, starting with a letter: for example "
          "sap_payments");
    } else if (std::filesystem::path(name_).stem() != program_.feed) {
      complain(root["feed"], "activity.bad_feed_name", "the file of feed `" + program_.feed + "` has another name",
               "call it " + program_.feed + ".yml");
    }
  }

  void read_identity(const YAML::Node& node) {
    allow(node, {"id", "time", "clock", "time_formats", "time_zone", "operation", "operation_names", "operation_rows",
                 "only_operation", "version", "record_type", "wrapped"});
    program_.id = slots(node["id"]);
    program_.time = slots(node["time"]);
    program_.clock = one_slot(node["clock"]);
    read_time_formats(node);
    for (const auto& entry : node["operation_names"]) {
      program_.operation_names[ascii_lowered(entry.first.as<std::string>())] = entry.second.as<std::string>();
    }
    program_.operation = slots(node["operation"]);
    program_.only_operation = text(node["only_operation"]);
    for (const YAML::Node& row : node["operation_rows"]) read_operation_row(row);
    program_.version = one_slot(node["version"]);
    program_.record_type = one_slot(node["record_type"]);
    program_.wrapped = one_slot(node["wrapped"]);
    if (program_.time.empty()) complain(node, "activity.no_time", "`identity` needs the path of the `time`");
    if (program_.operation.empty() && program_.only_operation.empty()) {
      complain(node, "activity.no_operation", "`identity` needs `operation` or `only_operation`");
    }
  }

  // Where it takes several values of a record to tell what was done.
  void read_operation_row(const YAML::Node& node) {
    allow(node, {"name", "when"});
    OperationRow row{.name = text(node["name"]), .when = {}};
    for (const auto& entry : node["when"]) {
      const auto made = slot(entry.first, entry.first.as<std::string>());
      if (!made) continue;
      Condition condition{.slot = *made, .values = {}};
      for (std::string& value : lower_texts(entry.second)) condition.values.insert(std::move(value));
      row.when.push_back(std::move(condition));
    }
    if (row.name.empty() || row.when.empty()) {
      complain(node, "activity.bad_operation_row", "a row of `operation_rows` needs `name` and `when`");
    }
    program_.operation_rows.push_back(std::move(row));
  }

  void read_time_formats(const YAML::Node& node) {
    if (node["time_zone"] && !node["time_formats"]) {
      complain(node["time_zone"], "activity.bad_time_format",
               "`time_zone` needs `time_formats`: without them times are ISO 8601, and UTC where they name no offset");
    }
    if (!node["time_formats"]) return;
    auto formats = TimeFormats::create(texts(node["time_formats"]), text(node["time_zone"]));
    if (formats) {
      program_.time_formats = std::move(*formats);
    } else {
      complain(node["time_formats"], formats.error().id, formats.error().message);
    }
  }

  // What the organisation says: as given, or from the files named, which are relative to the mapping's own.
  void read_organisation(const YAML::Node& organisation, const YAML::Node& derived) {
    if (derived) allow(derived, {"labels", "free_mail", "domain_kinds"});
    const bool wanted = organisation || derived;
    if (!wanted) return;
    if (organisation_ == nullptr) organisation_ = load_organisation(organisation, derived);
    if (organisation_ != nullptr) program_.account.organisation = organisation_;
  }

  void read_derived(const YAML::Node& derived) {
    program_.deriver.emplace(*program_.catalogue, program_.account.organisation);
    if (!derived["domain_kinds"]) return;
    const auto folder = std::filesystem::path(name_).parent_path() / text(derived["domain_kinds"]);
    auto kinds = DomainKinds::load(folder, *program_.catalogue);
    if (kinds) {
      program_.domain_kinds.emplace(std::move(*kinds));
    } else {
      complain(derived, kinds.error().id, kinds.error().message);
    }
  }

  std::shared_ptr<const Organisation> load_organisation(const YAML::Node& organisation, const YAML::Node& derived) {
    const std::filesystem::path folder = std::filesystem::path(name_).parent_path();
    std::vector<OrganisationFact> facts;
    if (organisation) facts = load_organisation_facts(folder / text(organisation), diagnostics_);
    if (!derived) return Organisation::build(facts);
    auto lists = load_shipped_lists(folder / text(derived["labels"]), folder / text(derived["free_mail"]));
    if (lists) return Organisation::build(facts, std::move(*lists));
    complain(derived, lists.error().id, lists.error().message);
    return nullptr;
  }

  void read_account(const YAML::Node& node) {
    allow(node, {"from", "behind", "behind_in", "application", "type", "strip", "after", "agents", "rows",
                 "kind_by_type", "type_names", "through_application", "guests", "otherwise"});
    AccountRules& account = program_.account;
    account.from = slots(node["from"]);
    account.behind = slots(node["behind"]);
    if (node["behind_in"]) {
      allow(node["behind_in"], {"from", "members"});
      account.behind_in = slots(node["behind_in"]["from"]);
      account.behind_members = texts(node["behind_in"]["members"]);
    }
    account.application = slots(node["application"]);
    account.type = one_slot(node["type"]);
    account.strip = lower_texts(node["strip"]);
    account.after = lower_texts(node["after"]);
    if (node["otherwise"]) account.otherwise = kind(node["otherwise"]);
    for (std::string& agent : lower_texts(node["agents"])) account.agents.insert(std::move(agent));
    for (const YAML::Node& row : node["rows"]) read_account_row(row);
    for (const auto& entry : node["kind_by_type"]) {
      account.kind_by_type[entry.first.as<std::int64_t>()] = kind(entry.second);
    }
    for (const auto& entry : node["type_names"]) {
      account.type_names[ascii_lowered(entry.first.as<std::string>())] = entry.second.as<std::int64_t>();
    }
    for (const YAML::Node& type : node["through_application"]) {
      account.through_application.insert(type.as<std::int64_t>());
    }
    for (const YAML::Node& type : node["guests"]) account.guests.insert(type.as<std::int64_t>());
  }

  ActorKind kind(const YAML::Node& node) {
    for (const ActorKind candidate : kKinds) {
      if (to_text(candidate) == text(node)) return candidate;
    }
    complain(node, "activity.unknown_kind",
             "a kind is one of unknown, person, guest, service, system, application, policy");
    return ActorKind::unknown;
  }

  void read_account_row(const YAML::Node& node) {
    allow(node, {"kind", "equals", "prefixes", "suffixes", "parts", "shapes", "domains", "cut_prefixes", "guid"});
    program_.account.rows.push_back({.kind = kind(node["kind"]),
                                     .equals = lower_texts(node["equals"]),
                                     .suffixes = lower_texts(node["suffixes"]),
                                     .parts = lower_texts(node["parts"]),
                                     .prefixes = lower_texts(node["prefixes"]),
                                     .shapes = lower_texts(node["shapes"]),
                                     .domains = lower_texts(node["domains"]),
                                     .cut_prefixes = lower_texts(node["cut_prefixes"]),
                                     .guid = node["guid"].as<bool>(false)});
  }

  // A source is a path, or `@field` for what an earlier rule has set.
  void read_rule_sources(const YAML::Node& node, FieldRule& rule) {
    for (const std::string& path : texts(node)) {
      if (path.starts_with('@')) {
        if (const auto id = field(node, path.substr(1))) rule.from_fields.push_back(*id);
      } else if (const auto made = slot(node, path)) {
        rule.slots.push_back(*made);
        insert(rule.needs, *made);
      }
    }
    if (!rule.from_fields.empty()) {
      rule.needs = {};
      if (rule.slots.empty()) rule.from_field = rule.from_fields.front();
    }
    if (!rule.from_fields.empty() && rule.transform != Transform::domains &&
        (rule.from_fields.size() > 1 || !rule.slots.empty())) {
      complain(node, "activity.bad_source", "only `domains` takes several fields or fields beside paths");
    }
  }

  void read_conditions(const YAML::Node& node, ConditionSet& set) {
    for (const auto& entry : node) {
      Condition condition;
      const auto made = slot(entry.first, entry.first.as<std::string>());
      if (!made) continue;
      condition.slot = *made;
      for (std::string& value : lower_texts(entry.second)) condition.values.insert(std::move(value));
      if (program_.conditions.size() == kMaxConditions) {
        return complain(node, "activity.too_many_conditions",
                        "a mapping has at most " + std::to_string(kMaxConditions) + " conditions");
      }
      set.insert(program_.conditions.size());
      program_.conditions.push_back(std::move(condition));
    }
  }

  // A rule by its conditions alone is worth trying only where the first that asks for something can hold.
  void need_a_condition(FieldRule& rule, std::size_t first_condition) const {
    if (!rule.slots.empty() || !rule.from_fields.empty()) return;
    for (std::size_t i = first_condition; i < program_.conditions.size(); ++i) {
      if (program_.conditions[i].values.contains("")) continue;
      insert(rule.needs, program_.conditions[i].slot);
      return;
    }
  }

  void read_rule(const YAML::Node& node) {
    allow(node, {"field", "from", "as", "when", "unless", "set", "map", "any", "order", "member", "by_agent"});
    const auto id = field(node, text(node["field"]));
    if (!id) return;
    FieldRule rule;
    rule.field = *id;
    const FieldType type = (*program_.catalogue)[*id].type;
    const std::string wanted = node["as"] ? text(node["as"]) : default_transform(type);
    const auto transform = transform_named(wanted);
    if (!transform) {
      const std::string near = nearest(wanted, transform_names());
      complain(node["as"], "activity.unknown_transform", "there is no `as: " + wanted + "`",
               near.empty() ? "" : "did you mean `" + near + "`?");
      return;
    }
    rule.transform = *transform;
    if (!fits(*transform, type)) {
      complain(node, "activity.wrong_type",
               "`as: " + wanted + "` does not fit a field of type " + std::string(to_text(type)));
    }
    read_rule_sources(node["from"], rule);
    const std::size_t first_condition = program_.conditions.size();
    read_conditions(node["when"], rule.when);
    if (node["set"]) rule.constant = text(node["set"]);
    for (const auto& entry : node["map"])
      rule.map[ascii_lowered(entry.first.as<std::string>())] = entry.second.as<std::string>();
    need_a_condition(rule, first_condition);
    read_conditions(node["unless"], rule.unless);
    rule.has_conditions = !rule.when.is_empty() || !rule.unless.is_empty();
    rule.any = lower_texts(node["any"]);
    rule.order = lower_texts(node["order"]);
    rule.member = text(node["member"]);
    rule.by_agent = node["by_agent"].as<bool>(true);
    if (rule.slots.empty() && rule.from_fields.empty() && !(rule.constant && !rule.when.is_empty())) {
      complain(node, "activity.no_source", "a rule needs `from`, or `set` with `when`");
    }
    rule.make = text_transform(rule.transform);
    rule.is_plain = rule.transform == Transform::text && !rule.from_field && !rule.slots.empty() && !rule.constant &&
                    rule.map.empty() && rule.member.empty();
    program_.rules.push_back(std::move(rule));
  }

  static std::string default_transform(FieldType type) {
    switch (type) {
      case FieldType::keywords:
        return "list";
      case FieldType::integer:
        return "integer";
      case FieldType::boolean:
        return "boolean";
      case FieldType::ip:
        return "ip";
      default:
        return "text";
    }
  }

  void read_operations(const YAML::Node& root) {
    program_.checks_operations = root["operations"].IsDefined();
    for (const YAML::Node& row : root["operations"]) {
      allow(row, {"names", "category", "type"});
      const OperationInfo info{.category = texts(row["category"]), .type = texts(row["type"])};
      for (const std::string& name : texts(row["names"])) {
        program_.operations[ascii_lowered(normalised_operation(name))] = info;
      }
    }
    for (const YAML::Node& row : root["operation_prefixes"]) {
      allow(row, {"prefixes", "category", "type"});
      const OperationInfo info{.category = texts(row["category"]), .type = texts(row["type"])};
      for (std::string& prefix : lower_texts(row["prefixes"])) {
        program_.operation_prefixes.emplace_back(std::move(prefix), info);
      }
    }
  }

  void find_own_fields() {
    const FieldCatalogue& catalogue = *program_.catalogue;
    program_.own = {.id = catalogue.find("event.id"),
                    .action = catalogue.find("event.action"),
                    .original_operation = catalogue.find("candor.operation"),
                    .code = catalogue.find("event.code"),
                    .dataset = catalogue.find("event.dataset"),
                    .category = catalogue.find("event.category"),
                    .type = catalogue.find("event.type"),
                    .email = catalogue.find("user.email"),
                    .name = catalogue.find("user.name"),
                    .domain = catalogue.find("user.domain"),
                    .actor_kind = catalogue.find("candor.actor.kind"),
                    .actor_type = catalogue.find("candor.actor.type"),
                    .application = catalogue.find("candor.actor.application")};
  }

  const std::string& name_;
  MappingProgram& program_;
  std::shared_ptr<const Organisation> organisation_;
  std::vector<Diagnostic>& diagnostics_;
};

}  // namespace

std::unique_ptr<MappingProgram> read_mapping(const std::string& yaml, const std::string& name,
                                             std::shared_ptr<const FieldCatalogue> catalogue,
                                             std::shared_ptr<const Organisation> organisation,
                                             std::vector<Diagnostic>& diagnostics) {
  auto program = std::make_unique<MappingProgram>();
  program->catalogue = std::move(catalogue);
  try {
    MappingReader(name, *program, std::move(organisation), diagnostics).read(YAML::Load(yaml));
  } catch (const YAML::Exception& error) {
    diagnostics.push_back({.file = name,
                           .line = error.mark.line + 1,
                           .column = error.mark.column + 1,
                           .severity = Severity::error,
                           .id = "activity.bad_yaml",
                           .message = error.msg,
                           .hint = ""});
  }
  return program;
}

}  // namespace candor
