#include "ingest/literal_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "activity/json_text.h"
#include "base/fold.h"
#include "base/result.h"

namespace candor {
namespace {

constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool lies_at(std::string_view text, std::size_t at, std::string_view literal) {
  if (at + literal.size() > text.size()) return false;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (ascii_lower(text[at + i]) != literal[i]) return false;
  }
  return true;
}

}  // namespace

LiteralSearch::LiteralSearch(std::vector<std::string> literals) : literals_(std::move(literals)) {
  if (literals_.empty()) return;
  window_ = std::numeric_limits<std::size_t>::max();
  for (std::string& literal : literals_) {
    CANDOR_CHECK(literal.size() >= kShortest);
    std::ranges::transform(literal, literal.begin(), ascii_lower);
    window_ = std::min(window_, literal.size());
  }
  window_ = std::min<std::size_t>(window_, std::numeric_limits<std::uint8_t>::max());
  shift_.assign(kPairs, static_cast<std::uint8_t>(window_ - 1));
  bucket_.assign(kPairs, 0);
  endings_.emplace_back();
  for (std::size_t number = 0; number < literals_.size(); ++number) {
    const std::string& literal = literals_[number];
    for (std::size_t last = 1; last < window_; ++last) {
      const auto distance = static_cast<std::uint8_t>(window_ - 1 - last);
      for (const char first : {literal[last - 1], ascii_upper(literal[last - 1])}) {
        for (const char second : {literal[last], ascii_upper(literal[last])}) {
          const std::array<char, 2> bytes{first, second};
          std::uint8_t& shift = shift_[pair({bytes.data(), 2}, 1)];
          shift = std::min(shift, distance);
        }
      }
    }
    // The lower-case pair at the window's end names the bucket; texts are folded before they look.
    std::uint16_t& bucket = bucket_[pair(literal, window_ - 1)];
    if (bucket == 0 && endings_.size() <= std::numeric_limits<std::uint16_t>::max()) {
      bucket = static_cast<std::uint16_t>(endings_.size());
      endings_.emplace_back();
    }
    endings_[bucket].push_back(static_cast<std::uint32_t>(number));
  }
}

void LiteralSearch::find(std::string_view text,
                         absl::FunctionRef<bool(std::size_t literal, std::size_t at)> visit) const {
  if (literals_.empty()) return;
  for (std::size_t last = window_ - 1; last < text.size();) {
    const std::uint8_t shift = shift_[pair(text, last)];
    if (shift > 0) {
      last += shift;
      continue;
    }
    const std::array<char, 2> folded{ascii_lower(text[last - 1]), ascii_lower(text[last])};
    const std::size_t at = last + 1 - window_;
    for (const std::uint32_t number : endings_[bucket_[pair({folded.data(), 2}, 1)]]) {
      if (lies_at(text, at, literals_[number]) && !visit(number, at)) return;
    }
    ++last;
  }
}

}  // namespace candor
