#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sigma/event_matcher.h"
#include "sigma/literal_index.h"

// What a compiled program holds; for event_program.cc and event_matcher.cc only.
namespace candor::sigma {

// Of atoms one of which must hold for a rule to match; how many sets of them a rule has at most.
inline constexpr std::size_t kKeys = 2;

using Bits = std::vector<std::uint64_t>;  // bit n: rule n

// Which records a log source means, in fields of the scope. Empty: nobody has said, all of them.
struct Route {
  struct Pair {
    FieldIndex field = 0;
    std::vector<std::string> values;  // folded
  };
  std::vector<std::vector<Pair>> any;
  bool said = false;   // a row of the mapping is about this log source
  bool other = false;  // the mapping is for other products
};

struct EventProgram::Body {
  RuleSet rules;
  EventScope scope;
  FieldMapping mapping;
  std::vector<FieldIndex> times;
  std::shared_ptr<const EventPaths> paths;
  std::vector<Atom> atoms;
  std::vector<std::vector<Node>> nodes;  // by rule
  std::unique_ptr<const LiteralIndex> index;
  // Rules that have an atom in one of their keys, as words of Bits; those of an atom lie together.
  struct Wake {
    std::uint16_t key = 0;
    std::uint16_t word = 0;
    std::uint64_t rules = 0;
  };
  std::vector<Wake> wakes;
  std::vector<std::uint32_t> first_wake;  // by atom, and one more
  std::array<Bits, kKeys> always;         // rules without this key
  std::vector<std::uint32_t> sources;     // by rule: position in `routes`
  std::vector<Route> routes;              // by log source
  std::vector<FieldIndex> routing;        // fields routes look at
  Bits keywords;                          // rules that search all values

  void compile();
  void find_keys();
  void make_routes();
  FieldIndex field(const std::string& name) { return scope.find(name).value_or(0); }
};

}  // namespace candor::sigma
