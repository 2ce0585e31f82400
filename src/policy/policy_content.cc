#include "policy/policy_content.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/keys.h"

namespace candor {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json levels_json(const Levels& levels) { return {levels.low, levels.medium, levels.high}; }

Levels levels_from(const json& value) {
  return {.low = value.at(0).get<std::int64_t>(),
          .medium = value.at(1).get<std::int64_t>(),
          .high = value.at(2).get<std::int64_t>()};
}

ordered_json strengths_json(const Strengths& strengths) {
  return {{"low", strengths.low},
          {"medium", strengths.medium},
          {"high", strengths.high},
          {"beyond", strengths.beyond},
          {"beyond_doublings", strengths.beyond_doublings}};
}

Strengths strengths_from(const json& value) {
  return {.low = value.at("low"),
          .medium = value.at("medium"),
          .high = value.at("high"),
          .beyond = value.at("beyond"),
          .beyond_doublings = value.at("beyond_doublings")};
}

ordered_json usual_json(const Usual& usual) {
  ordered_json out = {{"days", usual.days},
                      {"least_days", usual.least_days},
                      {"within", usual.within},
                      {"least_count", usual.least_count},
                      {"ratio_percent", usual.ratio_percent},
                      {"boost", usual.boost},
                      {"most_boost", usual.most_boost},
                      {"boost_doublings", usual.boost_doublings}};
  // What older versions could not say leaves their hashes as they were.
  if (usual.peers_percent != 0) out["peers_percent"] = usual.peers_percent;
  if (usual.least_weekdays != 0) out["least_weekdays"] = usual.least_weekdays;
  return out;
}

Usual usual_from(const json& value) {
  return {.days = value.at("days"),
          .least_days = value.at("least_days"),
          .least_weekdays = value.value("least_weekdays", 0),
          .within = value.at("within"),
          .least_count = value.at("least_count"),
          .ratio_percent = value.at("ratio_percent"),
          .boost = value.at("boost"),
          .most_boost = value.at("most_boost"),
          .boost_doublings = value.at("boost_doublings"),
          .peers_percent = value.value("peers_percent", std::int64_t{0})};
}

ordered_json bands_json(const Bands& bands) {
  return {{"low", bands.low}, {"medium", bands.medium}, {"high", bands.high}};
}

Category category_from(const std::string& text) {
  for (const Category category : all_categories()) {
    if (to_text(category) == text) return category;
  }
  throw std::invalid_argument(text);  // caught in policy_content(), like the library's own
}

ordered_json indicator_json(const IndicatorInfo& info) {
  ordered_json levels = ordered_json::array();
  for (const Levels& one : info.levels) levels.push_back(levels_json(one));
  ordered_json out = {{"name", info.name},
                      {"key", info.key},
                      {"title", info.title},
                      {"category", to_text(info.category)},
                      {"exfiltration_trigger", info.exfiltration_trigger},
                      {"levels", levels}};
  if (info.experimental) out["experimental"] = true;
  return out;
}

IndicatorInfo indicator_from(const json& value) {
  IndicatorInfo info;
  info.name = value.at("name");
  info.key = value.at("key");
  info.title = value.at("title");
  info.category = category_from(value.at("category"));
  info.exfiltration_trigger = value.at("exfiltration_trigger");
  info.experimental = value.value("experimental", false);
  for (std::size_t d = 0; d < kDimensions; ++d) info.levels[d] = levels_from(value.at("levels").at(d));
  return info;
}

ordered_json sequence_json(const SequenceContent& sequence) {
  ordered_json steps = ordered_json::array();
  for (const SequenceContent::Step& step : sequence.steps) {
    std::vector<std::string> categories;
    for (const Category category : step.categories) categories.emplace_back(to_text(category));
    steps.push_back({{"name", step.name}, {"indicators", step.indicators}, {"categories", categories}});
  }
  ordered_json levels = ordered_json::array();
  for (const Levels& one : sequence.levels) levels.push_back(levels_json(one));
  return {{"name", sequence.name},
          {"title", sequence.title},
          {"steps", steps},
          {"window_days", sequence.window_days},
          {"levels", levels}};
}

SequenceContent sequence_from(const json& value) {
  SequenceContent out{.name = value.at("name"),
                      .title = value.at("title"),
                      .steps = {},
                      .window_days = value.at("window_days"),
                      .levels = {}};
  for (const json& step : value.at("steps")) {
    SequenceContent::Step one{.name = step.at("name"), .indicators = step.at("indicators"), .categories = {}};
    for (const json& word : step.at("categories")) one.categories.push_back(category_from(word));
    out.steps.push_back(std::move(one));
  }
  for (std::size_t d = 0; d < kDimensions; ++d) out.levels[d] = levels_from(value.at("levels").at(d));
  return out;
}

std::string line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json trigger_json(const Trigger& trigger) {
  ordered_json watched = ordered_json::array();
  for (const Trigger::Watched& one : trigger.watched) watched.push_back({one.key, one.name, one.least});
  const ordered_json sum = trigger.sum ? ordered_json{trigger.sum->rule, trigger.sum->least} : ordered_json();
  ordered_json fact;
  if (trigger.fact) fact = to_text(*trigger.fact);
  if (trigger.after_last_working_day) fact = "after_last_working_day";
  if (trigger.directory_end) fact = "directory_end";
  return {{"id", trigger.id}, {"fact", fact}, {"watched", watched}, {"sum", sum}};
}

ordered_json scored_json(const PolicyIndicator& indicator) {
  ordered_json levels = ordered_json::array();
  for (const Levels& one : indicator.levels) levels.push_back(levels_json(one));
  return {indicator.key, indicator.name, to_text(indicator.category), indicator.weight, levels};
}

ordered_json exculpatory_json(const Exculpatory& rule) {
  return {{"id", rule.id},
          {"title", rule.title},
          {"fact", to_text(rule.fact)},
          {"where", rule.where},
          {"points", rule.points}};
}

ordered_json cumulative_json(const Cumulative& rule) {
  return {{"id", rule.id},
          {"days", rule.days},
          {"indicators", rule.indicators},
          {"counts_days", rule.counts_days},
          {"levels", levels_json(rule.levels)},
          {"usual_percent", rule.usual_percent},
          {"weight", rule.weight}};
}

template <typename Values, typename Json>
ordered_json list_json(const Values& values, const Json& one_json) {
  ordered_json out = ordered_json::array();
  for (const auto& value : values) out.push_back(one_json(value));
  return out;
}

}  // namespace

