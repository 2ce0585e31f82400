#include "sigma/keyword_screen.h"

#include <hs.h>

#include <algorithm>
#include <string>

#include "base/result.h"
#include "sigma/literal_index.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kLeastKeywordPiece = 3;  // bytes; shorter ones are in nearly every record

// The longest run of characters that JSON writes as they are, folded text; "" when none is long enough.
std::string plain_piece(std::string_view text) {
  std::string_view longest;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && byte != '/') continue;
    if (i - start > longest.size()) longest = text.substr(start, i - start);
    start = i + 1;
  }
  return longest.size() < kLeastKeywordPiece ? "" : std::string(longest);
}

bool same_code(std::string_view code, std::string_view wanted) {
  return std::ranges::equal(code, wanted, {},
                            [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
}

// Whether characters stand in a JSON text that are not written as they are and fold to ASCII: any may be written as
// \\uXXXX
// (`\\\\u` is a backslash and a letter), and U+017F and U+212A fold to s and k. Others hide no piece.
bool hides_ascii(std::string_view written) {
  for (const std::string_view letter : {"\xC5\xBF", "\xE2\x84\xAA"}) {
    if (written.find(letter) != std::string_view::npos) return true;
  }
  for (std::size_t at = written.find("\\u"); at != std::string_view::npos; at = written.find("\\u", at + 1)) {
    std::size_t backslashes = 0;
    while (backslashes < at && written[at - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 != 0) continue;
    const std::string_view code = written.substr(at + 2, 4);
    const bool ascii = code.size() < 4 || (code.starts_with("00") && code[2] < '8');
    if (ascii || same_code(code, "017f") || same_code(code, "212a")) return true;
  }
  return false;
}

// Whether a number may stand there with an exponent: 1.5e3 is the value 1500 (event.cc).
bool has_exponents(std::string_view written) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = written.find_first_of("eE"); at < written.size(); at = written.find_first_of("eE", at + 1)) {
    std::size_t start = at;
    while (start > 0 && (digit(written[start - 1]) || written[start - 1] == '.' || written[start - 1] == '-')) --start;
    const bool begins = start < at && start > 0 && std::string_view(":[, \t\r\n").contains(written[start - 1]);
    if (begins) return true;
  }
  return false;
}

}  // namespace

KeywordScreen::KeywordScreen(const std::vector<Atom>& atoms, const std::set<AtomIndex>& keys) {
  std::set<std::string> pieces;
  for (const AtomIndex index : keys) {
    const Atom& atom = atoms[index];
    if (atom.comparison == Comparison::regex) pieces.insert(plain_piece(needed_piece(atom.pattern)));
    for (const Literal& literal : atom.literals) {
      const bool wildcard = atom.comparison == Comparison::wildcard;
      pieces.insert(plain_piece(wildcard ? longest_piece(literal.text) : literal.text));
    }
  }
  if (pieces.empty() || pieces.contains("")) return;
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& piece : pieces) {
    numbers_ = numbers_ || piece.find_first_not_of("-0123456789") == std::string::npos;
    texts.push_back(piece.data());
    sizes.push_back(piece.size());
  }
  const std::vector<unsigned> flags(texts.size(), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH);
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), nullptr, sizes.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, nullptr, &database_, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    database_ = nullptr;
    return;
  }
  CANDOR_CHECK(hs_alloc_scratch(database_, &scratch_) == HS_SUCCESS);
}

KeywordScreen::~KeywordScreen() {
  hs_free_scratch(scratch_);
  hs_free_database(database_);
}

bool KeywordScreen::may_hold(std::string_view written) {
  if (database_ == nullptr || written.empty() || hides_ascii(written)) return true;
  if (numbers_ && has_exponents(written)) return true;
  bool any = false;
  const auto report = [](unsigned, unsigned long long, unsigned long long, unsigned, void* data) {
    *static_cast<bool*>(data) = true;
    return 1;  // one is enough
  };
  const hs_error_t code =
      hs_scan(database_, written.data(), static_cast<unsigned>(written.size()), 0, scratch_, report, &any);
  CANDOR_CHECK(code == HS_SUCCESS || code == HS_SCAN_TERMINATED);
  return any;
}

}  // namespace candor::sigma
