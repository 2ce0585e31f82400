#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"

// YAML as a tree of plain values, for texts that strangers wrote and that come by the thousand: libyaml reads them
// eight times as fast as yaml-cpp, knows where every value stands, and ends on every input
// (docs/architecture/decisions/0011).
namespace candor {

struct YamlEntry;

struct YamlNode {
  enum class Kind : unsigned char { null, scalar, list, map };
  Kind kind = Kind::null;
  bool quoted = false;  // a scalar in quotes or a block: never a number, a truth value or null
  std::string text;     // of a scalar
  Place place;
  std::vector<YamlNode> items;     // of a list
  std::vector<YamlEntry> entries;  // of a map, as written; a key may stand there twice

  bool is_map() const { return kind == Kind::map; }
  bool is_list() const { return kind == Kind::list; }
  // A single value: a scalar or null.
  bool is_single() const { return kind == Kind::scalar || kind == Kind::null; }
  // The value of the first entry of that key; nullptr when there is none.
  const YamlNode* find(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

struct YamlFault {
  Place place;
  std::string message;
};

struct YamlStream {
  std::vector<YamlNode> documents;  // those before the fault
  std::optional<YamlFault> fault;
};

struct YamlLimits {
  std::size_t nodes = 200'000;  // of the whole text, aliases counted each time they are used
  int depth = 64;
};

// Reads all documents of a text. Never throws. A plain `~`, `null`, `Null`, `NULL` or nothing is null.
YamlStream parse_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace candor
