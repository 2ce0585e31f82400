#include "base/yaml_tree.h"

#include <yaml.h>

#include <algorithm>
#include <map>

namespace candor {
namespace {

bool is_null(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

// One event of libyaml, freed when it goes.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  Event(Event&&) = delete;
  Event& operator=(Event&&) = delete;
  ~Event() { yaml_event_delete(&event_); }

  bool next(yaml_parser_t& parser) {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser, &event_) != 0;
  }
  const yaml_event_t& operator*() const { return event_; }
  Place place() const {
    return {.line = static_cast<int>(event_.start_mark.line) + 1,
            .column = static_cast<int>(event_.start_mark.column) + 1};
  }

 private:
  yaml_event_t event_{};
};

class Builder {
 public:
  Builder(std::string_view text, const YamlLimits& limits) : limits_(limits) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (ready_) {
      yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;
  Builder(Builder&&) = delete;
  Builder& operator=(Builder&&) = delete;
  ~Builder() {
    if (ready_) yaml_parser_delete(&parser_);
  }

  YamlStream build() {
    YamlStream stream;
    if (!ready_) {
      stream.fault = YamlFault{.place = {}, .message = "out of memory"};
      return stream;
    }
    while (step()) {
      if ((*event_).type == YAML_STREAM_END_EVENT) break;
      if ((*event_).type != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      YamlNode root;
      if (!step() || !node(root, 0) || !step()) break;  // the last is the document's end
      stream.documents.push_back(std::move(root));
    }
    stream.fault = std::move(fault_);
    return stream;
  }

 private:
  bool fail(Place place, std::string message) {
    if (!fault_) fault_ = YamlFault{.place = place, .message = std::move(message)};
    return false;
  }

  bool step() {
    if (event_.next(parser_)) return true;
    const yaml_mark_t& mark = parser_.problem_mark;
    std::string message = parser_.problem == nullptr ? "not YAML" : parser_.problem;
    if (parser_.context != nullptr) message += std::string(" ") + parser_.context;
    return fail({.line = static_cast<int>(mark.line) + 1, .column = static_cast<int>(mark.column) + 1}, message);
  }

  bool count(std::size_t nodes, Place place) {
    nodes_ += nodes;
    if (nodes_ <= limits_.nodes) return true;
    return fail(place, "more than " + std::to_string(limits_.nodes) + " values, counting each use of an alias");
  }

  static std::size_t size_of(const YamlNode& node) {
    std::size_t size = 1;
    for (const YamlNode& item : node.items) size += size_of(item);
    for (const YamlEntry& entry : node.entries) size += size_of(entry.key) + size_of(entry.value);
    return size;
  }

  void keep(const unsigned char* anchor, const YamlNode& node) {
    if (anchor != nullptr) anchors_[reinterpret_cast<const char*>(anchor)] = node;
  }

  // The node whose first event is the present one.
  bool node(YamlNode& into, int depth) {
    into.place = event_.place();
    if (depth > limits_.depth) {
      return fail(into.place, "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    if (!count(1, into.place)) return false;
    switch ((*event_).type) {
      case YAML_ALIAS_EVENT:
        return alias(into);
      case YAML_SCALAR_EVENT:
        scalar(into);
        return true;
      case YAML_SEQUENCE_START_EVENT:
        return list(into, depth);
      case YAML_MAPPING_START_EVENT:
        return map(into, depth);
      default:
        return fail(into.place, "a value is expected");
    }
  }

  bool alias(YamlNode& into) {
    const auto* const name = reinterpret_cast<const char*>((*event_).data.alias.anchor);
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) return fail(into.place, std::string("unknown alias `") + name + "`");
    const Place place = into.place;
    if (!count(size_of(found->second), place)) return false;
    into = found->second;
    into.place = place;
    return true;
  }

  void scalar(YamlNode& into) {
    const auto& data = (*event_).data.scalar;
    into.text.assign(reinterpret_cast<const char*>(data.value), data.length);
    into.quoted = data.style != YAML_PLAIN_SCALAR_STYLE;
    const bool null = !into.quoted && is_null(into.text);
    into.kind = null ? YamlNode::Kind::null : YamlNode::Kind::scalar;
    if (null) into.text.clear();
    keep(data.anchor, into);
  }

  bool list(YamlNode& into, int depth) {
    into.kind = YamlNode::Kind::list;
    const std::string anchor = anchor_of((*event_).data.sequence_start.anchor);
    while (step()) {
      if ((*event_).type == YAML_SEQUENCE_END_EVENT) {
        if (!anchor.empty()) anchors_[anchor] = into;
        return true;
      }
      if (!node(into.items.emplace_back(), depth + 1)) return false;
    }
    return false;
  }

  bool map(YamlNode& into, int depth) {
    into.kind = YamlNode::Kind::map;
    const std::string anchor = anchor_of((*event_).data.mapping_start.anchor);
    while (step()) {
      if ((*event_).type == YAML_MAPPING_END_EVENT) {
        if (!anchor.empty()) anchors_[anchor] = into;
        return true;
      }
      YamlEntry& entry = into.entries.emplace_back();
      if (!node(entry.key, depth + 1) || !step() || !node(entry.value, depth + 1)) return false;
    }
    return false;
  }

  static std::string anchor_of(const unsigned char* anchor) {
    return anchor == nullptr ? "" : reinterpret_cast<const char*>(anchor);
  }

  YamlLimits limits_;
  yaml_parser_t parser_{};
  Event event_;
  bool ready_ = false;
  std::map<std::string, YamlNode, std::less<>> anchors_;
  std::size_t nodes_ = 0;
  std::optional<YamlFault> fault_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find_if(entries, [&](const YamlEntry& entry) { return entry.key.text == key; });
  return found == entries.end() ? nullptr : &found->value;
}

YamlStream parse_yaml(std::string_view text, const YamlLimits& limits) { return Builder(text, limits).build(); }

}  // namespace candor
