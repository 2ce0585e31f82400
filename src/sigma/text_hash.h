#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace candor::sigma {

// For tables in memory. Debian's Abseil has a string_view of its own and looks texts up by that one only.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

}  // namespace candor::sigma
