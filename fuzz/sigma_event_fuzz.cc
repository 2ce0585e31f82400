// Records of any bytes against a fixed set of rules of every kind. What the matcher gives - by indexes, screens and
// what it remembers - must be what evaluating each rule plainly gives.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sigma/answer.h"
#include "sigma/compile.h"
#include "sigma/correlate.h"
#include "sigma/evaluate.h"
#include "sigma/event_matcher.h"
#include "sigma/event_reader.h"
#include "sigma/explain.h"

namespace {

using candor::sigma::CorrelationMatch;
using candor::sigma::Correlator;
using candor::sigma::Event;
using candor::sigma::EventMatcher;
using candor::sigma::EventProgram;
using candor::sigma::EventReader;
using candor::sigma::RuleIndex;

const std::shared_ptr<const EventProgram>& program() {
  static const auto kProgram = [] {
    const auto loaded = EventProgram::load({std::string(CANDOR_SOURCE_DIR) + "/fuzz/sigma_event_rules.yml"},
                                           {.mapping = {}, .placeholders = {}});
    if (candor::has_errors(loaded.diagnostics)) __builtin_trap();
    return loaded.program;
  }();
  return kProgram;
}

// Each rule for itself, every question asked of the record.
class Plain {
 public:
  Plain() {
    for (const candor::sigma::Rule& rule : program()->rules().rules) {
      candor::sigma::Compiler compiler(program()->scope());
      auto nodes = compiler.compile(rule.expression);
      rules_.push_back({.nodes = std::move(nodes), .atoms = compiler.take_atoms()});
    }
  }
  bool holds(RuleIndex rule, Event& event) const {
    auto ask = [&](candor::sigma::AtomIndex atom) { return candor::sigma::answer(rules_[rule].atoms[atom], event); };
    return candor::sigma::holds(rules_[rule].nodes, 0, ask);
  }

 private:
  struct Compiled {
    std::vector<candor::sigma::Node> nodes;
    std::vector<candor::sigma::Atom> atoms;
  };
  std::vector<Compiled> rules_;
};

bool same(const std::vector<CorrelationMatch>& one, const std::vector<CorrelationMatch>& other) {
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const bool equal = one[i].correlation == other[i].correlation && one[i].event == other[i].event &&
                       one[i].first == other[i].first && one[i].last == other[i].last &&
                       one[i].events == other[i].events;
    if (!equal) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto& rules = program()->rules().rules;
  Event event = program()->new_event();
  EventMatcher fresh(program());
  static EventMatcher experienced(program());  // remembers texts of earlier inputs
  static const Plain plain;
  Correlator correlator(program());
  Correlator backwards(program());
  std::vector<std::pair<std::uint64_t, std::string_view>> timed;
  std::vector<RuleIndex> matched;
  std::vector<RuleIndex> again;
  EventReader reader(bytes);
  std::size_t line = 1;
  std::uint64_t number = 0;
  for (auto slice = reader.next(); slice; slice = reader.next(), ++number) {
    // Slices are parts of the text, in its order.
    if (slice->text.empty() || slice->text.data() < bytes.data() || slice->line < line) __builtin_trap();
    line = slice->line;
    if (!event.load(slice->text)) continue;
    fresh.match(event, matched);
    experienced.match(event, again);
    if (matched != again) __builtin_trap();
    std::size_t next = 0;
    for (RuleIndex i = 0; i < rules.size(); ++i) {
      const bool found = next < matched.size() && matched[next] == i;
      next += found ? 1 : 0;
      if (plain.holds(i, event) != found) __builtin_trap();
      // Explaining compiles each test once more: of one record only.
      if (number == 0 && candor::sigma::explain(rules[i].expression, program()->scope(), event).holds != found) {
        __builtin_trap();
      }
    }
    const auto time = program()->time_of(event);
    if (!time || !correlator.wants(matched)) continue;
    correlator.add(number, *time, event, matched);
    timed.emplace_back(number, slice->text);
  }
  // The order in which records come, and that some come twice, changes nothing.
  for (std::size_t i = timed.size(); i-- > 0;) {
    if (!event.load(timed[i].second)) __builtin_trap();
    fresh.match(event, matched);
    backwards.add(timed[i].first, program()->time_of(event).value_or(0), event, matched);
    backwards.add(timed[i].first, program()->time_of(event).value_or(0), event, matched);
  }
  if (!same(correlator.finish(), backwards.finish())) __builtin_trap();
  return 0;
}
