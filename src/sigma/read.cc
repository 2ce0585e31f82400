#include "sigma/read.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

#include "sigma/suggestion.h"

namespace candor::sigma {
namespace {

// Top-level keys of the specification that inform the reader of a rule and decide nothing.
const std::set<std::string, std::less<>> kInforming = {
    "author",    "date",   "modified", "license", "references",
    "related",   "fields", "taxonomy", "scope",   "regression_tests_path",
    "simulation"};

// Reads one document; every problem becomes a diagnostic and reading goes on.
class RuleReader {
 public:
  RuleReader(const std::string& file, std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {
    document_.file = file;
  }

  std::optional<Document> read(const YamlNode& root) {
    document_.place = root.place;
    if (!root.is_map()) {
      error(root.place, "sigma.bad_rule", "a rule is a map with `title`, `logsource` and `detection`");
      return std::nullopt;
    }
    if (root.find("correlation") != nullptr) {
      document_.kind = Document::Kind::correlation;
    } else if (root.find("filter") != nullptr) {
      document_.kind = Document::Kind::filter;
    }
    each(root, [&](const Scalar& key, const YamlNode& value) { top_level(key, value); });
    if (document_.kind == Document::Kind::rule && root.find("detection") == nullptr) {
      error(root.place, "sigma.missing_key", "`detection` is missing",
            "a rule has `detection`, a correlation `correlation`, a filter `filter`");
    }
    if (failed_) return std::nullopt;
    return std::move(document_);
  }

 private:
  using Visit = std::function<void(const Scalar& key, const YamlNode& value)>;

  void report(Severity severity, Place place, const char* id, std::string message, std::string hint) {
    failed_ = failed_ || severity == Severity::error;
    diagnostics_.push_back({.file = document_.file,
                            .line = place.line,
                            .column = place.column,
                            .severity = severity,
                            .id = id,
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }
  void error(Place place, const char* id, std::string message, std::string hint = "") {
    report(Severity::error, place, id, std::move(message), std::move(hint));
  }

  // False when the document holds more values than any rule needs: aliases of aliases multiply.
  bool within_bounds(Place place) {
    if (++values_ <= kMaxValues) return true;
    if (values_ == kMaxValues + 1) {
      error(place, "sigma.too_large", "the rule has more than 20000 values", "split it");
    }
    return false;
  }

  void each(const YamlNode& map, const Visit& visit) {
    std::set<std::string_view> seen;
    for (const YamlEntry& entry : map.entries) {
      if (!within_bounds(entry.key.place)) return;
      if (!entry.key.is_single()) {
        error(entry.key.place, "sigma.bad_rule", "a key must be a plain text");
        continue;
      }
      if (!seen.insert(entry.key.text).second) {
        error(entry.key.place, "sigma.duplicate_key", "key `" + entry.key.text + "` appears twice");
        continue;
      }
      visit(scalar_of(entry.key), entry.value);
    }
  }

  static Scalar scalar_of(const YamlNode& node) {
    return {.text = node.text, .null = node.kind == YamlNode::Kind::null, .quoted = node.quoted, .place = node.place};
  }

  std::optional<Scalar> single(const Scalar& key, const YamlNode& value) {
    if (value.is_single()) return scalar_of(value);
    error(value.place, "sigma.bad_value", "`" + key.text + "` must be a single value");
    return std::nullopt;
  }

  // A single value or a list of single values.
  std::vector<Scalar> singles(const Scalar& key, const YamlNode& value) {
    std::vector<Scalar> result;
    if (value.is_map()) {
      error(value.place, "sigma.bad_value", "`" + key.text + "` must be a value or a list of values");
      return result;
    }
    if (!value.is_list()) {
      result.push_back(scalar_of(value));
      return result;
    }
    for (const YamlNode& item : value.items) {
      if (!within_bounds(item.place)) return result;
      if (item.is_single()) {
        result.push_back(scalar_of(item));
      } else {
        error(item.place, "sigma.bad_value", "an item of `" + key.text + "` must be a single value");
      }
    }
    return result;
  }

  bool is_map(const Scalar& key, const YamlNode& value) {
    if (value.is_map()) return true;
    error(key.place, "sigma.bad_value", "`" + key.text + "` must be a map");
    return false;
  }

  void top_level(const Scalar& key, const YamlNode& value) {
    struct Row {
      std::string_view key;
      std::optional<Scalar> Document::* member;
    };
    static constexpr Row kRows[] = {{"title", &Document::title}, {"id", &Document::id},
                                    {"name", &Document::name},   {"status", &Document::status},
                                    {"level", &Document::level}, {"description", &Document::description}};
    const auto* const row = std::ranges::find(kRows, key.text, &Row::key);
    if (row != std::end(kRows)) {
      document_.*(row->member) = single(key, value);
    } else if (key.text == "falsepositives") {
      document_.false_positives = singles(key, value);
    } else if (key.text == "tags") {
      document_.tags = singles(key, value);
    } else if (key.text == "logsource") {
      log_source(key, value);
    } else if (key.text == "detection") {
      detection(key, value);
    } else if (key.text == "correlation") {
      correlation(key, value);
    } else if (key.text == "filter") {
      filter(key, value);
    } else if (key.text == "generate") {
      document_.correlation.generate = single(key, value);
    } else if (key.text == "action") {
      error(key.place, "sigma.unsupported", "`action` belongs to collections of Sigma 1, which nothing replaces",
            "write each rule whole, several documents a file");
    } else if (!kInforming.contains(key.text)) {
      document_.custom.push_back({.key = YamlNode{.kind = YamlNode::Kind::scalar,
                                                  .quoted = false,
                                                  .text = key.text,
                                                  .place = key.place,
                                                  .items = {},
                                                  .entries = {}},
                                  .value = value});
    }
  }

  void log_source(const Scalar& block, const YamlNode& node) {
    document_.log_source.place = block.place;
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (key.text == "product") document_.log_source.product = single(key, value);
      if (key.text == "service") document_.log_source.service = single(key, value);
      if (key.text == "category") document_.log_source.category = single(key, value);
      // Others (definition, ...) inform the reader of the rule only.
    });
  }

  void detection(const Scalar& block, const YamlNode& node) {
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (key.text == "condition") {
        document_.conditions = singles(key, value);
      } else if (key.text == "timeframe") {
        error(key.place, "sigma.unsupported", "`timeframe` belongs to aggregations, which Sigma 2 has replaced",
              "write a correlation: `correlation: {type: event_count, ...}`");
      } else {
        selection(key, value);
      }
    });
    if (document_.conditions.empty()) {
      error(block.place, "sigma.missing_key", "`condition` is missing",
            "say how the selections go together: `condition: selection`");
    }
  }

