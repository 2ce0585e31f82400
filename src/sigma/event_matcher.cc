#include "sigma/event_matcher.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <set>

#include "sigma/evaluate.h"
#include "sigma/event_program.h"
#include "sigma/keyword_screen.h"
#include "sigma/literal_index.h"
#include "sigma/text_hash.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kMaxRoutes = 4096;     // kinds of records remembered; then all are forgotten and learnt again
constexpr std::size_t kMaxRouteBytes = 512;  // longer ones are not remembered
constexpr std::size_t kMaxRemembered = 256;  // bytes of a text whose atoms are remembered
constexpr std::size_t kSeenOnce = 512;
constexpr std::size_t kMaxTexts = 1024;  // of one field; then all are forgotten

}  // namespace

struct EventMatcher::Scratch {
  explicit Scratch(const EventProgram::Body& program)
      : body(program),
        literals(*program.index),
        memo(program.atoms.size(), 0),
        maybe(program.atoms.size(), 0),
        candidates(program.always),
        seen_once(program.scope.fields().size()),
        remembered(program.scope.fields().size()) {}

  const EventProgram::Body& body;
  LiteralIndex::Scratch literals;
  std::vector<std::uint32_t> memo;   // per atom: 2 * turn + answer, from the record of that turn
  std::vector<std::uint32_t> maybe;  // per atom: the turn in which a piece of its pattern was found
  std::uint32_t turn = 0;
  std::array<Bits, kKeys> candidates;  // by key: rules of which it was found
  // What a kind of record is asked.
  struct Asked {
    Bits rules;  // whose log source the record may be of
    bool keywords = false;
    std::unique_ptr<KeywordScreen> screen;  // none: whenever there are keywords, all values are searched
  };
  absl::node_hash_map<std::string, Asked, TextHash, std::equal_to<>> routes;  // by the routing fields
  Asked passing;                                                              // for records that are not remembered
  using FieldMemory = absl::flat_hash_map<std::string, std::vector<AtomIndex>, TextHash, std::equal_to<>>;
  std::vector<std::array<std::uint32_t, kSeenOnce>> seen_once;  // by field and hash: a text that came before
  std::vector<FieldMemory> remembered;  // by field: text as the record has it -> atoms found in it
  std::string route_key;
  std::uint64_t evaluated = 0;

  void next_turn() {
    if (++turn < (1u << 31)) return;
    std::fill(memo.begin(), memo.end(), 0);
    std::fill(maybe.begin(), maybe.end(), 0);
    turn = 1;
  }

  bool ask(AtomIndex index, Event& event) {
    std::uint32_t& known = memo[index];
    if (known >> 1 == turn) return (known & 1) != 0;
    // What the index knows and has not found does not hold.
    const LiteralIndex::Kind kind = body.index->kind(index);
    const bool open =
        kind == LiteralIndex::Kind::none || (kind == LiteralIndex::Kind::necessary && maybe[index] == turn);
    const bool result = open && answer(body.atoms[index], event);
    known = turn << 1 | static_cast<std::uint32_t>(result);
    return result;
  }

  // False when it was possible already.
  bool possible(AtomIndex atom) {
    if (maybe[atom] == turn) return false;
    maybe[atom] = turn;
    return true;
  }

  void found(AtomIndex atom) {
    std::uint32_t& known = memo[atom];
    if (known >> 1 == turn) return;
    // Whether a pattern of which only a piece was found holds is for whoever asks.
    if (body.index->kind(atom) == LiteralIndex::Kind::exact) {
      known = turn << 1 | 1;
    } else if (!possible(atom)) {
      return;
    }
    for (std::uint32_t i = body.first_wake[atom]; i < body.first_wake[atom + 1]; ++i) {
      const EventProgram::Body::Wake& wake = body.wakes[i];
      candidates[wake.key][wake.word] |= wake.rules;
    }
  }

