#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "timeline/insight.h"

// What the tests of this folder build on: a few indicators with round levels and a policy over them.
namespace candor::test {

inline constexpr IndicatorKey kDownload = 10;
inline constexpr IndicatorKey kMail = 20;
inline constexpr IndicatorKey kUsb = 30;
inline constexpr IndicatorKey kRename = 40;

inline IndicatorInfo indicator(IndicatorKey key, const char* name, Category category, Levels all, bool trigger) {
  IndicatorInfo info;
  info.key = key;
  info.id = name;
  info.name = name;
  info.title = std::string("Title of ") + name;
  info.category = category;
  info.exfiltration_trigger = trigger;
  info.levels[0] = all;
  info.levels[1] = {.low = 2, .medium = 5, .high = 10};
  return info;
}

inline std::vector<IndicatorInfo> indicators() {
  return {indicator(kDownload, "download", Category::collection, {.low = 50, .medium = 100, .high = 200}, false),
          indicator(kMail, "mail_outside", Category::exfiltration, {.low = 10, .medium = 20, .high = 40}, true),
          indicator(kUsb, "usb_copy", Category::exfiltration, {.low = 10, .medium = 30, .high = 60}, true),
          indicator(kRename, "rename", Category::obfuscation, {.low = 20, .medium = 40, .high = 80}, false)};
}

inline std::shared_ptr<const ScoringContent> scoring() {
  const auto content = ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring");
  CANDOR_CHECK(content.has_value());
  return *content;
}

inline constexpr const char* kLeaver = R"(
id: leaver
name: Leavers
windows: {look_back_days: 90, activation_days: 30, evidence_days: 60}
triggers:
  - {id: resignation, title: Resignation, fact: resignation}
indicators:
  - {category: exfiltration, weight: 1}
  - {name: download, weight: 0.5}
scoring:
  half_life_days: 10
  strengths: {low: 0.1, medium: 0.2, high: 0.4, beyond: 0.8, beyond_doublings: 3}
  usual: {least_days: 5, within: 0.25, least_count: 20, ratio: 4, boost: 0.2, most_boost: 0.5, boost_doublings: 2}
)";

inline Policy policy(const std::string& text = kLeaver) {
  LoadedPolicy loaded = load_policy(text, "test.yml", indicators(), *scoring());
  for (const Diagnostic& diagnostic : loaded.diagnostics) std::fputs((to_text(diagnostic) + "\n").c_str(), stderr);
  CANDOR_CHECK(loaded.policy.has_value());
  return std::move(*loaded.policy);
}

inline Insight insight(IndicatorKey key, Day day, std::int64_t count, std::int64_t sensitive = 0) {
  Insight out;
  out.indicator = key;
  out.day = day;
  out.counts[0] = count;
  out.counts[1] = sensitive;
  out.distinct_objects = count;
  out.first = start_of(day) + 9 * 3600 * kMicrosPerSecond;
  out.last = out.first + count * kMicrosPerSecond;
  return out;
}

inline Fact resignation(Day day, Day last_working_day) {
  Fact fact;
  fact.fact_id = std::string(32, 'a');
  fact.kind = FactKind::resignation;
  fact.valid_from = day;
  fact.attributes["last_working_day"] = format_day(last_working_day);
  return fact;
}

}  // namespace candor::test
