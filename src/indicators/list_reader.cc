#include "indicators/list_reader.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/fold.h"
#include "sigma/detection.h"

namespace candor {
namespace {

// Lists have no ceiling but the machine's.
constexpr YamlLimits kLimits = {.nodes = std::numeric_limits<std::size_t>::max(), .depth = 8};

sigma::Scalar scalar_of(const YamlNode& node) {
  return {.text = node.text, .null = node.kind == YamlNode::Kind::null, .quoted = node.quoted, .place = node.place};
}

}  // namespace

std::vector<std::string> item_words() {
  std::vector<std::string> words;
  words.reserve(kItemKinds);
  for (std::size_t i = 0; i < kItemKinds; ++i) words.emplace_back(to_text(static_cast<ItemKind>(i)));
  return words;
}

bool is_passed_over(const RuleText& text, const YamlNode& map) {
  const YamlNode* const name = map.find("name");
  return name != nullptr && text.without.contains(name->text);
}

void ListReader::error(Place place, const char* id, std::string message, std::string hint) {
  failed_ = true;
  diagnostics_.push_back({.file = file_,
                          .line = place.line,
                          .column = place.column,
                          .severity = Severity::error,
                          .id = id,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

std::optional<YamlNode> ListReader::document(const std::string& text) {
  YamlStream stream = parse_yaml(text, kLimits);
  if (stream.fault) {
    error(stream.fault->place, "indicators.bad_yaml", stream.fault->message);
    return std::nullopt;
  }
  if (stream.documents.size() != 1 || !stream.documents.front().is_map()) {
    error({.line = 1, .column = 1}, "indicators.bad_list", "one document is expected, a map");
    return std::nullopt;
  }
  return std::move(stream.documents.front());
}

std::vector<YamlNode> ListReader::entries(const std::string& text, const std::string& key) {
  auto root = document(text);
  if (!root) return {};
  only(*root, {key});
  std::vector<YamlNode> maps;
  for (YamlEntry& entry : root->entries) {
    if (entry.key.text != key || entry.value.kind == YamlNode::Kind::null) continue;
    if (!entry.value.is_list()) {
      error(entry.value.place, "indicators.bad_list", "`" + key + "` must be a list",
            "write each entry on a line that begins with a dash");
      continue;
    }
    for (YamlNode& item : entry.value.items) {
      if (item.is_map()) {
        maps.push_back(std::move(item));
      } else {
        error(item.place, "indicators.bad_list", "an entry of `" + key + "` is a map that begins with `name`");
      }
    }
  }
  return maps;
}

void ListReader::only(const YamlNode& map, const std::vector<std::string>& keys) {
  std::set<std::string_view> seen;
  for (const YamlEntry& entry : map.entries) {
    if (std::ranges::find(keys, entry.key.text) == keys.end()) {
      std::string hint = sigma::did_you_mean(entry.key.text, keys);
      if (hint.empty()) {
        for (const std::string& key : keys) hint += (hint.empty() ? "known are " : ", ") + key;
      }
      error(entry.key.place, "indicators.unknown_key",
            "key `" + sigma::shortened(entry.key.text) + "` means nothing here", std::move(hint));
    } else if (!seen.insert(entry.key.text).second) {
      error(entry.key.place, "indicators.duplicate_key", "key `" + entry.key.text + "` appears twice");
    }
  }
}

std::string ListReader::name(const YamlNode& map) {
  const auto written = text(map, "name");
  if (!written) {
    if (map.find("name") == nullptr) error(map.place, "indicators.missing_key", "`name` is missing");
    return "";
  }
  const std::string& word = written->text;
  const bool sound =
      std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (sound && !word.empty() && word.size() <= 64 && word[0] >= 'a') return word;
  error(written->place, "indicators.bad_value", "`name` must be lower_case_words of at most 64 letters");
  return "";
}

std::optional<sigma::Scalar> ListReader::text(const YamlNode& map, std::string_view key) {
  const YamlNode* value = map.find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind == YamlNode::Kind::scalar && !value->text.empty()) return scalar_of(*value);
  error(value->place, "indicators.bad_value", "`" + std::string(key) + "` must be a text");
  return std::nullopt;
}

std::vector<sigma::Scalar> ListReader::words(const YamlNode& map, std::string_view key) {
  std::vector<sigma::Scalar> words;
  const YamlNode* value = map.find(key);
  if (value == nullptr) return words;
  const auto take = [&](const YamlNode& node) {
    if (node.kind == YamlNode::Kind::scalar && !node.text.empty()) {
      words.push_back(scalar_of(node));
    } else {
      error(node.place, "indicators.bad_value", "`" + std::string(key) + "` must be a text or a list of texts");
    }
  };
  if (!value->is_list()) take(*value);
  for (const YamlNode& item : value->items) take(item);
  return words;
}

void ListReader::items(const YamlNode& map, std::string_view key, ItemKind kind, ItemLists& lists) {
  for (const sigma::Scalar& item : words(map, key)) {
    if (const std::string_view fault = lists.add(kind, item.text); !fault.empty()) {
      error(item.place, "indicators.bad_item", "`" + std::string(key) + "`: " + std::string(fault));
    }
    if (kind != ItemKind::sensitive_info_types) continue;
    const auto [first, last] = texts_.information_types.equal_range(fold(item.text));
    for (auto at = first; at != last; ++at) lists.add(kind, at->second);
  }
}

void ListReader::items(const YamlNode& map, ItemLists& lists) {
  for (const std::string& word : item_words()) items(map, word, *item_kind(word), lists);
}

}  // namespace candor
