#include "sigma/event_matcher.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>
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
constexpr std::size_t kMaxKey = 400;         // atoms of which one is needed; a rule with more is always evaluated

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

// What one of must be true for a rule to match.
struct Key {
  std::vector<AtomIndex> atoms;
  double weight = 0;  // how often that is expected to happen, no unit
};

class KeyFinder {
 public:
  KeyFinder(const std::vector<Atom>& atoms, const LiteralIndex& index, const std::vector<std::uint32_t>& uses)
      : atoms_(atoms), index_(index), uses_(uses) {}

  // nullopt: it may hold without any atom of the index.
  std::optional<Key> find(const std::vector<Node>& nodes, std::size_t at) const {
    const Node& node = nodes[at];
    switch (node.kind) {
      case Node::Kind::atom:
        if (index_.kind(node.atom) == LiteralIndex::Kind::none) return std::nullopt;
        return Key{.atoms = {node.atom}, .weight = weight(node.atom)};
      case Node::Kind::negation:
        return std::nullopt;
      case Node::Kind::all_of: {
        std::optional<Key> best;
        for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
          auto key = find(nodes, child);
          if (key && (!best || key->weight < best->weight)) best = std::move(key);
        }
        return best;
      }
      case Node::Kind::any_of:
      case Node::Kind::at_least: {
        Key all;
        for (std::size_t child = at + 1; child < node.end; child = nodes[child].end) {
          auto key = find(nodes, child);
          if (!key) return std::nullopt;
          all.weight += key->weight;
          all.atoms.insert(all.atoms.end(), key->atoms.begin(), key->atoms.end());
          if (all.atoms.size() > kMaxKey) return std::nullopt;
        }
        return all;
      }
    }
    return std::nullopt;
  }

 private:
  // Short texts and those many rules ask for are found often.
  double weight(AtomIndex index) const {
    const Atom& atom = atoms_[index];
    const double kind = atom.comparison == Comparison::equals     ? 0.3
                        : atom.comparison == Comparison::contains ? 1.0
                        : atom.comparison == Comparison::wildcard ? 1.0
                                                                  : 0.6;
    double sum = 0;
    for (const Literal& literal : atom.literals) {
      const auto size = static_cast<double>(std::clamp<std::size_t>(literal.text.size(), 1, 16));
      sum += kind / (size * size);
    }
    return sum * (1.0 + static_cast<double>(uses_[index]));
  }

  const std::vector<Atom>& atoms_;
  const LiteralIndex& index_;
  const std::vector<std::uint32_t>& uses_;
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
  std::vector<std::vector<RuleIndex>> woken;  // by atom: rules that have it in their key
  Bits always;                                // rules without a key
  std::vector<std::uint32_t> sources;         // by rule: position in `routes`
  std::vector<Route> routes;                  // by log source
  std::vector<FieldIndex> routing;            // fields routes look at
  bool keywords = false;

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
  for (const Atom& atom : atoms) keywords = keywords || atom.field == kAllFields;
  paths = std::make_shared<const EventPaths>(scope.fields(), mapping);
  index = std::make_unique<const LiteralIndex>(atoms);
  find_keys();
}

