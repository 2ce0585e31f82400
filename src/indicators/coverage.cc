#include "indicators/coverage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/yaml_tree.h"

namespace candor {
namespace {

constexpr std::array kFrequencies = {Frequency::frequent, Frequency::moderate, Frequency::infrequent};

std::string text_of(const YamlNode& map, std::string_view key) {
  const YamlNode* const value = map.find(key);
  return value != nullptr && value->kind == YamlNode::Kind::scalar ? value->text : std::string();
}

std::optional<Frequency> frequency_of(std::string_view word) {
  const auto* const found =
      std::ranges::find_if(kFrequencies, [&](Frequency frequency) { return to_text(frequency) == word; });
  return found == kFrequencies.end() ? std::nullopt : std::optional(*found);
}

std::unexpected<Error> bad(const std::filesystem::path& file, const Place& place, const std::string& why) {
  return std::unexpected(Error{.id = "indicators.bad_techniques",
                               .message = file.string() + ":" + std::to_string(place.line) + ": " + why});
}

void add(Covered& covered, bool left) {
  ++covered.all;
  covered.left += left ? 1 : 0;
}

}  // namespace

std::string_view to_text(Frequency frequency) {
  switch (frequency) {
    case Frequency::frequent:
      return "frequent";
    case Frequency::moderate:
      return "moderate";
    case Frequency::infrequent:
      return "infrequent";
  }
  return "infrequent";
}

Result<InsiderTechniques> load_insider_techniques(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return bad(file, {}, "cannot be read");
  const YamlStream stream = parse_yaml(text);
  if (stream.fault) return bad(file, stream.fault->place, stream.fault->message);
  if (stream.documents.size() != 1 || !stream.documents.front().is_map()) return bad(file, {}, "is no map");
  const YamlNode& root = stream.documents.front();
  InsiderTechniques result{.source = text_of(root, "source"), .licence = text_of(root, "licence"), .techniques = {}};
  if (result.source.empty() || result.licence.empty()) return bad(file, root.place, "names no `source` or `licence`");
  const YamlNode* const rows = root.find("techniques");
  if (rows == nullptr || !rows->is_list()) return bad(file, root.place, "`techniques` is no list");
  std::set<std::string> seen;
  for (const YamlNode& row : rows->items) {
    const auto frequency = frequency_of(text_of(row, "frequency"));
    if (!frequency) return bad(file, row.place, "`frequency` is frequent, moderate or infrequent");
    InsiderTechnique technique{.id = text_of(row, "id"),
                               .name = text_of(row, "name"),
                               .frequency = *frequency,
                               .why = text_of(row, "why"),
                               .limit = text_of(row, "limit")};
    if (technique.id.empty() || technique.name.empty()) return bad(file, row.place, "`id` or `name` is missing");
    if (!seen.insert(technique.id).second) return bad(file, row.place, technique.id + " is there twice");
    result.techniques.push_back(std::move(technique));
  }
  return result;
}

bool remains(const IndicatorInfo& info, const Licences& without) {
  return std::ranges::any_of(info.feeds, [&](const Feed& feed) { return !without.contains(feed.licence); });
}

Coverage coverage_of(const std::vector<IndicatorInfo>& indicators, const Licences& without) {
  Coverage coverage;
  for (const Category category : all_categories()) coverage.categories[category] = {};
  for (const IndicatorInfo& info : indicators) {
    const bool left = remains(info, without);
    add(coverage.total, left);
    add(coverage.categories[info.category], left);
    add(coverage.workloads[info.workload], left);
    for (const std::string& technique : techniques_of(info)) add(coverage.techniques[technique], left);
    if (!left) coverage.lost.push_back(&info);
  }
  return coverage;
}

std::vector<const IndicatorInfo*> covering(const std::vector<IndicatorInfo>& indicators, std::string_view technique,
                                           const Licences& without) {
  const std::string below = std::string(technique) + ".";
  std::vector<const IndicatorInfo*> found;
  for (const IndicatorInfo& info : indicators) {
    const std::vector<std::string> named = techniques_of(info);
    const bool covers =
        std::ranges::any_of(named, [&](const std::string& one) { return one == technique || one.starts_with(below); });
    if (covers && remains(info, without)) found.push_back(&info);
  }
  return found;
}

}  // namespace candor
