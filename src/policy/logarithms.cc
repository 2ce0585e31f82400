#include "policy/logarithms.h"

#include <bit>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "base/keys.h"

namespace candor {
namespace {

// The next tab-separated number of `line`; nullopt when there is none.
std::optional<std::int64_t> next_number(std::string_view& line) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc{}) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (!line.empty()) {
    if (line.front() != '\t') return std::nullopt;
    line.remove_prefix(1);
  }
  return value;
}

// Linear between points, cut downwards; `part` of `whole` steps. Never leaves [min, max] of the two.
std::int64_t between(std::int64_t from, std::int64_t to, std::int64_t part, std::int64_t whole) {
  return to >= from ? from + (to - from) * part / whole : from - ((from - to) * part + whole - 1) / whole;
}

}  // namespace

Result<std::shared_ptr<const Logarithms>> Logarithms::parse(std::string_view text, std::string_view name) {
  auto table = std::make_shared<Logarithms>();
  std::string numbers;
  int line_number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line_number;
    if (line.empty() || line.front() == '#') continue;
    const auto index = next_number(line);
    const auto logarithm = next_number(line);
    const auto power = next_number(line);
    const auto expected = static_cast<std::int64_t>(table->log2_.size());
    const bool good = index == expected && logarithm && power && line.empty() && expected <= kSteps &&
                      (expected == 0 ? *logarithm == 0 && *power == kOne
                                     : *logarithm > table->log2_.back() && *power < table->exp2_.back()) &&
                      (expected != kSteps || (*logarithm == kOne && *power == kOne / 2));
    if (!good) {
      return fail("policy.bad_logarithms",
                  std::string(name) + ":" + std::to_string(line_number) +
                      ": not the expected row; make the table anew with tools/make_logarithms");
    }
    table->log2_.push_back(*logarithm);
    table->exp2_.push_back(*power);
    numbers += std::to_string(*logarithm) + "," + std::to_string(*power) + ";";
  }
  if (table->log2_.size() != kSteps + 1) {
    return fail("policy.bad_logarithms",
                std::string(name) + ": rows are missing; make the table anew with tools/make_logarithms");
  }
  table->fingerprint_ = content_hash(numbers);
  return table;
}

Result<std::shared_ptr<const Logarithms>> Logarithms::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("policy.bad_logarithms", file.string() + " cannot be read");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return parse(text, file.string());
}

std::int64_t Logarithms::log2(std::int64_t value) const {
  if (value <= 1) return 0;
  const auto magnitude = static_cast<std::uint64_t>(value);
  const int exponent = static_cast<int>(std::bit_width(magnitude)) - 1;
  // The mantissa in 40 bits: ten choose the table's point, thirty lie between two points.
  constexpr int kBits = 40;
  const std::uint64_t mantissa =
      (exponent >= kBits ? magnitude >> (exponent - kBits) : magnitude << (kBits - exponent)) & ((1ULL << kBits) - 1);
  const auto point = static_cast<std::size_t>(mantissa >> 30);
  const auto rest = static_cast<std::int64_t>(mantissa & ((1ULL << 30) - 1));
  return exponent * kOne + between(log2_[point], log2_[point + 1], rest, std::int64_t{1} << 30);
}

std::int64_t Logarithms::exp2_negative(std::int64_t exponent) const {
  if (exponent <= 0) return kOne;
  const std::int64_t halvings = exponent / kOne;
  if (halvings >= 62) return 0;
  const std::int64_t scaled = exponent % kOne * kSteps;
  const auto point = static_cast<std::size_t>(scaled / kOne);
  return between(exp2_[point], exp2_[point + 1], scaled % kOne, kOne) >> halvings;
}

}  // namespace candor
