#include "ingest/record_tree.h"

#include <algorithm>
#include <limits>

#include "activity/json_text.h"

namespace candor {

std::string unescaped(std::string_view raw) {
  std::string out(raw.size(), '\0');
  out.resize(unescape_json(raw, out.data()));
  return out;
}

bool RecordTree::parse(std::string_view json) {
  json_ = json;
  nodes_.clear();
  if (json.size() >= std::numeric_limits<std::uint32_t>::max() / 2) return false;
  std::size_t at = 0;
  std::uint32_t root = kNone;
  if (!value_at(at, 0, root)) return false;
  skip_blanks(at);
  return at == json_.size();
}

void RecordTree::skip_blanks(std::size_t& at) const {
  while (at < json_.size() && (json_[at] == ' ' || json_[at] == '\t' || json_[at] == '\n' || json_[at] == '\r')) ++at;
}

// Behind the closing quote of the text that starts at `at`.
bool RecordTree::text_at(std::size_t& at) const {
  for (++at; at < json_.size(); ++at) {
    if (json_[at] == '\\') {
      ++at;
    } else if (json_[at] == '"') {
      ++at;
      return true;
    }
  }
  return false;
}

bool RecordTree::value_at(std::size_t& at, std::size_t depth, std::uint32_t& index) {
  skip_blanks(at);
  if (at >= json_.size() || depth > kDeepest) return false;
  index = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({.begin = static_cast<std::uint32_t>(at)});
  const char first = json_[at];
  if (first == '{' || first == '[') {
    nodes_[index].kind = first == '{' ? Kind::object : Kind::array;
    if (!container_at(at, depth, index)) return false;
  } else if (first == '"') {
    nodes_[index].kind = Kind::text;
    if (!text_at(at)) return false;
  } else {
    const std::size_t end = std::min(json_.find_first_of(",]}:\" \t\r\n[{", at), json_.size());
    if (end == at) return false;
    at = end;
  }
  nodes_[index].end = static_cast<std::uint32_t>(at);
  return true;
}

bool RecordTree::container_at(std::size_t& at, std::size_t depth, std::uint32_t index) {
  const bool object = json_[at] == '{';
  const char close = object ? '}' : ']';
  ++at;
  skip_blanks(at);
  if (at < json_.size() && json_[at] == close) {
    ++at;
    return true;
  }
  std::uint32_t before = kNone;
  while (true) {
    std::size_t key_begin = 0;
    std::size_t key_end = 0;
    if (object) {
      skip_blanks(at);
      if (at >= json_.size() || json_[at] != '"') return false;
      key_begin = at + 1;
      if (!text_at(at)) return false;
      key_end = at - 1;
      skip_blanks(at);
      if (at >= json_.size() || json_[at] != ':') return false;
      ++at;
    }
    std::uint32_t child = kNone;
    if (!value_at(at, depth + 1, child)) return false;
    nodes_[child].key_begin = static_cast<std::uint32_t>(key_begin);
    nodes_[child].key_end = static_cast<std::uint32_t>(key_end);
    (before == kNone ? nodes_[index].child : nodes_[before].next) = child;
    before = child;
    skip_blanks(at);
    if (at >= json_.size()) return false;
    const char c = json_[at++];
    if (c == close) return true;
    if (c != ',') return false;
  }
}

std::string RecordTree::key(const Node& node) const { return unescaped(raw_key(node)); }

std::string RecordTree::value(const Node& node) const {
  if (node.kind == Kind::text) return unescaped(json_.substr(node.begin + 1, node.end - node.begin - 2));
  if (node.kind == Kind::other) return std::string(bytes(node));
  return {};
}

void RecordTree::collect_texts(std::string& out) const {
  for (const Node& node : nodes_) {
    if (node.key_end > node.key_begin) out.append(key(node)).push_back('\n');
    if (node.kind == Kind::text) out.append(value(node)).push_back('\n');
  }
}

}  // namespace candor