void EventProgram::Body::find_keys() {
  std::vector<std::uint32_t> uses(atoms.size(), 0);
  for (const auto& rule : nodes) {
    for (const Node& node : rule) {
      if (node.kind == Node::Kind::atom) ++uses[node.atom];
    }
  }
  woken.resize(atoms.size());
  always.assign((nodes.size() + 63) / 64, 0);
  const KeyFinder finder(atoms, *index, uses);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto key = finder.find(nodes[i], 0);
    if (!key) {
      always[i / 64] |= std::uint64_t{1} << (i % 64);
      continue;
    }
    const std::set<AtomIndex> distinct(key->atoms.begin(), key->atoms.end());
    for (const AtomIndex atom : distinct) woken[atom].push_back(static_cast<RuleIndex>(i));
  }
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
    route.other = !mapping.products.empty() && !source.product.empty() &&
                  std::ranges::find(mapping.products, source.product) == mapping.products.end();
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
Event EventProgram::new_event() const { return {body_->paths, body_->keywords}; }

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
        candidates((program.nodes.size() + 63) / 64, 0) {}

  const EventProgram::Body& body;
  LiteralIndex::Scratch literals;
  std::vector<std::uint32_t> memo;  // per atom: 2 * turn + answer, from the record of that turn
  std::uint32_t turn = 0;
  Bits candidates;
  std::map<std::string, Bits, std::less<>>
      routes;    // by the routing fields: rules whose log source the record may be of
  Bits passing;  // for records that are not remembered
  std::string route_key;
  std::uint64_t evaluated = 0;

  void next_turn() {
    if (++turn < (1u << 31)) return;
    std::fill(memo.begin(), memo.end(), 0);
    turn = 1;
  }

  bool ask(AtomIndex index, Event& event) {
    std::uint32_t& known = memo[index];
    if (known >> 1 == turn) return (known & 1) != 0;
    // What the index knows and has not found does not hold.
    const bool result = body.index->kind(index) == LiteralIndex::Kind::none && answer(body.atoms[index], event);
    known = turn << 1 | static_cast<std::uint32_t>(result);
    return result;
  }

  void found(AtomIndex atom, Event& event) {
    std::uint32_t& known = memo[atom];
    if (known >> 1 == turn) return;
    const bool holds = body.index->kind(atom) == LiteralIndex::Kind::exact || answer(body.atoms[atom], event);
    known = turn << 1 | static_cast<std::uint32_t>(holds);
    if (!holds) return;
    for (const RuleIndex rule : body.woken[atom]) candidates[rule / 64] |= std::uint64_t{1} << (rule % 64);
  }

  const Bits& route_of(Event& event) {
    route_key.clear();
    for (const FieldIndex field : body.routing) {
      for (const std::string_view text : event.texts(field, false)) (route_key += text) += '\x1F';
      route_key += '\x1E';
    }
    const auto there = routes.find(route_key);
    if (there != routes.end()) return there->second;
    Bits bits((body.nodes.size() + 63) / 64, 0);
    std::vector<bool> concerns;
    concerns.reserve(body.routes.size());
    for (const Route& route : body.routes) concerns.push_back(may_be(route, event));
    for (std::size_t i = 0; i < body.nodes.size(); ++i) {
      if (concerns[body.sources[i]]) bits[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    if (route_key.size() > kMaxRouteBytes) return passing = std::move(bits);
    if (routes.size() == kMaxRoutes) routes.clear();
    return routes.emplace(route_key, std::move(bits)).first->second;
  }

  // A record that lacks a field the log source is told by may be of any.
  bool may_be(const Route& route, Event& event) const {
    const bool told = std::ranges::any_of(body.routing, [&](FieldIndex field) { return event.valued(field); });
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
  const Bits& route = scratch.route_of(event);
  scratch.candidates = body.always;
  const std::function<void(AtomIndex)> found = [&](AtomIndex atom) { scratch.found(atom, event); };
  for (const FieldIndex field : event.fields()) {
    if (body.index->has(field)) body.index->scan(field, event.texts(field, false), scratch.literals, found);
  }
  if (body.keywords) body.index->scan(kAllFields, event.texts(kAllFields, false), scratch.literals, found);
  auto ask = [&](AtomIndex atom) { return scratch.ask(atom, event); };
  for (std::size_t word = 0; word < scratch.candidates.size(); ++word) {
    for (std::uint64_t left = scratch.candidates[word] & route[word]; left != 0; left &= left - 1) {
      const auto rule = static_cast<RuleIndex>(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      ++scratch.evaluated;
      if (holds(body.nodes[rule], 0, ask)) matched.push_back(rule);
    }
  }
}

}  // namespace candor::sigma
