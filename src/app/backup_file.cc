#include "app/backup_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "base/ids.h"

namespace candor {
namespace {

constexpr const char* kManifestName = "manifest.json";
constexpr std::size_t kPiece = 1u << 20;
constexpr std::size_t kLongestManifest = 64u << 20;
constexpr std::size_t kLongestBackupName = 300;

Error failed_file(const char* id, const std::filesystem::path& path, const std::string& what) {
  return {errno == ENOSPC ? "app.disk_full" : id, path.string() + " " + what + ": " + std::strerror(errno)};
}

std::unexpected<Error> bad_backup(const std::string& why) { return fail("app.bad_backup", "the backup " + why); }
std::unexpected<Error> cancelled_backup() { return fail("app.cancelled", "stopped; nothing was kept"); }

class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(std::string_view bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  std::string hex() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state_, hash.data());
    return to_hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
  }

 private:
  crypto_hash_sha256_state state_{};
};

struct FreeBackupArchive {
  void operator()(archive* of) const { archive_free(of); }
};
using BackupArchive = std::unique_ptr<archive, FreeBackupArchive>;
struct FreeBackupEntry {
  void operator()(archive_entry* of) const { archive_entry_free(of); }
};

std::string why_of(archive* of) {
  const char* const why = archive_error_string(of);
  return why == nullptr ? "no memory" : why;
}

// Names as they come from a folder of ours: no way out of it, and nothing for a tool to misread.
bool is_backup_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestBackupName || name.front() == '/' || name.front() == '-') return false;
  if (name.contains("..") || name.contains("//") || name.back() == '/') return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '/';
  });
}

class BackupWriter {
 public:
  BackupWriter(std::filesystem::path file, const BackupProgress& progress)
      : path_(std::move(file)), draft_(path_.string() + ".part"), progress_(progress), out_(archive_write_new()) {}
  ~BackupWriter() {
    out_.reset();
    if (!placed_ && file_) ::unlink(draft_.c_str());
  }
  BackupWriter(const BackupWriter&) = delete;
  BackupWriter& operator=(const BackupWriter&) = delete;

  Result<void> begin(std::uint64_t total) {
    total_ = total;
    if (std::error_code ignored; std::filesystem::exists(path_, ignored)) {
      return fail("app.exists", path_.string() + " is there already: name another file");
    }
    auto file = std::make_unique<OpenFile>(draft_, O_WRONLY | O_CREAT | O_TRUNC);
    if (file->number() < 0) return std::unexpected(failed_file("app.cannot_write", draft_, "cannot be made"));
    file_ = std::move(file);
    if (!out_ || archive_write_set_format_pax_restricted(out_.get()) != ARCHIVE_OK ||
        archive_write_open_fd(out_.get(), file_->number()) != ARCHIVE_OK) {
      return failed();
    }
    return {};
  }

  Result<BackedUpFile> add(const std::filesystem::path& from, const std::string& name) {
    const OpenFile file(from, O_RDONLY);
    struct stat status{};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
      return std::unexpected(failed_file("app.cannot_read", from, "cannot be read"));
    }
    BackedUpFile written{.name = name, .bytes = static_cast<std::uint64_t>(status.st_size), .sha256 = {}};
    CANDOR_TRY_VOID(head(name, written.bytes));
    Sha256 hash;
    std::string piece(kPiece, '\0');
    for (std::uint64_t left = written.bytes; left > 0;) {
      const ssize_t got = ::read(file.number(), piece.data(), std::min<std::uint64_t>(left, piece.size()));
      if (got <= 0) return std::unexpected(failed_file("app.cannot_read", from, "cannot be read"));
      const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
      hash.add(bytes);
      CANDOR_TRY_VOID(body(bytes));
      left -= bytes.size();
      done_ += bytes.size();
      if (progress_ && !progress_(done_, total_)) return cancelled_backup();
    }
    written.sha256 = hash.hex();
    return written;
  }

  Result<void> add_manifest(const std::string& manifest) {
    CANDOR_TRY_VOID(head(kManifestName, manifest.size()));
    return body(manifest);
  }

  Result<void> end() {
    if (archive_write_close(out_.get()) != ARCHIVE_OK) return failed();
    if (::fsync(file_->number()) != 0) {
      return std::unexpected(failed_file("app.cannot_write", draft_, "cannot be written"));
    }
    if (::rename(draft_.c_str(), path_.c_str()) != 0) {
      return std::unexpected(failed_file("app.cannot_write", path_, "cannot be put in place"));
    }
    placed_ = true;
    const OpenFile folder(path_.parent_path().empty() ? "." : path_.parent_path(), O_RDONLY | O_DIRECTORY);
    if (folder.number() >= 0) ::fsync(folder.number());
    return {};
  }

 private:
  std::unexpected<Error> failed() {
    return fail(archive_errno(out_.get()) == ENOSPC ? "app.disk_full" : "app.cannot_write",
                draft_.string() + " cannot be written: " + why_of(out_.get()));
  }
  Result<void> head(const std::string& name, std::uint64_t bytes) {
    const std::unique_ptr<archive_entry, FreeBackupEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    if (archive_write_header(out_.get(), entry.get()) != ARCHIVE_OK) return failed();
    return {};
  }
  Result<void> body(std::string_view bytes) {
    if (archive_write_data(out_.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) {
      return failed();
    }
    return {};
  }

  const std::filesystem::path path_;
  const std::filesystem::path draft_;
  const BackupProgress& progress_;
  std::unique_ptr<OpenFile> file_;
  BackupArchive out_;
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
  bool placed_ = false;
};

