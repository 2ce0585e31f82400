#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace candor::sigma {

// Takes the records of a file apart: JSON objects one after the other (a line each, or written over many), a JSON array
// of them, or lines of any other text. A value; views are into the text given.
class EventReader {
 public:
  explicit EventReader(std::string_view text);

  struct Slice {
    std::string_view text;
    std::size_t line = 0;  // where it begins, from 1
  };
  // nullopt at the end. An object that does not end before the next one begins at a line's start is given as it is:
  // Event::load() refuses it, and the rest goes on.
  std::optional<Slice> next();

 private:
  void advance(std::size_t to);
  std::size_t object_end(std::size_t from);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t searched_ = 0;  // bytes in which the end of an object was looked for in vain
  bool array_ = false;
};

}  // namespace candor::sigma
