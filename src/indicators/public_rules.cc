#include "indicators/public_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "indicators/collect.h"
#include "sigma/field_mapping.h"
#include "sigma/read.h"

namespace candor {
namespace {

namespace fs = std::filesystem;
using sigma::Document;
using sigma::FieldMapping;

constexpr std::size_t kMostNameBytes = 64;
constexpr std::size_t kNamed = 3;  // rules named with a reason

struct Suggestion {
  std::string_view tag;
  std::string_view category;
};
// The first that a rule has: what it says of an insider before what it says of a break-in.
constexpr std::array kSuggestions = {
    Suggestion{"attack.exfiltration", "exfiltration"}, Suggestion{"attack.collection", "collection"},
    Suggestion{"attack.impact", "deletion"},           Suggestion{"attack.defense-evasion", "obfuscation"},
    Suggestion{"attack.discovery", "access"},
};

Scalar said(std::string text, Place place = {}) {
  return {.text = std::move(text), .null = false, .quoted = true, .place = place};
}

// A name as indicators have them.
std::string name_of(const fs::path& file) {
  std::string name = std::string(kPublicRules) + '_';
  for (const char c : file.stem().string()) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '_';
  }
  return name.substr(0, kMostNameBytes);
}

class PublicRuleReader {
 public:
  PublicRuleReader(const fs::path& mappings, const FieldCatalogue& catalogue, std::vector<Diagnostic>& diagnostics)
      : catalogue_(catalogue), diagnostics_(diagnostics) {
    for (const fs::path& path : sigma::rule_files(mappings, diagnostics)) {
      const auto text = sigma::read_file(path, diagnostics);
      if (!text) continue;
      auto mapping = sigma::read_mapping(path.string(), *text, diagnostics);
      if (mapping && !mapping->activities.empty()) mappings_.push_back(std::move(*mapping));
    }
  }

  std::vector<RuleFile> read(const fs::path& folder) {
    std::vector<RuleFile> rules;
    for (const fs::path& path : sigma::rule_files(folder, diagnostics_)) {
      const auto text = sigma::read_file(path, diagnostics_);
      if (!text) continue;
      for (Document& document : sigma::read_documents(path.string(), *text, diagnostics_)) {
        if (auto rule = adapt(path, std::move(document))) rules.push_back(std::move(*rule));
      }
    }
    for (const auto& [reason, files] : set_aside_) tell(folder, reason, files);
    return rules;
  }

 private:
  std::optional<RuleFile> adapt(const fs::path& path, Document document) {
    if (document.kind != Document::Kind::rule) return set_aside(path, "no rules, but correlations or filters");
    if (!document.id) return set_aside(path, "without an `id`, which stored matches belong to");
    const auto [mapping, row] = find(document.log_source);
    if (row == nullptr) return set_aside(path, "of log sources that give no activities");
    if (!rename(document, *mapping, *row)) return set_aside(path, "about fields that activities do not have");
    RuleFile rule;
    rule.candor = block(path, document, *row);
    if (!document.description || document.description->text.empty()) document.description = document.title;
    if (document.false_positives.empty()) document.false_positives.push_back(said("the rule names none"));
    const bool attack =
        std::ranges::any_of(document.tags, [](const Scalar& tag) { return tag.text.starts_with("attack."); });
    if (!attack) document.tags.push_back(said("candor.no_attack"));
    document.status = said("experimental");
    document.log_source.product = said("candor");
    document.log_source.service = said(row->source);
    if (row->source == "m365_audit") {
      document.log_source.product = said("m365");
      document.log_source.service.reset();
    }
    document.custom.clear();
    rule.document = std::move(document);
    // Whatever does not fit a field's type, and the like.
    std::vector<Diagnostic> faults;
    collect({rule}, catalogue_, faults);
    if (has_errors(faults)) return set_aside(path, "that ask in ways activities cannot answer");
    return rule;
  }