Result<std::vector<std::filesystem::path>> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, failed)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  if (failed) return fail("app.cannot_read", folder.string() + " cannot be read: " + failed.message());
  std::ranges::sort(files);
  return files;
}

class BackupReader {
 public:
  BackupReader(const std::filesystem::path& file, std::filesystem::path folder, const BackupProgress& progress)
      : file_(file), folder_(std::move(folder)), progress_(progress), in_(archive_read_new()) {}

  Result<UnpackedBackup> read() {
    std::error_code failed;
    total_ = std::filesystem::file_size(file_, failed);
    if (failed) return fail("app.cannot_read", file_.string() + " cannot be read: " + failed.message());
    if (!in_ || archive_read_support_format_tar(in_.get()) != ARCHIVE_OK ||
        archive_read_open_filename(in_.get(), file_.c_str(), kPiece) != ARCHIVE_OK) {
      return bad_backup("cannot be read: " + why_of(in_.get()));
    }
    UnpackedBackup unpacked;
    while (true) {
      archive_entry* entry = nullptr;
      const int next = archive_read_next_header(in_.get(), &entry);
      if (next == ARCHIVE_EOF) break;
      if (next != ARCHIVE_OK) return bad_backup("cannot be read: " + why_of(in_.get()));
      CANDOR_TRY_VOID(take(entry, unpacked));
    }
    if (unpacked.manifest.empty()) return bad_backup("has no manifest: it was cut off, or is no backup of Candor");
    return unpacked;
  }

 private:
  Result<void> take(archive_entry* entry, UnpackedBackup& unpacked) {
    const char* const path = archive_entry_pathname(entry);
    const std::string name = path == nullptr ? "" : path;
    if (!unpacked.manifest.empty()) return bad_backup("goes on behind its manifest");
    if (!is_backup_name(name) || archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_hardlink(entry) != nullptr || !names_.insert(name).second) {
      return bad_backup("holds something that no backup of Candor holds");
    }
    if (name != kManifestName) return take_file(name, unpacked);
    CANDOR_TRY(unpacked.manifest, take_manifest());
    return {};
  }

  Result<std::string> take_manifest() {
    std::string manifest;
    CANDOR_TRY_VOID(each_piece([&](std::string_view bytes) -> Result<void> {
      if (manifest.size() + bytes.size() > kLongestManifest) return bad_backup("has a manifest that is too long");
      manifest += bytes;
      return {};
    }));
    return manifest;
  }

  Result<void> take_file(const std::string& name, UnpackedBackup& unpacked) {
    const auto path = folder_ / name;
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    const OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (failed || file.number() < 0) return std::unexpected(failed_file("app.cannot_write", path, "cannot be made"));
    BackedUpFile found{.name = name, .bytes = 0, .sha256 = {}};
    Sha256 hash;
    CANDOR_TRY_VOID(each_piece([&](std::string_view bytes) -> Result<void> {
      hash.add(bytes);
      found.bytes += bytes.size();
      while (!bytes.empty()) {
        const ssize_t put = ::write(file.number(), bytes.data(), bytes.size());
        if (put < 0) return std::unexpected(failed_file("app.cannot_write", path, "cannot be written"));
        bytes.remove_prefix(static_cast<std::size_t>(put));
      }
      return {};
    }));
    if (::fsync(file.number()) != 0) {
      return std::unexpected(failed_file("app.cannot_write", path, "cannot be written"));
    }
    found.sha256 = hash.hex();
    unpacked.files.push_back(std::move(found));
    return {};
  }

  Result<void> each_piece(const std::function<Result<void>(std::string_view)>& take) {
    std::string piece(kPiece, '\0');
    while (true) {
      const la_ssize_t got = archive_read_data(in_.get(), piece.data(), piece.size());
      if (got < 0) return bad_backup("cannot be read: " + why_of(in_.get()));
      if (got == 0) return {};
      CANDOR_TRY_VOID(take(std::string_view(piece.data(), static_cast<std::size_t>(got))));
      done_ += static_cast<std::uint64_t>(got);
      if (progress_ && !progress_(done_, total_)) return cancelled_backup();
    }
  }

  const std::filesystem::path file_;
  const std::filesystem::path folder_;
  const BackupProgress& progress_;
  const BackupArchive in_;
  std::set<std::string> names_;
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

Result<void> write_backup(const std::filesystem::path& folder, const std::filesystem::path& file,
                          const MakeManifest& manifest, const BackupProgress& progress) {
  CANDOR_TRY(const auto files, files_below(folder));
  std::uint64_t total = 0;
  std::error_code failed;
  for (const auto& one : files) total += std::filesystem::file_size(one, failed);
  BackupWriter writer(file, progress);
  CANDOR_TRY_VOID(writer.begin(total));
  std::vector<BackedUpFile> written;
  for (const auto& one : files) {
    const std::string name = one.lexically_relative(folder).generic_string();
    if (!is_backup_name(name) || name == kManifestName) {
      return fail("app.cannot_read", one.string() + " does not belong into a data folder");
    }
    CANDOR_TRY(auto added, writer.add(one, name));
    written.push_back(std::move(added));
  }
  CANDOR_TRY(const std::string text, manifest(written));
  CANDOR_TRY_VOID(writer.add_manifest(text));
  return writer.end();
}

Result<UnpackedBackup> unpack_backup(const std::filesystem::path& file, const std::filesystem::path& folder,
                                     const BackupProgress& progress) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  if (failed) return fail("app.cannot_write", folder.string() + " cannot be made: " + failed.message());
  return BackupReader(file, folder, progress).read();
}

}  // namespace candor
