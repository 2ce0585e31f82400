#include "ingest/intake_rules.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "activity/json_text.h"
#include "activity/operation_name.h"
#include "base/fold.h"
#include "base/keys.h"
#include "base/yaml_documents.h"
#include "sources/feed.h"

namespace candor {
namespace {

struct SourceName {
  std::string_view name;
  SourceKind kind;
};
constexpr std::array kSources = {SourceName{"m365", SourceKind::m365_audit}, SourceName{"badge", SourceKind::badge}};

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// What the fields of identity are called in each feed: without them a record is no activity any more.
bool is_identity(const FieldPath& path) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "creationtime", "id", "operation", "userid", "userkey", "recordtype", "eventtime", "auditdata", kFeedKey};
  return std::ranges::find(kNames, path.steps.front().name) != kNames.end();
}

// Reads one file; every fault with its line.
class Reader {
 public:
  Reader(std::string file, std::vector<Diagnostic>& diagnostics) : file_(std::move(file)), diagnostics_(diagnostics) {}

  void rules(const std::string& text, std::vector<IntakeRule>& rules) {
    each(text, "rules", [&](const YAML::Node& node) {
      if (auto rule = read_rule(node)) rules.push_back(std::move(*rule));
    });
  }
  void parties(const std::string& text, std::vector<ProtectedParty>& parties) {
    each(text, "parties", [&](const YAML::Node& node) {
      if (auto party = read_party(node)) parties.push_back(std::move(*party));
    });
  }

 private:
  void fault(const YAML::Node& node, const std::string& id, const std::string& message, const std::string& hint = "") {
    diagnostics_.push_back({.file = file_,
                            .line = node.Mark().line + 1,
                            .column = node.Mark().column + 1,
                            .severity = Severity::error,
                            .id = id,
                            .message = message,
                            .hint = hint});
    ++faults_;
  }

  template <typename Visit>
  void each(const std::string& text, const std::string& list, Visit visit) {
    try {
      const std::vector<YAML::Node> documents = load_documents(text);
      if (documents.empty() || documents[0].IsNull()) return;
      const YAML::Node& root = documents[0];
      if (documents.size() > 1)
        return fault(root, "intake.bad_form", "one document is expected, without `---` behind it");
      if (!root.IsMap()) return fault(root, "intake.bad_form", "a map with the list `" + list + "` is expected");
      only_known(root, {list});
      const YAML::Node nodes = root[list];
      if (!nodes || nodes.IsNull()) return;
      if (!nodes.IsSequence()) return fault(nodes, "intake.bad_form", "`" + list + "` is a list");
      for (const YAML::Node& node : nodes) visit(node);
    } catch (const YAML::Exception& broken) {
      diagnostics_.push_back({.file = file_,
                              .line = broken.mark.line + 1,
                              .column = broken.mark.column + 1,
                              .id = "intake.no_yaml",
                              .message = broken.msg,
                              .hint = {}});
    }
  }