  std::pair<const FieldMapping*, const FieldMapping::ActivityRow*> find(const sigma::LogSourceText& source) const {
    const std::string product = source.product ? source.product->text : "";
    const std::string service = source.service ? source.service->text : "";
    for (const FieldMapping& mapping : mappings_) {
      if (std::ranges::find(mapping.products, product) == mapping.products.end()) continue;
      for (const FieldMapping::ActivityRow& row : mapping.activities) {
        if (row.service.empty() || row.service == service) return {&mapping, &row};
      }
    }
    return {nullptr, nullptr};
  }

  // False when a field has no place in an activity.
  bool rename(Document& document, const FieldMapping& mapping, const FieldMapping::ActivityRow& row) const {
    for (sigma::Selection& selection : document.selections) {
      for (sigma::FieldMap& map : selection.maps) {
        for (sigma::FieldLine& line : map) {
          const std::size_t end = std::min(line.key.find('|'), line.key.size());
          const std::string field = line.key.substr(0, end);
          const auto own = row.fields.find(field);
          const auto common = mapping.activity.find(field);
          const bool known = own != row.fields.end() || common != mapping.activity.end();
          if (field.empty() || !known) return false;
          line.key = (own != row.fields.end() ? own->second : common->second) + line.key.substr(end);
        }
      }
    }
    return true;
  }

  static CandorBlock block(const fs::path& path, const Document& document, const FieldMapping::ActivityRow& row) {
    CandorBlock block;
    block.place = document.place;
    block.name = said(name_of(path), document.place);
    std::string category = "security";
    for (const Suggestion& one : kSuggestions) {
      if (std::ranges::find(document.tags, one.tag, &Scalar::text) == document.tags.end()) continue;
      category = one.category;
      break;
    }
    block.category = said(std::move(category));
    block.workload = said(std::string(kPublicRules));
    block.intrusion = said("2");
    FeedLine feed{.place = document.place,
                  .source = said(row.source),
                  .record_types = {},
                  .setting = said(row.setting),
                  .licence = said(row.licence)};
    for (const std::string& type : row.record_types) feed.record_types.push_back(said(type));
    block.feeds.push_back(std::move(feed));
    block.thresholds.push_back({.dimension = "all",
                                .place = document.place,
                                .low = said("1"),
                                .medium = said("5"),
                                .high = said("20"),
                                .reason = said("a public rule says nothing of numbers")});
    return block;
  }

  std::nullopt_t set_aside(const fs::path& path, const std::string& reason) {
    std::vector<std::string>& files = set_aside_[reason];
    files.push_back(path.filename().string());
    return std::nullopt;
  }

  void tell(const fs::path& folder, const std::string& reason, const std::vector<std::string>& files) {
    std::string named;
    for (std::size_t i = 0; i < std::min(files.size(), kNamed); ++i) named += (i > 0 ? ", " : "") + files[i];
    if (files.size() > kNamed) named += ", ...";
    diagnostics_.push_back({.file = folder.string(),
                            .line = 0,
                            .column = 0,
                            .severity = Severity::warning,
                            .id = "indicators.public_set_aside",
                            .message = std::to_string(files.size()) + " public rules " + reason + ": " + named,
                            .hint = "they are no indicators; `candor sigma match` runs them over any records"});
  }

  const FieldCatalogue& catalogue_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<FieldMapping> mappings_;
  std::map<std::string, std::vector<std::string>> set_aside_;  // by reason: files
};

}  // namespace

std::vector<RuleFile> read_public_rules(const fs::path& folder, const fs::path& mappings,
                                        const FieldCatalogue& catalogue, std::vector<Diagnostic>& diagnostics) {
  const fs::path rules = folder / kPublicRules;
  std::error_code error;
  if (!fs::is_directory(rules, error)) return {};
  return PublicRuleReader(mappings, catalogue, diagnostics).read(rules);
}

}  // namespace candor
