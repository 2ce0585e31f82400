#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/place.h"

namespace candor {

// A text with its place, for faults found later.
struct Placed {
  std::string text;
  Place place;
};

// Reads what a person wrote in YAML: each getter notes a fault (with place and hint) and gives nothing when the value
// is missing or wrong, so that one pass finds all faults. For .cc files only: yaml-cpp is large. Not thread-safe.
class YamlReader {
 public:
  YamlReader(std::string file, std::string fault_prefix, std::vector<Diagnostic>& diagnostics)
      : file_(std::move(file)), prefix_(std::move(fault_prefix)), diagnostics_(diagnostics) {}

  // Exactly one document whose root is a map; nullopt otherwise.
  std::optional<YAML::Node> document(std::string_view text);
  // Notes unknown and repeated keys. False when `node` is not a map.
  bool map(const YAML::Node& node, std::string_view what, const std::vector<std::string>& keys);

  // The value of a key. Missing ones are a fault only where the name says required.
  std::optional<Placed> text(const YAML::Node& map, const char* key, std::size_t most_bytes);
  std::optional<Placed> required_text(const YAML::Node& map, const char* key, std::size_t most_bytes);
  std::optional<std::int64_t> integer(const YAML::Node& map, const char* key, std::int64_t least, std::int64_t most);
  // A decimal number with at most six digits after the point, in millionths.
  std::optional<std::int64_t> millionths(const YAML::Node& map, const char* key, std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(const YAML::Node& map, const char* key);
  // One of `words`: its position.
  std::optional<std::size_t> word(const YAML::Node& map, const char* key, const std::vector<std::string>& words);
  // A list of texts; a single text counts as a list of one.
  std::vector<Placed> texts(const YAML::Node& map, const char* key, std::size_t most);
  // The elements of a list; empty and a fault when it is something else or longer.
  std::vector<YAML::Node> list(const YAML::Node& map, const char* key, std::size_t most);
  std::optional<std::int64_t> whole_number(const YAML::Node& node, std::int64_t least, std::int64_t most);

  void fault(const Place& place, const std::string& id, std::string message, std::string hint = "",
             Severity severity = Severity::error);
  // No error so far: for faults that would only follow from others.
  bool clean() const { return !has_errors(diagnostics_); }
  static Place place_of(const YAML::Node& node);

 private:
  std::optional<Placed> scalar(const YAML::Node& node, std::string_view what, std::size_t most_bytes);

  std::string file_;
  std::string prefix_;
  std::vector<Diagnostic>& diagnostics_;
};

// Millionths of "12.345678"; nullopt for signs, exponents, more than six digits after the point or too large a number.
std::optional<std::int64_t> parse_millionths(std::string_view text);

}  // namespace candor
