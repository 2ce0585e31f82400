#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/keys.h"

// What stands in one export instead of what stands in all of them: whoever holds two such files finds no pseudonym, and
// no id or number of Candor's, of the one in the other (docs/architecture/decisions/0041).
namespace candor {

// Pure: the same for the same keys, number and text. Thread safety: immutable.
class ExportPseudonyms {
 public:
  // `number`: of the export, from 1 (access/exports.h).
  ExportPseudonyms(const Keys& keys, std::int64_t number);

  // What the usual pseudonym ("Anon-XXXX-XXXX-XXXX", of any case) is called in this export; looks like one.
  std::string of(std::string_view pseudonym) const;
  // "KIND-XXXX-XXXX-XXXX" for an id or number of that kind; "" for "".
  std::string id(std::string_view kind, std::string_view id) const;
  // Any text: usual pseudonyms become those of this export, and runs of 16 or more hexadecimal digits, and GUIDs, ids
  // of it. A shortened pseudonym ("Anon-XXXX") fits several, so it becomes "Anon-•••".
  std::string text(std::string_view text) const;
  // Any JSON document: every string and key as text(), the values kind_of() knows as ids, and the numbers of cases and
  // requests likewise. What is not JSON is text.
  std::string json(std::string_view document) const;
  // The same but for strings that may hold pseudonyms or ids, for what passes text() later: that maps each once only.
  // What is not JSON stays as it is.
  std::string numbers(std::string_view document) const;

  // What kind of thing a field or member of that name tells apart though it names nobody: a device, an address. "" for
  // all others.
  static std::string_view kind_of(std::string_view name);

  std::int64_t number() const { return number_; }

 private:
  std::string symbols(std::string_view kind, std::string_view id) const;

  std::array<std::uint8_t, 32> key_;
  std::int64_t number_;
};

}  // namespace candor
