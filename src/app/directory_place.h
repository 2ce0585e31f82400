#pragma once

#include <memory>
#include <mutex>

#include "base/keys.h"
#include "base/result.h"
#include "ingest/account_place.h"
#include "profile/directory.h"
#include "store/store.h"

namespace candor {

// Tells intake and switches where an account's person belongs, by the directory as it was at the last refresh().
// Thread safety: any member, and what place() gives, from any thread.
class DirectoryPlace {
 public:
  // The store must outlive this object. Knows nothing before the first refresh().
  DirectoryPlace(Store& store, const Keys& keys);
  DirectoryPlace(const DirectoryPlace&) = delete;
  DirectoryPlace& operator=(const DirectoryPlace&) = delete;

  // Takes up what was imported since. Errors are those of Directory::load().
  Result<void> refresh();
  // Whether facts have changed since the last refresh().
  Result<bool> is_stale() const;
  // Valid beyond this object's life; follows later refreshes.
  PlaceOfAccount place() const;
  // Changes with everything the directories say; 0 before the first import.
  std::int64_t upto() const;

 private:
  struct Shared {
    std::mutex mutex;
    std::shared_ptr<const Directory> directory;  // guarded by mutex; null: nothing is known
  };
  static AccountPlace ask(const Directory& directory, const Keys& keys, std::string_view account, Day day);

  const Keys keys_;  // before current_, which points to it
  CurrentDirectory current_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace candor