  void filter(const Scalar& block, const YamlNode& node) {
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (key.text == "condition") {
        document_.conditions = singles(key, value);
      } else if (key.text == "rules") {
        document_.filtered_rules = singles(key, value);
      } else {
        selection(key, value);
      }
    });
    if (document_.filtered_rules.empty()) {
      error(block.place, "sigma.missing_key", "`rules` is missing", "name the rules by id, or write `rules: any`");
    }
    if (document_.conditions.empty()) {
      error(block.place, "sigma.missing_key", "`condition` is missing", "often `condition: not selection`");
    }
  }

  void selection(const Scalar& key, const YamlNode& value) {
    Selection selection{.name = key.text, .place = key.place, .maps = {}};
    if (value.is_map()) {
      selection.maps.push_back(field_map(key, value));
    } else if (value.is_list() && !value.items.empty()) {
      FieldMap keywords;
      for (const YamlNode& item : value.items) {
        if (!within_bounds(item.place)) return;
        if (item.is_map()) {
          selection.maps.push_back(field_map(key, item));
        } else if (item.is_single()) {
          if (keywords.empty()) keywords.push_back({.key = "", .place = key.place, .is_list = true, .values = {}});
          keywords.front().values.push_back(scalar_of(item));
        } else {
          error(item.place, "sigma.bad_selection", "an item of a selection is a map or a keyword, not a list");
        }
      }
      if (!keywords.empty()) selection.maps.push_back(std::move(keywords));
    } else if (value.kind == YamlNode::Kind::scalar) {
      selection.maps.push_back({{.key = "", .place = key.place, .is_list = false, .values = {scalar_of(value)}}});
    } else {
      error(key.place, "sigma.bad_selection", "selection `" + key.text + "` is empty",
            "a selection is a map of fields, or a list of maps or keywords");
      return;
    }
    document_.selections.push_back(std::move(selection));
  }

  FieldMap field_map(const Scalar& selection, const YamlNode& node) {
    FieldMap map;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      FieldLine line{.key = key.text, .place = key.place, .is_list = value.is_list(), .values = {}};
      line.values = singles(key, value);
      if (line.is_list && value.items.empty()) {
        error(key.place, "sigma.bad_value", "`" + key.text + "` has an empty list");
      }
      map.push_back(std::move(line));
    });
    if (node.entries.empty()) {
      error(selection.place, "sigma.bad_selection", "an empty map matches everything");
    }
    return map;
  }

  void correlation(const Scalar& block, const YamlNode& node) {
    CorrelationText& into = document_.correlation;
    into.place = block.place;
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (key.text == "type") {
        into.type = single(key, value);
      } else if (key.text == "rules") {
        into.rules = singles(key, value);
      } else if (key.text == "group-by") {
        into.group_by = singles(key, value);
      } else if (key.text == "timespan") {
        into.timespan = single(key, value);
      } else if (key.text == "generate") {
        into.generate = single(key, value);
      } else if (key.text == "condition") {
        correlation_condition(key, value);
      } else if (key.text == "aliases") {
        aliases(key, value);
      } else {
        warn_unknown(key, {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"});
      }
    });
  }

  void correlation_condition(const Scalar& block, const YamlNode& node) {
    document_.correlation.condition_place = block.place;
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (key.text == "field") {
        document_.correlation.fields = singles(key, value);
      } else if (auto scalar = single(key, value)) {
        document_.correlation.criteria.emplace_back(key, std::move(*scalar));
      }
    });
  }

  void aliases(const Scalar& block, const YamlNode& node) {
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& alias, const YamlNode& fields) {
      if (!is_map(alias, fields)) return;
      AliasLine line{.alias = alias, .fields = {}};
      each(fields, [&](const Scalar& rule, const YamlNode& field) {
        if (auto scalar = single(rule, field)) line.fields.emplace_back(rule, std::move(*scalar));
      });
      document_.correlation.aliases.push_back(std::move(line));
    });
  }

  void warn_unknown(const Scalar& key, const std::vector<std::string>& known) {
    const std::string near = suggestion(key.text, known);
    report(Severity::warning, key.place, "sigma.unknown_key", "key `" + key.text + "` means nothing here",
           near.empty() ? "" : "did you mean `" + near + "`?");
  }

  Document document_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
  std::size_t values_ = 0;
};

