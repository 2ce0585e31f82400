#include "indicators/read.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "base/yaml_documents.h"

namespace candor {
namespace {

constexpr std::size_t kMaxValues = 20'000;   // of one file, aliases expanded
constexpr std::size_t kMaxSuggestible = 64;  // bytes; longer words are not compared with all names

Place place_of(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? Place{} : Place{.line = mark.line + 1, .column = mark.column + 1};
}

// Reads one document; every problem becomes a diagnostic and reading goes on.
class Reader {
 public:
  Reader(const std::string& file, std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {
    rule_.file = file;
  }

  std::optional<RuleFile> read(const YAML::Node& root) {
    rule_.place = place_of(root);
    if (!root.IsMap()) {
      error(rule_.place, "indicators.bad_rule", "an indicator file is a map with `title`, `detection` and `candor`");
      return std::nullopt;
    }
    each(root, [&](const Scalar& key, const YAML::Node& value) { top_level(key, value); });
    if (failed_) return std::nullopt;
    return std::move(rule_);
  }

 private:
  // A key that holds one value, and where it goes.
  template <typename T>
  struct Row {
    std::string_view key;
    std::optional<Scalar> T::* member;
  };
  using Visit = std::function<void(const Scalar& key, const YAML::Node& value)>;

  void error(Place place, const char* id, std::string message, std::string hint = "") {
    failed_ = true;
    diagnostics_.push_back({.file = rule_.file,
                            .line = place.line,
                            .column = place.column,
                            .severity = Severity::error,
                            .id = id,
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  void warn_unknown(const Scalar& key, const std::vector<std::string>& known) {
    const std::string near = key.text.size() > kMaxSuggestible ? "" : nearest(key.text, known);
    diagnostics_.push_back({.file = rule_.file,
                            .line = key.place.line,
                            .column = key.place.column,
                            .severity = Severity::warning,
                            .id = "indicators.unknown_key",
                            .message = "key `" + key.text + "` means nothing here",
                            .hint = near.empty() ? "" : "did you mean `" + near + "`?"});
  }

  // False when the file holds more values than any rule needs: aliases of aliases multiply.
  bool within_bounds(Place place) {
    if (++values_ <= kMaxValues) return true;
    if (values_ == kMaxValues + 1) {
      error(place, "indicators.too_large", "the rule has more than 20000 values", "split it");
    }
    return false;
  }

  void each(const YAML::Node& map, const Visit& visit) {
    std::set<std::string> seen;
    for (const auto& pair : map) {
      const Place place = place_of(pair.first);
      if (!within_bounds(place)) return;
      if (!pair.first.IsScalar()) {
        error(place, "indicators.bad_rule", "a key must be a plain text");
        continue;
      }
      if (!seen.insert(pair.first.Scalar()).second) {
        error(place, "indicators.duplicate_key", "key `" + pair.first.Scalar() + "` appears twice");
        continue;
      }
      visit(Scalar{.text = pair.first.Scalar(), .null = false, .quoted = false, .place = place}, pair.second);
    }
  }

  std::optional<Scalar> scalar(const Scalar& key, const YAML::Node& value) {
    if (value.IsScalar() || value.IsNull()) return scalar_of(value, key.place);
    error(place_of(value), "indicators.bad_value", "`" + key.text + "` must be a single value");
    return std::nullopt;
  }

  static Scalar scalar_of(const YAML::Node& value, Place otherwise) {
    Place place = place_of(value);
    if (place.line <= 0) place = otherwise;
    if (value.IsNull()) return {.text = "", .null = true, .quoted = false, .place = place};
    // yaml-cpp marks a quoted scalar with the tag "!", a plain one with "?".
    return {.text = value.Scalar(), .null = false, .quoted = value.Tag() == "!", .place = place};
  }

  // A single value or a list of single values.
  std::vector<Scalar> scalars(const Scalar& key, const YAML::Node& value, bool* is_list = nullptr) {
    std::vector<Scalar> result;
    if (is_list != nullptr) *is_list = value.IsSequence();
    if (value.IsMap()) {
      error(place_of(value), "indicators.bad_value", "`" + key.text + "` must be a value or a list of values");
      return result;
    }
    if (!value.IsSequence()) {
      result.push_back(scalar_of(value, key.place));
      return result;
    }
    for (const YAML::Node& item : value) {
      if (!within_bounds(key.place)) return result;
      if (item.IsScalar() || item.IsNull()) {
        result.push_back(scalar_of(item, key.place));
      } else {
        error(place_of(item), "indicators.bad_value", "an item of `" + key.text + "` must be a single value");
      }
    }
    return result;
  }

  template <typename T>
  bool take(const std::vector<Row<T>>& rows, T& into, const Scalar& key, const YAML::Node& value) {
    const auto row = std::ranges::find(rows, key.text, &Row<T>::key);
    if (row == rows.end()) return false;
    into.*(row->member) = scalar(key, value);
    return true;
  }

  bool is_map(const Scalar& key, const YAML::Node& value) {
    if (value.IsMap()) return true;
    error(key.place, "indicators.bad_value", "`" + key.text + "` must be a map");
    return false;
  }

  void top_level(const Scalar& key, const YAML::Node& value) {
    static const std::vector<std::string> kKnown = {
        "title",      "id",      "status", "description", "logsource", "detection", "falsepositives",
        "level",      "tags",    "candor", "author",      "date",      "modified",  "license",
        "references", "related", "fields", "taxonomy",    "name",      "scope",     "regression_tests_path",
        "simulation"};
    static const std::vector<Row<RuleFile>> kRows = {{"title", &RuleFile::title},
                                                     {"id", &RuleFile::id},
                                                     {"status", &RuleFile::status},
                                                     {"description", &RuleFile::description},
                                                     {"level", &RuleFile::level}};
    if (take(kRows, rule_, key, value)) return;
    if (key.text == "falsepositives") {
      rule_.false_positives = scalars(key, value);
    } else if (key.text == "tags") {
      rule_.tags = scalars(key, value);
    } else if (key.text == "logsource") {
      log_source(key, value);
    } else if (key.text == "detection") {
      detection(key, value);
    } else if (key.text == "candor") {
      candor_block(key, value);
    } else if (std::ranges::find(kKnown, key.text) == kKnown.end()) {
      warn_unknown(key, kKnown);
    }
  }

  void log_source(const Scalar& block, const YAML::Node& node) {
    static const std::vector<Row<RuleFile>> kRows = {
        {"product", &RuleFile::product}, {"service", &RuleFile::service}, {"category", &RuleFile::category}};
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YAML::Node& value) {
      take(kRows, rule_, key, value);
      // Others (definition, ...) inform the reader of the rule only.
    });
  }

  void detection(const Scalar& block, const YAML::Node& node) {
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YAML::Node& value) {
      if (key.text == "condition") {
        rule_.conditions = scalars(key, value);
      } else if (key.text == "timeframe") {
        error(key.place, "indicators.unsupported", "`timeframe` belongs to aggregations, which are not supported",
              "thresholds in the `candor:` block count per day");
      } else {
        selection(key, value);
      }
    });
  }

