#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "indicators/activity_values.h"
#include "indicators/compile.h"
#include "indicators/indicator_set.h"
#include "sigma/answer.h"
#include "sigma/evaluate.h"

namespace candor {
namespace {

using sigma::Atom;
using sigma::AtomIndex;
using sigma::Node;

constexpr std::size_t kMaxOperations = 4096;     // specialised programs kept; then all are dropped and learnt again
constexpr std::size_t kMaxOperationBytes = 256;  // longer names are not kept

std::uint64_t load8(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof word);
  return word;
}

// First and last eight bytes of a text as numbers; of a short one, all bytes in the first. Copies of a constant size:
// operations are looked up for every activity.
struct Ends {
  explicit Ends(std::string_view text) {
    if (text.size() >= 8) {
      first = load8(text, 0);
      last = load8(text, text.size() - 8);
    } else {
      for (const char c : text) first = first << 8 | static_cast<unsigned char>(c);
    }
  }
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

std::uint64_t hash_of(SourceKind source, std::string_view text) {
  const Ends ends(text);
  const std::uint64_t mixed = ends.first * 0x9E3779B97F4A7C15u ^ ends.last * 0xC2B2AE3D27D4EB4Fu;
  return (mixed ^ mixed >> 29 ^ text.size() ^ static_cast<std::uint64_t>(source) << 32) * 0x165667B19E3779F9u >> 20;
}

bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const Ends ends_a(a);
  const Ends ends_b(b);
  if (ends_a.first != ends_b.first || ends_a.last != ends_b.last) return false;
  return a.size() <= 16 || std::memcmp(a.data() + 8, b.data() + 8, a.size() - 16) == 0;
}

// What is left of all rules once source and operation are known: most are settled by them.
struct Program {
  struct Rule {
    IndicatorIndex index = 0;
    IndicatorIndex owner = 0;  // whose switch decides
    std::uint32_t first = 0;   // node; `always` has none
    bool always = false;
  };
  SourceKind source = SourceKind::m365_audit;
  std::string feed;
  std::string operation;
  std::vector<Rule> rules;
  std::vector<Node> nodes;
};

enum class Truth : std::uint8_t { no, yes, open };

}  // namespace

struct Matcher::Scratch {
  Scratch(const CompiledRules& compiled, std::size_t exclusions)
      : excluded(exclusions, 0),
        rules(compiled),
        values(*compiled.catalogue, compiled.operation_field),
        memo(compiled.atoms.size(), 0) {
    table.resize(64);
  }

  std::vector<std::uint32_t> excluded;  // per exclusion, as memo
  std::vector<ExcludedMatch> left_out;
  const CompiledRules& rules;
  ActivityValues values;
  std::vector<std::uint32_t> memo;  // per atom: 2 * turn + answer, from the activity of that turn
  std::uint32_t turn = 0;
  std::vector<std::unique_ptr<Program>> programs;
  std::vector<std::uint32_t> table;  // open addressing: number of the program + 1, 0 when free
  Program passing;                   // for operations that are not kept

  void next_turn() {
    if (++turn < (1u << 31)) return;
    std::fill(memo.begin(), memo.end(), 0);
    std::fill(excluded.begin(), excluded.end(), 0);
    turn = 1;
  }

  const Program& program_for(const Activity& activity) {
    const std::uint64_t hash = hash_of(activity.source, activity.operation);
    std::size_t slot = hash & (table.size() - 1);
    for (; table[slot] != 0; slot = (slot + 1) & (table.size() - 1)) {
      const Program& program = *programs[table[slot] - 1];
      if (same_text(program.operation, activity.operation) && program.source == activity.source &&
          program.feed == activity.feed()) {
        return program;
      }
    }
    return learn(activity, slot);
  }

  const Program& learn(const Activity& activity, std::size_t slot) {
    Program program;
    program.source = activity.source;
    program.feed = activity.feed();
    program.operation = activity.operation;
    specialise(activity, program);
    if (activity.operation.size() > kMaxOperationBytes) {
      passing = std::move(program);
      return passing;
    }
    if (programs.size() == kMaxOperations) {
      programs.clear();
      std::fill(table.begin(), table.end(), 0);
      slot = hash_of(program.source, program.operation) & (table.size() - 1);
    }
    programs.push_back(std::make_unique<Program>(std::move(program)));
    table[slot] = static_cast<std::uint32_t>(programs.size());
    if (programs.size() * 2 > table.size()) grow();
    return *programs.back();
  }

