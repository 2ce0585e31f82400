#include "organisation/list_text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "activity/organisation_text.h"
#include "base/yaml_tree.h"
#include "organisation/csv.h"
#include "profile/csv.h"

namespace candor {
namespace {

using ListJson = nlohmann::ordered_json;

// As ItemKind of indicators/item_lists.h names them; list_text_test.cc compares both.
constexpr std::array<std::string_view, 8> kItemLists = {
    "domains", "sites", "paths", "file_types", "attachments", "keywords", "sensitive_info_types", "classifiers"};

constexpr YamlLimits kListLimits = {.nodes = std::numeric_limits<std::size_t>::max(), .depth = 8};

class ListTextReader {
 public:
  ListTextReader(const ListInfo& list, const std::string& file, std::vector<Diagnostic>& diagnostics)
      : list_(list), file_(file), diagnostics_(diagnostics) {}

  void fault(Place place, std::string id, std::string message, std::string hint) {
    diagnostics_.push_back({.file = file_,
                            .line = place.line,
                            .column = place.column,
                            .severity = Severity::error,
                            .id = std::move(id),
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  std::vector<ListEntry> yaml(const std::string& text) {
    const YamlStream stream = parse_yaml(text, kListLimits);
    if (stream.fault) {
      fault(stream.fault->place, "lists.bad_yaml", stream.fault->message, "");
      return {};
    }
    const bool one = stream.documents.size() == 1 && stream.documents.front().is_map();
    const YamlNode* rows = one ? stream.documents.front().find(list_.name) : nullptr;
    if (rows == nullptr || stream.documents.front().entries.size() != 1) {
      fault({.line = 1, .column = 1}, "lists.bad_text", "a map with the one key `" + list_.name + "` is expected",
            "begin with `" + list_.name + ":` and write each entry on a line that begins with a dash");
      return {};
    }
    if (rows->kind == YamlNode::Kind::null) return {};
    if (!rows->is_list()) {
      fault(rows->place, "lists.bad_text", "`" + list_.name + "` must be a list",
            "write each entry on a line that begins with a dash");
      return {};
    }
    for (const YamlNode& row : rows->items) {
      if (entry(row)) continue;
      fault(row.place, "lists.bad_entry", "an entry is a map of texts and lists of texts that begins with `name`",
            "write `- {name: some_name, ...}`");
    }
    return std::move(entries_);
  }

  // An entry of a list of a group a row.
  std::vector<ListEntry> csv(const std::string& text) {
    CsvReader reader(text, CsvReader::separator_of(text));
    const auto header = reader.next();
    const auto columns = header ? header->fields : std::vector<std::string>();
    const auto column = [&](std::string_view name) {
      return static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin());
    };
    const std::size_t name = column("name");
    const std::size_t list = column("list");
    const std::size_t item = column("entry");
    const std::size_t title = column("title");
    if (std::max({name, list, item}) >= columns.size()) {
      fault({.line = 1, .column = 1}, "lists.bad_csv", "the columns name, list and entry are expected",
            "write `name,title,list,entry` as the first line");
      return {};
    }
    std::map<std::string, ListJson> groups;
    std::map<std::string, int> lines;
    while (const auto row = reader.next()) {
      if (!row->fault.empty() || row->fields.size() < columns.size()) {
        fault({.line = row->line, .column = 1}, "lists.bad_csv", "this row has not as many fields as there are columns",
              "put texts that hold the separator in quotes");
        continue;
      }
      const std::string& which = row->fields[list];
      if (std::ranges::find(kItemLists, which) == kItemLists.end()) {
        fault({.line = row->line, .column = 1}, "lists.bad_csv", "the column `list` names no list of a group",
              "write one of domains, sites, paths, file_types, attachments, keywords, sensitive_info_types, "
              "classifiers");
        continue;
      }
      ListJson& group = groups[row->fields[name]];
      lines.try_emplace(row->fields[name], row->line);
      group["name"] = row->fields[name];
      if (title < row->fields.size() && !row->fields[title].empty()) group["title"] = row->fields[title];
      group[which].push_back(row->fields[item]);
    }
    for (auto& [group_name, group] : groups) add(group_name, std::move(group), lines[group_name], 1);
    return std::move(entries_);
  }

  void add(const std::string& name, ListJson entry, int line, int column) {
    if (!names_.insert(name).second) {
      fault({.line = line, .column = column}, "lists.said_twice", "there is an entry of this name already",
            "put both into one, or give one of them another name");
      return;
    }
    entries_.push_back({.name = name, .text = in_order(entry), .line = line});
  }

 private:
  bool entry(const YamlNode& row) {
    if (!row.is_map()) return false;
    ListJson out = ListJson::object();
    for (const YamlEntry& each : row.entries) {
      if (each.value.kind == YamlNode::Kind::scalar) {
        out[each.key.text] = each.value.text;
      } else if (each.value.is_list()) {
        ListJson items = ListJson::array();
        for (const YamlNode& item : each.value.items) {
          if (item.kind != YamlNode::Kind::scalar) return false;
          items.push_back(item.text);
        }
        out[each.key.text] = std::move(items);
      } else if (each.value.kind != YamlNode::Kind::null) {
        return false;
      }
    }
    const auto name = out.find("name");
    if (name == out.end() || !name->is_string()) return false;
    const auto called = name->get<std::string>();  // before what it is in is moved: arguments come in no order
    add(called, std::move(out), row.place.line, row.place.column);
    return true;
  }

  // Known fields in the order in which they are shown, behind them what the file's reader will refuse; lists sorted.
  std::string in_order(ListJson& entry) const {
    ListJson out = ListJson::object();
    for (const ListField& field : fields_of(list_)) {
      const auto found = entry.find(field.name);
      if (found == entry.end()) continue;
      ListJson value = *found;
      entry.erase(found);
      // A single text stands for a list of one.
      if (field.many && value.is_string()) value = ListJson::array({value});
      if (value.is_array()) {
        std::sort(value.begin(), value.end());
        value.erase(std::unique(value.begin(), value.end()), value.end());
        if (value.empty() && field.name != "indicators") continue;
      }
      out[field.name] = std::move(value);
    }
    for (auto& [key, value] : entry.items()) out[key] = value;
    return out.dump(-1, ' ', false, ListJson::error_handler_t::replace);
  }

  const ListInfo& list_;
  const std::string& file_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<ListEntry> entries_;
  std::set<std::string> names_;
};

std::vector<std::string> choices_of(AttributeForm form) {
  switch (form) {
    case AttributeForm::stance:
      return {"allowed", "unallowed", "third_party"};
    case AttributeForm::yes_no:
      return {"true", "false"};
    case AttributeForm::worth:
      return {"low", "medium", "high"};
    case AttributeForm::announced_kind:
      return {"migration", "laptop_roll_out", "auto_labelling", "reorganisation", "other"};
    default:
      return {};
  }
}

// The texts of a field: one, or those of a list.
std::vector<std::string> texts_of(const ListJson& entry, const std::string& field) {
  const auto found = entry.find(field);
  if (found == entry.end()) return {};
  if (found->is_string()) return {found->get<std::string>()};
  std::vector<std::string> out;
  for (const ListJson& item : *found) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  std::ranges::sort(out);
  return out;
}

ListJson parsed(const std::optional<std::string>& text) {
  ListJson json = text ? ListJson::parse(*text, nullptr, false) : ListJson::object();
  return json.is_object() ? json : ListJson::object();
}

void tell_first(std::vector<std::string> all, std::vector<std::string>& told, std::int64_t& count) {
  count = static_cast<std::int64_t>(all.size());
  if (all.size() > FieldDifference::kMostTold) all.resize(FieldDifference::kMostTold);
  told = std::move(all);
}

}  // namespace

const std::vector<ListInfo>& list_infos() {
  static const std::vector<ListInfo> all = [] {
    std::vector<ListInfo> out;
    for (const OrganisationFactSchema& schema : organisation_fact_schemas()) {
      // Announced events explain many at once: what is held is looked at later.
      const bool second = schema.decides_matching || schema.kind == OrganisationFactKind::announced_event;
      out.push_back({.name = std::string(schema.section),
                     .title = std::string(schema.title),
                     .file = "organisation.yml",
                     .kind = schema.kind,
                     .decides_matching = schema.decides_matching,
                     .second_person = second});
    }
    out.push_back({.name = "groups",
                   .title = "Detection groups",
                   .file = "detection_groups.yml",
                   .kind = std::nullopt,
                   .decides_matching = true,
                   .second_person = true});
    out.push_back({.name = "exclusions",
                   .title = "Global exclusions",
                   .file = "exclusions.yml",
                   .kind = std::nullopt,
                   .decides_matching = true,
                   .second_person = true});
    return out;
  }();
  return all;
}

Result<ListInfo> list_info(std::string_view name) {
  const auto found = std::ranges::find(list_infos(), name, &ListInfo::name);
  if (found != list_infos().end()) return *found;
  std::string all;
  for (const ListInfo& one : list_infos()) all += (all.empty() ? "" : ", ") + one.name;
  return fail("lists.unknown", "there is no such list; there are " + all);
}

std::vector<ListField> fields_of(const ListInfo& list) {
  std::vector<ListField> out;
  if (list.kind) {
    const OrganisationFactSchema& schema = schema_of(*list.kind);
    for (const AttributeSchema& each : schema.attributes) {
      out.push_back({std::string(each.name), each.required, false, choices_of(each.form)});
    }
    out.push_back({"from", schema.starts_on_a_day, false, {}});
    out.push_back({"to", false, false, {}});
    return out;
  }
  const bool exclusions = list.name == "exclusions";
  out.push_back({"name", true, false, {}});
  out.push_back({exclusions ? "reason" : "title", exclusions, false, {}});
  if (exclusions) {
    out.push_back({"indicators", false, true, {}});
    out.push_back({"groups", false, true, {}});
  }
  for (const std::string_view items : kItemLists) out.push_back({std::string(items), false, true, {}});
  if (exclusions) out.push_back({"unless_keywords", false, true, {}});
  return out;
}

ListEntry entry_of(const OrganisationFact& fact) {
  ListJson json = ListJson::object();
  for (const AttributeSchema& each : schema_of(fact.kind).attributes) {
    const std::string_view value = fact.attribute(each.name);
    if (!value.empty()) json[std::string(each.name)] = value;
  }
  if (fact.valid_from) json["from"] = format_day(*fact.valid_from);
  if (fact.valid_to) json["to"] = format_day(*fact.valid_to);
  return {.name = fact.key() + (fact.valid_from ? "@" + format_day(*fact.valid_from) : ""),
          .text = json.dump(-1, ' ', false, ListJson::error_handler_t::replace),
          .line = fact.line};
}

std::vector<ListEntry> read_list(const ListInfo& list, const std::string& text, const std::string& file, bool csv,
                                 std::vector<Diagnostic>& diagnostics) {
  ListTextReader reader(list, file, diagnostics);
  if (text.size() > kMostListBytes) {
    reader.fault({}, "lists.too_large", "the text is larger than 8 MiB", "split it: each part is a change of its own");
    return {};
  }
  if (!list.kind) {
    if (csv && list.name == "exclusions") {
      reader.fault({}, "lists.bad_csv", "exclusions are not read from CSV",
                   "write them as content/exclusions.yml does");
      return {};
    }
    return csv ? reader.csv(text) : reader.yaml(text);
  }
  const auto facts =
      csv ? read_organisation_csv(text, file, list.kind, diagnostics) : read_organisation_text(text, file, diagnostics);
  std::vector<ListEntry> out;
  std::map<std::string, std::size_t> seen;
  for (const OrganisationFact& fact : facts) {
    if (fact.kind != list.kind) {
      reader.fault({.line = fact.line, .column = fact.column}, "lists.other_list",
                   "this belongs to `" + std::string(schema_of(fact.kind).section) + "`", "change that list by itself");
      continue;
    }
    ListEntry entry = entry_of(fact);
    const auto [found, is_new] = seen.try_emplace(entry.name, out.size());
    if (is_new) {
      out.push_back(std::move(entry));
    } else if (out[found->second].text != entry.text) {
      reader.fault({.line = fact.line, .column = fact.column}, "lists.said_twice",
                   "line " + std::to_string(out[found->second].line) + " says otherwise about the same",
                   "keep one of them, or give them different first days");
    }
  }
  return out;
}

std::string list_text(const ListInfo& list, const std::map<std::string, std::string>& entries) {
  std::string out = list.name + ":";
  if (entries.empty()) return out + " []\n";
  out += '\n';
  for (const auto& [name, text] : entries) out += "  - " + text + '\n';
  return out;
}

Result<OrganisationFact> fact_of(const ListInfo& list, const std::string& text) {
  const Error bad{"lists.bad_entry", "a stored entry of `" + list.name + "` does not read"};
  const ListJson entry = ListJson::parse(text, nullptr, false);
  if (!list.kind || !entry.is_object()) return std::unexpected(bad);
  OrganisationFact fact;
  fact.kind = *list.kind;
  fact.source = "change";
  for (const auto& [name, value] : entry.items()) {
    if (!value.is_string()) return std::unexpected(bad);
    auto said = value.get<std::string>();
    if (name != "from" && name != "to") {
      fact.attributes[name] = std::move(said);  // in its form already
      continue;
    }
    const auto day = parse_day(said);
    if (!day) return std::unexpected(bad);
    (name == "from" ? fact.valid_from : fact.valid_to) = day;
  }
  CANDOR_TRY_VOID(check_whole(fact));
  return fact;
}

std::string_view to_text(EntryDifference::Kind kind) {
  constexpr std::array<std::string_view, 3> kWords = {"added", "changed", "removed"};
  return kWords.at(static_cast<std::size_t>(kind));
}

EntryDifference difference_of(const std::string& name, const std::optional<std::string>& before,
                              const std::optional<std::string>& after) {
  EntryDifference out;
  out.name = name;
  out.kind = !before  ? EntryDifference::Kind::added
             : !after ? EntryDifference::Kind::removed
                      : EntryDifference::Kind::changed;
  const ListJson was = parsed(before);
  const ListJson is = parsed(after);
  std::vector<std::string> fields;
  for (const ListJson* each : {&is, &was}) {
    for (const auto& [key, value] : each->items()) {
      if (std::ranges::find(fields, key) == fields.end()) fields.push_back(key);
    }
  }
  for (const std::string& field : fields) {
    const auto old_texts = texts_of(was, field);
    const auto new_texts = texts_of(is, field);
    std::vector<std::string> more;
    std::vector<std::string> less;
    std::ranges::set_difference(new_texts, old_texts, std::back_inserter(more));
    std::ranges::set_difference(old_texts, new_texts, std::back_inserter(less));
    if (more.empty() && less.empty()) continue;
    FieldDifference difference;
    difference.field = field;
    tell_first(std::move(more), difference.added, difference.added_count);
    tell_first(std::move(less), difference.removed, difference.removed_count);
    out.fields.push_back(std::move(difference));
  }
  return out;
}

}  // namespace candor