Diagnostic file_error(std::string file, const char* id, std::string message, std::string hint, Place place = {}) {
  return {.file = std::move(file),
          .line = place.line,
          .column = place.column,
          .severity = Severity::error,
          .id = id,
          .message = std::move(message),
          .hint = std::move(hint)};
}

bool is_rule_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return (name.ends_with(".yml") || name.ends_with(".yaml")) && !name.ends_with(".examples.yml");
}

}  // namespace

std::vector<Document> read_documents(const std::string& file, std::string_view text,
                                     std::vector<Diagnostic>& diagnostics) {
  std::vector<Document> documents;
  if (text.size() > kMaxFileBytes) {
    diagnostics.push_back(file_error(file, "sigma.too_large", "the file is larger than 1 MiB", "split it"));
    return documents;
  }
  YamlStream stream = parse_yaml(text);
  for (const YamlNode& root : stream.documents) {
    // A stray `---` at the end is no rule.
    if (root.kind == YamlNode::Kind::null && stream.documents.size() > 1) continue;
    if (auto document = RuleReader(file, diagnostics).read(root)) documents.push_back(std::move(*document));
  }
  if (stream.fault) {
    diagnostics.push_back(file_error(file, "sigma.bad_yaml", stream.fault->message, "", stream.fault->place));
  } else if (stream.documents.empty()) {
    diagnostics.push_back(
        file_error(file, "sigma.bad_rule", "the file holds no rule", "write one, or remove the file"));
  }
  return documents;
}

std::vector<std::filesystem::path> rule_files(const std::filesystem::path& path, std::vector<Diagnostic>& diagnostics) {
  std::error_code code;
  if (std::filesystem::is_regular_file(path, code)) return {path};
  std::vector<std::filesystem::path> files;
  std::filesystem::recursive_directory_iterator it(path, code);
  const std::filesystem::recursive_directory_iterator end;
  while (!code && it != end) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && is_rule_file(it->path())) files.push_back(it->path());
    it.increment(code);
  }
  if (code) {
    diagnostics.push_back(file_error(path.string(), "sigma.unreadable", "cannot be read: " + code.message(),
                                     "check that it exists and may be read"));
  }
  std::ranges::sort(files);
  return files;
}

std::optional<std::string> read_file(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(file, code);
  std::ifstream stream(file, std::ios::binary);
  std::string text(code ? 0 : std::min<std::uintmax_t>(size, kMaxFileBytes) + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (code || stream.bad() || (!stream && !stream.eof())) {
    diagnostics.push_back(
        file_error(file.string(), "sigma.unreadable", "the file cannot be read", "check its permissions"));
    return std::nullopt;
  }
  return text;
}

std::vector<Document> read_paths(const std::vector<std::filesystem::path>& paths,
                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<Document> documents;
  for (const std::filesystem::path& path : paths) {
    for (const std::filesystem::path& file : rule_files(path, diagnostics)) {
      const auto text = read_file(file, diagnostics);
      if (!text) continue;
      for (Document& document : read_documents(file.string(), *text, diagnostics)) {
        documents.push_back(std::move(document));
      }
    }
  }
  return documents;
}

}  // namespace candor::sigma