  // What is in a text of a field, remembered: programs, folders and accounts come again and again.
  void scan(FieldIndex field, Event& event) {
    const auto raw = event.raw(field);
    FieldMemory& memory = remembered[field];
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i].size() > kMaxRemembered) {
        Heard heard(*this, nullptr);
        body.index->scan(field, event.texts(field, false).subspan(i, 1), raw.subspan(i, 1), literals, heard);
        continue;
      }
      const auto known = memory.find(raw[i]);
      if (known != memory.end()) {
        for (const AtomIndex atom : known->second) found(atom);
        continue;
      }
      // Only what comes a second time is worth remembering: command lines hardly ever do.
      const std::size_t hash = TextHash()(raw[i]);
      std::uint32_t& before = seen_once[field][hash % kSeenOnce];
      const auto tag = static_cast<std::uint32_t>(hash >> 32) | 1;
      if (before != tag) {
        before = tag;
        Heard heard(*this, nullptr);
        body.index->scan(field, event.texts(field, false).subspan(i, 1), raw.subspan(i, 1), literals, heard);
        continue;
      }
      if (memory.size() == kMaxTexts) memory.clear();
      std::vector<AtomIndex>& atoms = memory[raw[i]];
      Heard heard(*this, &atoms);
      body.index->scan(field, event.texts(field, false).subspan(i, 1), raw.subspan(i, 1), literals, heard);
      std::ranges::sort(atoms);
      atoms.erase(std::ranges::unique(atoms).begin(), atoms.end());
    }
  }

  struct Heard : LiteralIndex::Sink {
    Heard(Scratch& owner, std::vector<AtomIndex>* atoms) : scratch(owner), noted(atoms) {}
    void found(AtomIndex atom) override {
      if (noted != nullptr) noted->push_back(atom);
      scratch.found(atom);
    }
    Scratch& scratch;
    std::vector<AtomIndex>* noted;
  };

  Asked& route_of(Event& event) {
    route_key.clear();
    for (const FieldIndex field : body.routing) {
      // Lengths, for a value may hold any byte; and an empty list is there without a text.
      route_key += event.valued(field) ? '+' : '-';
      for (const std::string_view text : event.texts(field, false)) {
        ((route_key += std::to_string(text.size())) += ':') += text;
      }
    }
    const auto there = routes.find(route_key);
    if (there != routes.end()) return there->second;
    Asked asked;
    asked.rules.assign((body.nodes.size() + 63) / 64, 0);
    std::vector<bool> concerns;
    concerns.reserve(body.routes.size());
    for (const Route& route : body.routes) concerns.push_back(may_be(route, event));
    std::set<AtomIndex> keys;
    for (std::size_t i = 0; i < body.nodes.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << (i % 64);
      if (!concerns[body.sources[i]]) continue;
      asked.rules[i / 64] |= bit;
      if ((body.keywords[i / 64] & bit) == 0) continue;
      asked.keywords = true;
      for (const Node& node : body.nodes[i]) {
        const bool key = node.kind == Node::Kind::atom && body.atoms[node.atom].field == kAllFields &&
                         body.index->kind(node.atom) != LiteralIndex::Kind::none;
        if (key) keys.insert(node.atom);
      }
    }
    if (route_key.size() > kMaxRouteBytes) return passing = std::move(asked);
    if (asked.keywords) {
      asked.screen = std::make_unique<KeywordScreen>(body.atoms, keys);
    }
    if (routes.size() == kMaxRoutes) routes.clear();
    return routes.emplace(route_key, std::move(asked)).first->second;
  }

  // A record that lacks a field the log source is told by may be of any.
  bool may_be(const Route& route, Event& event) const {
    const bool told = std::ranges::all_of(body.routing, [&](FieldIndex field) { return event.valued(field); });
    if (route.other && told) return false;
    if (!route.said || route.any.empty()) return true;
    return std::ranges::any_of(route.any, [&](const std::vector<Route::Pair>& pairs) {
      const bool all_there =
          std::ranges::all_of(pairs, [&](const Route::Pair& pair) { return event.valued(pair.field); });
      if (!all_there) return true;
      return std::ranges::all_of(pairs, [&](const Route::Pair& pair) {
        const auto texts = event.texts(pair.field, false);
        return std::ranges::any_of(
            texts, [&](std::string_view text) { return std::ranges::find(pair.values, text) != pair.values.end(); });
      });
    });
  }
};

EventMatcher::EventMatcher(std::shared_ptr<const EventProgram> program)
    : program_(std::move(program)), scratch_(std::make_unique<Scratch>(*program_->body_)) {}
EventMatcher::EventMatcher(EventMatcher&&) noexcept = default;
EventMatcher& EventMatcher::operator=(EventMatcher&&) noexcept = default;
EventMatcher::~EventMatcher() = default;

std::uint64_t EventMatcher::evaluated() const { return scratch_->evaluated; }

void EventMatcher::match(Event& event, std::vector<RuleIndex>& matched) {
  matched.clear();
  Scratch& scratch = *scratch_;
  const EventProgram::Body& body = *program_->body_;
  scratch.next_turn();
  Scratch::Asked& asked = scratch.route_of(event);
  scratch.candidates = body.always;
  for (const FieldIndex field : event.fields()) {
    if (body.index->has(field)) scratch.scan(field, event);
  }
  if (asked.keywords && (!asked.screen || asked.screen->may_hold(event.written()))) {
    Scratch::Heard heard(scratch, nullptr);
    const auto folded = event.texts(kAllFields, false);  // takes the values out; raw() only shows them
    body.index->scan(kAllFields, folded, event.raw(kAllFields), scratch.literals, heard);
  }
  auto ask = [&](AtomIndex atom) { return scratch.ask(atom, event); };
  for (std::size_t word = 0; word < asked.rules.size(); ++word) {
    std::uint64_t left = asked.rules[word];
    for (const Bits& key : scratch.candidates) left &= key[word];
    for (; left != 0; left &= left - 1) {
      const auto rule = static_cast<RuleIndex>(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      ++scratch.evaluated;
      if (holds(body.nodes[rule], 0, ask)) matched.push_back(rule);
    }
  }
}

}  // namespace candor::sigma
