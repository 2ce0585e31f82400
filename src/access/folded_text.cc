#include "access/folded_text.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/result.h"

namespace candor {
namespace {

constexpr UChar32 kTableEnd = 0x2000;  // Latin, Greek, Cyrillic and their neighbours are folded once, in a table
constexpr int kPercentLayers = 3;      // %2540 is %40 is @

std::unique_ptr<icu::Transliterator> transliterator(const char* id) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(id, UTRANS_FORWARD, status));
  CANDOR_CHECK(U_SUCCESS(status));  // ICU's own data lacks what every build of it has
  return made;
}

const icu::Normalizer2& normaliser(const icu::Normalizer2* (*instance)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = instance(status);
  CANDOR_CHECK(U_SUCCESS(status));
  return *found;
}

bool is_mark(UChar32 c) { return (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0; }

bool is_latin(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return c >= 0x80 && u_isalpha(c) && uscript_getScript(c, &status) == USCRIPT_LATIN;
}

// `ascii` gives letters such as ø and ł, which do not decompose, their plain form; null leaves them.
std::string fold_character(UChar32 c, const icu::Transliterator* ascii) {
  if (c < 0x80) {
    const bool blank = c == '\t' || c == '\n' || c == '\r';
    if ((c < 0x20 && !blank) || c == 0x7f) return "";
    return std::string(1, static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
  }
  if (u_charType(c) == U_FORMAT_CHAR || u_charType(c) == U_CONTROL_CHAR) return "";
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString small =
      normaliser(&icu::Normalizer2::getNFKCCasefoldInstance).normalize(icu::UnicodeString(c), status);
  const icu::UnicodeString apart = normaliser(&icu::Normalizer2::getNFKDInstance).normalize(small, status);
  icu::UnicodeString plain;
  for (int i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 one = apart.char32At(i);
    if (is_mark(one)) continue;
    icu::UnicodeString letter(one);
    if (ascii != nullptr && is_latin(one)) ascii->transliterate(letter);
    plain.append(letter);
  }
  std::string bytes;
  plain.toLower().toUTF8String(bytes);
  return bytes;
}

std::string fold_any(UChar32 c) {
  static const std::vector<std::string> kTable = [] {
    const auto ascii = transliterator("Latin-ASCII");
    std::vector<std::string> table;
    table.reserve(kTableEnd);
    for (UChar32 one = 0; one < kTableEnd; ++one) table.push_back(fold_character(one, ascii.get()));
    return table;
  }();
  return c < kTableEnd ? kTable[static_cast<std::size_t>(c)] : fold_character(c, nullptr);
}

struct Byte {
  unsigned char value = 0;
  std::size_t end = 0;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The byte at `at`, behind percent-encoding if it is written so.
Byte byte_at(std::string_view text, std::size_t at) {
  Byte byte{static_cast<unsigned char>(text[at]), at + 1};
  for (int layer = 0; layer < kPercentLayers && byte.value == '%' && byte.end + 2 <= text.size(); ++layer) {
    const int high = hex_digit(text[byte.end]);
    const int low = hex_digit(text[byte.end + 1]);
    if (high < 0 || low < 0) break;
    byte = {static_cast<unsigned char>(high * 16 + low), byte.end + 2};
  }
  return byte;
}

struct Character {
  std::optional<UChar32> code;  // nullopt: a byte that is not UTF-8
  unsigned char byte = 0;
  std::size_t end = 0;
};

Character character_at(std::string_view text, std::size_t at) {
  const Byte first = byte_at(text, at);
  if (first.value < 0x80) return {static_cast<UChar32>(first.value), first.value, first.end};
  const int more = first.value >= 0xf0 ? 3 : first.value >= 0xe0 ? 2 : first.value >= 0xc2 ? 1 : 0;
  std::array<char, 4> bytes{static_cast<char>(first.value)};
  std::size_t end = first.end;
  for (int i = 1; i <= more; ++i) {
    if (end >= text.size()) return {std::nullopt, first.value, first.end};
    const Byte next = byte_at(text, end);
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(next.value);
    end = next.end;
  }
  // What is cut off, overlong or a surrogate comes out as the replacement character.
  const icu::UnicodeString one = icu::UnicodeString::fromUTF8(icu::StringPiece(bytes.data(), more + 1));
  const UChar32 code = one.char32At(0);
  if (more == 0 || one.countChar32() != 1 || code == 0xfffd) return {std::nullopt, first.value, first.end};
  return {code, first.value, end};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Müller and Mueller are one name; so are Ågård and Aagaard.
std::string with_expanded_vowels(std::string_view name) {
  static constexpr std::array<std::array<std::string_view, 2>, 5> kExpanded = {
      {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ø", "oe"}, {"å", "aa"}}};
  UErrorCode status = U_ZERO_ERROR;
  std::string small;
  normaliser(&icu::Normalizer2::getNFKCCasefoldInstance)
      .normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size()))),
                 status)
      .toUTF8String(small);
  for (const auto& [letter, expanded] : kExpanded) small = replaced(std::move(small), letter, expanded);
  return folded(small);
}

std::string in_latin_letters(std::string_view name) {
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  transliterator("Any-Latin")->transliterate(text);
  std::string bytes;
  text.toUTF8String(bytes);
  return folded(bytes);
}

}  // namespace

FoldedText FoldedText::of(std::string_view text) {
  FoldedText out;
  out.text.reserve(text.size());
  out.origins.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const std::string small =
        character.code ? fold_any(*character.code) : std::string(1, static_cast<char>(character.byte));
    Origin origin{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(character.end), true, false, false};
    if (character.code) {
      origin.letter = u_isalpha(*character.code) != 0;
      origin.upper = u_isupper(*character.code) != 0;
      origin.lower = u_islower(*character.code) != 0;
    }
    if (small.empty() && !out.origins.empty()) out.origins.back().end = origin.end;
    out.text += small;
    out.origins.insert(out.origins.end(), small.size(), origin);
    at = character.end;
  }
  return out;
}

std::string folded(std::string_view text) { return FoldedText::of(text).text; }

std::vector<std::string> folded_spellings(std::string_view name) {
  static constexpr std::size_t kShortestContracted = 4;  // "Sue" is not "su"
  std::vector<std::string> spellings = {folded(name)};
  const auto add = [&](std::string spelling) {
    if (!spelling.empty() && std::ranges::find(spellings, spelling) == spellings.end()) {
      spellings.push_back(std::move(spelling));
    }
  };
  const bool ascii = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    add(with_expanded_vowels(name));
    add(in_latin_letters(name));
  }
  std::string contracted = spellings.front();
  for (const std::string_view vowel : {"a", "o", "u"}) {
    contracted = replaced(std::move(contracted), std::string(vowel) + "e", vowel);
  }
  if (contracted.size() >= kShortestContracted) add(std::move(contracted));
  return spellings;
}

}  // namespace candor
