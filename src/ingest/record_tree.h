#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// A JSON text as a tree of the places where its values lie: to look at every text of a record and to take parts out of
// it without touching a byte of the rest. Thread safety: one thread at a time.
class RecordTree {
 public:
  enum class Kind : std::uint8_t { object, array, text, other };  // other: numbers, true, false, null
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  static constexpr std::size_t kDeepest = 64;

  struct Node {
    Kind kind = Kind::other;
    std::uint32_t begin = 0;  // of the value in the text; quotes are part of it
    std::uint32_t end = 0;
    std::uint32_t key_begin = 0;  // of a member's name without its quotes
    std::uint32_t key_end = 0;
    std::uint32_t child = kNone;  // the first
    std::uint32_t next = kNone;   // sibling
  };

  // Replaces what was parsed before; `json` must live as long as the tree is used. False when it is no single JSON
  // value, is nested more than kDeepest deep or longer than 2 GiB. Numbers are not looked at closely.
  bool parse(std::string_view json);

  const Node& root() const { return nodes_.front(); }
  const Node& operator[](std::uint32_t index) const { return nodes_[index]; }
  std::size_t size() const { return nodes_.size(); }
  std::string_view bytes(const Node& node) const { return json_.substr(node.begin, node.end - node.begin); }
  // The member's name as the record writes it, escapes and all.
  std::string_view raw_key(const Node& node) const {
    return json_.substr(node.key_begin, node.key_end - node.key_begin);
  }
  std::string key(const Node& node) const;
  // A text without quotes and escapes, any other scalar as it is written, "" for objects and arrays.
  std::string value(const Node& node) const;
  // Every text of the record without its escapes, names of members too, each behind a line end.
  void collect_texts(std::string& out) const;

 private:
  bool value_at(std::size_t& at, std::size_t depth, std::uint32_t& index);
  bool container_at(std::size_t& at, std::size_t depth, std::uint32_t index);
  bool text_at(std::size_t& at) const;
  void skip_blanks(std::size_t& at) const;

  std::string_view json_;
  std::vector<Node> nodes_;
};

// The text without its escapes.
std::string unescaped(std::string_view raw);

}  // namespace candor