std::string policy_content_text(std::span<const IndicatorInfo> indicators, const ScoringContent& scoring) {
  std::vector<const IndicatorInfo*> sorted;
  for (const IndicatorInfo& info : indicators) sorted.push_back(&info);
  std::ranges::sort(sorted, {}, &IndicatorInfo::name);
  ordered_json weights = ordered_json::object();
  for (const auto& [category, weight] : scoring.weights) weights[std::string(to_text(category))] = weight;
  std::string text = "{\"bands\":" + line(bands_json(scoring.bands)) + ",\n";
  text += "\"cuts\":" + line(scoring.cuts) + ",\n";
  text += "\"strengths\":" + line(strengths_json(scoring.strengths)) + ",\n";
  text += "\"usual\":" + line(usual_json(scoring.usual)) + ",\n";
  text += "\"half_life_days\":" + std::to_string(scoring.half_life_days) + ",\n";
  text += "\"weights\":" + line(weights) + ",\n\"sequences\":[";
  for (const SequenceContent& one : scoring.sequences) {
    text += (&one == &scoring.sequences.front() ? "\n" : ",\n") + line(sequence_json(one));
  }
  text += "],\n\"indicators\":[";
  for (const IndicatorInfo* info : sorted) {
    text += (info == sorted.front() ? "\n" : ",\n") + line(indicator_json(*info));
  }
  return text + "\n]}\n";
}

Result<PolicyContent> policy_content(std::string_view text, std::shared_ptr<const Logarithms> logarithms) {
  try {
    const json value = json::parse(text);
    PolicyContent out;
    for (const json& one : value.at("indicators")) out.indicators.push_back(indicator_from(one));
    const json& bands = value.at("bands");
    out.scoring.bands = {.low = bands.at("low"), .medium = bands.at("medium"), .high = bands.at("high")};
    out.scoring.cuts = value.at("cuts").get<std::array<Micropoints, 3>>();
    out.scoring.strengths = strengths_from(value.at("strengths"));
    out.scoring.usual = usual_from(value.at("usual"));
    out.scoring.half_life_days = value.at("half_life_days");
    for (const auto& [category, weight] : value.at("weights").items()) {
      out.scoring.weights[category_from(category)] = weight;
    }
    // Versions from before there were any have none.
    if (const auto sequences = value.find("sequences"); sequences != value.end()) {
      for (const json& one : *sequences) out.scoring.sequences.push_back(sequence_from(one));
    }
    out.scoring.logarithms = std::move(logarithms);
    return out;
  } catch (const std::exception&) {  // how the library reports text that is not what policy_content_text() wrote
    return fail("policy.bad_content", "the content stored with a policy cannot be read; restore the backup");
  }
}

std::string version_of(const Policy& policy) {
  ordered_json values = {{"id", policy.id},
                         {"enabled", policy.enabled},
                         {"guests", policy.guests},
                         {"contractors", policy.contractors},
                         {"cut", policy.cut},
                         {"bands", bands_json(policy.bands)},
                         {"look_back_days", policy.look_back_days},
                         {"activation_days", policy.activation_days},
                         {"evidence_days", policy.evidence_days},
                         {"half_life_days", policy.half_life_days},
                         {"strengths", strengths_json(policy.strengths)},
                         {"usual", usual_json(policy.usual)},
                         {"cumulative", list_json(policy.cumulative, cumulative_json)},
                         {"user_history", policy.user_history},
                         {"triggers", list_json(policy.triggers, trigger_json)},
                         {"indicators", list_json(policy.indicators, scored_json)},
                         {"exculpatory", list_json(policy.exculpatory, exculpatory_json)},
                         {"logarithms", policy.logarithms->fingerprint()}};
  // What older versions could not say leaves their hashes as they were.
  if (!policy.scope.where.empty() || !policy.scope.except.empty()) {
    values["scope"] = {{"where", policy.scope.where}, {"except", policy.scope.except}};
  }
  if (!policy.lawful_start.countries.empty()) values["countries"] = policy.lawful_start.countries;
  if (const auto last = policy.lawful_start.last_day()) values["last_day"] = *last;
  if (policy.start) values["start"] = *policy.start;
  for (const GroupBooster& one : policy.boosters) {
    values["boosters"].push_back({{"id", one.id}, {"title", one.title}, {"where", one.where}, {"share", one.share}});
  }
  if (policy.screen_evidence_days > 0) values["screen_evidence_days"] = policy.screen_evidence_days;
  if (policy.priority_only) values["scores"] = "priority";
  // The key of a sequence tells its steps.
  if (!policy.sequences.empty())
    values["sequences"] = list_json(policy.sequences, [](const Sequence& one) { return ordered_json(one.key); });
  const std::uint64_t hash = content_hash(line(values));
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(hash >> shift & 0xff);
  return to_hex(bytes);
}

}  // namespace candor
