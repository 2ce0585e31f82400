#include "indicators/read.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

#include "indicators/public_rules.h"
#include "sigma/read.h"

namespace candor {
namespace {

constexpr std::size_t kMaxSuggestible = 64;  // bytes; longer words are not compared with all names

// Reads the `candor:` block of one rule; every problem becomes a diagnostic and reading goes on.
class RuleReader {
 public:
  RuleReader(sigma::Document document, std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {
    rule_.document = std::move(document);
  }

  std::optional<RuleFile> read() {
    static const std::vector<std::string> kKnown = {
        "title",   "id",     "status",  "description", "logsource",   "detection", "falsepositives",
        "level",   "tags",   "candor",  "author",      "date",        "modified",  "references",
        "related", "fields", "license", "name",        "correlation", "generate"};
    for (const YamlEntry& entry : rule_.document.custom) {
      const Scalar key{.text = entry.key.text, .null = false, .quoted = false, .place = entry.key.place};
      if (key.text == "candor") {
        candor_block(key, entry.value);
      } else {
        warn_unknown(key, kKnown);
      }
    }
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
  using Visit = std::function<void(const Scalar& key, const YamlNode& value)>;

  void error(Place place, const char* id, std::string message, std::string hint = "") {
    failed_ = true;
    diagnostics_.push_back({.file = rule_.document.file,
                            .line = place.line,
                            .column = place.column,
                            .severity = Severity::error,
                            .id = id,
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  void warn_unknown(const Scalar& key, const std::vector<std::string>& known) {
    const std::string near = key.text.size() > kMaxSuggestible ? "" : nearest(key.text, known);
    diagnostics_.push_back({.file = rule_.document.file,
                            .line = key.place.line,
                            .column = key.place.column,
                            .severity = Severity::warning,
                            .id = "indicators.unknown_key",
                            .message = "key `" + key.text + "` means nothing here",
                            .hint = near.empty() ? "" : "did you mean `" + near + "`?"});
  }

  static Scalar scalar_of(const YamlNode& node) {
    return {.text = node.text, .null = node.kind == YamlNode::Kind::null, .quoted = node.quoted, .place = node.place};
  }

  void each(const YamlNode& map, const Visit& visit) {
    std::set<std::string_view> seen;
    for (const YamlEntry& entry : map.entries) {
      if (!entry.key.is_single()) {
        error(entry.key.place, "indicators.bad_rule", "a key must be a plain text");
      } else if (!seen.insert(entry.key.text).second) {
        error(entry.key.place, "indicators.duplicate_key", "key `" + entry.key.text + "` appears twice");
      } else {
        visit(scalar_of(entry.key), entry.value);
      }
    }
  }

  std::optional<Scalar> scalar(const Scalar& key, const YamlNode& value) {
    if (value.is_single()) return scalar_of(value);
    error(value.place, "indicators.bad_value", "`" + key.text + "` must be a single value");
    return std::nullopt;
  }

  // A single value or a list of single values.
  std::vector<Scalar> scalars(const Scalar& key, const YamlNode& value) {
    std::vector<Scalar> result;
    if (value.is_single()) result.push_back(scalar_of(value));
    for (const YamlNode& item : value.items) {
      if (auto one = scalar(key, item)) result.push_back(std::move(*one));
    }
    if (value.is_map()) {
      error(value.place, "indicators.bad_value", "`" + key.text + "` must be a value or a list of values");
    }
    return result;
  }

  template <typename T>
  bool take(const std::vector<Row<T>>& rows, T& into, const Scalar& key, const YamlNode& value) {
    const auto row = std::ranges::find(rows, key.text, &Row<T>::key);
    if (row == rows.end()) return false;
    into.*(row->member) = scalar(key, value);
    return true;
  }

  bool is_map(const Scalar& key, const YamlNode& value) {
    if (value.is_map()) return true;
    error(key.place, "indicators.bad_value", "`" + key.text + "` must be a map");
    return false;
  }

  void candor_block(const Scalar& block, const YamlNode& node) {
    static const std::vector<Row<CandorBlock>> kRows = {{"name", &CandorBlock::name},
                                                        {"category", &CandorBlock::category},
                                                        {"workload", &CandorBlock::workload},
                                                        {"stage", &CandorBlock::stage},
                                                        {"intrusion", &CandorBlock::intrusion},
                                                        {"legal", &CandorBlock::legal},
                                                        {"exfiltration_trigger", &CandorBlock::exfiltration_trigger}};
    rule_.candor.place = block.place;
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& key, const YamlNode& value) {
      if (take(kRows, rule_.candor, key, value)) return;
      if (key.text == "thresholds") return thresholds(key, value);
      if (key.text == "feeds") return feeds(key, value);
      if (key.text == "needs") {
        rule_.candor.needs = scalars(key, value);
        return;
      }
      warn_unknown(key, {"name", "category", "workload", "stage", "intrusion", "legal", "exfiltration_trigger", "needs",
                         "feeds", "thresholds"});
    });
  }

  void feeds(const Scalar& block, const YamlNode& node) {
    static const std::vector<Row<FeedLine>> kRows = {
        {"source", &FeedLine::source}, {"setting", &FeedLine::setting}, {"licence", &FeedLine::licence}};
    if (!node.is_list()) {
      error(block.place, "indicators.bad_value", "`feeds` must be a list of maps");
      return;
    }
    for (const YamlNode& item : node.items) {
      if (!is_map(block, item)) return;
      FeedLine line;
      line.place = item.place;
      each(item, [&](const Scalar& key, const YamlNode& value) {
        if (take(kRows, line, key, value)) return;
        if (key.text == "record_types") {
          line.record_types = scalars(key, value);
          return;
        }
        warn_unknown(key, {"source", "record_types", "setting", "licence"});
      });
      rule_.candor.feeds.push_back(std::move(line));
    }
  }

  void thresholds(const Scalar& block, const YamlNode& node) {
    static const std::vector<Row<ThresholdLine>> kRows = {{"low", &ThresholdLine::low},
                                                          {"medium", &ThresholdLine::medium},
                                                          {"high", &ThresholdLine::high},
                                                          {"reason", &ThresholdLine::reason}};
    if (!is_map(block, node)) return;
    each(node, [&](const Scalar& dimension, const YamlNode& row) {
      if (!is_map(dimension, row)) return;
      ThresholdLine line;
      line.dimension = dimension.text;
      line.place = dimension.place;
      each(row, [&](const Scalar& key, const YamlNode& value) {
        if (!take(kRows, line, key, value)) warn_unknown(key, {"low", "medium", "high", "reason"});
      });
      rule_.candor.thresholds.push_back(std::move(line));
    });
  }

  RuleFile rule_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
};

// The lines of a key at the left margin and of what it holds; "" when there is none.
std::string block_of(std::string_view text, std::string_view key) {
  std::string block;
  bool inside = false;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(size);
    const bool is_key = line.find_first_of(" \t\r\n#") != 0;
    if (is_key) inside = line.starts_with(key);
    if (inside) block += line;
  }
  while (!block.empty() && (block.back() == '\n' || block.back() == '\r')) block.pop_back();
  return block.empty() ? block : block + '\n';
}

// The document that is the indicator: the only one, or of several the one correlation with `candor:`; end() when it
// cannot be told.
std::vector<sigma::Document>::iterator own_document(std::vector<sigma::Document>& documents) {
  using Kind = sigma::Document::Kind;
  if (std::ranges::find(documents, Kind::filter, &sigma::Document::kind) != documents.end()) return documents.end();
  if (documents.size() == 1) return documents.begin();
  const auto is_own = [](const sigma::Document& document) {
    return std::ranges::any_of(document.custom, [](const YamlEntry& entry) { return entry.key.text == "candor"; });
  };
  const auto own = std::ranges::find_if(documents, is_own);
  const bool only = std::ranges::count_if(documents, is_own) == 1 && own->kind == Kind::correlation;
  return only ? own : documents.end();
}

}  // namespace

std::optional<RuleFile> read_rule(const std::string& file, std::string_view text,
                                  std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> found;
  std::vector<sigma::Document> documents = sigma::read_documents(file, text, found);
  const bool sound = !has_errors(found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (!sound) return std::nullopt;
  const auto own = own_document(documents);
  if (own == documents.end()) {
    diagnostics.push_back({.file = file,
                           .line = 0,
                           .column = 0,
                           .severity = Severity::error,
                           .id = "indicators.bad_rule",
                           .message = documents.size() == 1
                                          ? "the file holds a filter, which is no indicator"
                                          : "of the file's " + std::to_string(documents.size()) +
                                                " documents exactly one must be a correlation with `candor:`, and "
                                                "none a filter",
                           .hint = "one indicator a file; what a correlation counts may stand beside it"});
    return std::nullopt;
  }
  sigma::Document document = std::move(*own);
  documents.erase(own);
  auto rule = RuleReader(std::move(document), diagnostics).read();
  if (!rule) return std::nullopt;
  rule->detection = block_of(text, "detection:");
  if (rule->document.kind == sigma::Document::Kind::correlation) rule->detection += block_of(text, "correlation:");
  rule->others = std::move(documents);
  return rule;
}

std::vector<RuleFile> read_rules(const std::vector<std::filesystem::path>& folders,
                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<RuleFile> rules;
  for (const std::filesystem::path& folder : folders) {
    const auto of_public = folder / kPublicRules;
    for (const std::filesystem::path& path : sigma::rule_files(folder, diagnostics)) {
      if (std::ranges::mismatch(of_public, path).in1 == of_public.end()) continue;
      const auto text = sigma::read_file(path, diagnostics);
      if (!text) continue;
      if (auto rule = read_rule(path.string(), *text, diagnostics)) rules.push_back(std::move(*rule));
    }
  }
  return rules;
}

}  // namespace candor
