#include "sigma/answer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/fold.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace candor::sigma {

namespace {

// The texts are FieldValues's: eight bytes may be read anywhere in them.
bool begins(std::string_view text, const Literal& literal) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), 8);
  if (((head ^ literal.head) & literal.mask) != 0) return false;
  const std::size_t size = literal.text.size();
  return size <= 8 || std::memcmp(text.data() + 8, literal.text.data() + 8, size - 8) == 0;
}

// Whether `text`, which is FieldValues's, holds `wanted` (not empty).
bool holds_text(std::string_view text, std::string_view wanted) {
#ifdef __AVX2__
  // 32 places at a time: those where first and last byte fit are looked at. Reads at most 31 bytes behind the text.
  static_assert(FieldValues::kPadding >= 32);
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

bool compares_texts(const Atom& atom, std::span<const std::string_view> texts) {
  for (const std::string_view text : texts) {
    for (const Literal& literal : atom.literals) {
      if (compares(atom.comparison, text, literal)) return true;
    }
  }
  return false;
}

template <typename Number>
bool compares_numbers(Comparison comparison, Number number, Number wanted) {
  switch (comparison) {
    case Comparison::number_equals:
      return number == wanted;
    case Comparison::less:
      return number < wanted;
    case Comparison::less_equal:
      return number <= wanted;
    case Comparison::greater:
      return number > wanted;
    case Comparison::greater_equal:
      return number >= wanted;
    default:
      return false;
  }
}

// A text that is a number, or the wanted part of a date.
bool compares_as_number(const Atom& atom, std::string_view text) {
  if (atom.part != DatePart::none) {
    const auto part = date_part(text, atom.part);
    return part && compares_numbers(atom.comparison, static_cast<double>(*part), atom.real);
  }
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size() && !text.empty() && std::isfinite(number) &&
         compares_numbers(atom.comparison, number, atom.real);
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

bool answer(const Atom& atom, FieldValues& values) {
  if (atom.comparison == Comparison::present) return values.present(atom.field);
  if (atom.comparison == Comparison::asked) return atom.question->holds(values);
  if (atom.comparison == Comparison::valued) return values.valued(atom.field);
  if (atom.type == ValueType::integer || atom.type == ValueType::truth) {
    return values.valued(atom.field) && compares_numbers(atom.comparison, values.number(atom.field), atom.number);
  }
  const auto texts = values.texts(atom.field, atom.cased);
  switch (atom.comparison) {
    case Comparison::number_equals:
    case Comparison::less:
    case Comparison::less_equal:
    case Comparison::greater:
    case Comparison::greater_equal:
      return std::ranges::any_of(texts, [&](std::string_view text) { return compares_as_number(atom, text); });
    case Comparison::regex:
      return std::ranges::any_of(texts, [&](std::string_view text) { return atom.regex->search(text); });
    case Comparison::cidr:
      return std::ranges::any_of(texts, [&](std::string_view text) { return in_network(atom, text); });
    case Comparison::equals_field:
    case Comparison::contains_field:
    case Comparison::starts_with_field:
    case Comparison::ends_with_field:
      return compares_other(atom, texts, values.texts(atom.other, atom.cased));
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
  if (address.size() >= sizeof text || address.contains('\0')) return false;
  std::memcpy(text, address.data(), address.size());
  text[address.size()] = '\0';
  unsigned char bytes[16];
  if (inet_pton(atom.network_family, text, bytes) != 1) return false;
  const int whole = atom.network_bits / 8;
  if (std::memcmp(bytes, atom.network.data(), static_cast<std::size_t>(whole)) != 0) return false;
  const int rest = atom.network_bits % 8;
  return rest == 0 || ((bytes[whole] ^ atom.network[static_cast<std::size_t>(whole)]) >> (8 - rest)) == 0;
}

namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = 10 * number + (text[i] - '0');
  }
  return number;
}

std::int64_t iso_week(std::chrono::sys_days day) {
  using std::chrono::days;
  const auto weekday = std::chrono::weekday(day).iso_encoding();
  const auto thursday = day + days(4 - static_cast<int>(weekday));
  const std::chrono::year_month_day date(thursday);
  const auto first = std::chrono::sys_days(date.year() / 1 / 1);
  return (thursday - first).count() / 7 + 1;
}

}  // namespace

std::optional<std::int64_t> date_part(std::string_view date, DatePart part) {
  using namespace std::chrono;
  sys_days day{};
  std::int64_t minutes = 0;
  const auto y = digits(date, 0, 4);
  const auto m = digits(date, 5, 2);
  const auto d = digits(date, 8, 2);
  if (y && m && d && date[4] == '-' && date[7] == '-') {
    const year_month_day written(year(*y), month(static_cast<unsigned>(*m)),
                                 std::chrono::day(static_cast<unsigned>(*d)));
    if (!written.ok()) return std::nullopt;
    day = written;
    if (date.size() > 10) {
      const auto hour = digits(date, 11, 2);
      const auto minute = digits(date, 14, 2);
      if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
      minutes = 60 * *hour + *minute;
    } else if (part == DatePart::hour || part == DatePart::minute) {
      return std::nullopt;
    }
  } else {
    std::int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(date.data(), date.data() + date.size(), seconds);
    const bool fraction = stop != date.data() + date.size() && *stop == '.';
    if (error != std::errc() || seconds < 0 || (stop != date.data() + date.size() && !fraction)) return std::nullopt;
    while (seconds >= 100'000'000'000) seconds /= 1000;  // later than the year 5000: finer than seconds
    day = sys_days(days(seconds / 86'400));
    minutes = seconds % 86'400 / 60;
  }
  const year_month_day written(day);
  switch (part) {
    case DatePart::minute:
      return minutes % 60;
    case DatePart::hour:
      return minutes / 60;
    case DatePart::day:
      return static_cast<unsigned>(written.day());
    case DatePart::week:
      return iso_week(day);
    case DatePart::month:
      return static_cast<unsigned>(written.month());
    case DatePart::year:
      return static_cast<int>(written.year());
    case DatePart::none:
      break;
  }
  return std::nullopt;
}

}  // namespace candor::sigma
