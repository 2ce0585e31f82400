#include "activity/extracted.h"

#include <algorithm>
#include <optional>

namespace candor {
namespace {

// How the feeds name the two halves of a pair.
constexpr std::array<std::string_view, 7> kNameKeys = {
    "Name", "Key", "SensitiveType", "SensitiveInfoTypeId", "SensitiveInformationTypeName", "SensitiveInfoTypeName",
    "name"};
constexpr std::array<std::string_view, 6> kValueKeys = {"Value", "NewValue", "Count", "value", "boolValue", "intValue"};

template <std::size_t kSize>
bool is_one_of(std::string_view key, const std::array<std::string_view, kSize>& keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Takes the first key off a path: up to a dot or a bracket, or what stands in quotes. nullopt when there is none.
std::optional<std::string_view> take_key(std::string_view& path) {
  std::string_view key;
  if (path.starts_with('"')) {
    const auto close = path.find('"', 1);
    if (close == std::string_view::npos) return std::nullopt;
    key = path.substr(1, close - 1);
    path.remove_prefix(close + 1);
  } else {
    key = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(key.size());
  }
  return key.empty() ? std::nullopt : std::optional(key);
}

}  // namespace

bool PathTree::slot_of(std::int16_t& place, SlotId& slot) {
  if (place == kNone) {
    if (slot_count_ >= kMaxSlots) return false;
    place = static_cast<std::int16_t>(slot_count_++);
  }
  slot = static_cast<SlotId>(place);
  return true;
}

bool PathTree::add(std::string_view path, SlotId& slot) {
  std::vector<std::string_view> keys;
  for (;;) {
    const auto key = take_key(path);
    if (!key) return false;
    keys.push_back(*key);
    if (!path.starts_with('.')) break;
    path.remove_prefix(1);
  }
  std::string_view pair;
  if (!path.empty()) {
    if (path.front() != '[' || path.back() != ']') return false;
    pair = path.substr(1, path.size() - 2);
    if (pair.empty()) return false;
  }
  std::int16_t at = 0;
  for (const std::string_view key : keys) {
    std::int16_t next = child(at, key);
    if (next == kNone) {
      next = static_cast<std::int16_t>(nodes_.size());
      nodes_[static_cast<std::size_t>(at)].children.emplace_back(std::string(key), next);
      nodes_.emplace_back();
    }
    at = next;
  }
  Node& node = nodes_[static_cast<std::size_t>(at)];
  if (pair.empty()) return slot_of(node.slot, slot);
  if (pair == "*") return slot_of(node.all_pairs, slot);
  for (const auto& [name, known] : node.pairs) {
    if (name == pair) {
      slot = known;
      return true;
    }
  }
  std::int16_t fresh = kNone;
  if (!slot_of(fresh, slot)) return false;
  node.pairs.emplace_back(std::string(pair), slot);
  return true;
}

SlotSet PathTree::slots_under(std::int16_t at) const {
  SlotSet set{};
  const Node& node = (*this)[at];
  if (node.slot != kNone) insert(set, static_cast<SlotId>(node.slot));
  if (node.all_pairs != kNone) insert(set, static_cast<SlotId>(node.all_pairs));
  for (const auto& [name, slot] : node.pairs) insert(set, slot);
  for (const auto& [key, next] : node.children) {
    const SlotSet under = slots_under(next);
    for (std::size_t i = 0; i < set.size(); ++i) set[i] |= under[i];
  }
  return set;
}

void PairInProgress::offer(std::string_view key, std::string_view text, RawValue::Kind kind) {
  if (is_one_of(key, kNameKeys)) {
    name = RawValue{.text = text, .kind = kind, .decoded = false};
    has_name = true;
  } else if (is_one_of(key, kValueKeys)) {
    value = RawValue{.text = text, .kind = kind, .decoded = false};
    has_value = true;
  }
}

void PairInProgress::finish(const PathTree::Node& node, Extracted& out) const {
  if (!has_name || !has_value) return;
  if (node.all_pairs != PathTree::kNone) {
    const auto slot = static_cast<SlotId>(node.all_pairs);
    out.append(slot, name.text, name.kind);
    out.append(slot, value.text, value.kind);
  }
  for (const auto& [wanted, slot] : node.pairs) {
    if (wanted == name.text) out.append(slot, value.text, value.kind);
  }
}

}  // namespace candor
