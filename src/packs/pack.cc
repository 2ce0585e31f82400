#include "packs/pack.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

#include "base/yaml_reader.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kLongestWord = 100;
constexpr std::size_t kLongestSentence = 2000;
constexpr std::size_t kLongestReason = 380;  // goes into a decision's 500 bytes, behind the pack's name
constexpr std::size_t kLongestText = 20'000;
constexpr std::size_t kMostEntries = 300;
constexpr std::int64_t kMostDaysKept = 3650;
constexpr int kMostIntrusion = 4;

bool is_country_code(const std::string& text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = word.size() > kLongestWord ? "" : nearest(word, known);
  return near.empty() ? "" : "did you mean `" + near + "`?";
}

// One file, key by key.
class PackReader {
 public:
  PackReader(const std::string& file, const PackSurroundings& around, std::vector<Diagnostic>& diagnostics)
      : file_(file), around_(around), reader_(file, "pack", diagnostics) {}

  Pack read(const std::string& text) {
    Pack pack;
    if (text.size() > kMostBytes) {
      reader_.fault({}, "too_long", "a pack has at most 1 MiB");
      return pack;
    }
    const auto root = reader_.document(text);
    if (!root || !reader_.map(*root, "a pack",
                              {"id", "title", "kind", "country", "about", "checked_by", "policies", "limits",
                               "switches", "retention", "law", "agree", "texts"})) {
      return pack;
    }
    read_head(*root, pack);
    pack.policies = policies(*root, "policies");
    pack.limits = policies(*root, "limits");
    for (const YAML::Node& node : reader_.list(*root, "switches", kMostEntries)) read_switch(node, pack);
    if ((*root)["retention"]) read_retention((*root)["retention"], pack);
    for (const YAML::Node& node : reader_.list(*root, "law", kMostEntries)) {
      if (!reader_.map(node, "a statement about the law", {"says", "source"})) continue;
      pack.law.push_back({.says = said(node, "says"), .source = said(node, "source")});
    }
    for (const YAML::Node& node : reader_.list(*root, "agree", kMostEntries)) {
      if (!reader_.map(node, "an entry of `agree`", {"with", "what", "source"})) continue;
      pack.agree.push_back({.with = said(node, "with"), .what = said(node, "what"), .source = said(node, "source")});
    }
    read_texts(*root, pack);
    return pack;
  }

 private:
  std::string said(const YAML::Node& node, const char* key, std::size_t most = kLongestSentence) {
    const auto value = reader_.required_text(node, key, most);
    return value ? value->text : "";
  }

