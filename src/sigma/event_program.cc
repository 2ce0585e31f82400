#include "sigma/event_program.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>

#include "base/fold.h"
#include "base/time.h"
#include "sigma/collect.h"
#include "sigma/read.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kMaxKey = 400;  // atoms of which one is needed; a rule with more is always evaluated

// What the usual formats call the time of a record, after what the mapping says.
const std::vector<std::string> kTimes = {"@timestamp",    "timestamp", "CreationTime",    "UtcTime",
                                         "TimeGenerated", "eventTime", "createdDateTime", "activityDateTime",
                                         "time",          "_time",     "TimeCreated",     "date"};

// ISO 8601, or seconds, milliseconds or microseconds since 1970.
std::optional<TimePoint> event_time(const std::string& text) {
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
        std::ranges::sort(keys, {}, [](const Key& key) { return std::pair(key.weight, key.atoms); });
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
  for (Bits& bits : always) bits.assign((nodes.size() + 63) / 64, 0);
  std::vector<std::map<std::pair<std::size_t, std::size_t>, std::uint64_t>> woken(
      atoms.size());  // (key, word) -> rules
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::vector<Key> keys = finder.find(nodes[i], 0);
    for (std::size_t k = 0; k < kKeys; ++k) {
      if (k >= keys.size()) {
        always[k][i / 64] |= std::uint64_t{1} << (i % 64);
        continue;
      }
      const std::set<AtomIndex> distinct(keys[k].atoms.begin(), keys[k].atoms.end());
      for (const AtomIndex atom : distinct) {
        woken[atom][{k, i / 64}] |= std::uint64_t{1} << (i % 64);
        wanted[atom] = true;
      }
    }
  }
  for (const auto& words : woken) {
    first_wake.push_back(static_cast<std::uint32_t>(wakes.size()));
    for (const auto& [place, rules_of_word] : words) {
      wakes.push_back({.key = static_cast<std::uint16_t>(place.first),
                       .word = static_cast<std::uint16_t>(place.second),
                       .rules = rules_of_word});
    }
  }
  first_wake.push_back(static_cast<std::uint32_t>(wakes.size()));
  index = std::make_unique<const LiteralIndex>(atoms, wanted);
}

void EventProgram::Body::make_routes() {
  std::map<LogSource, std::uint32_t> known;
  std::set<FieldIndex> looked_at;
  // All of them, whatever rules there are: what a rule gives does not depend on the others.
  for (const FieldMapping::LogSourceRow& row : mapping.log_sources) {
    for (const FieldMapping::Alternative& alternative : row.any) {
      for (const auto& [name, values] : alternative) looked_at.insert(field(name));
    }
  }
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

EventProgram::Loaded EventProgram::build(const std::vector<Document>& documents, EventProgramOptions options,
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
  const std::vector<Document> documents = read_paths(paths, diagnostics);
  return build(documents, std::move(options), std::move(diagnostics));
}

EventProgram::Loaded EventProgram::parse(const std::string& file, std::string_view text, EventProgramOptions options) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<Document> documents = read_documents(file, text, diagnostics);
  return build(documents, std::move(options), std::move(diagnostics));
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
      if (const auto time = event_time(std::string(text))) return time;
    }
  }
  return std::nullopt;
}

}  // namespace candor::sigma
