#include "sources/followed_folder.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kNotices =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_MODIFY | IN_CREATE | IN_DELETE | IN_ONLYDIR;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosPerMicro = 1'000;

std::unexpected<Error> unreadable(const fs::path& folder, const std::string& why) {
  return fail("sources.unreadable", folder.string() + " cannot be followed: " + why);
}

}  // namespace

bool FollowedFolder::is_unfinished_name(const std::string& name) {
  constexpr std::array<std::string_view, 8> kEndings = {".tmp",        ".part", ".partial", ".filepart",
                                                        ".crdownload", ".swp",  ".temp",    "~"};
  if (name.empty() || name.front() == '.') return true;
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

Result<std::unique_ptr<FollowedFolder>> FollowedFolder::open(const fs::path& folder, const Options& options) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return unreadable(folder,
                      error ? error.message() : std::string("it is no folder; name the folder the files are in"));
  }
  const int notify = options.inotify ? ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC) : -1;
  std::unique_ptr<FollowedFolder> followed(new FollowedFolder(folder, options, notify));
  followed->watch(folder);
  return followed;
}

FollowedFolder::FollowedFolder(fs::path folder, const Options& options, int notify)
    : folder_(std::move(folder)), options_(options), notify_(notify) {}

FollowedFolder::~FollowedFolder() {
  if (notify_ >= 0) ::close(notify_);
}

// What cannot be watched (too many folders) is found by the listing.
void FollowedFolder::watch(const fs::path& folder) {
  if (notify_ < 0 || watches_.contains(folder.string())) return;
  const int number = ::inotify_add_watch(notify_, folder.c_str(), kNotices);
  if (number < 0) return;
  watched_[number] = folder;
  watches_[folder.string()] = number;
}

void FollowedFolder::read_notices() {
  if (notify_ < 0) return;
  alignas(inotify_event) std::array<char, 16 << 10> buffer{};
  for (;;) {
    const ssize_t count = ::read(notify_, buffer.data(), buffer.size());
    if (count <= 0) return;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(count);) {
      inotify_event notice{};
      std::memcpy(&notice, buffer.data() + at, sizeof notice);
      const char* name = buffer.data() + at + sizeof notice;
      const auto found = watched_.find(notice.wd);
      if ((notice.mask & IN_IGNORED) != 0 && found != watched_.end()) {
        watches_.erase(found->second.string());
        watched_.erase(found);
      } else if (found != watched_.end() && notice.len > 0) {
        const std::string path = (found->second / name).string();
        // A later change makes it open again: the last notice of a path counts.
        const bool closed = (notice.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0;
        const bool changed = (notice.mask & IN_MODIFY) != 0;
        if (closed || changed) closed_paths_[path] = closed;
      }
      at += sizeof notice + notice.len;
    }
  }
}

Result<std::vector<FolderFile>> FollowedFolder::look(Clock::time_point now, TimePoint wall) {
  // Before the listing: a notice of what changes during it is for the next look.
  read_notices();
  std::map<std::string, bool> closed = std::exchange(closed_paths_, {});
  std::vector<FolderFile> files;
  std::set<std::string> keys;
  unsettled_ = false;
  std::error_code error;
  watch(folder_);
  fs::recursive_directory_iterator at(folder_, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string name = at->path().filename().string();
    if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
      if (name.starts_with('.')) {
        at.disable_recursion_pending();
      } else {
        watch(at->path());
      }
      continue;
    }
    if (is_unfinished_name(name)) continue;
    struct stat status{};
    if (::stat(at->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    FolderFile file{.path = at->path(),
                    .key = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino),
                    .size = static_cast<std::uint64_t>(status.st_size),
                    .mtime = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec,
                    .settled = false};
    if (!keys.insert(file.key).second) continue;  // a second name of the same file
    Seen& seen = seen_[file.key];
    if (seen.since == Clock::time_point() || seen.size != file.size || seen.mtime != file.mtime) {
      seen = {.size = file.size, .mtime = file.mtime, .since = now, .closed = false};
    }
    const auto told = closed.find(file.path.string());
    if (told != closed.end()) seen.closed = told->second;
    const auto settle = std::chrono::duration_cast<std::chrono::nanoseconds>(options_.settle).count();
    file.settled = seen.closed || now - seen.since >= options_.settle || wall * kNanosPerMicro - file.mtime >= settle;
    unsettled_ = unsettled_ || !file.settled;
    files.push_back(std::move(file));
  }
  if (error) return unreadable(folder_, error.message());
  std::erase_if(seen_, [&](const auto& entry) { return !keys.contains(entry.first); });
  std::ranges::sort(files, [](const FolderFile& a, const FolderFile& b) {
    return std::tie(a.mtime, a.path) < std::tie(b.mtime, b.path);
  });
  return files;
}

void FollowedFolder::wait(std::chrono::milliseconds longest) {
  pollfd state{.fd = notify_, .events = POLLIN, .revents = 0};
  ::poll(&state, notify_ >= 0 ? 1 : 0, static_cast<int>(longest.count()));
}

std::chrono::milliseconds FollowedFolder::next_look() const {
  constexpr std::chrono::milliseconds kUnsettled{500};
  return unsettled_ ? std::min(options_.listing, kUnsettled) : options_.listing;
}

}  // namespace candor