  void selection(const Scalar& key, const YAML::Node& value) {
    Selection selection{.name = key.text, .place = key.place, .maps = {}};
    if (value.IsMap()) {
      selection.maps.push_back(field_map(value));
    } else if (value.IsSequence() && value.size() > 0) {
      for (const YAML::Node& item : value) {
        if (!within_bounds(key.place)) return;
        if (!item.IsMap()) {
          error(place_of(item), "indicators.keywords_unsupported",
                "selection `" + key.text + "` searches for words in the whole record",
                "name the field: `file.name|contains: ...`");
          return;
        }
        selection.maps.push_back(field_map(item));
      }
    } else {
      error(key.place, "indicators.bad_selection", "selection `" + key.text + "` must be a map or a list of maps");
      return;
    }
    rule_.selections.push_back(std::move(selection));
  }

  FieldMap field_map(const YAML::Node& node) {
    FieldMap map;
    each(node, [&](const Scalar& key, const YAML::Node& value) {
      FieldLine line{.key = key.text, .place = key.place, .is_list = false, .values = {}};
      line.values = scalars(key, value, &line.is_list);
      if (line.is_list && line.values.empty()) {
        error(key.place, "indicators.bad_value", "`" + key.text + "` has an empty list");
      }
      map.push_back(std::move(line));
    });
    if (map.empty()) error(place_of(node), "indicators.bad_selection", "an empty map matches everything");
    return map;
  }

