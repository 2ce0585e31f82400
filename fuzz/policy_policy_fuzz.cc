#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/policy.h"
#include "policy/score.h"

// Any text as a policy: it is refused with places, or it compiles and scores within range.
namespace {

using namespace candor;

std::vector<IndicatorInfo> indicators() {
  std::vector<IndicatorInfo> out;
  IndicatorKey key = 1;
  for (const char* name : {"sharepoint_download", "usb_copy", "email_external", "dlp_high_severity"}) {
    IndicatorInfo info;
    info.key = key++;
    info.name = name;
    info.category = key % 2 == 0 ? Category::collection : Category::exfiltration;
    info.exfiltration_trigger = true;
    info.levels[0] = {.low = 10, .medium = 30, .high = 100};
    out.push_back(info);
  }
  return out;
}

void score(const Policy& policy) {
  Profile profile;
  Fact fact;
  fact.kind = FactKind::resignation;
  fact.valid_from = 1000;
  profile.facts.push_back(fact);
  Insights insights;
  for (Day day = 950; day < 1010; ++day) {
    for (const IndicatorKey key : {1U, 2U, 3U}) {
      Insight insight;
      insight.indicator = key;
      insight.day = day;
      insight.counts[0] = (day * 37 + static_cast<int>(key) * 11) % 300;
      insights.push_back(insight);
    }
  }
  const Assessment result = assess(policy, profile, insights, 1005);
  Micropoints sum = 0;
  for (const ReceiptPart& part : result.parts) sum += part.points;
  if (sum != result.score || result.score < 0 || result.score > 100 * kOnePoint) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kScoring =
      ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring").value();
  static const std::vector<IndicatorInfo> kIndicators = indicators();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const LoadedPolicy loaded = load_policy(text, "fuzz.yml", kIndicators, *kScoring);
  if (loaded.policy) score(*loaded.policy);
  if (!loaded.policy && !has_errors(loaded.diagnostics)) __builtin_trap();
  return 0;
}