  void grow() {
    table.assign(table.size() * 2, 0);
    for (std::size_t i = 0; i < programs.size(); ++i) {
      std::size_t slot = hash_of(programs[i]->source, programs[i]->operation) & (table.size() - 1);
      while (table[slot] != 0) slot = (slot + 1) & (table.size() - 1);
      table[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }

  // --- settling rules by operation

  void specialise(const Activity& activity, Program& program) {
    for (std::size_t i = 0; i < rules.rules.size(); ++i) {
      const CompiledRule& rule = rules.rules[i];
      const Reads& reads = rule.reads;
      if ((reads.sources >> static_cast<unsigned>(activity.source) & 1) == 0) continue;
      if (activity.source == SourceKind::feed && !std::ranges::binary_search(reads.feeds, activity.feed())) continue;
      const std::size_t first = program.nodes.size();
      const Truth truth = reduce(rule.nodes, 0, activity, program.nodes);
      if (truth == Truth::no) continue;
      program.rules.push_back({.index = static_cast<IndicatorIndex>(i),
                               .owner = rules.owners[i],
                               .first = static_cast<std::uint32_t>(first),
                               .always = truth == Truth::yes});
    }
  }

  // Appends what is left of the subtree at `at` unless it is settled.
  Truth reduce(const std::vector<Node>& from, std::size_t at, const Activity& activity, std::vector<Node>& to) {
    const Node& node = from[at];
    if (node.kind == Node::Kind::atom) return reduce_atom(node, to);
    const std::size_t self = to.size();
    to.push_back(node);
    const auto settled = [&](Truth truth) {
      to.resize(self);
      return truth;
    };
    if (node.kind == Node::Kind::negation) {
      const Truth truth = reduce(from, at + 1, activity, to);
      if (truth != Truth::open) return settled(truth == Truth::yes ? Truth::no : Truth::yes);
      to[self].end = static_cast<std::uint32_t>(to.size());
      return Truth::open;
    }
    // How many parts must hold, and how many may.
    std::uint32_t parts = 0;
    for (std::size_t child = at + 1; child < node.end; child = from[child].end) ++parts;
    std::uint32_t needed = node.kind == Node::Kind::all_of ? parts : node.kind == Node::Kind::any_of ? 1 : node.atom;
    std::uint32_t open = parts;
    for (std::size_t child = at + 1; child < node.end && needed > 0 && needed <= open; child = from[child].end) {
      const Truth truth = reduce(from, child, activity, to);
      if (truth == Truth::yes) --needed;
      if (truth != Truth::open) --open;
    }
    if (needed == 0) return settled(Truth::yes);
    if (needed > open) return settled(Truth::no);
    to[self].atom = node.kind == Node::Kind::at_least ? needed : 0;
    to[self].end = static_cast<std::uint32_t>(to.size());
    return Truth::open;
  }

  Truth reduce_atom(const Node& node, std::vector<Node>& to) {
    const Atom& atom = rules.atoms[node.atom];
    const bool settled = atom.field == rules.operation_field && !sigma::compares_fields(atom.comparison);
    if (settled) return answer(atom, values) ? Truth::yes : Truth::no;
    to.push_back({.kind = Node::Kind::atom, .atom = node.atom, .end = static_cast<std::uint32_t>(to.size() + 1)});
    return Truth::open;
  }

  // --- the rest, per activity

  bool ask(AtomIndex index) {
    std::uint32_t& known = memo[index];
    if (known >> 1 == turn) return (known & 1) != 0;
    const bool result = answer(rules.atoms[index], values);
    known = turn << 1 | static_cast<std::uint32_t>(result);
    return result;
  }

  // --- exclusions: asked of what matched only

  bool is_excluded(const std::vector<Exclusion>& exclusions, std::uint32_t number) {
    std::uint32_t& known = excluded[number];
    if (known >> 1 != turn) known = turn << 1 | static_cast<std::uint32_t>(exclusions[number].holds(values));
    return (known & 1) != 0;
  }

  void leave_out(const IndicatorSet& set, std::vector<IndicatorIndex>& matched) {
    std::erase_if(matched, [&](IndicatorIndex index) {
      for (const std::uint32_t number : set.exclusions_of(index)) {
        if (!is_excluded(set.exclusions(), number)) continue;
        left_out.push_back({.indicator = rules.owners[index], .exclusion = number});
        return true;
      }
      return false;
    });
    // Several rules of one correlation are told once.
    if (left_out.size() < 2) return;
    std::ranges::sort(left_out, {}, [](const ExcludedMatch& one) { return std::pair(one.indicator, one.exclusion); });
    const auto repeats = std::ranges::unique(left_out, {}, &ExcludedMatch::indicator);
    left_out.erase(repeats.begin(), repeats.end());
  }
};

Matcher::Matcher(std::shared_ptr<const IndicatorSet> set)
    : set_(std::move(set)), scratch_(std::make_unique<Scratch>(*set_->rules_, set_->exclusions().size())) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

void Matcher::match(const Activity& activity, const IndicatorMask& allowed, std::vector<IndicatorIndex>& matched) {
  matched.clear();
  Scratch& scratch = *scratch_;
  scratch.next_turn();
  scratch.values.start(activity);
  const Program& program = scratch.program_for(activity);
  auto ask = [&scratch](AtomIndex atom) { return scratch.ask(atom); };
  for (const Program::Rule& rule : program.rules) {
    if (!allowed.test(rule.owner)) continue;
    if (rule.always || sigma::holds(program.nodes, rule.first, ask)) matched.push_back(rule.index);
  }
  scratch.left_out.clear();
  if (!set_->exclusions().empty()) scratch.leave_out(*set_, matched);
}

const std::vector<ExcludedMatch>& Matcher::left_out() const { return scratch_->left_out; }

}  // namespace candor
