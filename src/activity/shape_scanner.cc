#include "activity/shape_scanner.h"

#if defined(__SSE4_1__)
#include <immintrin.h>
#endif
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <unordered_map>

#include "activity/json_text.h"
#include "sources/raw_record.h"

// Stage 1 of simdjson is reached through simdjson::internal, which promises nothing between versions: this is the one
// file that does so, and it refuses to compile with another version than the one it was tested with.
static_assert(simdjson::SIMDJSON_VERSION_MAJOR == 3 && simdjson::SIMDJSON_VERSION_MINOR == 0,
              "shape_scanner.cc uses simdjson 3.0 internals: check stage1(), n_structural_indexes and "
              "structural_indexes, run the property tests, then change this line");

namespace candor {
namespace {

using State = std::uint32_t;

// 16 bytes of a key.
struct alignas(16) Piece {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
constexpr std::uint32_t kPiece = sizeof(Piece);
constexpr std::uint32_t kLongestToken = UINT16_MAX;  // a longer key is data, not a shape
constexpr std::size_t kTwoPieces = 2 * sizeof(Piece);
static_assert(kPiece <= RawBatch::kPadding);

// Whether the pieces at `begin` and `end` are `head` and `tail` in the bytes of `mask`.
inline bool are_equal(const char* begin, const char* end, const Piece& head, const Piece& tail, const Piece& mask) {
#if defined(__SSE4_1__)
  const auto load = [](const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); };
  const __m128i differs = _mm_or_si128(_mm_xor_si128(load(begin), load(&head)), _mm_xor_si128(load(end), load(&tail)));
  return _mm_testz_si128(differs, load(&mask)) != 0;
#else
  Piece first;
  Piece last;
  std::memcpy(&first, begin, sizeof first);
  std::memcpy(&last, end, sizeof last);
  return (((first.low ^ head.low) | (last.low ^ tail.low)) & mask.low) == 0 &&
         (((first.high ^ head.high) | (last.high ^ tail.high)) & mask.high) == 0;
#endif
}

// A state is the key just seen and so, because states form a tree, all keys before it. It holds the key's token with
// quotes and colon, what the key means, and which states may follow. One cache line, because walking a record touches
// one of these for each of its keys, and `first` beside the key, because that chain of loads is what takes the time.
struct alignas(64) Node {
  Piece head;  // the first 16 bytes
  Piece tail;  // the last 16, of a shorter token the first again
  Piece mask;  // of the bytes that count, all but in a shorter token
  std::uint16_t length = 0;
  std::uint16_t tail_at = 0;            // where the tail begins
  std::int16_t path = PathTree::kNone;  // in the path tree
  std::int16_t slot = PathTree::kNone;  // of that node
  State first = 0;                      // first state after this one, 0 is none
  State other = 0;                      // next sibling: another key at the same place, 0 is none

  // Tokens of more than two pieces need a further look.
  bool matches(const char* key, std::uint32_t size) const {
    return size == length && are_equal(key, key + tail_at, head, tail, mask);
  }
};
static_assert(sizeof(Node) == 64);

class Automaton {
 public:
  explicit Automaton(const PathTree& tree) : tree_(tree) { forget(); }

  static constexpr State kRoot = 0;
  static constexpr State kNone = 0;  // the root follows nothing

  // By state; may move when one is learnt.
  const Node* nodes() const { return nodes_.data(); }
  // The state a key leads to; `nodes` are nodes(), held by whoever asks often.
  State find(const Node* nodes, State first, const char* key, std::uint32_t size) const {
    for (State at = first; at != kNone; at = nodes[at].other) {
      if (!nodes[at].matches(key, size)) continue;
      if (size <= kTwoPieces || long_tokens_.at(at) == std::string_view(key, size)) return at;
    }
    return kNone;
  }

