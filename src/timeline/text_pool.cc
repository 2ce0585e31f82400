#include "timeline/text_pool.h"

#include <absl/hash/hash.h>

#include <algorithm>

namespace candor {

TextPool::Field& TextPool::ask(FieldId field) {
  if (field >= fields_.size()) fields_.resize(std::size_t{field} + 1);
  Field& asked = fields_[field];
  if (++asked.asked == kTrial) {
    asked.left_alone = asked.found < (asked.tried ? kLeastFound : kLeastFoundFirst);
    asked.tried = true;
    asked.asked = 0;
    asked.found = 0;
  }
  return asked;
}

std::uint64_t TextPool::hash(std::string_view text) {
  const std::uint64_t hash = absl::HashOf(text);
  return hash == 0 ? 1 : hash;
}

std::optional<std::uint32_t> TextPool::find(FieldId field, std::string_view text, std::uint64_t hash) {
  if (slots_.size() <= 2 * std::size_t{count_}) grow();
  Field& asked = ask(field);
  const std::size_t mask = slots_.size() - 1;
  const auto mark = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask;
  for (; slots_[at].number != 0; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.hash != mark || this->text(slot.number - 1) != text) continue;
    ++asked.found;
    return slot.number - 1;
  }
  if (bytes_ + text.size() + kEach > most_bytes_) return std::nullopt;
  bytes_ += text.size() + kEach;
  if (count_ % kPage == 0) pages_.push_back(std::make_unique<std::string_view[]>(kPage));
  pages_.back()[count_ % kPage] = arena_.copy(text);
  slots_[at] = {++count_, mark};
  return count_ - 1;
}

void TextPool::grow() {
  constexpr std::size_t kLeastSlots = 256;
  slots_.assign(std::max(kLeastSlots, slots_.size() * 2), {});
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < count_; ++number) {
    const std::uint64_t hash = TextPool::hash(text(number));
    std::size_t at = hash & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = {number + 1, static_cast<std::uint32_t>(hash >> 32)};
  }
}

}  // namespace candor
