#include "sigma/event_matcher.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <functional>
#include <iterator>
#include <set>

#include "base/fold.h"
#include "base/time.h"
#include "sigma/collect.h"
#include "sigma/evaluate.h"
#include "sigma/literal_index.h"
#include "sigma/read.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kMaxRoutes = 4096;     // kinds of records remembered; then all are forgotten and learnt again
constexpr std::size_t kMaxRouteBytes = 512;  // longer ones are not remembered
constexpr std::size_t kMaxRemembered = 256;  // bytes of a text whose atoms are remembered
constexpr std::size_t kSeenOnce = 512;
constexpr std::size_t kMaxTexts = 4096;  // of one field; then all are forgotten
constexpr std::size_t kKeys = 2;         // that must all be found before a rule is evaluated
constexpr std::size_t kMaxKey = 400;     // atoms of which one is needed; a rule with more is always evaluated

// What the usual formats call the time of a record, after what the mapping says.
const std::vector<std::string> kTimes = {"@timestamp",    "timestamp", "CreationTime",    "UtcTime",
                                         "TimeGenerated", "eventTime", "createdDateTime", "activityDateTime",
                                         "time",          "_time",     "TimeCreated",     "date"};

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

// ISO 8601, or seconds, milliseconds or microseconds since 1970.
std::optional<TimePoint> event_time(std::string_view text) {
  if (const auto time = parse_time(text)) return time;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool fraction = stop != end && *stop == '.';
  if (error != std::errc() || number <= 0 || (stop != end && !fraction)) return std::nullopt;
  constexpr std::int64_t kSeconds = 100'000'000'000;  // the year 5138
  if (number < kSeconds) {
    double real = 0;
    std::from_chars(text.data(), end, real);
    return static_cast<TimePoint>(real * 1e6);
  }
  return number < kSeconds * 1000 ? number * 1000 : number;
}

using Bits = std::vector<std::uint64_t>;

// Debian's absl has a string_view of its own, and looks texts up by that one only.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// What one of must be true for a rule to match.
struct Key {
  std::vector<AtomIndex> atoms;
  double weight = 0;  // how often that is expected to happen, no unit
};

class KeyFinder {
 public:
  KeyFinder(const std::vector<Atom>& atoms, const std::vector<std::uint32_t>& uses) {
    weights_.reserve(atoms.size());
    for (std::size_t i = 0; i < atoms.size(); ++i) weights_.push_back(weight(atoms[i], uses[i]));
  }

  // Keys all of which are needed, the best first; none: it may hold without any atom that an index could find.
  std::vector<Key> find(const std::vector<Node>& nodes, std::size_t at) const {
    const Node& node = nodes[at];
    std::vector<Key> keys;
    switch (node.kind) {
      case Node::Kind::atom:
        if (weights_[node.atom] >= 0) keys.push_back({.atoms = {node.atom}, .weight = weights_[node.atom]});
        break;
      case Node::Kind::negation:
        break;
      case Node::Kind::all_of:
        for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
          std::ranges::move(find(nodes, child), std::back_inserter(keys));
        }
        std::ranges::stable_sort(keys, {}, &Key::weight);
        if (keys.size() > kKeys) keys.resize(kKeys);
        break;
      case Node::Kind::any_of:
      case Node::Kind::at_least: {
        Key one;
        for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
          const std::vector<Key> own = find(nodes, child);
          if (own.empty()) return {};
          one.weight += own.front().weight;
          one.atoms.insert(one.atoms.end(), own.front().atoms.begin(), own.front().atoms.end());
          if (one.atoms.size() > kMaxKey) return {};
        }
        if (!one.atoms.empty()) keys.push_back(std::move(one));
        break;
      }
    }
    return keys;
  }

 private:
  // How dear an atom is as a key: how often it is found - short texts and those many rules ask for are found often -
  // and how it is looked for. Negative: it is none.
  static double weight(const Atom& atom, std::uint32_t uses) {
    if (LiteralIndex::kind_of(atom) == LiteralIndex::Kind::none) return -1;
    const bool affix = atom.comparison == Comparison::equals || atom.comparison == Comparison::starts_with ||
                       atom.comparison == Comparison::ends_with;
    double sum = atom.comparison == Comparison::regex ? 0.1 : 0;
    for (const Literal& literal : atom.literals) {
      const auto size = static_cast<double>(std::clamp<std::size_t>(literal.text.size(), 1, 16));
      sum += affix ? 0.1 / size : 0.05 + 1.0 / (size * size);
    }
    return sum * (4.0 + static_cast<double>(uses));
  }

  std::vector<double> weights_;  // by atom
};

}  // namespace

