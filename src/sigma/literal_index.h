#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigma/answer.h"
#include "sigma/compile.h"

namespace candor::sigma {

// Finds in one pass over a text which of thousands of literals it holds: what makes the time of a record depend on its
// length and not on the number of rules. Those that may stand anywhere are Hyperscan's; beginnings, ends and whole
// texts are tries, whose walk ends after a few bytes. Immutable; one Scratch per thread.
class LiteralIndex {
 public:
  // Holds the wanted ones of those whose kind_of() is not none.
  LiteralIndex(const std::vector<Atom>& atoms, const std::vector<bool>& wanted);
  ~LiteralIndex();
  LiteralIndex(const LiteralIndex&) = delete;
  LiteralIndex& operator=(const LiteralIndex&) = delete;
  LiteralIndex(LiteralIndex&&) = delete;
  LiteralIndex& operator=(LiteralIndex&&) = delete;

  enum class Kind : std::uint8_t {
    none,      // not in the index
    exact,     // found: it holds; not found: it does not
    necessary  // found: it may hold; not found: it does not
  };
  // What an atom could be in an index: those that compare folded texts with literals are exact; of wildcard and regex
  // atoms the longest piece that must be there is looked for.
  static Kind kind_of(const Atom& atom);
  Kind kind(AtomIndex atom) const { return kinds_[atom]; }

  class Scratch {
   public:
    explicit Scratch(const LiteralIndex& index);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Scratch(Scratch&&) = delete;
    Scratch& operator=(Scratch&&) = delete;

   private:
    friend class LiteralIndex;
    struct Body;
    std::unique_ptr<Body> body_;
  };

  // Who is told what a text satisfies; the same atom may come more than once.
  class Sink {
   public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    Sink(Sink&&) = delete;
    Sink& operator=(Sink&&) = delete;
    virtual ~Sink() = default;
    virtual void found(AtomIndex atom) = 0;
  };
  // `folded` and `raw` are the same texts in the same order.
  void scan(FieldIndex field, std::span<const std::string_view> folded, std::span<const std::string_view> raw,
            Scratch& scratch, Sink& sink) const;
  bool has(FieldIndex field) const { return field < slots_.size() && slots_[field] != 0; }

 private:
  struct FieldLiterals;
  std::vector<Kind> kinds_;
  std::vector<std::unique_ptr<FieldLiterals>> by_field_;
  std::vector<std::uint32_t> slots_;  // by field: position in by_field_ + 1
  std::uint32_t all_fields_ = 0;      // the same for kAllFields
};

// The longest run of a pattern without wildcards; "" when it is so short that it is nearly everywhere.
std::string longest_piece(std::string_view pattern);

// Text that every text the expression is found in must hold, folded; "" when it is not certain. Exposed for tests.
std::string needed_piece(std::string_view regex);

}  // namespace candor::sigma