  // Adds the state for `token` ("Key": with quotes and colon). kNone when too many follow this state already: keys that
  // never repeat are data, not a shape; and when the record has a wanted key twice.
  State learn(State state, std::string_view token) {
    if (fanout_[state] >= kMaxFanout || token.size() > kLongestToken) return kNone;
    const auto fresh = static_cast<State>(nodes_.size());
    Node node;
    node.length = static_cast<std::uint16_t>(token.size());
    const std::size_t piece = std::min<std::size_t>(kPiece, token.size());
    node.tail_at = static_cast<std::uint16_t>(token.size() - piece);
    std::memcpy(&node.head, token.data(), piece);
    std::memcpy(&node.tail, token.data() + token.size() - piece, piece);
    const std::string ones(piece, '\xFF');
    std::memcpy(&node.mask, ones.data(), piece);
    node.path = tree_.child(0, key_of(token));
    SlotSet filled = filled_[state];
    if (node.path != PathTree::kNone) node.slot = tree_[node.path].slot;
    if (node.slot != PathTree::kNone) {
      if (contains(filled, static_cast<SlotId>(node.slot))) return kNone;
      insert(filled, static_cast<SlotId>(node.slot));
    }
    if (token.size() > kTwoPieces) long_tokens_.emplace(fresh, token);
    ++fanout_[state];
    node.other = nodes_[state].first;
    nodes_[state].first = fresh;
    nodes_.push_back(node);
    fanout_.push_back(0);
    filled_.push_back(filled);
    add_possible(possible_[state], node.path);
    return fresh;
  }

  bool is_full() const { return nodes_.size() >= kMaxStates; }
  void forget() {
    ++generation_;
    nodes_.assign(1, Node{});
    long_tokens_.clear();
    fanout_.assign(1, 0);
    filled_.assign(1, SlotSet{});
    possible_.assign(1, SlotSet{});
  }
  // The slots of the keys themselves, and those of what lies within them, too.
  const SlotSet& filled(State state) const { return filled_[state]; }
  const SlotSet& possible(State state) const { return possible_[state]; }
  std::uint64_t generation() const { return generation_; }
  std::size_t size() const { return nodes_.size(); }

 private:
  static constexpr std::size_t kMaxStates = 50'000;
  static constexpr std::uint16_t kMaxFanout = 200;

  static std::string key_of(std::string_view token) {
    std::string key(token.size(), '\0');
    key.resize(unescape_json(token.substr(1, token.size() - 3), key.data()));
    return key;
  }
  void add_possible(SlotSet set, std::int16_t path) {
    if (path != PathTree::kNone) {
      const SlotSet under = tree_.slots_under(path);
      for (std::size_t i = 0; i < set.size(); ++i) set[i] |= under[i];
    }
    possible_.push_back(set);
  }

  const PathTree& tree_;
  std::vector<Node> nodes_;
  std::unordered_map<State, std::string> long_tokens_;  // such keys are rare
  std::vector<std::uint16_t> fanout_;
  std::vector<SlotSet> filled_;
  std::vector<SlotSet> possible_;
  std::uint64_t generation_ = 0;
};

enum class Start : std::uint8_t { other, string, scalar, object, array };

constexpr std::array<Start, 256> make_starts() {
  std::array<Start, 256> starts{};
  starts['"'] = Start::string;
  starts['{'] = Start::object;
  starts['['] = Start::array;
  for (const char c : std::string_view("-0123456789tfn")) starts[static_cast<unsigned char>(c)] = Start::scalar;
  return starts;
}
constexpr std::array<Start, 256> kStarts = make_starts();

constexpr std::array<std::int8_t, 256> make_depths() {
  std::array<std::int8_t, 256> depths{};
  depths['{'] = depths['['] = 1;
  depths['}'] = depths[']'] = -1;
  return depths;
}
constexpr std::array<std::int8_t, 256> kDepths = make_depths();

// Walks one record along its structural indexes. Every index is compared with the record's end before the byte there is
// read; behind the last index of the batch stand sentinels greater than any end.
class Walker {
 public:
  Walker(const char* base, const std::uint32_t* at, std::uint32_t limit, const PathTree& tree, Extracted& out)
      : base_(base), at_(at), limit_(limit), tree_(tree), out_(out) {}

  const std::uint32_t* at() const { return at_; }