  void candor_block(const Scalar& block, const YAML::Node& node) {
    static const std::vector<Row<CandorBlock>> kRows = {{"name", &CandorBlock::name},
                                                        {"category", &CandorBlock::category},
                                                        {"workload", &CandorBlock::workload},
                                                        {"intrusion", &CandorBlock::intrusion},
                                                        {"exfiltration_trigger", &CandorBlock::exfiltration_trigger}};
    rule_.candor.place = block.place;
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YAML::Node& value) {
      if (take(kRows, rule_.candor, key, value)) return;
      if (key.text == "thresholds") return thresholds(key, value);
      if (key.text == "needs") {
        rule_.candor.needs = scalars(key, value);
        return;
      }
      warn_unknown(key, {"name", "category", "workload", "intrusion", "exfiltration_trigger", "needs", "thresholds"});
    });
  }

  void thresholds(const Scalar& block, const YAML::Node& node) {
    static const std::vector<Row<ThresholdLine>> kRows = {{"low", &ThresholdLine::low},
                                                          {"medium", &ThresholdLine::medium},
                                                          {"high", &ThresholdLine::high},
                                                          {"reason", &ThresholdLine::reason}};
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& dimension, const YAML::Node& row) {
      if (!is_map(dimension, row)) return;
      ThresholdLine line;
      line.dimension = dimension.text;
      line.place = dimension.place;
      each(row, [&](const Scalar& key, const YAML::Node& value) {
        if (!take(kRows, line, key, value)) warn_unknown(key, {"low", "medium", "high", "reason"});
      });
      rule_.candor.thresholds.push_back(std::move(line));
    });
  }

  RuleFile rule_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
  std::size_t values_ = 0;
};

Diagnostic file_error(std::string file, const char* id, std::string message, std::string hint) {
  return {.file = std::move(file),
          .line = 0,
          .column = 0,
          .severity = Severity::error,
          .id = id,
          .message = std::move(message),
          .hint = std::move(hint)};
}

bool is_rule_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".yml") && !name.ends_with(".examples.yml");
}

std::vector<std::filesystem::path> rule_files(const std::filesystem::path& folder,
                                              std::vector<Diagnostic>& diagnostics) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  std::filesystem::recursive_directory_iterator it(folder, code);
  const std::filesystem::recursive_directory_iterator end;
  while (!code && it != end) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && is_rule_file(it->path())) files.push_back(it->path());
    it.increment(code);
  }
  if (code) {
    diagnostics.push_back(file_error(folder.string(), "indicators.unreadable",
                                     "the folder cannot be read: " + code.message(),
                                     "check that it exists and may be read"));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::optional<RuleFile> read_rule(const std::string& file, std::string_view text,
                                  std::vector<Diagnostic>& diagnostics) {
  if (text.size() > kMaxRuleBytes) {
    diagnostics.push_back(file_error(file, "indicators.too_large", "the file is larger than 256 KiB", "split it"));
    return std::nullopt;
  }
  try {
    const std::vector<YAML::Node> documents = load_documents(std::string(text));
    if (documents.size() != 1) {
      diagnostics.push_back(file_error(file, "indicators.bad_rule",
                                       "the file holds " + std::to_string(documents.size()) + " documents",
                                       "one indicator a file"));
      return std::nullopt;
    }
    return Reader(file, diagnostics).read(documents.front());
  } catch (const YAML::Exception& exception) {
    Diagnostic fault = file_error(file, "indicators.bad_yaml", exception.msg, "");
    fault.line = std::max(0, exception.mark.line + 1);
    fault.column = std::max(0, exception.mark.column + 1);
    diagnostics.push_back(std::move(fault));
    return std::nullopt;
  }
}

std::vector<RuleFile> read_rules(const std::vector<std::filesystem::path>& folders,
                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<RuleFile> rules;
  for (const std::filesystem::path& folder : folders) {
    for (const std::filesystem::path& path : rule_files(folder, diagnostics)) {
      std::ifstream stream(path, std::ios::binary);
      std::string text(kMaxRuleBytes + 1, '\0');
      stream.read(text.data(), static_cast<std::streamsize>(text.size()));
      text.resize(static_cast<std::size_t>(stream.gcount()));
      if (!stream && !stream.eof()) {
        diagnostics.push_back(
            file_error(path.string(), "indicators.unreadable", "the file cannot be read", "check its permissions"));
        continue;
      }
      if (auto rule = read_rule(path.string(), text, diagnostics)) rules.push_back(std::move(*rule));
    }
  }
  return rules;
}

}  // namespace candor