  void only_known(const YAML::Node& map, const std::vector<std::string>& known) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const auto key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      if (std::ranges::find(known, key) == known.end()) {
        const std::string near = nearest(key, known);
        fault(entry.first, "intake.unknown_key", "`" + key + "` means nothing here",
              near.empty() ? "" : "did you mean `" + near + "`?");
      } else if (!seen.insert(key).second) {
        fault(entry.first, "intake.twice", "`" + key + "` is there twice");
      }
    }
  }

  // The texts of a list, or the one text; empty when absent.
  std::vector<std::pair<std::string, YAML::Node>> texts(const YAML::Node& map, const std::string& key) {
    std::vector<std::pair<std::string, YAML::Node>> out;
    const YAML::Node node = map[key];
    if (!node) return out;
    const auto take = [&](const YAML::Node& one) {
      if (!one.IsScalar() || one.Scalar().empty()) {
        fault(one, "intake.bad_value", "`" + key + "` takes texts");
      } else {
        out.emplace_back(one.Scalar(), one);
      }
    };
    if (node.IsSequence()) {
      for (const YAML::Node& one : node) take(one);
      // An empty list would read as "no condition" and take everything.
      if (node.size() == 0) fault(node, "intake.empty_list", "`" + key + "` is empty: leave it out or name something");
    } else {
      take(node);
    }
    return out;
  }

  std::string name_of_entry(const YAML::Node& node) {
    if (!node.IsMap()) {
      fault(node, "intake.bad_form", "a map is expected");
      return {};
    }
    const YAML::Node name = node["name"];
    std::string text = name && name.IsScalar() ? name.Scalar() : std::string();
    const bool plain = !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!plain) {
      fault(name ? name : node, "intake.bad_name",
            "`name` is needed: lower-case letters, digits, - and _, at most 60, the name under which it is counted");
      return {};
    }
    if (!names_.insert(text).second) fault(name, "intake.twice", "the name `" + text + "` is taken already");
    return text;
  }

  std::string reason_of(const YAML::Node& node) {
    const YAML::Node reason = node["reason"];
    if (!reason || !reason.IsScalar() || reason.Scalar().empty()) {
      fault(node, "intake.no_reason", "`reason` is needed: who asks for it, by which agreement or law");
      return {};
    }
    return reason.Scalar();
  }

  std::vector<FieldPath> paths(const YAML::Node& node, const std::string& key) {
    std::vector<FieldPath> out;
    for (const auto& [text, place] : texts(node, key)) {
      auto path = FieldPath::parse(text);
      if (!path) {
        fault(place, "intake.bad_field", "`" + text + "` names no field: write it like Item.Subject or Parameters[To]");
      } else if (is_identity(*path)) {
        fault(place, "intake.identity_field", "`" + text + "` tells which activity it is and cannot be taken out of it",
              "say `never_store: record`, or name another field");
      } else {
        out.push_back(std::move(*path));
      }
    }
    return out;
  }

  void read_field_conditions(const YAML::Node& map, IntakeRule& rule) {
    if (!map.IsMap() || map.size() == 0) return fault(map, "intake.bad_form", "`field` is a map of paths and texts");
    for (const auto& entry : map) {
      const std::string key = entry.first.Scalar();
      auto path = FieldPath::parse(key);
      if (!path) {
        fault(entry.first, "intake.bad_field", "`" + key + "` names no field: write it like Item.Subject");
        continue;
      }
      FieldCondition condition{.path = std::move(*path), .texts = {}};
      for (const auto& [text, place] : texts(map, key)) {
        std::string_view part = text;
        FieldCondition::Text wanted;
        wanted.open_front = part.starts_with('*');
        if (wanted.open_front) part.remove_prefix(1);
        wanted.open_back = part.ends_with('*');
        if (wanted.open_back) part.remove_suffix(1);
        if (part.empty()) fault(place, "intake.bad_value", "`*` alone asks nothing: leave the condition out");
        wanted.part = ascii_lowered(part);
        condition.texts.push_back(std::move(wanted));
      }
      rule.fields.push_back(std::move(condition));
    }
  }

  void read_when(const YAML::Node& when, IntakeRule& rule) {
    if (!when.IsMap()) return fault(when, "intake.bad_form", "`when` is a map of conditions");
    only_known(when, {"source", "country", "operation", "person", "group", "field"});
    for (const auto& [text, place] : texts(when, "source")) {
      if (const auto kind = source_named(text)) {
        rule.sources.insert(*kind);
      } else if (is_feed_name(text)) {
        rule.feeds.insert(text);
      } else {
        fault(place, "intake.unknown_source", "`" + text + "` is no source",
              "sources are m365, badge, and the feeds of content/mappings/feeds by name");
      }
    }
    for (const auto& [text, place] : texts(when, "country")) {
      if (text.size() != 2 || !std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        fault(place, "intake.bad_country", "`" + text + "` is no country: write two capital letters, like DE");
      }
      rule.countries.insert(text);
    }
    for (const auto& [text, place] : texts(when, "operation"))
      rule.operations.insert(ascii_lowered(normalised_operation(text)));
    for (const auto& [text, place] : texts(when, "person")) rule.people.insert(ascii_lowered(text));
    for (const auto& [text, place] : texts(when, "group")) rule.groups.insert(ascii_lowered(text));
    if (when["field"]) read_field_conditions(when["field"], rule);
  }

  std::optional<IntakeRule> read_rule(const YAML::Node& node) {
    const std::size_t before = faults_;
    IntakeRule rule;
    rule.name = name_of_entry(node);
    if (faults_ > before) return std::nullopt;
    only_known(node, {"name", "reason", "when", "never_store", "drop", "mask"});
    rule.reason = reason_of(node);
    if (node["when"]) read_when(node["when"], rule);
    if (const YAML::Node whole = node["never_store"]) {
      rule.whole_record = whole.IsScalar() && whole.Scalar() == "record";
      if (!rule.whole_record) fault(whole, "intake.bad_value", "`never_store` takes `record`: fields go in `drop`");
    }
    rule.drop.paths = paths(node, "drop");
    rule.mask.paths = paths(node, "mask");
    const bool fields = node["drop"] || node["mask"];
    if (rule.whole_record == fields) {
      fault(node, "intake.no_effect", "a rule says either `never_store: record` or which fields to `drop` or `mask`");
    }
    return faults_ > before ? std::nullopt : std::optional(std::move(rule));
  }

  void read_texts(const YAML::Node& node, const std::string& key, std::size_t shortest, std::vector<std::string>& out) {
    for (const auto& [text, place] : texts(node, key)) {
      std::string entry = ascii_lowered(text);
      if (key == "sites") {
        if (const auto scheme = entry.find("://"); scheme != std::string::npos) entry.erase(0, scheme + 3);
        while (entry.ends_with('/')) entry.pop_back();
      }
      const bool address = entry.find('@') != std::string::npos;
      const bool dotted = entry.find('.') != std::string::npos;
      if (entry.size() < shortest || !is_printable_ascii(entry)) {
        fault(place, "intake.bad_party",
              "`" + key + "` takes ASCII texts of at least " + std::to_string(shortest) +
                  " letters: write a domain in its xn-- form, anything shorter would hit everything");
      } else if ((key == "mailboxes" && !address) || (key == "domains" && (address || !dotted)) ||
                 (key == "sites" && !dotted)) {
        fault(place, "intake.bad_party", "this does not look like one of `" + key + "`",
              "mailboxes: box@example.com; sites: example.sharepoint.com/sites/council; domains: council.example");
      } else {
        out.push_back(std::move(entry));
      }
    }
  }

  std::optional<ProtectedParty> read_party(const YAML::Node& node) {
    const std::size_t before = faults_;
    ProtectedParty party;
    party.name = name_of_entry(node);
    if (faults_ > before) return std::nullopt;
    only_known(node, {"name", "reason", "people", "mailboxes", "sites", "domains"});
    party.reason = reason_of(node);
    read_texts(node, "people", 5, party.people);
    read_texts(node, "mailboxes", 5, party.mailboxes);
    read_texts(node, "sites", 5, party.sites);
    read_texts(node, "domains", 4, party.domains);
    if (faults_ > before) return std::nullopt;
    if (party.people.empty() && party.mailboxes.empty() && party.sites.empty() && party.domains.empty()) {
      fault(node, "intake.no_effect", "a party names people, mailboxes, sites or domains");
      return std::nullopt;
    }
    return party;
  }

  const std::string file_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t faults_ = 0;
  std::set<std::string> names_;
};

Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::string();
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return fail("intake.unreadable", path.string() + " cannot be read");
  return text;
}