  // The record's members through the automaton. Everything in locals: this loop is where normalising spends its time,
  // and stores through `out_` would make the compiler read members again.
  std::optional<State> record(Automaton& automaton) {
    const char* const base = base_;
    const std::uint32_t limit = limit_;
    const std::uint32_t* at = at_;
    if (*at >= limit || base[*at] != '{') return std::nullopt;
    ++at;
    State state = Automaton::kRoot;
    const Node* nodes = automaton.nodes();
    SlotSet absent{};  // of the keys' slots
    if (*at < limit && base[*at] == '}') return end_of_record(at, state);
    for (;; ++at) {
      if (at[3] >= limit) return std::nullopt;
      const char* const key = base + at[0];
      const std::uint32_t size = at[1] - at[0] + 1;
      const State next = automaton.find(nodes, nodes[state].first, key, size);
      if (next == Automaton::kNone) [[unlikely]] {
        if (!is_compact_key(key, size)) return std::nullopt;
        state = automaton.learn(state, {key, size});
        if (state == Automaton::kNone) return std::nullopt;
        nodes = automaton.nodes();
      } else {
        state = next;
      }
      const Node& node = nodes[state];
      at += 2;
      const char* const value = base + *at;
      const Start start = kStarts[static_cast<unsigned char>(*value)];
      if (start == Start::string) {
        if (node.slot != PathTree::kNone) {
          out_.put(static_cast<SlotId>(node.slot), inside(value, base + at[1]), RawValue::Kind::string);
        }
        ++at;
      } else if (start == Start::scalar) {
        if (node.slot != PathTree::kNone) {
          if (*value == 'n') insert(absent, static_cast<SlotId>(node.slot));
          out_.put(static_cast<SlotId>(node.slot), token(value, base + at[1]), RawValue::Kind::token);
        }
        ++at;
      } else {
        if (node.slot != PathTree::kNone) insert(absent, static_cast<SlotId>(node.slot));  // what it holds is appended
        if (start == Start::other || !member_container(at, node.path)) return std::nullopt;
      }
      const char separator = base[*at];
      if (separator == ',') continue;
      if (separator != '}') return std::nullopt;
      out_.mark(automaton.filled(state), absent);
      return end_of_record(at, state);
    }
  }

 private:
  char here() const { return base_[*at_]; }
  Start start_here() const { return kStarts[static_cast<unsigned char>(here())]; }

  static bool is_compact_key(const char* key, std::uint32_t size) {
    return size >= 3 && key[0] == '"' && key[size - 1] == ':' && key[size - 2] == '"';
  }

  // `at` is the closing brace.
  std::optional<State> end_of_record(const std::uint32_t* at, State state) {
    at_ = at + 1;
    if (*at_ < limit_) return std::nullopt;  // something behind the closing brace
    return state;
  }

  // Past the container at `at`, to the separator behind it, which is inside the record.
  bool member_container(const std::uint32_t*& at, std::int16_t node) {
    at_ = at;
    if (!(node == PathTree::kNone ? skip() : container(node)) || *at_ >= limit_) return false;
    at = at_;
    return true;
  }

  // The inside of a string, whose end is the last quote before the next structural character.
  static std::string_view inside(const char* open, const char* next) {
    const char* close = next - 1;
    while (*close != '"') --close;
    if (close == open) return {};
    return {open + 1, static_cast<std::size_t>(close - open - 1)};
  }
  static std::string_view token(const char* begin, const char* end) {
    while (end > begin && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t')) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  std::string_view string_here() const { return inside(base_ + at_[0], base_ + at_[1]); }
  std::string_view token_here() const { return token(base_ + at_[0], base_ + at_[1]); }

  // Past the container at at_.
  bool skip() {
    const char* const base = base_;
    const std::uint32_t limit = limit_;
    const std::uint32_t* at = at_;
    std::int64_t depth = 0;
    do {
      if (*at >= limit) return false;
      depth += kDepths[static_cast<unsigned char>(base[*at++])];
    } while (depth > 0);
    at_ = at;
    return true;
  }

  bool container(std::int16_t node) {
    const PathTree::Node& wanted = tree_[node];
    if (here() == '[') return array(node);
    return wanted.is_inner() ? object(node) : skip();
  }

  bool array(std::int16_t node) {
    const PathTree::Node& wanted = tree_[node];
    ++at_;
    if (*at_ < limit_ && here() == ']') {
      ++at_;
      return true;
    }
    for (;;) {
      if (at_[1] >= limit_) return false;
      if (here() == '[' ? !skip() : !value(wanted.slot, node)) return false;
      if (*at_ >= limit_) return false;
      const char separator = here();
      ++at_;
      if (separator == ']') return true;
      if (separator != ',') return false;
    }
  }

  bool object(std::int16_t node) {
    const PathTree::Node& wanted = tree_[node];
    PairInProgress pair;
    ++at_;
    if (*at_ < limit_ && here() == '}') {
      ++at_;
      return true;
    }
    for (;;) {
      if (at_[3] >= limit_ || here() != '"' || base_[at_[1]] != ':') return false;
      const std::string_view key = string_here();
      at_ += 2;
      if (wanted.wants_pairs()) offer(pair, key);
      const std::int16_t next = tree_.child(node, key);
      if (!value(next == PathTree::kNone ? PathTree::kNone : tree_[next].slot, next)) return false;
      if (*at_ >= limit_) return false;
      const char separator = here();
      ++at_;
      if (separator == '}') break;
      if (separator != ',') return false;
    }
    if (wanted.wants_pairs()) pair.finish(wanted, out_);
    return true;
  }

  void offer(PairInProgress& pair, std::string_view key) const {
    if (start_here() == Start::string) pair.offer(key, string_here(), RawValue::Kind::string);
    if (start_here() == Start::scalar && here() != 'n') pair.offer(key, token_here(), RawValue::Kind::token);
  }

  // A value below the top level: at_[1] is inside the record.
  bool value(std::int16_t slot, std::int16_t node) {
    switch (start_here()) {
      case Start::string:
        if (slot != PathTree::kNone) out_.append(static_cast<SlotId>(slot), string_here(), RawValue::Kind::string);
        ++at_;
        return true;
      case Start::scalar:
        if (slot != PathTree::kNone && here() != 'n') {
          out_.append(static_cast<SlotId>(slot), token_here(), RawValue::Kind::token);
        }
        ++at_;
        return true;
      case Start::object:
      case Start::array:
        return node == PathTree::kNone ? skip() : container(node);
      default:
        return false;
    }
  }

  const char* base_;
  const std::uint32_t* at_;
  std::uint32_t limit_;
  const PathTree& tree_;
  Extracted& out_;
};

}  // namespace

class ShapeScanner::Implementation {
 public:
  explicit Implementation(const PathTree& tree) : tree_(tree), automaton_(tree) {}

