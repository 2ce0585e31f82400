#include "indicators/folder_tree.h"

#include <algorithm>

namespace candor {
namespace {

constexpr std::string_view kSeparators = "/\\";

bool is_drive(std::string_view part) { return part.size() == 2 && part[1] == ':' && part[0] >= 'a' && part[0] <= 'z'; }

// The parts of a path one after another.
class Parts {
 public:
  explicit Parts(std::string_view path) : rest_(path) {
    if (rest_.starts_with(R"(\\?\)") || rest_.starts_with(R"(\\.\)")) {
      rest_.remove_prefix(4);  // the long form of a path on this machine
    } else {
      on_server_ = rest_.size() > 2 && rest_.substr(0, 2).find_first_not_of(kSeparators) == rest_.npos &&
                   kSeparators.find(rest_[2]) == kSeparators.npos;
    }
  }

  bool on_server() const { return on_server_; }
  // "" at the end.
  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSeparators), rest_.size()));
    const std::string_view part = rest_.substr(0, rest_.find_first_of(kSeparators));
    rest_.remove_prefix(part.size());
    return part;
  }

 private:
  std::string_view rest_;
  bool on_server_ = false;
};

std::uint64_t edge(std::uint32_t node, std::uint32_t part) { return std::uint64_t{node} << 32 | part; }

}  // namespace

bool FolderTree::add(std::string_view folder) {
  for (Parts parts(folder);;) {
    const std::string_view part = parts.next();
    if (part.empty()) break;
    if (part != "*" && part.find('*') != std::string_view::npos) return false;
  }
  Parts parts(folder);
  Node node = parts.on_server() ? kServers : kRoot;
  const Node start = node;
  for (std::string_view part = parts.next(); !part.empty(); part = parts.next()) {
    const std::uint32_t number =
        part == "*"
            ? kAnyPart
            : parts_.try_emplace(std::string(part), static_cast<std::uint32_t>(parts_.size() + 1)).first->second;
    const auto [at, fresh] = edges_.try_emplace(edge(node, number), static_cast<Node>(ends_.size()));
    node = at->second;
    if (fresh) ends_.push_back(false);
  }
  if (node == start) return false;
  ends_[node] = true;
  return true;
}

FolderTree::Node FolderTree::step(Node node, std::uint32_t part) const {
  const auto found = edges_.find(edge(node, part));
  return found == edges_.end() ? kRoot : found->second;
}

bool FolderTree::holds(std::string_view path) const {
  if (empty()) return false;
  Parts parts(path);
  // Where the beginning of the path may stand: more than one place only where stars are.
  std::vector<Node> at = {parts.on_server() ? kServers : kRoot};
  std::vector<Node> deeper;
  for (bool first = true; !at.empty(); first = false) {
    const std::string_view part = parts.next();
    if (part.empty()) return false;
    deeper.clear();
    const auto known = parts_.find(part);
    for (const Node node : at) {
      for (const Node next : {known == parts_.end() ? kRoot : step(node, known->second), step(node, kAnyPart)}) {
        if (next == kRoot) continue;
        if (ends_[next]) return true;
        deeper.push_back(next);
      }
    }
    if (first && is_drive(part)) deeper.push_back(kRoot);
    at.swap(deeper);
  }
  return false;
}

}  // namespace candor
