#include "activity/activity.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace candor {

std::string_view to_text(ActorKind kind) {
  constexpr std::array<std::string_view, 7> kNames = {"unknown", "person",      "guest", "service",
                                                      "system",  "application", "policy"};
  return kNames[static_cast<std::size_t>(kind)];
}

// Bytes that live until clear(): one block is kept for reuse, so that a record of the usual size costs no allocation.
class Activity::Arena {
 public:
  void clear() {
    large_.clear();
    used_ = 0;
  }

  char* allocate(std::size_t size, std::size_t align) {
    const std::size_t start = (used_ + align - 1) & ~(align - 1);
    if (size <= kBlock && start <= kBlock - size) {
      used_ = start + size;
      return block_.get() + start;
    }
    large_.push_back(std::make_unique<char[]>(size));  // new aligns for every scalar type
    return large_.back().get();
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{64} << 10;
  std::unique_ptr<char[]> block_ = std::make_unique<char[]>(kBlock);
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> large_;
};

Activity::Activity(std::shared_ptr<const FieldCatalogue> catalogue)
    : catalogue_(std::move(catalogue)), slots_(catalogue_->size()), arena_(std::make_unique<Arena>()) {}
Activity::Activity(Activity&&) noexcept = default;
Activity& Activity::operator=(Activity&&) noexcept = default;
Activity::~Activity() = default;

void Activity::clear() {
  present_.fill(0);
  arena_->clear();
  source = SourceKind::m365_audit;
  actor = ActorKind::unknown;
  time = 0;
  source_version = 0;
  record_id = operation = account = raw = {};
}

std::span<const std::string_view> Activity::list(FieldId field) const {
  if (!has(field)) return {};
  const Slot& slot = slots_[field];
  if (slot.items == nullptr) return {&slot.text, 1};
  return {slot.items, static_cast<std::size_t>(slot.number)};
}

void Activity::set_list(FieldId field, std::span<const std::string_view> texts) {
  if (texts.empty()) return remove(field);
  auto* items = reinterpret_cast<std::string_view*>(
      arena_->allocate(texts.size() * sizeof(std::string_view), alignof(std::string_view)));
  std::uninitialized_copy(texts.begin(), texts.end(), items);
  present_[field >> 6] |= std::uint64_t{1} << (field & 63);
  slots_[field] = Slot{.text = items[0], .items = items, .number = static_cast<std::int64_t>(texts.size())};
}

std::string_view Activity::keep(std::string_view bytes) {
  char* copy = arena_->allocate(bytes.size(), 1);
  std::copy(bytes.begin(), bytes.end(), copy);
  return {copy, bytes.size()};
}

std::span<char> Activity::allocate(std::size_t size) { return {arena_->allocate(size, 1), size}; }

}  // namespace candor
