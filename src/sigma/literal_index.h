#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sigma/answer.h"
#include "sigma/compile.h"

namespace candor::sigma {

// Finds in one pass over a text which of thousands of literals it holds (Hyperscan): what makes the time of a record
// depend on its length and not on the number of rules. Immutable; one Scratch per thread.
class LiteralIndex {
 public:
  // Atoms that compare folded texts with literals are in it, by field; of a wildcard atom, its longest piece is. Others
  // are not.
  explicit LiteralIndex(const std::vector<Atom>& atoms);
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

  // Calls `found` for each atom of the field that one of the texts satisfies; the same atom may come more than once.
  void scan(FieldIndex field, std::span<const std::string_view> texts, Scratch& scratch,
            const std::function<void(AtomIndex)>& found) const;
  bool has(FieldIndex field) const { return field < slots_.size() && slots_[field] != 0; }

 private:
  struct FieldLiterals;
  std::vector<Kind> kinds_;
  std::vector<std::unique_ptr<FieldLiterals>> by_field_;
  std::vector<std::uint32_t> slots_;  // by field: position in by_field_ + 1
  std::uint32_t all_fields_ = 0;      // the same for kAllFields
};

}  // namespace candor::sigma
