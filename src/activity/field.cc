#include "activity/field.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "activity/organisation_fact.h"

namespace candor {
namespace {

constexpr std::array kTypes = {
    std::pair{std::string_view("keyword"), FieldType::keyword},
    std::pair{std::string_view("keywords"), FieldType::keywords},
    std::pair{std::string_view("integer"), FieldType::integer},
    std::pair{std::string_view("boolean"), FieldType::boolean},
    std::pair{std::string_view("ip"), FieldType::ip},
};

std::optional<FieldType> type_named(std::string_view name) {
  for (const auto& [text, type] : kTypes) {
    if (text == name) return type;
  }
  return std::nullopt;
}

std::unexpected<Error> bad_catalogue(const std::string& where, const std::string& message) {
  return fail("activity.bad_field_catalogue", where + ": " + message);
}

// yaml-cpp reports by exception; load() turns them into values.
std::vector<Field> read_fields(const YAML::Node& root, std::string& fault) {
  std::vector<Field> fields;
  for (const YAML::Node& row : root["fields"]) {
    const std::string line = std::to_string(row.Mark().line + 1);
    const auto type = type_named(row["type"].as<std::string>(""));
    const auto name = row["name"].as<std::string>("");
    const auto needs = row["needs"].as<std::string>("");
    if (!needs.empty() && !need_named(needs)) {
      fault = line + ": `needs` names no facts about the organisation";
      return {};
    }
    if (name.empty() || !type) {
      fault = line + ": a field needs a name and one of the types keyword, keywords, integer, boolean, ip";
      return {};
    }
    fields.push_back(Field{.name = name,
                           .type = *type,
                           .label = row["label"].as<bool>(false),
                           .description = row["description"].as<std::string>(""),
                           .needs = needs});
  }
  if (fields.empty()) fault = "1: it has no `fields`";
  return fields;
}

// Groups the names from `depth` dots on by their next part, groups in order of first appearance.
void order_by_object(const std::vector<Field>& fields, const std::vector<FieldId>& group, std::size_t start,
                     std::vector<FieldId>& out) {
  std::vector<std::pair<std::string, std::vector<FieldId>>> parts;
  for (const FieldId id : group) {
    const std::string& name = fields[id].name;
    const std::size_t dot = name.find('.', start);
    if (dot == std::string::npos) {
      parts.push_back({"", {id}});
      continue;
    }
    const std::string part = name.substr(start, dot - start);
    auto known = std::find_if(parts.begin(), parts.end(), [&](const auto& entry) { return entry.first == part; });
    if (known == parts.end()) known = parts.insert(parts.end(), {part, {}});
    known->second.push_back(id);
  }
  const auto event = std::find_if(parts.begin(), parts.end(), [](const auto& entry) { return entry.first == "event"; });
  if (start == 0 && event != parts.end()) std::rotate(parts.begin(), event, event + 1);
  for (const auto& [part, ids] : parts) {
    if (part.empty()) {
      out.push_back(ids.front());
    } else {
      order_by_object(fields, ids, start + part.size() + 1, out);
    }
  }
}

}  // namespace

std::string_view to_text(FieldType type) {
  for (const auto& [text, known] : kTypes) {
    if (known == type) return text;
  }
  return "keyword";
}

Result<std::shared_ptr<const FieldCatalogue>> FieldCatalogue::load(const std::filesystem::path& file) {
  std::vector<Field> fields;
  std::string fault;
  try {
    fields = read_fields(YAML::LoadFile(file.string()), fault);
  } catch (const YAML::Exception& error) {
    return bad_catalogue(file.string() + ":" + std::to_string(error.mark.line + 1), error.msg);
  }
  if (!fault.empty()) return bad_catalogue(file.string(), fault);
  auto made = create(std::move(fields));
  if (!made) return std::unexpected(in_context(std::move(made).error(), file.string()));
  return made;
}

Result<std::shared_ptr<const FieldCatalogue>> FieldCatalogue::create(std::vector<Field> fields) {
  if (fields.size() > kMaxFields) {
    return fail("activity.bad_field_catalogue", "more than " + std::to_string(kMaxFields) + " fields");
  }
  auto catalogue = std::make_shared<FieldCatalogue>();
  catalogue->fields_ = std::move(fields);
  for (std::size_t i = 0; i < catalogue->fields_.size(); ++i) {
    const std::string& name = catalogue->fields_[i].name;
    if (!catalogue->by_name_.emplace(name, static_cast<FieldId>(i)).second) {
      return fail("activity.bad_field_catalogue", "row " + std::to_string(i + 1) + ": `" + name + "` is there twice");
    }
  }
  std::vector<FieldId> all;
  for (std::size_t i = 0; i < catalogue->fields_.size(); ++i) {
    all.push_back(static_cast<FieldId>(i));
    const std::string& name = catalogue->fields_[i].name;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
      if (catalogue->by_name_.contains(name.substr(0, dot))) {
        return fail("activity.bad_field_catalogue", "`" + name.substr(0, dot) + "` is a field and also an object");
      }
    }
  }
  order_by_object(catalogue->fields_, all, 0, catalogue->print_order_);
  return catalogue;
}

std::optional<FieldId> FieldCatalogue::find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

FieldId FieldCatalogue::require(std::string_view name) const {
  const auto found = find(name);
  CANDOR_CHECK(found.has_value());
  return *found;
}

std::vector<std::string> FieldCatalogue::names() const {
  std::vector<std::string> names;
  names.reserve(fields_.size());
  for (const Field& field : fields_) names.push_back(field.name);
  return names;
}

}  // namespace candor
