#include "sigma/field_mapping.h"

#include "base/yaml_tree.h"
#include "sigma/detection.h"

namespace candor::sigma {
namespace {

class FieldMappingReader {
 public:
  FieldMappingReader(const std::string& file, std::vector<Diagnostic>& diagnostics) : faults_(file, diagnostics) {}

  std::optional<FieldMapping> read(std::string_view text) {
    const YamlStream stream = parse_yaml(text);
    if (stream.fault) {
      faults_.error(stream.fault->place, "mapping.bad_yaml", stream.fault->message);
      return std::nullopt;
    }
    if (stream.documents.size() != 1 || !stream.documents.front().is_map()) {
      faults_.error({}, "mapping.bad_mapping", "a mapping is one map with `name` and `fields`");
      return std::nullopt;
    }
    for (const YamlEntry& entry : stream.documents.front().entries) top_level(entry);
    if (mapping_.name.empty()) faults_.error({}, "mapping.missing_key", "`name` is missing");
    if (faults_.failed()) return std::nullopt;
    return std::move(mapping_);
  }

 private:
  void top_level(const YamlEntry& entry) {
    const std::string& key = entry.key.text;
    if (key == "name") {
      mapping_.name = text(entry.value);
    } else if (key == "description") {
      mapping_.description = text(entry.value);
    } else if (key == "products") {
      mapping_.products = texts(entry.value);
    } else if (key == "roots") {
      mapping_.roots = texts(entry.value);
    } else if (key == "time") {
      mapping_.time = texts(entry.value);
    } else if (key == "fields") {
      for (const YamlEntry& field : entry.value.entries) fields(field);
    } else if (key == "log_sources") {
      for (const YamlNode& row : entry.value.items) log_source(row);
    } else if (key == "activities") {
      for (const YamlNode& row : entry.value.items) activities(row);
    } else {
      unknown(entry.key, {"name", "description", "products", "roots", "time", "fields", "log_sources", "activities"});
    }
  }

  void fields(const YamlEntry& field) {
    if (!field.value.is_map()) {
      mapping_.paths[field.key.text] = texts(field.value);
      return;
    }
    for (const YamlEntry& entry : field.value.entries) {
      if (entry.key.text == "paths") {
        mapping_.paths[field.key.text] = texts(entry.value);
      } else if (entry.key.text == "activity") {
        mapping_.activity[field.key.text] = text(entry.value);
      } else {
        unknown(entry.key, {"paths", "activity"});
      }
    }
  }

  void log_source(const YamlNode& node) {
    FieldMapping::LogSourceRow row;
    for (const YamlEntry& entry : node.entries) {
      if (entry.key.text == "product") {
        row.source.product = text(entry.value);
      } else if (entry.key.text == "service") {
        row.source.service = text(entry.value);
      } else if (entry.key.text == "category") {
        row.source.category = text(entry.value);
      } else if (entry.key.text == "any") {
        for (const YamlNode& alternative : entry.value.items) {
          FieldMapping::Alternative& pairs = row.any.emplace_back();
          for (const YamlEntry& pair : alternative.entries) pairs.emplace_back(pair.key.text, texts(pair.value));
        }
      } else {
        unknown(entry.key, {"product", "service", "category", "any"});
      }
    }
    mapping_.log_sources.push_back(std::move(row));
  }

  void activities(const YamlNode& node) {
    FieldMapping::ActivityRow row;
    for (const YamlEntry& entry : node.entries) {
      const std::string& key = entry.key.text;
      if (key == "service") {
        row.service = text(entry.value);
      } else if (key == "source") {
        row.source = text(entry.value);
      } else if (key == "record_types") {
        row.record_types = texts(entry.value);
      } else if (key == "setting") {
        row.setting = text(entry.value);
      } else if (key == "licence") {
        row.licence = text(entry.value);
      } else if (key == "fields") {
        for (const YamlEntry& field : entry.value.entries) row.fields[field.key.text] = text(field.value);
      } else {
        unknown(entry.key, {"service", "source", "record_types", "setting", "licence", "fields"});
      }
    }
    mapping_.activities.push_back(std::move(row));
  }

  void unknown(const YamlNode& key, const std::vector<std::string>& known) {
    faults_.error(key.place, "mapping.unknown_key", "key `" + shortened(key.text) + "` means nothing here",
                  did_you_mean(key.text, known));
  }

  std::string text(const YamlNode& node) {
    if (!node.is_single()) faults_.error(node.place, "mapping.bad_value", "a single value is expected");
    return node.text;
  }

  std::vector<std::string> texts(const YamlNode& node) {
    if (node.is_single()) return {node.text};
    std::vector<std::string> result;
    for (const YamlNode& item : node.items) result.push_back(text(item));
    if (node.is_map()) faults_.error(node.place, "mapping.bad_value", "a value or a list of values is expected");
    return result;
  }

  Faults faults_;
  FieldMapping mapping_;
};

}  // namespace

std::optional<FieldMapping> read_mapping(const std::string& file, std::string_view text,
                                         std::vector<Diagnostic>& diagnostics) {
  return FieldMappingReader(file, diagnostics).read(text);
}

}  // namespace candor::sigma
