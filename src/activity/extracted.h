#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a scanner found in one raw record: for each wanted path (slot) its values, still as the record writes them.
namespace candor {

// Slots of one mapping. One byte, so that four words tell which are there.
using SlotId = std::uint8_t;
inline constexpr std::size_t kMaxSlots = 256;
using SlotSet = std::array<std::uint64_t, kMaxSlots / 64>;

inline bool contains(const SlotSet& set, SlotId slot) { return (set[slot >> 6] >> (slot & 63) & 1) != 0; }
inline void insert(SlotSet& set, SlotId slot) { set[slot >> 6] |= std::uint64_t{1} << (slot & 63); }
inline bool intersects(const SlotSet& a, const SlotSet& b) {
  return ((a[0] & b[0]) | (a[1] & b[1]) | (a[2] & b[2]) | (a[3] & b[3])) != 0;
}

// One value: `text` is the inside of a JSON string (escapes and all), or the token of a number or truth
// value. A null is no value.
struct RawValue {
  enum class Kind : std::uint8_t { string, token };
  std::string_view text;
  Kind kind = Kind::string;
  bool decoded = false;  // escapes are gone already; set by whoever decodes it first
};

// Filled by one scanner for one record, then read by the field rules. Views point into the record.
class Extracted {
 public:
  // A list longer than this is cut: the record is hostile or useless.
  static constexpr std::size_t kMaxValues = 4096;

  void clear() {
    present_.fill(0);
    more_.clear();
    decoded_ = false;
  }
  // Nothing in the record is escaped: what is put here from now on is decoded already.
  void expect_no_escapes() { decoded_ = true; }
  bool has(SlotId slot) const { return contains(present_, slot); }
  const SlotSet& present() const { return present_; }
  const RawValue& first(SlotId slot) const { return slots_[slot].first; }
  RawValue& first(SlotId slot) { return slots_[slot].first; }

  // The last of equal keys wins, as with every JSON reader that fills a struct.
  void set(SlotId slot, std::string_view text, RawValue::Kind kind) {
    insert(present_, slot);
    put(slot, text, kind);
  }
  // The same in two steps, for a scanner that knows which slots a record fills before it has read it: the value of
  // each, then once which of them are there, all of `slots` but those of `absent`.
  [[gnu::always_inline]] void put(SlotId slot, std::string_view text, RawValue::Kind kind) {
    Chain& chain = slots_[slot];
    chain.first = RawValue{.text = text, .kind = kind, .decoded = decoded_};
    chain.next = chain.last = 0;
  }
  void mark(const SlotSet& slots, const SlotSet& absent) {
    for (std::size_t i = 0; i < slots.size(); ++i) present_[i] |= slots[i] & ~absent[i];
  }
  void append(SlotId slot, std::string_view text, RawValue::Kind kind) {
    if (!has(slot)) return set(slot, text, kind);
    if (more_.size() >= kMaxValues) return;
    more_.push_back({.value = {.text = text, .kind = kind, .decoded = decoded_}, .next = 0});
    const auto position = static_cast<std::uint32_t>(more_.size());  // from 1, 0 is none
    Chain& chain = slots_[slot];
    (chain.last == 0 ? chain.next : more_[chain.last - 1].next) = position;
    chain.last = position;
  }
  // Calls visit(RawValue&) for each value of the slot in the record's order, until it returns false.
  template <typename Visit>
  void each(SlotId slot, Visit visit) {
    if (!has(slot) || !visit(slots_[slot].first)) return;
    for (std::uint32_t at = slots_[slot].next; at != 0; at = more_[at - 1].next) {
      if (!visit(more_[at - 1].value)) return;
    }
  }

 private:
  struct Chain {
    RawValue first;
    std::uint32_t next = 0;
    std::uint32_t last = 0;
  };
  struct Link {
    RawValue value;
    std::uint32_t next;
  };
  SlotSet present_{};
  bool decoded_ = false;
  std::array<Chain, kMaxSlots> slots_;
  std::vector<Link> more_;
};

// The wanted paths of a mapping as a tree of keys. `Item.Subject` is the member Subject of Item; an array on the way
// stands for each of its elements (`Members.UPN`), but an array in an array is passed over.
// `Parameters[ForwardTo]` is, in an array of {Name, Value} objects, the Value of the one named ForwardTo;
// `Parameters[*]` gives all of them as name, value, name, value. A key with dots or brackets stands in quotes:
// `"PATIENT.CITY"`, `event_type.".tag"`.
class PathTree {
 public:
  static constexpr std::int16_t kNone = -1;
  struct Node {
    std::vector<std::pair<std::string, std::int16_t>> children;
    std::vector<std::pair<std::string, SlotId>> pairs;
    std::int16_t slot = kNone;
    std::int16_t all_pairs = kNone;
    bool wants_pairs() const { return all_pairs != kNone || !pairs.empty(); }
    bool is_inner() const { return !children.empty() || wants_pairs(); }
  };

  // The slot of a path; the same for the same path. Returns false when it is malformed or there are too many.
  bool add(std::string_view path, SlotId& slot);
  std::int16_t child(std::int16_t node, std::string_view key) const {
    for (const auto& [name, index] : nodes_[static_cast<std::size_t>(node)].children) {
      if (name == key) return index;
    }
    return kNone;
  }
  const Node& operator[](std::int16_t node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::size_t slot_count() const { return slot_count_; }
  // Every slot that something under this node may fill.
  SlotSet slots_under(std::int16_t node) const;

 private:
  bool slot_of(std::int16_t& place, SlotId& slot);
  std::vector<Node> nodes_{Node{}};  // 0 is the record itself
  std::size_t slot_count_ = 0;
};

// The two members of an object in an array of pairs, as a scanner meets them.
struct PairInProgress {
  RawValue name;
  RawValue value;
  bool has_name = false;
  bool has_value = false;

  // Takes a member when its key is one that names or holds.
  void offer(std::string_view key, std::string_view text, RawValue::Kind kind);
  // The object is over.
  void finish(const PathTree::Node& node, Extracted& out) const;
};

}  // namespace candor