Result<std::shared_ptr<const IntakeRules>> parse_named(const std::string& intake, const std::string& intake_name,
                                                       const std::string& parties, const std::string& parties_name,
                                                       std::vector<Diagnostic>& diagnostics) {
  auto rules = std::make_shared<IntakeRules>();
  const std::size_t before = diagnostics.size();
  Reader(intake_name, diagnostics).rules(intake, rules->rules);
  Reader(parties_name, diagnostics).parties(parties, rules->parties);
  rules->version = content_hash(std::to_string(intake.size()) + "\n" + intake + parties);
  for (std::size_t i = before; i < diagnostics.size(); ++i) {
    if (diagnostics[i].severity != Severity::error) continue;
    return fail("intake.bad_rules", to_text(diagnostics[i]));
  }
  return std::shared_ptr<const IntakeRules>(std::move(rules));
}

}  // namespace

bool FieldCondition::Text::fits(std::string_view lower) const {
  if (open_front && open_back) return lower.find(part) != std::string_view::npos;
  if (open_front) return lower.ends_with(part);
  if (open_back) return lower.starts_with(part);
  return lower == part;
}

std::string IntakeRules::version_text() const { return fmt::format("{:016x}", version); }

Result<std::shared_ptr<const IntakeRules>> IntakeRules::load(const std::filesystem::path& folder,
                                                             std::vector<Diagnostic>& diagnostics) {
  CANDOR_TRY(const std::string intake, read_file(folder / "intake.yml"));
  CANDOR_TRY(const std::string parties, read_file(folder / "protected.yml"));
  return parse_named(intake, (folder / "intake.yml").string(), parties, (folder / "protected.yml").string(),
                     diagnostics);
}

Result<std::shared_ptr<const IntakeRules>> IntakeRules::parse(const std::string& intake,
                                                              const std::string& protected_parties,
                                                              std::vector<Diagnostic>& diagnostics) {
  return parse_named(intake, "intake.yml", protected_parties, "protected.yml", diagnostics);
}

std::optional<SourceKind> source_named(std::string_view name) {
  for (const SourceName& source : kSources) {
    if (source.name == name) return source.kind;
  }
  return std::nullopt;
}

std::string_view name_of(SourceKind kind) {
  for (const SourceName& source : kSources) {
    if (source.kind == kind) return source.name;
  }
  return "unknown";
}

}  // namespace candor
