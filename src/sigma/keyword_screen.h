#pragma once

#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "sigma/compile.h"

struct hs_database;
struct hs_scratch;

namespace candor::sigma {

// Tells from a record as it is written whether some value of it can satisfy one of the keyword atoms: most records are
// ruled out without taking all their values out. One thread at a time.
class KeywordScreen {
 public:
  // `keys`: atoms of kAllFields, each of a LiteralIndex::kind_of() that is not none.
  KeywordScreen(const std::vector<Atom>& atoms, const std::set<AtomIndex>& keys);
  ~KeywordScreen();
  KeywordScreen(const KeywordScreen&) = delete;
  KeywordScreen& operator=(const KeywordScreen&) = delete;
  KeywordScreen(KeywordScreen&&) = delete;
  KeywordScreen& operator=(KeywordScreen&&) = delete;

  // False: certainly not. `written` is Event::written().
  bool may_hold(std::string_view written);

 private:
  hs_database* database_ = nullptr;  // none: it may always
  hs_scratch* scratch_ = nullptr;
  bool numbers_ = false;  // some piece may be part of a number
};

}  // namespace candor::sigma
