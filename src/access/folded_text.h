#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// A copy of a text in which everything that writes a name another way is gone: letter case, diacritics, compatibility
// forms (full width, ligatures), percent-encoding, and characters nobody sees (soft hyphen, zero width, control).
// Each byte of the copy knows which bytes of the text it stands for, so that what is found here can be hidden there.
struct FoldedText {
  struct Origin {
    std::uint32_t begin = 0;  // in the text as it was; takes in the invisible characters behind it
    std::uint32_t end = 0;
    bool letter = false;  // as it was before folding
    bool upper = false;
    bool lower = false;
  };
  std::string text;
  std::vector<Origin> origins;  // one for each byte of `text`

  static FoldedText of(std::string_view text);
};

// The same without origins.
std::string folded(std::string_view text);

// The ways a name may be spelt where its letters are not to be had, all folded, the plain one first: ae for ä, a for
// ae, Latin letters for others.
std::vector<std::string> folded_spellings(std::string_view name);

}  // namespace candor
