// Detection groups, exclusions and a variant of any bytes are read and compiled; what loads is asked of an activity
// whose texts are the same bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indicators/explain.h"
#include "indicators/indicator_set.h"

namespace {

std::shared_ptr<const candor::FieldCatalogue> catalogue() {
  static const auto kCatalogue =
      candor::FieldCatalogue::load(std::string(CANDOR_SOURCE_DIR) + "/content/fields.yml").value();
  return kCatalogue;
}

constexpr const char* kRule = R"(title: Sent
id: 00000000-0000-4000-8000-100000000001
description: For the fuzzer
logsource: {product: m365}
detection: {selection: {event.action: Send}, condition: selection}
falsepositives: [none]
tags: [attack.exfiltration]
candor:
  name: sent
  category: exfiltration
  workload: office
  intrusion: 1
  feeds: [{source: m365_audit, record_types: [2], setting: none, licence: any}]
  thresholds: {all: {low: 1, medium: 2, high: 3, reason: tests}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string text(bytes);
  candor::RestrictionTexts texts;
  texts.groups.push_back({.file = "groups.yml", .text = text});
  texts.exclusions.push_back({.file = "exclusions.yml", .text = text});
  texts.variants.push_back({.file = "variant.yml", .text = text});
  const auto loaded = candor::IndicatorSet::parse({{.file = "sent.yml", .text = kRule}}, catalogue(), texts);
  candor::Activity activity(catalogue());
  const candor::FieldCatalogue& fields = *catalogue();
  const std::string_view some[] = {bytes.substr(0, std::min<std::size_t>(size, 40)), bytes.substr(size / 2)};
  activity.operation = "Send";
  activity.set_text(fields.require("event.action"), activity.operation);
  for (const char* name : {"file.path", "file.extension", "candor.site", "email.subject", "candor.classifiers"}) {
    activity.set_text(fields.require(name), some[1]);
  }
  for (const char* name : {"candor.recipient.domains", "email.attachments.file.name", "candor.sensitive_info.types"}) {
    activity.set_list(fields.require(name), some);
  }
  candor::Matcher matcher(loaded.set);
  const candor::IndicatorMask all(loaded.set->size(), true);
  std::vector<candor::IndicatorIndex> matched;
  matcher.match(activity, all, matched);
  // What explains agrees with what matches.
  for (std::size_t i = 0; i < loaded.set->size(); ++i) {
    const auto index = static_cast<candor::IndicatorIndex>(i);
    const bool in = std::ranges::find(matched, index) != matched.end();
    if (candor::explain(*loaded.set, index, activity).holds != in) __builtin_trap();
  }
  return 0;
}