  bool index(std::string_view text) {
    base_ = text.data();
    at_ = nullptr;
    if (text.empty() || text.size() > kMaxText || !reserve(text.size())) return false;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (parser_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
    std::uint32_t* const indexes = parser_->structural_indexes.get();
    // Stage 1 leaves room behind its last index; what stands there is read but never followed.
    std::fill_n(indexes + parser_->n_structural_indexes, kSentinels, UINT32_MAX);
    at_ = indexes;
    return true;
  }

  std::optional<Shape> scan(std::size_t offset, std::size_t length, Extracted& out) {
    if (at_ == nullptr) return std::nullopt;
    if (automaton_.is_full()) automaton_.forget();
    while (*at_ < offset) ++at_;
    Walker walker(base_, at_, static_cast<std::uint32_t>(offset + length), tree_, out);
    const auto shape = walker.record(automaton_);
    if (shape) at_ = walker.at();
    return shape;
  }

  const Automaton& automaton() const { return automaton_; }

 private:
  static constexpr std::size_t kMaxText = std::size_t{1} << 31;
  static constexpr std::size_t kSentinels = 4;
  static constexpr std::size_t kUsualText = std::size_t{640} << 10;

  // Room for the indexes of `size` bytes; a huge record's room is given back by the next usual batch.
  bool reserve(std::size_t size) {
    const bool too_large = capacity_ > 8 * kUsualText && size <= kUsualText;
    if (parser_ != nullptr && capacity_ >= size && !too_large) return true;
    capacity_ = std::max(size, kUsualText);
    parser_.reset();
    const auto& simd = simdjson::get_active_implementation();
    return simd->create_dom_parser_implementation(capacity_, 64, parser_) == simdjson::SUCCESS;
  }

  const PathTree& tree_;
  Automaton automaton_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  std::size_t capacity_ = 0;
  const char* base_ = nullptr;
  const std::uint32_t* at_ = nullptr;
};

ShapeScanner::ShapeScanner(const PathTree& tree) : implementation_(std::make_unique<Implementation>(tree)) {}
ShapeScanner::~ShapeScanner() = default;

bool ShapeScanner::index(std::string_view text) { return implementation_->index(text); }
std::optional<ShapeScanner::Shape> ShapeScanner::scan(std::size_t offset, std::size_t length, Extracted& out) {
  return implementation_->scan(offset, length, out);
}
const SlotSet& ShapeScanner::possible(Shape shape) const { return implementation_->automaton().possible(shape); }
std::uint64_t ShapeScanner::generation() const { return implementation_->automaton().generation(); }
std::size_t ShapeScanner::state_count() const { return implementation_->automaton().size(); }

}  // namespace candor
