#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "indicators/compile.h"

// Answers one atom for one activity.
namespace candor {

// The texts of an activity's fields as the tests need them: folded, or as they are for `cased` ones. Each field is
// prepared once an activity, and only when asked for. One thread at a time.
class FieldReader {
 public:
  // Readable bytes behind every text it gives out, so that vector code may read past the end.
  static constexpr std::size_t kPadding = 64;

  explicit FieldReader(const CompiledRules& rules);
  // Forgets the activity before: all texts given out are void.
  void start();
  // Empty when the field is absent. The operation field reads Activity::operation.
  std::span<const std::string_view> texts(const Activity& activity, FieldId field, bool cased);
  bool present(const Activity& activity, FieldId field) const;

 private:
  struct Prepared {
    std::uint32_t turn = 0;
    std::string_view one;
    std::span<const std::string_view> texts;
  };

  std::string_view prepare(std::string_view text, bool cased);
  char* allocate(std::size_t size);

  const CompiledRules& rules_;
  std::vector<Prepared> prepared_;  // [2 * field + cased]
  std::uint32_t turn_ = 0;
  std::vector<std::vector<std::string_view>> lists_;  // of this activity; views of `prepared_` point into them
  std::size_t lists_used_ = 0;
  std::vector<char> block_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> overflow_;  // texts that did not fit the block; dropped at start()
};

bool answer(const Atom& atom, const Activity& activity, FieldReader& reader);

constexpr bool compares_fields(Comparison comparison) { return comparison >= Comparison::equals_field; }

// Exposed for tests. `text` matches `pattern` with kAnyRun and kAnyOne; one code point for kAnyOne.
bool wildcard_match(std::string_view pattern, std::string_view text);
// `address` is IPv4 or IPv6 as text.
bool in_network(const Atom& atom, std::string_view address);

}  // namespace candor