  void read_head(const YAML::Node& root, Pack& pack) {
    if (const auto id = reader_.required_text(root, "id", kLongestWord)) {
      pack.id = id->text;
      const std::string stem = std::filesystem::path(file_).stem().string();
      // It stands in texts of policies, in reasons and in the audit log.
      const bool plain = std::ranges::all_of(
          pack.id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
      if (!plain) {
        reader_.fault(id->place, "bad_id", "an id is small letters, digits and _");
      } else if (pack.id != stem) {
        reader_.fault(id->place, "other_id", "the id is not the file's name", "`" + stem + "`, or rename the file");
      }
    }
    pack.title = said(root, "title", kLongestWord);
    pack.about = said(root, "about");
    pack.checked_by = said(root, "checked_by");
    if (!root["kind"]) reader_.fault({}, "missing_key", "`kind` is missing");
    const auto kind = reader_.word(root, "kind", {"industry", "country"});
    if (!kind) return;
    pack.kind = static_cast<PackKind>(*kind);
    if (pack.kind == PackKind::country) {
      pack.country = country(root);
      country_ = pack.country;
      if (!root["country"]) reader_.fault({}, "missing_key", "a country's pack says which `country`");
    } else if (root["country"]) {
      reader_.fault(YamlReader::place_of(root["country"]), "other_country", "an industry's pack has no `country`",
                    "say it at a switch");
    }
  }

  // The key `country` of a map; "" where it is not said or is none.
  std::string country(const YAML::Node& node) {
    const auto value = reader_.text(node, "country", kLongestWord);
    if (!value) return "";
    if (is_country_code(value->text)) return value->text;
    reader_.fault(value->place, "bad_country", "a country is two capital letters, like DE");
    return "";
  }

  std::vector<std::string> countries(const YAML::Node& node, const char* key) {
    std::set<std::string> out;
    for (const Placed& one : reader_.texts(node, key, kMostEntries)) {
      if (is_country_code(one.text)) {
        out.insert(one.text);
      } else {
        reader_.fault(one.place, "bad_country", "a country is two capital letters, like DE");
      }
    }
    return {out.begin(), out.end()};
  }

  std::vector<PackPolicy> policies(const YAML::Node& root, const char* key) {
    std::vector<PackPolicy> out;
    for (const YAML::Node& node : reader_.list(root, key, kMostEntries)) {
      if (!reader_.map(node, "a policy of a pack", {"file", "volume", "enabled", "not_in", "reason"})) continue;
      PackPolicy policy;
      const auto file = reader_.required_text(node, "file", kLongestWord);
      if (!file || !look_up(*file, policy)) continue;
      if (const auto word = reader_.word(node, "volume", {"fewer", "default", "more"})) {
        policy.volume = static_cast<Volume>(*word);
      }
      policy.enabled = reader_.boolean(node, "enabled");
      policy.not_in = countries(node, "not_in");
      const bool says = policy.volume || policy.enabled || !policy.not_in.empty();
      const bool may_be_silent = std::string_view(key) == "policies" && !says;
      if (!may_be_silent || node["reason"]) policy.reason = said(node, "reason", kLongestReason);
      if (!says && !may_be_silent) {
        reader_.fault(policy.place, "says_nothing", "a limit says `volume`, `enabled` or `not_in`");
      }
      if (std::ranges::find(out, policy.file, &PackPolicy::file) != out.end()) {
        reader_.fault(policy.place, "repeated_policy", "`" + policy.file + "` stands in `" + key + "` twice");
      }
      out.push_back(std::move(policy));
    }
    return out;
  }

  bool look_up(const Placed& file, PackPolicy& policy) {
    policy.file = file.text;
    policy.place = file.place;
    const auto found = std::ranges::find(around_.policies, file.text, [](const auto& one) { return one.first; });
    if (found != around_.policies.end()) {
      policy.id = found->second;
      return true;
    }
    std::vector<std::string> files;
    for (const auto& [name, id] : around_.policies) files.push_back(name);
    reader_.fault(file.place, "unknown_policy", "there is no sound policy `" + file.text + "` in content/policies",
                  did_you_mean(file.text, files));
    return false;
  }

  void read_switch(const YAML::Node& node, Pack& pack) {
    if (!reader_.map(node, "a switch", {"indicators", "intrusion_from", "workload", "state", "country", "reason"})) {
      return;
    }
    PackSwitch decision;
    if (!node["state"]) reader_.fault(YamlReader::place_of(node), "missing_key", "`state` is missing: on or off");
    const auto state = reader_.word(node, "state", {"off", "on"});
    decision.on = state == std::size_t{1};
    decision.reason = said(node, "reason", kLongestReason);
    decision.country = country(node);
    if (!country_.empty()) {
      if (!decision.country.empty() && decision.country != country_) {
        reader_.fault(YamlReader::place_of(node["country"]), "other_country",
                      "a country's pack decides for its own country only");
      }
      decision.country = country_;
    }
    decision.indicators = selected(node);
    if (state && !decision.indicators.empty()) pack.switches.push_back(std::move(decision));
  }

  // Exactly one way to say which.
  std::vector<std::string> selected(const YAML::Node& node) {
    const int ways = (node["indicators"] ? 1 : 0) + (node["intrusion_from"] ? 1 : 0) + (node["workload"] ? 1 : 0);
    if (ways != 1) {
      reader_.fault(YamlReader::place_of(node), "no_indicators",
                    "a switch says one of `indicators`, `intrusion_from`, `workload`");
      return {};
    }
    std::set<std::string> out;
    std::vector<std::string> known;
    const auto take = [&](const auto& which) {
      for (const IndicatorInfo& one : around_.indicators) {
        if (which(one)) out.insert(one.name);
      }
    };
    for (const IndicatorInfo& one : around_.indicators) known.push_back(one.name);
    for (const Placed& name : reader_.texts(node, "indicators", kMostEntries)) {
      if (std::ranges::find(known, name.text) != known.end()) {
        out.insert(name.text);
      } else {
        reader_.fault(name.place, "unknown_indicator", "there is no indicator `" + name.text + "`",
                      did_you_mean(name.text, known));
      }
    }
    if (const auto degree = reader_.integer(node, "intrusion_from", 1, kMostIntrusion)) {
      take([&](const IndicatorInfo& one) { return one.intrusion >= *degree; });
    }
    if (const auto workload = reader_.text(node, "workload", kLongestWord)) {
      take([&](const IndicatorInfo& one) { return one.workload == workload->text; });
      if (out.empty()) unknown_workload(*workload);
    }
    return {out.begin(), out.end()};
  }

  void unknown_workload(const Placed& workload) {
    std::set<std::string> known;
    for (const IndicatorInfo& one : around_.indicators) known.insert(one.workload);
    reader_.fault(workload.place, "unknown_workload", "no indicator has the workload `" + workload.text + "`",
                  did_you_mean(workload.text, {known.begin(), known.end()}));
  }

  void read_retention(const YAML::Node& node, Pack& pack) {
    if (!reader_.map(node, "`retention`", {"raw_days", "activity_days", "reason"})) return;
    for (const char* key : {"raw_days", "activity_days"}) {
      if (!node[key]) {
        reader_.fault(YamlReader::place_of(node), "missing_key", "`" + std::string(key) + "` is missing");
      }
    }
    const auto raw = reader_.integer(node, "raw_days", 1, kMostDaysKept);
    const auto activity = reader_.integer(node, "activity_days", 1, kMostDaysKept);
    const std::string reason = said(node, "reason");
    if (!raw || !activity) return;
    if (*raw > *activity) {
      reader_.fault(YamlReader::place_of(node["raw_days"]), "raw_outlives_activity",
                    "`raw_days` is at most `activity_days`");
    }
    pack.retention = {.raw_days = *raw, .activity_days = *activity, .reason = reason};
  }

  void read_texts(const YAML::Node& root, Pack& pack) {
    for (const YAML::Node& node : reader_.list(root, "texts", kMostEntries)) {
      if (!reader_.map(node, "a text", {"name", "title", "text"})) continue;
      PackText text{.name = said(node, "name", kLongestWord),
                    .title = said(node, "title", kLongestSentence),
                    .text = said(node, "text", kLongestText)};
      if (std::ranges::find(pack.texts, text.name, &PackText::name) != pack.texts.end()) {
        reader_.fault(YamlReader::place_of(node), "repeated_text", "two texts are called `" + text.name + "`");
      }
      pack.texts.push_back(std::move(text));
    }
  }

  const std::string& file_;
  const PackSurroundings& around_;
  YamlReader reader_;
  std::string country_;  // of a country's pack
};

// Where the line of a top-level key begins; npos when there is none.
std::size_t line_of_key(const std::string& yaml, const std::string& key) {
  if (yaml.starts_with(key + ":")) return 0;
  const std::size_t at = yaml.find("\n" + key + ":");
  return at == std::string::npos ? at : at + 1;
}

void set_key(std::string& yaml, const std::string& key, const std::string& value) {
  const std::string line = key + ": " + value;
  const std::size_t at = line_of_key(yaml, key);
  if (at == std::string::npos) {
    yaml += line + "\n";
  } else {
    yaml.replace(at, std::min(yaml.find('\n', at), yaml.size()) - at, line);
  }
}

void except_countries(std::string& yaml, const std::vector<std::string>& countries) {
  std::string list;
  for (const std::string& country : countries) list += (list.empty() ? "" : ", ") + country;
  const std::string entry = "  except: [{country: [" + list + "]}]\n";
  const std::size_t at = line_of_key(yaml, "scope");
  if (at == std::string::npos) {
    yaml += "scope:\n" + entry;
  } else if (const std::size_t end = yaml.find('\n', at); end != std::string::npos) {
    yaml.insert(end + 1, entry);  // a scope that says `except` itself, or all in one line, is no policy then
  }
}

}  // namespace

std::string_view to_text(PackKind kind) { return kind == PackKind::country ? "country" : "industry"; }

std::string narrowed_policy(const std::string& yaml, const PackPolicy& said, const std::string& by) {
  if (!said.volume && !said.enabled && said.not_in.empty()) return yaml;
  std::string out = yaml;
  if (!out.ends_with('\n')) out += '\n';
  out += "# As said by " + by + ".\n";
  if (said.volume) set_key(out, "volume", std::string(to_text(*said.volume)));
  if (said.enabled) set_key(out, "enabled", *said.enabled ? "true" : "false");
  if (!said.not_in.empty()) except_countries(out, said.not_in);
  return out;
}

LoadedPacks parse_pack(const std::string& text, const std::string& file, const PackSurroundings& around) {
  LoadedPacks out;
  Pack pack = PackReader(file, around, out.diagnostics).read(text);
  if (!has_errors(out.diagnostics)) out.packs.push_back(std::move(pack));
  return out;
}

}  // namespace candor
