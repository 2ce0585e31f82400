#include "indicators/answer.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstring>

#include "base/fold.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace candor {

FieldReader::FieldReader(const CompiledRules& rules)
    : rules_(rules), prepared_(2 * (rules.catalogue->size() + 1)), block_(16u << 10) {}

void FieldReader::start() {
  if (++turn_ == 0) {
    prepared_.assign(prepared_.size(), {});
    turn_ = 1;
  }
  used_ = 0;
  lists_used_ = 0;
  if (!overflow_.empty()) overflow_.clear();
}

bool FieldReader::present(const Activity& activity, FieldId field) const {
  return field == rules_.operation_field ? !activity.operation.empty() : activity.has(field);
}

char* FieldReader::allocate(std::size_t size) {
  const std::size_t whole = size + kPadding;
  if (block_.size() - used_ < whole) {
    overflow_.push_back(std::make_unique<char[]>(whole));
    return overflow_.back().get();
  }
  char* place = block_.data() + used_;
  used_ += size;  // the padding may be written by the next text
  return place;
}

std::string_view FieldReader::prepare(std::string_view text, bool cased) {
  char* place = allocate(cased ? text.size() : folded_capacity(text.size()));
  if (cased) {
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }
  return {place, fold_into(text, place)};
}

std::span<const std::string_view> FieldReader::texts(const Activity& activity, FieldId field, bool cased) {
  Prepared& prepared = prepared_[2 * static_cast<std::size_t>(field) + (cased ? 1 : 0)];
  if (prepared.turn == turn_) return prepared.texts;
  prepared.turn = turn_;
  prepared.texts = {};
  if (!present(activity, field)) return {};
  if (field == rules_.operation_field || (*rules_.catalogue)[field].type != FieldType::keywords) {
    const std::string_view text = field == rules_.operation_field ? activity.operation : activity.text(field);
    prepared.one = prepare(text, cased);
    prepared.texts = std::span(&prepared.one, 1);
    return prepared.texts;
  }
  if (lists_used_ == lists_.size()) lists_.emplace_back();
  std::vector<std::string_view>& list = lists_[lists_used_++];
  list.clear();
  for (const std::string_view text : activity.list(field)) list.push_back(prepare(text, cased));
  prepared.texts = list;
  return prepared.texts;
}

namespace {

// The texts are FieldReader's: eight bytes may be read anywhere in them.
bool begins(std::string_view text, const Literal& literal) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), 8);
  if (((head ^ literal.head) & literal.mask) != 0) return false;
  const std::size_t size = literal.text.size();
  return size <= 8 || std::memcmp(text.data() + 8, literal.text.data() + 8, size - 8) == 0;
}

// Whether `text`, which is FieldReader's, holds `wanted` (not empty).
bool holds_text(std::string_view text, std::string_view wanted) {
#ifdef __AVX2__
  // 32 places at a time: those where first and last byte fit are looked at. Reads at most 31 bytes behind the text.
  static_assert(FieldReader::kPadding >= 32);
  if (wanted.size() > text.size()) return false;
  const __m256i first = _mm256_set1_epi8(wanted.front());
  const __m256i last = _mm256_set1_epi8(wanted.back());
  const std::size_t places = text.size() - wanted.size() + 1;
  for (std::size_t i = 0; i < places; i += 32) {
    const char* at = text.data() + i;
    const __m256i starts = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i ends = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + wanted.size() - 1));
    const __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(starts, first), _mm256_cmpeq_epi8(ends, last));
    auto fits = static_cast<std::uint32_t>(_mm256_movemask_epi8(both));
    if (places - i < 32) fits &= (1u << (places - i)) - 1;
    for (; fits != 0; fits &= fits - 1) {
      const auto place = static_cast<std::size_t>(__builtin_ctz(fits));
      if (std::memcmp(at + place, wanted.data(), wanted.size()) == 0) return true;
    }
  }
  return false;