struct EventProgram::Body {
  RuleSet rules;
  EventScope scope;
  FieldMapping mapping;
  std::vector<FieldIndex> times;
  std::shared_ptr<const EventPaths> paths;
  std::vector<Atom> atoms;
  std::vector<std::vector<Node>> nodes;  // by rule
  std::unique_ptr<const LiteralIndex> index;
  std::array<std::vector<std::vector<RuleIndex>>, kKeys> woken;  // by atom: rules that have it in this key
  std::array<Bits, kKeys> always;                                // rules without this key
  std::vector<std::uint32_t> sources;                            // by rule: position in `routes`
  std::vector<Route> routes;                                     // by log source
  std::vector<FieldIndex> routing;                               // fields routes look at
  Bits keywords;                                                 // rules that search all values

  void compile();
  void find_keys();
  void make_routes();
  FieldIndex field(const std::string& name) { return scope.find(name).value_or(0); }
};

void EventProgram::Body::compile() {
  // Everything that may be asked of a record is a field of the scope before the paths are made.
  make_routes();
  for (const std::string& name : mapping.time) times.push_back(field(name));
  for (const std::string& name : kTimes) times.push_back(field(name));
  for (const Correlation& correlation : rules.correlations) {
    for (const std::string& name : correlation.group_by) field(name);
    for (const std::string& name : correlation.fields) field(name);
    for (const auto& [alias, by_rule] : correlation.aliases) {
      for (const auto& [rule, name] : by_rule) field(name);
    }
  }
  Compiler compiler(scope);
  nodes.reserve(rules.rules.size());
  for (const Rule& rule : rules.rules) nodes.push_back(compiler.compile(rule.expression));
  atoms = compiler.take_atoms();
  keywords.assign((nodes.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool all = std::ranges::any_of(nodes[i], [&](const Node& node) {
      return node.kind == Node::Kind::atom && atoms[node.atom].field == kAllFields;
    });
    if (all) keywords[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  paths = std::make_shared<const EventPaths>(scope.fields(), mapping);
  find_keys();
}

void EventProgram::Body::find_keys() {
  std::vector<std::uint32_t> uses(atoms.size(), 0);
  for (const auto& rule : nodes) {
    for (const Node& node : rule) {
      if (node.kind == Node::Kind::atom) ++uses[node.atom];
    }
  }
  const KeyFinder finder(atoms, uses);
  std::vector<bool> wanted(atoms.size(), false);
  for (std::size_t k = 0; k < kKeys; ++k) {
    woken[k].resize(atoms.size());
    always[k].assign((nodes.size() + 63) / 64, 0);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::vector<Key> keys = finder.find(nodes[i], 0);
    for (std::size_t k = 0; k < kKeys; ++k) {
      if (k >= keys.size()) {
        always[k][i / 64] |= std::uint64_t{1} << (i % 64);
        continue;
      }
      const std::set<AtomIndex> distinct(keys[k].atoms.begin(), keys[k].atoms.end());
      for (const AtomIndex atom : distinct) {
        woken[k][atom].push_back(static_cast<RuleIndex>(i));
        wanted[atom] = true;
      }
    }
  }
  index = std::make_unique<const LiteralIndex>(atoms, wanted);
}

void EventProgram::Body::make_routes() {
  std::map<LogSource, std::uint32_t> known;
  std::set<FieldIndex> looked_at;
  for (const Rule& rule : rules.rules) {
    const auto [it, fresh] = known.emplace(rule.log_source, static_cast<std::uint32_t>(routes.size()));
    sources.push_back(it->second);
    if (!fresh) continue;
    Route route;
    const LogSource& source = rule.log_source;
    for (const FieldMapping::LogSourceRow& row : mapping.log_sources) {
      const bool product = source.product.empty() || row.source.product.empty() || source.product == row.source.product;
      if (!product || source.category != row.source.category || source.service != row.source.service) continue;
      route.said = true;
      for (const FieldMapping::Alternative& alternative : row.any) {
        auto& pairs = route.any.emplace_back();
        for (const auto& [name, values] : alternative) {
          Route::Pair pair{.field = field(name), .values = {}};
          for (const std::string& value : values) pair.values.push_back(fold(value));
          looked_at.insert(pair.field);
          pairs.push_back(std::move(pair));
        }
      }
    }
    // Of no product and a category nobody has named here: not of this mapping's products.
    route.other =
        !mapping.products.empty() &&
        (source.product.empty() ? !route.said
                                : std::ranges::find(mapping.products, source.product) == mapping.products.end());
    routes.push_back(std::move(route));
  }
  routing.assign(looked_at.begin(), looked_at.end());
}

EventProgram::EventProgram() : body_(std::make_unique<Body>()) {}
EventProgram::~EventProgram() = default;

EventProgram::Loaded EventProgram::build(std::vector<Document> documents, EventProgramOptions options,
                                         std::vector<Diagnostic> diagnostics) {
  std::shared_ptr<EventProgram> program(new EventProgram());
  Body& body = *program->body_;
  body.scope = EventScope(std::move(options.placeholders));
  body.mapping = std::move(options.mapping);
  body.rules = collect(documents, body.scope, diagnostics);
  body.compile();
  return {.program = std::move(program), .diagnostics = std::move(diagnostics)};
}

EventProgram::Loaded EventProgram::load(const std::vector<std::filesystem::path>& paths, EventProgramOptions options) {
  std::vector<Diagnostic> diagnostics;
  std::vector<Document> documents = read_paths(paths, diagnostics);
  return build(std::move(documents), std::move(options), std::move(diagnostics));
}

EventProgram::Loaded EventProgram::parse(const std::string& file, std::string_view text, EventProgramOptions options) {
  std::vector<Diagnostic> diagnostics;
  std::vector<Document> documents = read_documents(file, text, diagnostics);
  return build(std::move(documents), std::move(options), std::move(diagnostics));
}

const RuleSet& EventProgram::rules() const { return body_->rules; }
const EventScope& EventProgram::scope() const { return body_->scope; }
const FieldMapping& EventProgram::mapping() const { return body_->mapping; }
Event EventProgram::new_event() const { return Event(body_->paths); }

std::vector<std::string> EventProgram::limit_hits() const {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < body_->nodes.size(); ++i) {
    std::uint64_t hits = 0;
    for (const Node& node : body_->nodes[i]) {
      if (node.kind != Node::Kind::atom) continue;
      const Atom& atom = body_->atoms[node.atom];
      if (atom.regex) hits += atom.regex->limit_hits();
    }
    if (hits > 0) result.push_back(body_->rules.rules[i].title + ": " + std::to_string(hits));
  }
  return result;
}

std::optional<TimePoint> EventProgram::time_of(const Event& event) const {
  for (const FieldIndex field : body_->times) {
    for (const std::string_view text : event.raw(field)) {
      if (const auto time = event_time(text)) return time;
    }
  }
  return std::nullopt;
}

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
    std::unique_ptr<KeywordScreen::Scratch> scratch;
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
    for (std::size_t k = 0; k < kKeys; ++k) {
      for (const RuleIndex rule : body.woken[k][atom]) candidates[k][rule / 64] |= std::uint64_t{1} << (rule % 64);
    }
  }

  // What is in a text of a field, remembered: programs, folders and accounts come again and again.
  void scan(FieldIndex field, Event& event) {
    const auto raw = event.raw(field);
    FieldMemory& memory = remembered[field];
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i].size() > kMaxRemembered) {
        Heard heard(*this, nullptr);
        body.index->scan(field, event.texts(field, false).subspan(i, 1), literals, heard);
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
        body.index->scan(field, event.texts(field, false).subspan(i, 1), literals, heard);
        continue;
      }
      if (memory.size() == kMaxTexts) memory.clear();
      std::vector<AtomIndex>& atoms = memory[raw[i]];
      Heard heard(*this, &atoms);
      body.index->scan(field, event.texts(field, false).subspan(i, 1), literals, heard);
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
      for (const std::string_view text : event.texts(field, false)) (route_key += text) += '\x1F';
      route_key += '\x1E';
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
      asked.scratch = std::make_unique<KeywordScreen::Scratch>(*asked.screen);
    }
    if (routes.size() == kMaxRoutes) routes.clear();
    return routes.emplace(route_key, std::move(asked)).first->second;
  }

  // A record that lacks a field the log source is told by may be of any.
  bool may_be(const Route& route, Event& event) const {
    const bool told = !body.routing.empty() &&
                      std::ranges::all_of(body.routing, [&](FieldIndex field) { return event.valued(field); });
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
  if (asked.keywords && (!asked.screen || asked.screen->may_hold(event.written(), *asked.scratch))) {
    Scratch::Heard heard(scratch, nullptr);
    body.index->scan(kAllFields, event.texts(kAllFields, false), scratch.literals, heard);
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
