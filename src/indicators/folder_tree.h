#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "activity/text_map.h"

namespace candor {

// Folders, each of which stands for all below it. Written with / or \; `*` stands for one whole part. Without a drive
// it means the folder on any drive: `\Users\*\AppData`; `\\server\share` is that server's. A path is asked by one
// look-up a part, however many folders there are. Thread safety: immutable once filled.
class FolderTree {
 public:
  // Folded. False when it is none: empty, or with a star within a part.
  bool add(std::string_view folder);
  bool empty() const { return edges_.empty(); }
  // Whether the path is one of the folders, or below one. Folded.
  bool holds(std::string_view path) const;

 private:
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kServers = 1;  // below it, names of servers
  static constexpr std::uint32_t kAnyPart = 0;

  Node step(Node node, std::uint32_t part) const;

  TextMap<std::uint32_t> parts_;                    // from 1
  absl::flat_hash_map<std::uint64_t, Node> edges_;  // by node and part
  std::vector<bool> ends_ = {false, false};         // by node: a folder ends here
};

}  // namespace candor
