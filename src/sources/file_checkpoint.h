#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sources/splitter.h"

namespace candor {

// How far a file was read: "v2 STATE HASH OFFSET ROW KIND".
struct FileCheckpoint {
  enum class State : std::uint8_t {
    reading,   // more may follow: a later reading can go on here
    complete,  // read to its end; read again it starts anew, since files are exported again and grow
    passing,   // of a pipe: only for people to see
  };
  State state = State::reading;
  std::uint64_t hash = 0;    // of all decoded bytes before the offset: what must not have changed
  std::uint64_t offset = 0;  // in decoded bytes, behind a whole record
  std::uint64_t row = 0;     // of the record there
  Format::Kind kind = Format::Kind::lines;

  std::string text() const;
  // nullopt for anything else, other versions too.
  static std::optional<FileCheckpoint> parse(std::string_view text);
};

}  // namespace candor
