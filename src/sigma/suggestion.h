#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace candor::sigma {

inline constexpr std::size_t kMaxSuggestible = 64;  // bytes; longer words are not compared with all names

// What somebody who wrote `word` may have meant; "" when none of the candidates is near.
inline std::string suggestion(const std::string& word, const std::vector<std::string>& candidates) {
  return word.size() > kMaxSuggestible ? "" : nearest(word, candidates);
}

}  // namespace candor::sigma
