#include "indicators/detection_groups.h"

#include <utility>

#include "base/keys.h"
#include "indicators/list_reader.h"

namespace candor {

DetectionGroups read_detection_groups(const RestrictionTexts& texts, const std::shared_ptr<const ItemFields>& fields,
                                      std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> keys = item_words();
  keys.insert(keys.end(), {"name", "title"});
  DetectionGroups groups;
  for (const RuleText& text : texts.groups) {
    for (const YamlNode& map : ListReader(text.file, texts, diagnostics).entries(text.text, "groups")) {
      if (is_passed_over(text, map)) continue;
      ListReader reader(text.file, texts, diagnostics);
      auto group = std::make_shared<DetectionGroup>(
          DetectionGroup{.name = reader.name(map), .title = "", .lists = ItemLists(fields)});
      reader.only(map, keys);
      const auto title = reader.text(map, "title");
      group->title = title ? title->text : group->name;
      reader.items(map, group->lists);
      group->lists.finish();
      if (groups.contains(group->name)) {
        reader.error(map.place, "indicators.duplicate_name", "there is a group `" + group->name + "` already",
                     "put both lists into one");
      }
      if (!reader.failed()) groups.emplace(group->name, std::move(group));
    }
  }
  return groups;
}

std::string GroupQuestion::in_words() const {
  const std::string group = "the detection group `" + group_->name + "`";
  return extent_ == Extent::some ? "meets " + group : "is wholly within " + group;
}

std::string GroupQuestion::why(sigma::FieldValues& values) const {
  std::string why = group_->lists.why(values, extent_);
  return why.empty() ? "nothing of it is on its lists" : why;
}

std::uint64_t GroupQuestion::fingerprint() const {
  return content_hash(std::to_string(group_->lists.fingerprint()) + (extent_ == Extent::some ? "some" : "every"));
}

}  // namespace candor
