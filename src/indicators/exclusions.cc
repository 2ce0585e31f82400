#include "indicators/exclusions.h"

#include <algorithm>
#include <utility>

#include "base/keys.h"
#include "indicators/list_reader.h"
#include "sigma/detection.h"

namespace candor {
namespace {

class ExclusionReader {
 public:
  ExclusionReader(const RuleText& text, const RestrictionTexts& texts, std::vector<Diagnostic>& diagnostics)
      : reader_(text.file, texts, diagnostics) {}

  std::optional<Exclusion> read(const YamlNode& map, const std::shared_ptr<const ItemFields>& fields,
                                const DetectionGroups& groups, const std::vector<std::string>& indicators) {
    std::vector<std::string> keys = item_words();
    keys.insert(keys.end(), {"name", "reason", "indicators", "groups", "unless_keywords"});
    reader_.only(map, keys);
    Exclusion made{.name = reader_.name(map),
                   .reason = {},
                   .indicators = {},
                   .groups = {},
                   .lists = ItemLists(fields),
                   .unless = ItemLists(fields)};
    if (const auto reason = reader_.text(map, "reason")) {
      made.reason = reason->text;
    } else if (map.find("reason") == nullptr) {
      reader_.error(map.place, "indicators.missing_key", "`reason` is missing",
                    "say why nobody needs to see what this leaves out");
    }
    name_indicators(map, indicators, made);
    name_groups(map, groups, made);
    reader_.items(map, made.lists);
    reader_.items(map, "unless_keywords", ItemKind::keywords, made.unless);
    made.lists.finish();
    made.unless.finish();
    if (reader_.failed()) return std::nullopt;
    return made;
  }

  void twice(const YamlNode& map, const std::string& name) {
    reader_.error(map.place, "indicators.duplicate_name", "there is an exclusion `" + name + "` already",
                  "give it another name, or put both into one");
  }

 private:
  void name_indicators(const YamlNode& map, const std::vector<std::string>& known, Exclusion& made) {
    const YamlNode* const node = map.find("indicators");
    const auto names = reader_.words(map, "indicators");
    for (const sigma::Scalar& name : names) {
      if (std::ranges::binary_search(known, name.text)) {
        made.indicators.push_back(name.text);
      } else {
        reader_.error(name.place, "indicators.not_found", "there is no indicator `" + sigma::shortened(name.text) + "`",
                      sigma::did_you_mean(name.text, known));
      }
    }
    // An empty list would mean all, which is the contrary of what it looks like.
    if (node == nullptr || !names.empty()) return;
    reader_.error(node->place, "indicators.bad_value", "`indicators` names none",
                  "leave it out: then the exclusion is about all");
  }

  void name_groups(const YamlNode& map, const DetectionGroups& groups, Exclusion& made) {
    for (const sigma::Scalar& name : reader_.words(map, "groups")) {
      const auto found = groups.find(name.text);
      if (found != groups.end()) {
        made.groups.push_back(found->second);
        continue;
      }
      std::vector<std::string> names;
      for (const auto& [known, group] : groups) names.push_back(known);
      reader_.error(name.place, "indicators.unknown_group",
                    "there is no detection group `" + sigma::shortened(name.text) + "`",
                    sigma::did_you_mean(name.text, names));
    }
  }

  ListReader reader_;
};

}  // namespace

bool Exclusion::holds(sigma::FieldValues& values) const {
  const bool met = lists.met(values, Extent::every) || std::ranges::any_of(groups, [&](const auto& group) {
                     return group->lists.met(values, Extent::every);
                   });
  return met && !unless.met(values, Extent::some);
}

std::string Exclusion::why(sigma::FieldValues& values) const {
  if (!holds(values)) return "";
  std::string why = lists.why(values, Extent::every);
  for (const auto& group : groups) {
    if (why.empty()) why = group->lists.why(values, Extent::every);
  }
  return why;
}

std::uint64_t Exclusion::fingerprint() const {
  std::string bytes = std::to_string(lists.fingerprint()) + '\n' + std::to_string(unless.fingerprint());
  for (const auto& group : groups) bytes += '\n' + std::to_string(group->lists.fingerprint());
  bytes += indicators.empty() ? "\nall" : "\nsome";
  for (const std::string& indicator : indicators) bytes += '\n' + indicator;
  return content_hash(bytes);
}

std::size_t Exclusion::items() const {
  std::size_t sum = lists.size();
  for (const auto& group : groups) sum += group->lists.size();
  return sum;
}

std::vector<Exclusion> read_exclusions(const RestrictionTexts& texts, const std::shared_ptr<const ItemFields>& fields,
                                       const DetectionGroups& groups, const std::vector<std::string>& indicators,
                                       std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> known = indicators;
  std::ranges::sort(known);
  std::vector<Exclusion> exclusions;
  for (const RuleText& text : texts.exclusions) {
    for (const YamlNode& map : ListReader(text.file, texts, diagnostics).entries(text.text, "exclusions")) {
      if (is_passed_over(text, map)) continue;
      ExclusionReader reader(text, texts, diagnostics);
      auto one = reader.read(map, fields, groups, known);
      if (!one) continue;
      if (std::ranges::find(exclusions, one->name, &Exclusion::name) != exclusions.end()) {
        reader.twice(map, one->name);
      } else {
        exclusions.push_back(std::move(*one));
      }
    }
  }
  std::ranges::sort(exclusions, {}, &Exclusion::name);
  return exclusions;
}

}  // namespace candor
