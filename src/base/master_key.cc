#include "base/master_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/keys.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

constexpr std::string_view kSealContext = "master key of a Candor data folder";
constexpr std::size_t kMostSealedBytes = 256;

std::filesystem::path plain_path(const std::filesystem::path& folder) { return folder / "keys" / "master.key"; }
std::filesystem::path sealed_path(const std::filesystem::path& folder) { return folder / "keys" / "master.sealed"; }

Error key_error(const std::filesystem::path& path, const std::string& why) {
  return {"base.key_unreadable", "the master key " + path.string() + " " + why};
}

Error failed_call(const std::filesystem::path& path, const std::string& what) {
  return key_error(path, what + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

// What cannot be looked at is there: no new key is made beside it.
bool is_there(const std::filesystem::path& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

Result<std::string> read_private(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return std::unexpected(failed_call(path, "cannot be read"));
  struct stat status{};
  if (fstat(file.number(), &status) != 0 || (status.st_mode & 077) != 0) {
    return std::unexpected(key_error(path, "can be read by others: `chmod 600` it after making sure nobody copied it"));
  }
  std::string bytes(kMostSealedBytes, '\0');
  const ssize_t got = ::read(file.number(), bytes.data(), bytes.size());
  if (got < 0) return std::unexpected(failed_call(path, "cannot be read"));
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

Result<KeyBytes> as_key(const std::filesystem::path& path, std::string_view bytes) {
  KeyBytes key{};
  if (bytes.size() != key.size()) {
    return std::unexpected(key_error(path, "is not 32 bytes long: restore it from the backup"));
  }
  std::ranges::copy(bytes, key.begin());
  return key;
}

void sync_folder(const std::filesystem::path& path) {
  const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());
}

// So that a crash leaves what was there or all of the new.
Result<void> write_private(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path draft = path.string() + ".draft";
  {
    const Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.number() < 0) return std::unexpected(failed_call(path, "cannot be made"));
    if (::write(file.number(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        ::fsync(file.number()) != 0) {
      return std::unexpected(failed_call(path, "cannot be written"));
    }
    // What root writes belongs to whom the folder belongs, as the service runs as them.
    struct stat owner{};
    if (::geteuid() == 0 && ::stat(path.parent_path().c_str(), &owner) == 0 &&
        ::fchown(file.number(), owner.st_uid, owner.st_gid) != 0) {
      return std::unexpected(failed_call(path, "cannot be given to whom its folder belongs"));
    }
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) return std::unexpected(failed_call(path, "cannot be put in place"));
  sync_folder(path);
  return {};
}

Result<void> destroy(const std::filesystem::path& path) {
  {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.number() < 0) return errno == ENOENT ? Result<void>() : std::unexpected(failed_call(path, "cannot go"));
    const std::string nothing(sizeof(KeyBytes), '\0');
    if (::write(file.number(), nothing.data(), nothing.size()) != static_cast<ssize_t>(nothing.size()) ||
        ::fsync(file.number()) != 0) {
      return std::unexpected(failed_call(path, "cannot be overwritten"));
    }
  }
  if (::unlink(path.c_str()) != 0) return std::unexpected(failed_call(path, "cannot go"));
  sync_folder(path);
  return {};
}

std::string_view bytes_of(const KeyBytes& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

Result<void> write_sealed(const std::filesystem::path& folder, const KeyBytes& master, const KeyBytes& outer) {
  return write_private(sealed_path(folder), seal(outer, bytes_of(master), kSealContext));
}

}  // namespace

std::string_view to_text(MasterKeyState state) {
  constexpr std::array<std::string_view, 3> kTexts = {"none", "plain", "sealed"};
  return kTexts.at(static_cast<std::size_t>(state));
}

MasterKeyState master_key_state(const std::filesystem::path& data_folder) {
  if (is_there(sealed_path(data_folder))) return MasterKeyState::sealed;
  return is_there(plain_path(data_folder)) ? MasterKeyState::plain : MasterKeyState::none;
}

Result<KeyBytes> read_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& outer) {
  const auto sealed = sealed_path(data_folder);
  if (!is_there(sealed)) {
    CANDOR_TRY(const std::string bytes, read_private(plain_path(data_folder)));
    return as_key(plain_path(data_folder), bytes);
  }
  if (!outer) {
    return fail("base.key_sealed", "the master key " + sealed.string() +
                                       " is sealed: give the key it was sealed with in CANDOR_KEY, a file named by "
                                       "CANDOR_KEY_FILE, or what CANDOR_KEY_COMMAND prints");
  }
  CANDOR_TRY(const std::string bytes, read_private(sealed));
  CANDOR_CHECK(sodium_init() >= 0);
  const auto plain = unseal(*outer, bytes, kSealContext);
  if (!plain) {
    return fail("base.key_wrong", "the key from outside does not open the master key " + sealed.string() +
                                      ": it was sealed with another one");
  }
  CANDOR_TRY(const KeyBytes key, as_key(sealed, *plain));
  // Whoever sealed it was killed before the plain one was gone.
  if (const auto left = plain_path(data_folder); is_there(left)) {
    const auto bytes_left = read_private(left);
    if (bytes_left && *bytes_left == *plain) CANDOR_TRY_VOID(destroy(left));
  }
  return key;
}

Result<KeyBytes> make_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& outer) {
  KeyBytes master{};
  random_bytes(master);
  const auto written =
      outer ? write_sealed(data_folder, master, *outer) : write_private(plain_path(data_folder), bytes_of(master));
  if (!written) return std::unexpected(written.error());
  return master;
}

Result<void> reseal_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& before,
                               const std::optional<KeyBytes>& after) {
  const auto keys = data_folder / "keys";
  const Descriptor lock(::open(keys.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.number() < 0 || ::flock(lock.number(), LOCK_EX) != 0) {
    return std::unexpected(failed_call(keys, "cannot be locked"));
  }
  CANDOR_TRY(const KeyBytes master, read_master_key(data_folder, before));
  if (after) {
    CANDOR_TRY_VOID(write_sealed(data_folder, master, *after));
    CANDOR_TRY(const KeyBytes again, read_master_key(data_folder, after));
    if (again != master) return std::unexpected(key_error(sealed_path(data_folder), "reads otherwise than written"));
    return destroy(plain_path(data_folder));
  }
  CANDOR_TRY_VOID(write_private(plain_path(data_folder), bytes_of(master)));
  if (is_there(sealed_path(data_folder)) && ::unlink(sealed_path(data_folder).c_str()) != 0) {
    return std::unexpected(failed_call(sealed_path(data_folder), "cannot go"));
  }
  sync_folder(plain_path(data_folder));
  return {};
}

}  // namespace candor
