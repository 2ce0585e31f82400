#pragma once

#include <memory>
#include <string>
#include <vector>

#include "activity/field.h"
#include "indicators/indicator_set.h"

// What the tests of this folder share: a small catalogue and the frame of a sound rule.
namespace candor {

inline std::shared_ptr<const FieldCatalogue> small_catalogue() {
  return FieldCatalogue::create({
                                    {.name = "event.action", .type = FieldType::keyword, .description = ""},
                                    {.name = "file.name", .type = FieldType::keyword, .description = ""},
                                    {.name = "file.extension", .type = FieldType::keyword, .description = ""},
                                    {.name = "file.size", .type = FieldType::integer, .description = ""},
                                    {.name = "device.managed", .type = FieldType::boolean, .description = ""},
                                    {.name = "source.ip", .type = FieldType::ip, .description = ""},
                                    {.name = "email.to", .type = FieldType::keywords, .description = ""},
                                    {.name = "email.cc", .type = FieldType::keywords, .description = ""},
                                })
      .value();
}

// `detection` is the YAML below `detection:`, indented by two blanks; `number` makes id and name differ.
inline RuleText rule_with(const std::string& detection, int number = 1) {
  const std::string digits = std::to_string(100000000000 + number);
  return {.file = "rule" + std::to_string(number) + ".yml",
          .text = "title: A rule\nid: 00000000-0000-4000-8000-" + digits +
                  "\ndescription: For tests\nstatus: test\nlogsource:\n  product: "
                  "m365\ndetection:\n" +
                  detection +
                  "falsepositives:\n  - none\nlevel: low\ntags:\n  - attack.collection\ncandor:\n  name: rule_" +
                  std::to_string(number) +
                  "\n  category: collection\n  workload: office\n  intrusion: 1\n"
                  "  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]\n  thresholds:\n"
                  "    all: {low: 1, medium: 2, high: 3, reason: tests}\n"};
}

// One selection on one field: `key: value`.
inline RuleText rule_on(const std::string& key, const std::string& value, int number = 1) {
  return rule_with("  selection:\n    " + key + ": " + value + "\n  condition: selection\n", number);
}

}  // namespace candor
