#include "policy/policy_text.h"

#include <algorithm>

#include "policy/conditions_reader.h"
#include "policy/windows.h"

namespace candor {
namespace {

const std::vector<std::string> kDimensionWords = {"all", "sensitive", "priority", "unallowed"};
const std::vector<std::string> kVolumeWords = {"fewer", "default", "more"};
const std::vector<std::string> kScoresWords = {"everything", "priority"};
const std::vector<std::string> kCountsWords = {"matches", "days"};
const std::vector<std::string> kLevelWords = {"low", "medium", "high"};

bool is_id(const std::string& text) {
  return !text.empty() && text.size() <= 64 && text.front() != '-' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Placed read_id(const YAML::Node& map, YamlReader& reader) {
  auto id = reader.required_text(map, "id", 64);
  if (!id) return {};
  if (!is_id(id->text)) {
    reader.fault(id->place, "bad_id", "an id has small letters, digits, `-` and `_` only, not `-` first");
    id->text.clear();
  }
  return std::move(*id);
}

template <typename Target, typename Value>
void take(Target& target, const std::optional<Value>& value) {
  if (value) target = static_cast<Target>(*value);
}

std::string text_or_empty(const std::optional<Placed>& text) { return text ? text->text : std::string(); }

void read_windows(const YAML::Node& root, YamlReader& reader, Policy& policy) {
  const YAML::Node windows = root["windows"];
  if (!windows) return;
  if (!reader.map(windows, "`windows`", {"look_back_days", "activation_days", "evidence_days"})) return;
  take(policy.look_back_days, reader.integer(windows, "look_back_days", 0, 180));
  take(policy.activation_days, reader.integer(windows, "activation_days", 1, 180));
  take(policy.evidence_days, reader.integer(windows, "evidence_days", 1, 180));
}

void read_screen_evidence(const YAML::Node& root, YamlReader& reader, Policy& policy) {
  const YAML::Node wanted = root["screen_evidence"];
  if (!wanted || !reader.map(wanted, "`screen_evidence`", {"days"})) return;
  if (!wanted["days"]) {
    reader.fault(YamlReader::place_of(wanted), "missing", "`screen_evidence` needs `days`, 1 to 30");
    return;
  }
  take(policy.screen_evidence_days, reader.integer(wanted, "days", 1, 30));
}

std::optional<IndicatorEntry> read_indicator(const YAML::Node& node, YamlReader& reader) {
  if (!reader.map(node, "an indicator", {"name", "category", "weight", "off", "thresholds"})) return std::nullopt;
  IndicatorEntry entry;
  entry.name = reader.text(node, "name", 128);
  entry.category = reader.text(node, "category", 64);
  if (entry.name.has_value() == entry.category.has_value()) {
    reader.fault(YamlReader::place_of(node), "bad_indicator", "an indicator entry has either `name` or `category`");
    return std::nullopt;
  }
  entry.weight = reader.millionths(node, "weight", 0, kWhole);
  entry.off = reader.boolean(node, "off").value_or(false);
  if (entry.category && node["thresholds"]) {
    reader.fault(YamlReader::place_of(node["thresholds"]), "bad_indicator",
                 "thresholds belong to one indicator, not to a category", "add an entry with its `name`");
  } else {
    entry.levels = read_thresholds(node, reader);
  }
  return entry;
}

// The days and people the levels were taken from are for whoever reads the policy: they decide nothing.
void read_fitted(const YAML::Node& root, YamlReader& reader, PolicyText& out) {
  const YAML::Node fitted = root["fitted"];
  if (!fitted || !reader.map(fitted, "`fitted`", {"from", "to", "people", "indicators"})) return;
  for (const char* const key : {"from", "to"}) {
    const auto day = reader.required_text(fitted, key, 10);
    if (day && !parse_day(day->text)) reader.fault(day->place, "bad_day", "a day is YYYY-MM-DD");
  }
  (void)reader.integer(fitted, "people", 0, kMostCount);
  for (const YAML::Node& node : reader.list(fitted, "indicators", 1000)) {
    if (!reader.map(node, "a fitted indicator", {"name", "thresholds"})) continue;
    auto name = reader.required_text(node, "name", 128);
    if (name) out.fitted.push_back({.name = std::move(*name), .levels = read_thresholds(node, reader)});
  }
}

std::optional<SequenceEntry> read_sequence(const YAML::Node& node, YamlReader& reader) {
  if (!reader.map(node, "an entry of `sequences`", {"name", "all", "weight", "off", "thresholds"})) return std::nullopt;
  SequenceEntry entry;
  entry.place = YamlReader::place_of(node);
  entry.name = reader.text(node, "name", 64);
  const bool all = reader.boolean(node, "all").value_or(false);
  if (all == entry.name.has_value()) {
    reader.fault(entry.place, "bad_sequence", "an entry of `sequences` has either `name` or `all: true`");
    return std::nullopt;
  }
  entry.weight = reader.millionths(node, "weight", 0, kWhole);
  entry.off = reader.boolean(node, "off").value_or(false);
  if (all && node["thresholds"]) {
    reader.fault(YamlReader::place_of(node["thresholds"]), "bad_sequence",
                 "thresholds belong to one sequence, not to all", "add an entry with its `name`");
  } else {
    entry.levels = read_thresholds(node, reader);
  }
  return entry;
}

std::optional<TriggerEntry> read_trigger(const YAML::Node& node, YamlReader& reader) {
  if (!reader.map(node, "a trigger",
                  {"id", "title", "fact", "indicators", "sequences", "cumulative", "level", "least"})) {
    return std::nullopt;
  }
  TriggerEntry entry;
  entry.id = read_id(node, reader);
  if (entry.id.text == kByHand) {
    reader.fault(entry.id.place, "bad_id", "`by_hand` is the trigger of what people decide: give it another id");
  }
  entry.title = text_or_empty(reader.text(node, "title", 200));
  if (entry.title.empty()) entry.title = entry.id.text;
  entry.fact = reader.text(node, "fact", 64);
  entry.cumulative = reader.text(node, "cumulative", 64);
  if ((entry.fact ? 1 : 0) + (node["indicators"].IsDefined() ? 1 : 0) + (node["sequences"].IsDefined() ? 1 : 0) +
          (entry.cumulative ? 1 : 0) !=
      1) {
    reader.fault(YamlReader::place_of(node), "bad_trigger",
                 "a trigger has one of `fact`, `indicators`, `sequences` and `cumulative`");
    return std::nullopt;
  }
  entry.indicators = reader.texts(node, "indicators", 200);
  if (entry.indicators.size() == 1 && entry.indicators.front().text == "exfiltration_triggers") {
    entry.exfiltration_triggers = true;
    entry.indicators.clear();
  }
  entry.sequences = reader.texts(node, "sequences", 200);
  if (entry.sequences.size() == 1 && entry.sequences.front().text == "all") {
    entry.all_sequences = true;
    entry.sequences.clear();
  }
  take(entry.level, reader.word(node, "level", kLevelWords));
  const YAML::Node least = node["least"];
  if (least && reader.map(least, "`least`", kDimensionWords)) {
    entry.any_least = true;
    for (std::size_t d = 0; d < kDimensionWords.size(); ++d) {
      entry.least[d] = reader.integer(least, kDimensionWords[d].c_str(), 1, kMostCount);
    }
  }
  return entry;
}

std::optional<ExculpatoryEntry> read_exculpatory(const YAML::Node& node, YamlReader& reader) {
  if (!reader.map(node, "an exculpatory fact", {"id", "title", "fact", "where", "points"})) return std::nullopt;
  ExculpatoryEntry entry;
  entry.id = read_id(node, reader);
  entry.title = text_or_empty(reader.text(node, "title", 200));
  if (entry.title.empty()) entry.title = entry.id.text;
  auto fact = reader.required_text(node, "fact", 64);
  if (!fact) return std::nullopt;
  entry.fact = std::move(*fact);
  const auto points = reader.millionths(node, "points", 1, 100 * kOnePoint);
  if (!points && !node["points"]) reader.fault(entry.fact.place, "missing_key", "`points` is missing");
  take(entry.points, points);
  const YAML::Node where = node["where"];
  if (!where) return entry;
  if (!where.IsMap() || where.size() > 16) {
    reader.fault(YamlReader::place_of(where), "bad_value", "`where` must be a map of at most 16 attributes");
    return std::nullopt;
  }
  for (const auto& attribute : where) {
    if (!attribute.first.IsScalar()) continue;
    const std::string& key = attribute.first.Scalar();
    for (Placed& value : reader.texts(where, key.c_str(), 100)) entry.where[key].push_back(std::move(value.text));
  }
  return entry;
}

std::optional<CumulativeEntry> read_cumulative(const YAML::Node& node, YamlReader& reader) {
  if (!reader.map(node, "`cumulative`",
                  {"id", "title", "days", "categories", "indicators", "counts", "levels", "above_usual", "weight"})) {
    return std::nullopt;
  }
  CumulativeEntry entry;
  entry.id = {.text = "sum", .place = YamlReader::place_of(node)};
  if (node["id"]) entry.id = read_id(node, reader);
  entry.values.title = text_or_empty(reader.text(node, "title", 200));
  entry.values.usual_percent = 100;
  entry.values.weight = kWhole;
  take(entry.values.days, reader.integer(node, "days", 2, 90));
  if (const auto ratio = reader.millionths(node, "above_usual", 0, 100 * kWhole)) {
    entry.values.usual_percent = *ratio / (kWhole / 100);
  }
  take(entry.values.weight, reader.millionths(node, "weight", 0, kWhole));
  take(entry.values.counts_days, reader.word(node, "counts", kCountsWords));
  entry.categories = reader.texts(node, "categories", 7);
  entry.indicators = reader.texts(node, "indicators", 200);
  if (node["categories"] && node["indicators"]) {
    reader.fault(YamlReader::place_of(node), "bad_cumulative", "a sum has either `categories` or `indicators`");
  }
  const YAML::Node levels = node["levels"];
  const auto values = levels ? read_levels(levels, reader) : std::nullopt;
  if (!levels) reader.fault(YamlReader::place_of(node), "missing_key", "`levels` is missing");
  take(entry.values.levels, values);
  return entry;
}

// One rule, or a list of them.
void read_cumulatives(const YAML::Node& root, YamlReader& reader, PolicyText& text) {
  const YAML::Node node = root["cumulative"];
  if (!node) return;
  std::vector<YAML::Node> rules{node};
  if (node.IsSequence()) rules = reader.list(root, "cumulative", 16);
  for (const YAML::Node& rule : rules) {
    if (auto entry = read_cumulative(rule, reader)) text.cumulative.push_back(std::move(*entry));
  }
}

void read_boosters(const YAML::Node& scoring, YamlReader& reader, Policy& policy) {
  for (const YAML::Node& node : reader.list(scoring, "boosters", 16)) {
    if (!reader.map(node, "a booster", {"id", "title", "where", "boost"})) continue;
    GroupBooster booster;
    const Placed id = read_id(node, reader);
    const auto title = reader.text(node, "title", 200);
    if (id.text.empty()) continue;
    if (id.text == "user_history" || id.text == "above_usual") {
      reader.fault(id.place, "bad_booster", "`" + id.text + "` is a booster every policy has");
      continue;
    }
    booster.id = id.text;
    booster.title = title ? title->text : id.text;
    booster.where = read_conditions(node, "where", reader);
    take(booster.share, reader.millionths(node, "boost", 0, kMostShare));
    if (booster.where.empty() || booster.share == 0) {
      reader.fault(YamlReader::place_of(node), "bad_booster", "a booster says whom it means and how much it adds",
                   "`where: [{groups: [Executives]}]`, `boost: 0.1`");
      continue;
    }
    if (std::ranges::find(policy.boosters, booster.id, &GroupBooster::id) != policy.boosters.end()) {
      reader.fault(id.place, "bad_booster", "there are two boosters `" + booster.id + "`");
      continue;
    }
    policy.boosters.push_back(std::move(booster));
  }
  std::ranges::sort(policy.boosters, {}, &GroupBooster::id);
}

void read_scoring_overrides(const YAML::Node& root, YamlReader& reader, Policy& policy) {
  const YAML::Node node = root["scoring"];
  if (!node) return;
  if (!reader.map(node, "`scoring`", {"half_life_days", "strengths", "usual", "user_history", "boosters"})) return;
  take(policy.half_life_days, reader.integer(node, "half_life_days", 1, 365));
  take(policy.user_history, reader.millionths(node, "user_history", 0, kMostShare));
  if (const YAML::Node strengths = node["strengths"]) read_strengths(strengths, reader, policy.strengths);
  if (const YAML::Node usual = node["usual"]) read_usual(usual, reader, policy.usual);
  read_boosters(node, reader, policy);
}

void read_scope(const YAML::Node& root, YamlReader& reader, Policy& policy) {
  const YAML::Node scope = root["scope"];
  if (scope && reader.map(scope, "`scope`", {"where", "except"})) {
    policy.scope.where = read_conditions(scope, "where", reader);
    policy.scope.except = read_conditions(scope, "except", reader);
  }
  const auto start = reader.text(root, "start", 32);
  if (!start) return;
  policy.start = parse_day(start->text);
  if (!policy.start) reader.fault(start->place, "bad_day", "`start` is a day as YYYY-MM-DD");
}

// One of a closed list; the fault names all of it.
std::string word_of(const YAML::Node& map, const char* key, const std::vector<NamedMeaning>& known,
                    YamlReader& reader) {
  const auto text = reader.text(map, key, 64);
  if (!text) return {};
  std::vector<std::string> words;
  for (const auto& [word, meaning] : known) words.emplace_back(word);
  if (std::ranges::find(words, text->text) != words.end()) return text->text;
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  const std::string near = nearest(text->text, words);
  reader.fault(text->place, "bad_lawful_start", std::string("`") + key + "` is one of: " + all,
               near.empty() ? "" : "did you mean `" + near + "`?");
  return {};
}

void read_countries(const YAML::Node& map, YamlReader& reader, LawfulStart& into) {
  for (const Placed& one : reader.texts(map, "countries", 250)) {
    if (one.text == "all") {
      into.all_countries = true;
      continue;
    }
    const bool is_code = one.text.size() == 2 && std::ranges::all_of(one.text, [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
                         });
    if (!is_code) {
      reader.fault(one.place, "bad_lawful_start", "a country is two letters of ISO 3166, such as DE; or say `all`");
      continue;
    }
    std::string& code = into.countries.emplace_back(one.text);
    for (char& c : code) c = static_cast<char>(c & ~0x20);
  }
  std::ranges::sort(into.countries);
  const auto repeats = std::ranges::unique(into.countries);
  into.countries.erase(repeats.begin(), repeats.end());
  if (into.all_countries && !into.countries.empty()) {
    reader.fault(YamlReader::place_of(map["countries"]), "bad_lawful_start",
                 "`countries` is `all` or a list, not both");
    into.all_countries = false;
  }
}

void read_head(const YAML::Node& root, YamlReader& reader, Policy& policy) {
  policy.id = read_id(root, reader).text;
  policy.name = text_or_empty(reader.required_text(root, "name", 200));
  policy.template_name = text_or_empty(reader.text(root, "template", 64));
  policy.description = text_or_empty(reader.text(root, "description", 4000));
  take(policy.enabled, reader.boolean(root, "enabled"));
  take(policy.guests, reader.boolean(root, "guests"));
  take(policy.contractors, reader.boolean(root, "contractors"));
  take(policy.priority_only, reader.word(root, "scores", kScoresWords));
  if (const auto volume = reader.word(root, "volume", kVolumeWords)) policy.volume = static_cast<Volume>(*volume);
}

}  // namespace

LawfulStart read_lawful_start(const YAML::Node& root, YamlReader& reader) {
  LawfulStart out;
  const YAML::Node map = root["lawful_start"];
  if (!map ||
      !reader.map(map, "`lawful_start`",
                  {"purpose", "legal_basis", "agreement", "impact_assessment", "owner", "countries", "review_by"})) {
    return out;
  }
  out.purpose = word_of(map, "purpose", purposes(), reader);
  out.legal_basis = word_of(map, "legal_basis", legal_bases(), reader);
  out.agreement = text_or_empty(reader.text(map, "agreement", 500));
  out.impact_assessment = text_or_empty(reader.text(map, "impact_assessment", 500));
  out.owner = text_or_empty(reader.text(map, "owner", 200));
  read_countries(map, reader, out);
  if (const auto day = reader.text(map, "review_by", 32)) {
    out.review_by = parse_day(day->text);
    if (!out.review_by) reader.fault(day->place, "bad_day", "`review_by` is a day as YYYY-MM-DD");
  }
  return out;
}

LevelsByDimension read_thresholds(const YAML::Node& entry, YamlReader& reader) {
  LevelsByDimension out;
  const YAML::Node thresholds = entry["thresholds"];
  if (!thresholds || !reader.map(thresholds, "`thresholds`", kDimensionWords)) return out;
  for (std::size_t d = 0; d < kDimensionWords.size(); ++d) {
    if (const YAML::Node levels = thresholds[kDimensionWords[d]]) out[d] = read_levels(levels, reader);
  }
  return out;
}

std::optional<Levels> read_levels(const YAML::Node& node, YamlReader& reader) {
  if (!node.IsSequence() || node.size() != 3) {
    reader.fault(YamlReader::place_of(node), "bad_levels", "levels are a list of three counts: [low, medium, high]");
    return std::nullopt;
  }
  std::array<std::optional<std::int64_t>, 3> counts;
  for (std::size_t i = 0; i < 3; ++i) counts[i] = reader.whole_number(node[i], 1, kMostCount);
  if (!counts[0] || !counts[1] || !counts[2]) return std::nullopt;
  if (*counts[0] > *counts[1] || *counts[1] > *counts[2]) {
    reader.fault(YamlReader::place_of(node), "bad_levels", "levels must not fall: low <= medium <= high");
    return std::nullopt;
  }
  return Levels{.low = *counts[0], .medium = *counts[1], .high = *counts[2]};
}

void read_strengths(const YAML::Node& map, YamlReader& reader, Strengths& into) {
  if (!reader.map(map, "`strengths`", {"low", "medium", "high", "beyond", "beyond_doublings"})) return;
  take(into.low, reader.millionths(map, "low", 0, kMostShare));
  take(into.medium, reader.millionths(map, "medium", 0, kMostShare));
  take(into.high, reader.millionths(map, "high", 0, kMostShare));
  take(into.beyond, reader.millionths(map, "beyond", 0, kMostShare));
  take(into.beyond_doublings, reader.integer(map, "beyond_doublings", 1, 30));
  if (into.low > into.medium || into.medium > into.high || into.high > into.beyond) {
    reader.fault(YamlReader::place_of(map), "bad_strengths", "strengths must not fall: low <= medium <= high <= beyond",
                 "otherwise more activity could lower a score");
  }
}

void read_usual(const YAML::Node& map, YamlReader& reader, Usual& into) {
  if (!reader.map(map, "`usual`",
                  {"days", "least_days", "least_weekdays", "within", "least_count", "ratio", "boost", "most_boost",
                   "boost_doublings", "peers"})) {
    return;
  }
  take(into.days, reader.integer(map, "days", 1, 180));
  take(into.least_days, reader.integer(map, "least_days", 1, 180));
  take(into.least_weekdays, reader.integer(map, "least_weekdays", 0, 26));
  take(into.within, reader.millionths(map, "within", 0, kWhole));
  take(into.least_count, reader.integer(map, "least_count", 0, kMostCount));
  if (const auto ratio = reader.millionths(map, "ratio", kWhole, 1000 * kWhole)) {
    into.ratio_percent = *ratio / (kWhole / 100);
  }
  take(into.boost, reader.millionths(map, "boost", 0, kMostShare));
  take(into.most_boost, reader.millionths(map, "most_boost", 0, kMostShare));
  take(into.boost_doublings, reader.integer(map, "boost_doublings", 1, 30));
  if (const auto peers = reader.millionths(map, "peers", 0, 100 * kWhole)) {
    into.peers_percent = *peers / (kWhole / 100);
  }
  if (into.boost > into.most_boost) {
    reader.fault(YamlReader::place_of(map), "bad_usual", "`most_boost` must not be smaller than `boost`");
  }
}

PolicyText read_policy_text(std::string_view text, YamlReader& reader, const ScoringContent& scoring) {
  PolicyText out;
  out.values.strengths = scoring.strengths;
  out.values.usual = scoring.usual;
  out.values.half_life_days = scoring.half_life_days;
  const auto root = reader.document(text);
  if (!root || !reader.map(*root, "a policy",
                           {"id",          "name",        "template",       "description", "enabled",   "guests",
                            "contractors", "scope",       "lawful_start",   "start",       "scores",    "volume",
                            "windows",     "triggers",    "indicators",     "fitted",      "sequences", "cumulative",
                            "scoring",     "exculpatory", "screen_evidence"})) {
    return out;
  }
  const YAML::Node& map = *root;
  read_head(map, reader, out.values);
  read_scope(map, reader, out.values);
  out.values.lawful_start = read_lawful_start(map, reader);
  read_windows(map, reader, out.values);
  read_screen_evidence(map, reader, out.values);
  read_scoring_overrides(map, reader, out.values);
  for (const YAML::Node& node : reader.list(map, "triggers", 32)) {
    if (auto entry = read_trigger(node, reader)) out.triggers.push_back(std::move(*entry));
  }
  for (const YAML::Node& node : reader.list(map, "indicators", 1000)) {
    if (auto entry = read_indicator(node, reader)) out.indicators.push_back(std::move(*entry));
  }
  read_fitted(map, reader, out);
  for (const YAML::Node& node : reader.list(map, "sequences", 500)) {
    if (auto entry = read_sequence(node, reader)) out.sequences.push_back(std::move(*entry));
  }
  for (const YAML::Node& node : reader.list(map, "exculpatory", 32)) {
    if (auto entry = read_exculpatory(node, reader)) out.exculpatory.push_back(std::move(*entry));
  }
  read_cumulatives(map, reader, out);
  if (!map["triggers"]) reader.fault({.line = 1, .column = 1}, "missing_key", "`triggers` is missing");
  if (!map["indicators"]) reader.fault({.line = 1, .column = 1}, "missing_key", "`indicators` is missing");
  return out;
}

}  // namespace candor
