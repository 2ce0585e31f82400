#include "app/data_kind.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "simulator/organisation.h"

namespace candor {
namespace {

std::optional<DataKind> parse(std::string_view text) {
  if (text == to_text(DataKind::demo)) return DataKind::demo;
  if (text == to_text(DataKind::real)) return DataKind::real;
  return std::nullopt;
}

Result<void> check(const std::filesystem::path& folder, std::optional<DataKind> kind, DataKind wanted) {
  if (!kind || *kind == wanted) return {};
  return fail("app.other_kind",
              folder.string() + " holds " +
                  (*kind == DataKind::demo ? "invented people (demo): real data" : "real data: invented people") +
                  " may not come into it. Name another folder with --data");
}

// On disk before the first record is, and whole or not there at all.
Result<void> write_kind(const std::filesystem::path& folder, DataKind kind) {
  const std::string path = (folder / kKindFile).string();
  const std::string draft = path + ".new";
  const std::string text = std::string(to_text(kind)) + "\n";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  written = written && std::rename(draft.c_str(), path.c_str()) == 0;
  if (!written) return fail("app.cannot_write", path + " cannot be written: is the disk full?");
  return {};
}

}  // namespace

std::string_view to_text(DataKind kind) { return kind == DataKind::demo ? "demo" : "real"; }

Result<FolderKind> FolderKind::open(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::ifstream in(folder / kKindFile); in) {
    std::string text;
    std::getline(in, text);
    const auto kind = parse(text);
    if (!kind) {
      return fail("app.bad_kind",
                  (folder / kKindFile).string() + " must say `demo` or `real`: restore it from the backup");
    }
    return FolderKind(folder, kind);
  }
  std::optional<DataKind> found;
  // Records from before there was such a file: without more, taken for real ones.
  if (std::filesystem::exists(folder / "timeline" / "raw" / "00000001.log", error)) found = DataKind::real;
  if (std::filesystem::exists(folder / "demo.started", error)) found = DataKind::demo;
  if (found) CANDOR_TRY_VOID(write_kind(folder, *found));
  return FolderKind(folder, found);
}

std::optional<DataKind> FolderKind::get() const {
  const std::lock_guard lock(mutex_);
  return kind_;
}

Result<void> FolderKind::admits(DataKind wanted) const { return check(folder_, get(), wanted); }

Result<void> FolderKind::settle(DataKind wanted) {
  const std::lock_guard lock(mutex_);
  CANDOR_TRY_VOID(check(folder_, kind_, wanted));
  if (kind_) return {};
  CANDOR_TRY_VOID(write_kind(folder_, wanted));
  kind_ = wanted;
  return {};
}

Result<void> settle_by_mark(FolderKind& kind, const Io& io, const std::vector<std::filesystem::path>& files,
                            bool dry_run) {
  std::optional<DataKind> first;
  for (const std::filesystem::path& file : files) {
    const bool simulated = file != "-" && is_simulated_file(io.resolve(file));
    const DataKind one = simulated ? DataKind::demo : DataKind::real;
    auto admitted = kind.admits(one);
    if (!admitted && !simulated) {
      admitted.error().message += "; a file of `candor simulate` is taken from the folder that wrote it";
    }
    if (!admitted) return std::unexpected(in_context(admitted.error(), file == "-" ? "standard input" : file.string()));
    if (first && one != *first) {
      return fail("app.other_kind",
                  "some of the files are of invented people (`candor simulate` wrote them) and some "
                  "are not: import them into two folders");
    }
    first = one;
  }
  return first && !dry_run ? kind.settle(*first) : Result<void>();
}

bool is_simulated_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto whole = std::filesystem::weakly_canonical(file, error);
  if (error) return false;
  for (auto folder = whole.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".simulated", error)) return true;
  }
  return false;
}

bool is_simulated_tenant(std::string_view tenant_id) { return tenant_id.ends_with(kSimulatedTenantEnd); }

}  // namespace candor