#else
  return text.find(wanted) != std::string_view::npos;
#endif
}

bool compares(Comparison comparison, std::string_view text, const Literal& literal) {
  const std::size_t size = literal.text.size();
  switch (comparison) {
    case Comparison::equals:
      return text.size() == size && begins(text, literal);
    case Comparison::starts_with:
      return text.size() >= size && begins(text, literal);
    case Comparison::ends_with:
      return text.size() >= size && begins(text.substr(text.size() - size), literal);
    case Comparison::contains:
      return holds_text(text, literal.text);
    case Comparison::wildcard:
      return wildcard_match(literal.text, text);
    default:
      return false;
  }
}

bool compares_texts(const Atom& atom, std::span<const std::string_view> texts) {
  for (const std::string_view text : texts) {
    for (const Literal& literal : atom.literals) {
      if (compares(atom.comparison, text, literal)) return true;
    }
  }
  return false;
}

bool compares_numbers(const Atom& atom, std::int64_t number) {
  switch (atom.comparison) {
    case Comparison::number_equals:
      return number == atom.number;
    case Comparison::less:
      return number < atom.number;
    case Comparison::less_equal:
      return number <= atom.number;
    case Comparison::greater:
      return number > atom.number;
    case Comparison::greater_equal:
      return number >= atom.number;
    default:
      return false;
  }
}

bool compares_other(const Atom& atom, std::span<const std::string_view> texts,
                    std::span<const std::string_view> others) {
  for (const std::string_view text : texts) {
    for (const std::string_view other : others) {
      const bool found = atom.comparison == Comparison::equals_field        ? text == other
                         : atom.comparison == Comparison::contains_field    ? text.find(other) != text.npos
                         : atom.comparison == Comparison::starts_with_field ? text.starts_with(other)
                                                                            : text.ends_with(other);
      if (found) return true;
    }
  }
  return false;
}

}  // namespace

bool answer(const Atom& atom, const Activity& activity, FieldReader& reader) {
  if (atom.comparison == Comparison::present) return reader.present(activity, atom.field);
  if (atom.type == FieldType::integer || atom.type == FieldType::boolean) {
    return activity.has(atom.field) && compares_numbers(atom, activity.number(atom.field));
  }
  const auto texts = reader.texts(activity, atom.field, atom.cased);
  switch (atom.comparison) {
    case Comparison::regex:
      return std::ranges::any_of(texts, [&](std::string_view text) {
        return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *atom.regex);
      });
    case Comparison::cidr:
      return std::ranges::any_of(texts, [&](std::string_view text) { return in_network(atom, text); });
    case Comparison::equals_field:
    case Comparison::contains_field:
    case Comparison::starts_with_field:
    case Comparison::ends_with_field:
      return compares_other(atom, texts, reader.texts(activity, atom.other, atom.cased));
    default:
      return compares_texts(atom, texts);
  }
}

bool wildcard_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kAnyRun) {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == kAnyOne) {
      ++p;
      t += code_point_length(text.substr(t));
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      // Whole code points, so that a ? never stands for half a letter.
      p = star + 1;
      mark += code_point_length(text.substr(mark));
      t = mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kAnyRun) ++p;
  return p == pattern.size();
}

bool in_network(const Atom& atom, std::string_view address) {
  char text[INET6_ADDRSTRLEN + 1];
  if (address.size() >= sizeof text) return false;
  std::memcpy(text, address.data(), address.size());
  text[address.size()] = '\0';
  unsigned char bytes[16];
  if (inet_pton(atom.network_family, text, bytes) != 1) return false;
  const int whole = atom.network_bits / 8;
  if (std::memcmp(bytes, atom.network.data(), static_cast<std::size_t>(whole)) != 0) return false;
  const int rest = atom.network_bits % 8;
  return rest == 0 || ((bytes[whole] ^ atom.network[static_cast<std::size_t>(whole)]) >> (8 - rest)) == 0;
}

}  // namespace candor
