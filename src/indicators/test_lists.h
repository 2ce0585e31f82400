#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "activity/field.h"

// What the tests of lists share: a catalogue of the fields lists look at, and an activity that holds texts.
namespace candor {

inline std::shared_ptr<const FieldCatalogue> list_catalogue() {
  std::vector<Field> fields;
  for (const char* name :
       {"event.action", "destination.domain", "url.domain", "candor.site", "file.path", "file.directory", "file.name",
        "file.extension", "candor.file.new_name", "email.subject", "candor.classifiers"}) {
    fields.push_back({.name = name, .type = FieldType::keyword, .description = ""});
  }
  for (const char* name : {"candor.recipient.domains", "email.attachments.file.name", "candor.sensitive_info.types"}) {
    fields.push_back({.name = name, .type = FieldType::keywords, .description = ""});
  }
  return FieldCatalogue::create(std::move(fields)).value();
}

// An activity and the texts it holds, which must stay where they are.
struct Held {
  Held(const std::shared_ptr<const FieldCatalogue>& catalogue, std::map<std::string, std::vector<std::string>> held)
      : texts(std::move(held)), activity(catalogue) {
    for (const auto& [name, values] : texts) {
      const std::vector<std::string_view> views(values.begin(), values.end());
      const FieldId field = catalogue->require(name);
      if ((*catalogue)[field].type == FieldType::keywords) {
        activity.set_list(field, views);
      } else {
        activity.set_text(field, views.front());
      }
    }
    if (const auto action = texts.find("event.action"); action != texts.end()) activity.operation = action->second[0];
  }

  const std::map<std::string, std::vector<std::string>> texts;
  Activity activity;
};

}  // namespace candor
