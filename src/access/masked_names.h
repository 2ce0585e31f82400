#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// How one person may be named in texts: addresses, user names, parts of the name, in whatever spelling of
// access/folded_text.h. Thread safety: immutable after the last add.
class MaskedNames {
 public:
  // "jack.qualtz@contoso.com", "CONTOSO\jackq": the whole, what stands before the @ and its parts, these parts joined
  // (jackqualtz, jqualtz), and the forms that folders make of it (jack_qualtz_contoso_com).
  void add_account(std::string_view name);
  // First and last name as HR has them; either may be empty.
  void add_person(std::string_view first, std::string_view last);
  // An id that stands for the person ("10032001A2B3C4D5"): as a whole only.
  void add_id(std::string_view id);

  // `text` with every name replaced by `pseudonym`, every other address by "•••@its.domain", and the owner's segment of
  // home folders (/personal/x, C:\Users\x) by "•••". Parts of a name are found only as words of their own (also
  // JackQualtz), so that Mark does not blacken marketing.
  std::string masked(std::string_view text, std::string_view pseudonym) const;

 private:
  friend class MaskingPass;
  void add(std::string name, bool inside_words);
  void add_words(std::string_view name, std::size_t shortest);
  void add_joined(std::string_view one, std::string_view two);

  struct Name {
    std::string text;  // folded
    bool inside_words = false;
  };
  std::vector<Name> names_;             // longest first
  std::bitset<256> first_bytes_;        // of names_
  std::vector<std::string> addresses_;  // folded
};

}  // namespace candor
