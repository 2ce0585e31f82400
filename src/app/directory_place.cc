#include "app/directory_place.h"

#include "base/fold.h"
#include "profile/people.h"

namespace candor {

DirectoryPlace::DirectoryPlace(Store& store, const Keys& keys) : keys_(keys), current_(store, keys_) {}

Result<void> DirectoryPlace::refresh() {
  CANDOR_TRY(auto directory, current_.get());
  const std::lock_guard lock(shared_->mutex);
  shared_->directory = std::move(directory);
  return {};
}

Result<bool> DirectoryPlace::is_stale() const {
  CANDOR_TRY(const std::int64_t last, current_.last_change());
  const std::lock_guard lock(shared_->mutex);
  return shared_->directory != nullptr && shared_->directory->upto() != last;
}

AccountPlace DirectoryPlace::ask(const Directory& directory, const Keys& keys, std::string_view account, Day day) {
  auto found = directory.find(keys.account(account), day);
  if (!found) {
    if (const std::string plain = without_tag(account); !plain.empty()) {
      found = directory.find(keys.account(plain), day);
    }
  }
  AccountPlace place;
  if (!found) return place;
  // A country that is not a code cannot be compared with a switch's: not known.
  if (found->attributes->country.size() == 2) place.country = found->attributes->country;
  // A directory that tells no group of somebody may not tell groups at all: not known, so that the strictest holds.
  if (found->attributes->groups.empty()) return place;
  place.groups.emplace();
  for (const std::string& group : found->attributes->groups) place.groups->insert(fold(group));
  return place;
}

PlaceOfAccount DirectoryPlace::place() const {
  return [shared = shared_, keys = keys_](std::string_view account, Day day) -> AccountPlace {
    std::shared_ptr<const Directory> directory;
    {
      const std::lock_guard lock(shared->mutex);
      directory = shared->directory;
    }
    if (directory == nullptr) return {};
    return ask(*directory, keys, account, day);
  };
}

std::int64_t DirectoryPlace::upto() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->directory == nullptr || !shared_->directory->is_known() ? 0 : shared_->directory->upto();
}

}  // namespace candor
